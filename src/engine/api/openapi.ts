/** The API's own description: OpenAPI 3.1 of this workspace's model, and a page to browse it. */
import type { FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import { fieldRight, may, mayCreate } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import type { Field } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import type { Route, RouteDoc } from './app.ts';
import { referencePage } from './reference.ts';

type Json = Record<string, unknown>;

/** Routes of the description; `app` tells which routes there are. */
export function documentRoutes(app: FastifyInstance): Route[] {
  return [
    {
      method: 'GET',
      url: '/api/openapi.json',
      policy: 'signedIn',
      doc: { summary: 'This description, of the caller’s own model', tag: 'Platform' },
      handler: async request => describe(request.ctx, describedRoutes(app)),
    },
    {
      method: 'GET',
      url: '/api/docs',
      policy: 'public',
      doc: { summary: 'The reference, to browse', tag: 'Platform' },
      handler: async (_request, reply) =>
        reply
          .type('text/html; charset=utf-8')
          .header(
            'content-security-policy',
            "default-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
          )
          .send(referencePage()),
    },
  ];
}

function describedRoutes(app: FastifyInstance): Described[] {
  return app.allRoutes.flatMap(({ method, url, config }) => {
    const { doc, policy } = config ?? {};
    if (!doc || !policy) return [];
    return [method]
      .flat()
      .filter(name => name !== 'HEAD')
      .map(name => ({ method: name, url, doc, policy }));
  });
}

function describe(ctx: Context, routes: Described[]): Json {
  const objects = [...ctx.model.objects.values()].filter(object => may(ctx, object, 'read'));
  const operations = routes.flatMap(route => operationsOf(ctx, route, objects));
  const paths: Record<string, Json> = {};
  for (const { path, method, operation } of operations)
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  return {
    openapi: '3.1.0',
    info: {
      title: `Farley: ${ctx.settings.label}`,
      version: String(ctx.model.version),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ key: [] }, { session: [] }],
    tags: [...new Set(operations.flatMap(({ operation }) => operation.tags as string[]))].map(name => ({
      name,
    })),
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'farley.session_token' },
      },
      schemas: {
        Problem: problemSchema,
        ...Object.fromEntries(objects.flatMap(object => schemasOf(ctx, object))),
      },
    },
  };
}

interface Described {
  method: string;
  url: string;
  doc: RouteDoc;
  policy: string;
}

/** A route of records stands once per object, and that of verbs once per verb, as far as the caller's rights go. */
function operationsOf(
  ctx: Context,
  route: Described,
  objects: ObjectModel[],
): { path: string; method: string; operation: Json }[] {
  const at = (url: string, operation: Json) => ({
    path: url.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}'),
    method: route.method,
    operation,
  });
  if (!route.url.startsWith('/api/:path')) return [at(route.url, operationOf(route, null))];
  return objects
    .filter(object => allowed(ctx, object, route))
    .flatMap(object => {
      const url = route.url.replace(':path', object.path);
      if (!url.endsWith('/:verb')) return [at(url, operationOf(route, object))];
      const verbs = [...object.verbs.values()].filter(verb => may(ctx, object, verb.name));
      return verbs.map(verb => at(url.replace(':verb', verb.name), verbOperation(object, verb)));
    });
}

function allowed(ctx: Context, object: ObjectModel, route: Described): boolean {
  if (route.doc.of && !route.doc.of(object)) return false;
  if (route.method === 'POST' && route.url === '/api/:path') return mayCreate(ctx, object);
  if (route.method === 'PATCH') return may(ctx, object, 'edit');
  return route.method !== 'DELETE' || may(ctx, object, 'delete');
}

function operationOf(
  { doc, method, url, policy }: { doc: RouteDoc; method: string; url: string; policy: string },
  object: ObjectModel | null,
): Json {
  const label = object?.spec.label.toLowerCase() ?? '';
  const words = (text: string) =>
    text
      .replace('{plural}', object?.spec.plural.toLowerCase() ?? '')
      .replace('{label}', label)
      .replace('{object}', object?.spec.plural ?? '');
  const names = [...url.replace(/\*$/, ':path').matchAll(/:(\w+)/g)]
    .map(match => match[1]!)
    .filter(name => !(object && name === 'path'));
  return {
    operationId: `${method.toLowerCase()} ${url.replace(':path', object?.path ?? ':path')}`.replace(
      /[^a-zA-Z0-9]+(.)?/g,
      (_, c?: string) => c?.toUpperCase() ?? '',
    ),
    summary: words(doc.summary),
    tags: [words(doc.tag)],
    ...(policy === 'public' ? { security: [] } : {}),
    parameters: [
      ...names.map(name => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...Object.entries(doc.query ?? {}).map(([name, schema]) => ({
        name,
        in: 'query',
        schema: schemaOf(schema, object),
      })),
    ],
    ...(doc.body
      ? {
          requestBody: {
            content: { [doc.mediaType ?? 'application/json']: { schema: schemaOf(doc.body, object) } },
          },
        }
      : {}),
    responses: answers(doc.status ?? 200, doc.answer ? schemaOf(doc.answer, object) : {}),
  };
}

function verbOperation(
  object: ObjectModel,
  verb: { name: string; label: string; description: string; input: TSchema },
): Json {
  return {
    operationId: `${verb.name}${object.name.charAt(0).toUpperCase()}${object.name.slice(1)}`,
    summary: verb.label,
    description: verb.description,
    tags: [object.spec.plural],
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
    requestBody: { content: { 'application/json': { schema: verb.input } } },
    responses: answers(200, {
      type: 'object',
      properties: { changeSet: { type: 'string', format: 'uuid' }, result: {} },
    }),
  };
}

function answers(status: number, schema: Json): Json {
  const content = Object.keys(schema).length > 0 ? { content: { 'application/json': { schema } } } : {};
  const problem = {
    description: 'A problem (RFC 9457)',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  return { [status]: { description: 'Done', ...content }, default: problem };
}

/** Schemas of routes stand for the record, list or input of the object at hand by a marker. */
function schemaOf(schema: TSchema, object: ObjectModel | null): Json {
  const marker = schema as unknown as { list?: true; record?: true; input?: true };
  const name = object?.name ?? '';
  if (marker.record) return { $ref: `#/components/schemas/${name}` };
  if (marker.input) return { $ref: `#/components/schemas/${name}Input` };
  if (marker.list) {
    const data = { type: 'array', items: { $ref: `#/components/schemas/${name}` } };
    return {
      type: 'object',
      properties: { data, next: { type: ['string', 'null'] }, count: { type: 'integer' } },
      required: ['data', 'next'],
    };
  }
  return schema as unknown as Json;
}

function schemasOf(ctx: Context, object: ObjectModel): [string, Json][] {
  const readable = [...object.fields.values()].filter(field => fieldRight(ctx, field) !== 'none');
  const written = readable.filter(
    field =>
      (!field.options.readOnly || field.options.once) &&
      !field.type.generated &&
      field.type.storage.kind !== 'computed' &&
      (!field.system || field.name === 'externalIds'),
  );
  const titled = (schema: TSchema, label: string, help?: string) => ({
    title: label,
    ...(help ? { description: help } : {}),
    ...(schema as unknown as Json),
  });
  const nullable = (schema: Json) => ({ anyOf: [schema, { type: 'null' }] });
  const made = ({ name }: Field) => object.spec.fallbacks?.[name] !== undefined;
  const read = Object.fromEntries(
    readable.map(field => {
      const schema = titled(field.type.schema(field), field.label, field.options.help);
      return [field.name, field.options.required ? schema : nullable(schema)];
    }),
  );
  const input = Object.fromEntries(
    written.map(field => {
      const schema = titled(
        field.type.inputSchema?.(field) ?? field.type.schema(field),
        field.label,
        field.options.help,
      );
      const stated = field.options.required && !made(field);
      return [field.name, stated ? schema : nullable(schema)];
    }),
  );
  const required = written
    .filter(
      field =>
        field.options.required &&
        field.options.default === undefined &&
        !field.options.defaultFirst &&
        !made(field),
    )
    .map(field => field.name);
  return [
    [
      object.name,
      { type: 'object', title: object.spec.label, description: object.spec.description, properties: read },
    ],
    [
      `${object.name}Input`,
      {
        type: 'object',
        title: `${object.spec.label}, as written`,
        properties: input,
        ...(required.length ? { description: `Needed on creation: ${required.join(', ')}.` } : {}),
      },
    ],
  ];
}

const problemSchema = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(errors) },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { pointer: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
      },
    },
    details: { type: 'object' },
    requestId: { type: 'string' },
  },
  required: ['type', 'title', 'status', 'code', 'requestId'],
};
