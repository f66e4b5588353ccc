/** Walking the OpenAPI document: every operation there is, with a request that is right, and every place in it. */
import { signLink } from '../../src/engine/outside/link.ts';
import type { Caller, Json } from '../api/server.ts';
import { secret } from '../api/server.ts';
import { addressAttacks, headerAttacks, jsonAttacks, largeAttacks } from './attacks.ts';
import { everything, type House, inputOf } from './house.ts';
import type { Shot } from './send.ts';

/** An operation of the document with a request that Farley would carry out. */
export interface Operation {
  method: string;
  /** As in the document, with `{names}`. */
  template: string;
  params: Record<string, string>;
  query: Record<string, string>;
  /** Parameters of the query that the document names. */
  known: string[];
  /** JSON; undefined where there is none. */
  body: Json | undefined;
  /** Text that is no JSON, with its type. */
  stream?: string;
  /** Name of the object, where it is an operation on records of one. */
  object: string | null;
  open: boolean;
}

/** All operations that the document has for a caller. */
export async function operationsFor(house: House, who: Caller = house.ada): Promise<Operation[]> {
  const { body: api } = await house.call(who, 'GET', '/api/openapi.json');
  const paths = Object.entries(api.paths as Record<string, Record<string, Json>>);
  return paths.flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, spec]) =>
      operationOf(house, api, method.toUpperCase(), template, spec),
    ),
  );
}

function operationOf(house: House, api: Json, method: string, template: string, spec: Json): Operation {
  const segment = template.split('/')[2] ?? '';
  const object = house.system.model.paths.get(segment) ?? null;
  const names = (place: string) =>
    spec.parameters.filter((each: Json) => each.in === place).map((each: Json) => each.name as string);
  const schema = spec.requestBody?.content?.['application/json']?.schema;
  const example = examples(house)[`${method} ${template}`] ?? {};
  const operation: Operation = {
    method,
    template,
    params: Object.fromEntries(names('path').map((name: string) => [name, paramFor(house, template, name)])),
    query: {},
    known: names('query'),
    body: schema ? valid(api, schema) : undefined,
    object: object?.name ?? null,
    open: spec.security?.length === 0,
    ...example,
  };
  if (object && /(^POST \/api\/\w+$)|^PATCH |^PUT .*\/by\//.test(`${method} ${template}`))
    operation.body = inputOf(house, object);
  if (object && template.endsWith('/batch'))
    operation.body = { atomic: true, operations: [{ op: 'create', values: inputOf(house, object) }] };
  if (object && template.endsWith('/search')) operation.body = searchBody(object.title.name);
  // Harmless as well where an attack makes the filter fall off.
  if (object && template.endsWith('/bulk')) operation.body = { ...searchFilter, act: 'restore' };
  if (object && template.endsWith('/duplicate-rules'))
    operation.body = {
      rules: [{ name: 'hostile', label: 'A', mode: 'review', same: { [object.title.name]: 'exact' } }],
    };
  if (object && /\/(time-in|flow)$/.test(template))
    operation.body = { ...searchFilter, q: undefined, field: 'createdBy', from: '2024-01-01T00:00:00Z' };
  if (object && template.endsWith('/aggregate'))
    operation.body = {
      ...searchFilter,
      groupBy: [{ field: 'createdAt', bucket: 'month' }],
      values: [{ op: 'count' }],
      limit: 10,
    };
  return operation;
}

const searchFilter = {
  filter: {
    and: [
      { field: 'createdAt', op: 'gt', value: '2020-01-01' },
      { not: { field: 'id', op: 'is', value: '00000000-0000-7000-8000-000000000000' } },
    ],
  },
  q: 'a',
};
const searchBody = (title: string) => ({
  ...searchFilter,
  sort: ['-createdAt'],
  fields: [title],
  include: ['createdBy'],
  limit: 2,
  asOf: '2030-01-01T00:00:00Z',
  count: 'exact',
});

/** What the document alone does not tell: ids that exist, bodies that are no JSON, and not signing oneself out. */
function examples(house: House): Record<string, Partial<Operation>> {
  return {
    'POST /api/imports': {
      query: { object: 'company', name: 'a.csv', dryRun: 'true' },
      stream: 'name\nHostile\n',
    },
    'POST /api/uploads': { query: { name: 'a.txt' }, stream: 'hostile' },
    'POST /api/exports': { body: { object: 'company', format: 'csv', query: { limit: 2 } } },
    'POST /api/objects': {
      body: {
        name: 'company',
        label: 'A',
        plural: 'As',
        fields: [{ name: 'b', type: 'text', options: { label: 'B' } }],
      },
    },
    'POST /api/objects/{object}/fields': {
      body: { name: 'myText', type: 'text', options: { label: 'A', maxLength: 10 } },
    },
    'POST /api/reports/agenda': { body: { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' } },
    'POST /api/invitations': { body: { role: 'reader', user: house.victims.user } },
    'POST /api/keys': { body: { name: 'Hostile', role: 'reader' } },
    'POST /api/auth/{path}': {
      params: { path: 'sign-in/email' },
      body: { email: 'nobody@example.com', password: 'wrong wrong wrong' },
    },
    'GET /api/auth/{path}': { params: { path: 'get-session' } },
    'POST /api/welcome': {
      body: { token: 'x', name: 'N', email: 'nobody@example.com', password: 'correct horse battery' },
    },
    'PATCH /api/me': { body: { name: 'Ada Baumann', jobTitle: 'Boss' } },
    'PATCH /api/workspace': {
      body: {
        label: 'Kaffeehaus Supplies',
        locale: 'en',
        timeZone: 'Europe/Vienna',
        country: 'AT',
        currency: 'EUR',
      },
    },
    ...Object.fromEntries(
      [...house.system.model.paths.keys()].map(path => [
        `POST /api/${path}/{id}/presence`,
        { body: { tab: 'hostile-window', field: null, left: true } },
      ]),
    ),
    'POST /api/deals/{id}/move': { body: { stage: house.victims.stage, after: null } },
  };
}

function paramFor(house: House, template: string, name: string): string {
  const segment = template.split('/')[2] ?? '';
  const object = house.system.model.paths.get(segment);
  const { ids } = house;
  if (name === 'id') {
    if (object) return house.victims[object.name]!;
    return segment === 'imports' ? ids.import : segment === 'jobs' ? ids.job : ids.file;
  }
  // A link that this installation wrote, so that what is behind the signature is met too.
  if (name === 'token' && template.startsWith('/api/open/quote/'))
    return signLink(secret, { workspace: 'main', link: 'quote', payload: { quote: house.victims.quote! } });
  if (name === 'token' && template.startsWith('/api/open/letters/')) {
    const payload = { address: house.victims.leadAddress!, edition: 1 };
    return signLink(secret, { workspace: 'main', link: 'letters', payload });
  }
  if (name === 'token' && template.startsWith('/api/open/form/')) return 'main.hostile';
  const known: Record<string, string> = {
    changeSet: ids.changeSet,
    user: ids.key,
    object: everything,
    path: 'things',
    grantee: ids.team,
    field: 'externalIds.test',
    value: 'a1',
  };
  return known[name] ?? 'x';
}

/** A value that fits a JSON Schema, all of its properties filled in. */
export function valid(api: Json, schema: Json): Json {
  if (schema.$ref) return valid(api, api.components.schemas[schema.$ref.split('/').pop()]);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return valid(api, choice);
  if (schema.properties) {
    const entries = Object.entries(schema.properties as Record<string, Json>);
    const moment = new Date().toISOString();
    return Object.fromEntries(
      entries.map(([name, part]) => [name, name === 'at' ? moment : valid(api, part)]),
    );
  }
  const [type] = [schema.type].flat();
  if (type === 'array') return [valid(api, schema.items ?? {})];
  if (type === 'object') return {};
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  if (type === 'boolean') return true;
  const formats: Record<string, string> = {
    uuid: '00000000-0000-7000-8000-000000000000',
    date: '2026-03-16',
    'date-time': '2030-03-16T12:00:00Z',
    email: 'hostile@example.com',
  };
  return formats[schema.format] ?? 'hostile';
}

/** The request as it should be. */
export function rightShot(operation: Operation): Shot {
  const { method, stream, body } = operation;
  return {
    what: `${method} ${operation.template}`,
    method,
    path: addressOf(operation),
    ...(stream === undefined
      ? body === undefined
        ? {}
        : { body }
      : { body: stream, headers: { 'content-type': 'text/csv' } }),
  };
}

function addressOf(operation: Operation, params: Record<string, string> = {}, query = ''): string {
  const path = operation.template.replace(/{(\w+)}/g, (_, name: string) => {
    const given = params[name];
    return given ?? operation.params[name]!.split('/').map(encodeURIComponent).join('/');
  });
  const own = new URLSearchParams(operation.query).toString();
  const all = [own, query].filter(Boolean).join('&');
  return all ? `${path}?${all}` : path;
}

/** One place of a request; `shot` puts an attack there. */
export interface Place {
  operation: Operation;
  name: string;
  attacks: [string, string][];
  shot(attack: string): Shot;
}

/** Every place of a request that takes something: address, query, headers, body, names of properties. */
export function placesOf(operation: Operation): Place[] {
  return [...addressPlaces(operation), ...queryPlaces(operation), ...bodyPlaces(operation)];
}

function addressPlaces(operation: Operation): Place[] {
  return Object.keys(operation.params).map(name => ({
    operation,
    name: `{${name}}`,
    attacks: addressAttacks,
    shot: attack => ({ ...rightShot(operation), path: addressOf(operation, { [name]: attack }) }),
  }));
}

function queryPlaces(operation: Operation): Place[] {
  const { known } = operation;
  const at = (name: string, query: (attack: string) => string): Place => ({
    operation,
    name,
    attacks: addressAttacks,
    shot: attack => ({
      ...rightShot({
        ...operation,
        query: Object.fromEntries(Object.entries(operation.query).filter(([key]) => key !== name)),
      }),
      path: addressOf(
        {
          ...operation,
          query: Object.fromEntries(Object.entries(operation.query).filter(([key]) => key !== name)),
        },
        {},
        query(attack),
      ),
    }),
  });
  return [
    ...known.map(name => at(name, attack => `${name}=${attack}`)),
    at('any parameter', attack => `${attack}=1`),
    ...(known.includes('filter')
      ? [
          at('filter field', attack => `filter[${attack}]=1`),
          at('filter operator', attack => `filter[createdAt][${attack}]=1`),
          at('filter brackets', attack => `filter[createdAt][gt][${attack}]=1&filter[]=1&filter[`),
        ]
      : []),
    ...(known.length ? [at('given twice', attack => `${known[0]}=1&${known[0]}=${attack}`)] : []),
  ];
}

const here = '@@HERE@@';

function bodyPlaces(operation: Operation): Place[] {
  if (operation.body === undefined) return [];
  const at = (name: string, body: Json, attacks = jsonAttacks): Place => {
    const [before, after = ''] = JSON.stringify(body).split(`"${here}"`) as [string, string?];
    return {
      operation,
      name,
      attacks,
      shot: attack => ({
        ...rightShot(operation),
        body: `${before}${attack}${after}`,
        headers: { 'content-type': 'application/json' },
      }),
    };
  };
  const pointers = pointersOf(operation.body);
  const objects = ['', ...pointers.filter(pointer => isPlain(valueAt(operation.body, pointer)))];
  const names: [string, string][] = jsonAttacks.filter(([name]) => name.startsWith('text '));
  return [
    at('body', here),
    ...pointers.map(pointer => at(pointer, replaced(operation.body, pointer, here))),
    ...objects.map(pointer => {
      const marked = replaced(operation.body, `${pointer}/${here}`, 1);
      return at(`${pointer}/ as a name`, marked, names);
    }),
  ];
}

const isPlain = (value: Json) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON Pointers to everything inside a value. */
export function pointersOf(value: Json, at = '', depth = 0): string[] {
  if (typeof value !== 'object' || value === null || depth > 5) return [];
  return Object.entries(value).flatMap(([key, part]) => [
    `${at}/${key}`,
    ...pointersOf(part, `${at}/${key}`, depth + 1),
  ]);
}

function valueAt(value: Json, pointer: string): Json {
  return pointer
    .split('/')
    .slice(1)
    .reduce((part, key) => part?.[key], value);
}

/** A copy of the value with another at the pointer. */
export function replaced(value: Json, pointer: string, by: Json): Json {
  const copy = structuredClone(value);
  const keys = pointer.split('/').slice(1);
  const last = keys.pop()!;
  keys.reduce((part, key) => part[key], copy)[last] = by;
  return copy;
}

/** Conditions on every field by every operator: the places where users reach into statements most deeply. */
export function conditionPlaces(house: House, meta: Json): Place[] {
  return (meta.objects as Json[]).flatMap(object =>
    (object.fields as Json[]).flatMap(field =>
      (field.operators as Json[])
        .filter(({ operand }) => operand !== 'none')
        .flatMap(({ name: op }) => conditionPlace(house, object, field.name, op)),
    ),
  );
}

function conditionPlace(house: House, object: Json, field: string, op: string): Place[] {
  const operation: Operation = {
    method: 'POST',
    template: `/api/${object.path}/search`,
    params: {},
    query: {},
    known: [],
    body: {},
    object: house.object(object.name).name,
    open: false,
  };
  const body = (filter: Json) => JSON.stringify({ filter, limit: 2 });
  const shot = {
    what: '',
    method: 'POST',
    path: operation.template,
    headers: { 'content-type': 'application/json' },
  };
  const marked = body({ field, op, value: here }).split(`"${here}"`);
  return [
    {
      operation,
      name: `${field} ${op}`,
      attacks: jsonAttacks,
      shot: attack => ({ ...shot, body: marked.join(attack) }),
    },
    {
      operation: { ...operation, method: 'GET', template: `/api/${object.path}` },
      name: `filter[${field}][${op}]`,
      attacks: addressAttacks,
      shot: attack => ({
        what: '',
        method: 'GET',
        path: `/api/${object.path}?limit=2&filter[${field}][${op}]=${attack}`,
      }),
    },
  ];
}

/** The request with headers that a server might believe. */
export function headerShots(operation: Operation): Shot[] {
  return headerAttacks.map(([name, headers]) => {
    const right = rightShot(operation);
    return { ...right, what: `${right.what} with ${name}`, headers: { ...right.headers, ...headers } };
  });
}

/** The request with bodies of a megabyte in a place. */
export function largeShots(place: Place): Shot[] {
  if (place.attacks !== jsonAttacks) return [];
  return largeAttacks.map(([name, attack]) => ({ ...place.shot(attack), what: whatOf(place, name) }));
}

export function whatOf(place: Place, attack: string): string {
  return `${place.operation.method} ${place.operation.template} ${place.name}: ${attack}`;
}
