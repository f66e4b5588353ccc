/** The routes of records, one set for all objects, declared and custom. Doors only: they translate and call the engine. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { fieldRight } from '../access/reach.ts';
import { share, unshare } from '../access/share.ts';
import type { Context } from '../context.ts';
import { type Meeting, markMet, meet } from '../duplicates/meet.ts';
import { duplicatesOfWritten } from '../duplicates/queue.ts';
import { FarleyError, Refusal } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import type { Input, Values } from '../object.ts';
import { parseScopeOf } from '../records/draft.ts';
import { mergedInto } from '../records/merge.ts';
import { list, read, readWithState, rows } from '../records/read.ts';
import { carryOut } from '../records/verbs.ts';
import { inTransaction, type Operation, type WriteResult, write } from '../records/write.ts';
import { sql } from '../sql.ts';
import { type Route, sendJson } from './app.ts';
import { type Answer, once } from './idempotency.ts';
import { objectAt, QueryBody, readQueryBody, readQueryString } from './query.ts';
import { compileInput } from './validate.ts';

/** Operations in one batch at most. */
export const maxBatch = 1_000;

interface At {
  path: string;
  id: string;
  verb: string;
  field: string;
  value: string;
  grantee: string;
}

type Query = Record<string, unknown>;

const params = (request: FastifyRequest) => request.params as At;

const Told = {
  duplicates: Type.Optional(
    Type.Literal('tell', {
      description: 'Name what may be the same in the header `Farley-Duplicates`: ids, the most likely first.',
    }),
  ),
};

const Met = {
  duplicates: Type.Optional(
    Type.Union([Type.Literal('tell'), Type.Literal('meet')], {
      description:
        '`tell` names what may be the same in the header `Farley-Duplicates`. `meet` makes no second one: the record that a rule of duplicates names takes what it lacks and is answered with status 200; `Farley-Kept` names fields in which it says something else, and keeps it.',
    }),
  ),
};

export const recordRoutes: Route[] = [
  {
    method: 'GET',
    url: '/api/:path',
    policy: 'signedIn',
    doc: {
      summary: 'List {plural}',
      tag: '{object}',
      query: QueryBody.properties,
      answer: Type.Unsafe({ list: true }),
    },
    handler: async (request, reply) => {
      const object = objectAt(request);
      return answerList(
        request.ctx,
        object,
        readQueryString(request.ctx, object, request.query as Query),
        reply,
      );
    },
  },
  {
    method: 'POST',
    url: '/api/:path/search',
    policy: 'signedIn',
    doc: {
      summary: 'List {plural} by a query in the body',
      tag: '{object}',
      body: QueryBody,
      answer: Type.Unsafe({ list: true }),
    },
    handler: async (request, reply) =>
      answerList(request.ctx, objectAt(request), readQueryBody(request.body ?? {}), reply),
  },
  {
    method: 'POST',
    url: '/api/:path',
    policy: 'signedIn',
    doc: {
      summary: 'Create a {label}',
      tag: '{object}',
      query: Met,
      body: Type.Unsafe({ input: true }),
      answer: Type.Unsafe({ record: true }),
      status: 201,
    },
    handler: (request, reply) =>
      once(request, reply, async ctx => {
        const object = objectAt(request);
        if ((request.query as Query).duplicates === 'meet') return createMet(ctx, object, bodyOf(request));
        const tell = wantsDuplicates(request);
        const operation: Operation = { op: 'create', values: bodyOf(request) };
        const result = await write(ctx, object.name, [operation], { answer: true });
        const answer = await answerRecord(ctx, object, result, 201);
        return tell ? tellDuplicates(ctx, object, answer, result) : answer;
      }),
  },
  {
    method: 'GET',
    url: '/api/:path/:id',
    policy: 'signedIn',
    doc: {
      summary: 'Read a {label}',
      tag: '{object}',
      query: pick('fields', 'include', 'asOf'),
      answer: Type.Unsafe({ record: true }),
    },
    handler: async (request, reply) => {
      const object = objectAt(request);
      const { ctx } = request;
      const { id } = params(request);
      const query = readQueryString(ctx, object, request.query as Query);
      const { text, trashed } = await readWithState(ctx, object.name, id, query);
      if (trashed && !query.asOf) await refuseMerged(ctx, object, id);
      return sendRecord(reply, text);
    },
  },
  {
    method: 'PATCH',
    url: '/api/:path/:id',
    policy: 'signedIn',
    doc: {
      summary: 'Change a {label}',
      tag: '{object}',
      query: Told,
      body: Type.Unsafe({ input: true }),
      answer: Type.Unsafe({ record: true }),
    },
    handler: (request, reply) =>
      once(request, reply, async ctx => {
        const object = objectAt(request);
        const { id } = params(request);
        const tell = wantsDuplicates(request);
        const result = await write(ctx, object.name, [
          { op: 'update', id, values: bodyOf(request), ...ifMatch(request) },
        ]);
        const answer = await answerRecord(ctx, object, result);
        return tell ? tellDuplicates(ctx, object, answer, result) : answer;
      }),
  },
  {
    method: 'DELETE',
    url: '/api/:path/:id',
    policy: 'signedIn',
    doc: { summary: 'Move a {label} to the trash', tag: '{object}', status: 204 },
    handler: (request, reply) =>
      once(request, reply, async ctx => {
        const result = await write(ctx, objectAt(request).name, [
          { op: 'delete', id: params(request).id, ...ifMatch(request) },
        ]);
        return { status: 204, headers: naming(result.changeSet), body: null };
      }),
  },
  {
    method: 'POST',
    url: '/api/:path/:id/restore',
    policy: 'signedIn',
    doc: {
      summary: 'Bring a {label} back from the trash',
      tag: '{object}',
      answer: Type.Unsafe({ record: true }),
    },
    handler: (request, reply) =>
      once(request, reply, async ctx => {
        const object = objectAt(request);
        const result = await write(ctx, object.name, [{ op: 'restore', id: params(request).id }]);
        return answerRecord(ctx, object, result);
      }),
  },
  {
    method: 'POST',
    url: '/api/:path/batch',
    policy: 'signedIn',
    doc: { summary: 'Write up to 1,000 {plural} at once', tag: '{object}', body: batchBody() },
    handler: (request, reply) => once(request, reply, ctx => batch(ctx, request)),
  },
  {
    method: 'PUT',
    url: '/api/:path/by/:field/:value',
    policy: 'signedIn',
    doc: {
      summary: 'Create or change the {label} that a unique field or external id names',
      tag: '{object}',
      body: Type.Unsafe({ input: true }),
      answer: Type.Unsafe({ record: true }),
    },
    handler: (request, reply) => once(request, reply, ctx => upsert(ctx, request)),
  },
  {
    method: 'PUT',
    url: '/api/:path/:id/shares/:grantee',
    policy: 'signedIn',
    doc: { summary: 'Share a {label} with a user or team', tag: '{object}', body: shareBody(), status: 204 },
    handler: async (request, reply) => {
      const { id, grantee } = params(request);
      await share(request.ctx, objectAt(request).name, id, grantee, readShare(request.body ?? {}));
      return reply.status(204).send();
    },
  },
  {
    method: 'DELETE',
    url: '/api/:path/:id/shares/:grantee',
    policy: 'signedIn',
    doc: { summary: 'Stop sharing a {label}', tag: '{object}', status: 204 },
    handler: async (request, reply) => {
      const { id, grantee } = params(request);
      await unshare(request.ctx, objectAt(request).name, id, grantee);
      return reply.status(204).send();
    },
  },
  {
    method: 'POST',
    url: '/api/:path/:id/:verb',
    policy: 'signedIn',
    doc: { summary: '{verb}', tag: '{object}', body: Type.Unsafe({ verb: true }) },
    handler: (request, reply) =>
      once(request, reply, async ctx => {
        const { id, verb } = params(request);
        const done = await carryOut(ctx, objectAt(request).name, verb, id, request.body ?? {});
        return { status: 200, headers: naming(done.changeSet), body: JSON.stringify(done) };
      }),
  },
];

async function answerList(
  ctx: Context,
  object: ObjectModel,
  query: Parameters<typeof list>[2],
  reply: FastifyReply,
) {
  const { data, next, count } = await list(ctx, object.name, query);
  const tail = count === undefined ? '' : `,"count":${count}`;
  return sendJson(reply, `{"data":${data},"next":${JSON.stringify(next)}${tail}}`);
}

/** The one record that was written, as it is now. */
async function answerRecord(
  ctx: Context,
  object: ObjectModel,
  result: WriteResult,
  status = 200,
): Promise<Answer> {
  const [{ id, version }] = result.results as [WriteResult['results'][number]];
  const headers = {
    ...naming(result.changeSet),
    etag: `"${version}"`,
    ...(status === 201 ? { location: `/api/${object.path}/${id}` } : {}),
  };
  // Whoever hands a record over may lose sight of it by that: it was written all the same.
  const reading = async () =>
    read(ctx, object.name, id).catch(error => {
      if (error instanceof FarleyError && error.code === 'notFound') return JSON.stringify({ id, version });
      throw error;
    });
  const body = result.answer ?? (await reading());
  return { status, headers, body };
}

function wantsDuplicates({ query, method }: FastifyRequest): boolean {
  const { duplicates } = query as { duplicates?: string };
  if (duplicates === undefined || duplicates === 'tell') return duplicates === 'tell';
  const also = method === 'POST' ? ', `meet`' : '';
  throw new FarleyError('invalidQuery', `\`duplicates\` is \`tell\`${also} or left out.`);
}

/** Makes a record, or gives the one that is known what it lacks. */
function createMet(ctx: Context, object: ObjectModel, values: Input): Promise<Answer> {
  return inTransaction(ctx, async (inside, tx) => {
    const within = { ...inside, tx };
    const [met] = await meet(within, object.name, [values]);
    const { operation, known, kept } = met!;
    const result = await write(within, object.name, [operation], { met: knownIn([met!]) });
    if (!known) return answerRecord(within, object, result, 201);
    const marked = await markMet(within, object.name, [known.id as string]);
    const answer = await answerRecord(within, object, result);
    const names = Object.keys(kept).join(', ');
    // The mark was another write: the version to go on with is that of the record answered.
    const { version } = JSON.parse(answer.body ?? '{}') as { version?: number };
    return {
      ...answer,
      headers: {
        ...answer.headers,
        ...naming(result.changeSet ?? marked),
        etag: `"${version}"`,
        ...(names ? { 'farley-kept': names } : {}),
      },
    };
  });
}

/** Who asks is told what may be the same as the record written; nobody else pays for looking. */
async function tellDuplicates(
  ctx: Context,
  object: ObjectModel,
  answer: Answer,
  { results }: WriteResult,
): Promise<Answer> {
  const ids = await duplicatesOfWritten(ctx, object, results[0]!.id);
  return ids.length > 0
    ? { ...answer, headers: { ...answer.headers, 'farley-duplicates': ids.join(', ') } }
    : answer;
}

/** Who asks for a record that is in the trash because it was merged is told where it went. */
async function refuseMerged(ctx: Context, object: ObjectModel, id: string) {
  const into = await mergedInto(ctx, object, id);
  if (!into) return;
  const message = `This ${object.spec.label.toLowerCase()} was merged into ${into}.`;
  throw new FarleyError('merged', message, {
    details: { mergedInto: into, location: `/api/${object.path}/${into}` },
  });
}

/** The version is the entity tag: what `If-Match` takes. */
function sendRecord(reply: FastifyReply, text: string) {
  const key = '"version":';
  // Values may hold such a key too; then the text has to be read.
  const at = text.indexOf(key);
  const version =
    at === text.lastIndexOf(key)
      ? /^\d+/.exec(text.slice(at + key.length))?.[0]
      : (JSON.parse(text) as { version?: number }).version;
  if (at >= 0 && version !== undefined) reply.header('etag', `"${version}"`);
  return sendJson(reply, text);
}

/** Names the change set, so that the caller can undo. */
function naming(changeSet: string | null): Record<string, string> {
  return changeSet ? { 'farley-change-set': changeSet } : {};
}

function bodyOf(request: FastifyRequest): Input {
  const { body } = request;
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Input;
  throw new FarleyError('invalidInput', 'The body is a JSON object: field name → value.');
}

function ifMatch(request: FastifyRequest): { version?: number } {
  const header = request.headers['if-match'];
  if (!header || header === '*') return {};
  const version = Number(/^(?:W\/)?"?(\d{1,9})"?$/.exec(header)?.[1] ?? Number.NaN);
  if (Number.isNaN(version))
    throw new FarleyError('precondition', '`If-Match` takes the ETag of the record: its version in quotes.');
  return { version };
}

function batchBody() {
  return Type.Object({
    atomic: Type.Optional(Type.Boolean({ description: 'One problem refuses all. Default true.' })),
    duplicates: Type.Optional(
      Type.Literal('meet', {
        description: 'What is created meets what is known already, as for one record.',
      }),
    ),
    operations: Type.Array(
      Type.Object({
        op: Type.Union(['create', 'update', 'delete', 'restore'].map(op => Type.Literal(op))),
        id: Type.Optional(Type.String()),
        values: Type.Optional(Type.Object({})),
        version: Type.Optional(Type.Integer()),
      }),
      { maxItems: maxBatch, minItems: 1 },
    ),
  });
}

const readBatch = compileInput<{ atomic?: boolean; duplicates?: 'meet'; operations: Operation[] }>(
  batchBody(),
);

async function batch(ctx: Context, request: FastifyRequest): Promise<Answer> {
  const { atomic = true, duplicates, operations } = readBatch(request.body);
  for (const operation of operations) {
    if (operation.op === 'create' || operation.op === 'update') operation.values ??= {};
    if (operation.op !== 'create' && !operation.id)
      throw new FarleyError('invalidInput', `An operation \`${operation.op}\` needs an \`id\`.`);
  }
  const { name } = objectAt(request);
  const writing = (within: Context, own: Operation[], met: ReadonlySet<string>) =>
    write(within, name, own, { perItem: !atomic, met });
  const result = await (duplicates
    ? meetAll(ctx, name, operations, writing)
    : writing(ctx, operations, new Set()));
  const refused = result.results.some(item => item.kind === 'refused');
  return { status: refused ? 207 : 200, headers: naming(result.changeSet), body: JSON.stringify(result) };
}

const knownIn = (met: Meeting[]) => new Set(met.flatMap(({ known }) => (known ? [known.id as string] : [])));

/** What is created among these operations meets who is known; the others are as they are. */
function meetAll(
  ctx: Context,
  name: string,
  operations: Operation[],
  writing: (within: Context, own: Operation[], met: ReadonlySet<string>) => Promise<WriteResult>,
): Promise<WriteResult> {
  return inTransaction(ctx, async (inside, tx) => {
    const within = { ...inside, tx };
    const creates = operations.filter(({ op }) => op === 'create') as { values: Input }[];
    const met = await meet(
      within,
      name,
      creates.map(({ values }) => values),
    );
    let next = 0;
    const own = operations.map(each => (each.op === 'create' ? met[next++]!.operation : each));
    const result = await writing(within, own, knownIn(met));
    const written = new Set(result.results.flatMap(({ kind, id }) => (kind === 'refused' ? [] : [id])));
    const marked = await markMet(
      within,
      name,
      met.flatMap(({ known }) => (known && written.has(known.id as string) ? [known.id as string] : [])),
    );
    return { ...result, changeSet: result.changeSet ?? marked };
  });
}

/** Upsert. `field` is a unique field, or `externalIds.source`. */
async function upsert(ctx: Context, request: FastifyRequest): Promise<Answer> {
  const object = objectAt(request);
  const { field: name, value: text } = params(request);
  const [head, source] = name.split('.') as [string, string?];
  const field = object.fields.get(head);
  const external = head === 'externalIds' && source !== undefined;
  if (!field || fieldRight(ctx, field) === 'none' || !(external || (field.options.unique && !source))) {
    throw new FarleyError(
      'invalidQuery',
      `${object.spec.label} has no unique field ${name}. External ids are named externalIds.source.`,
    );
  }
  const value = external
    ? text
    : (field.type.parseText ?? field.type.parse).call(field.type, text, field, parseScopeOf(ctx));
  if (value instanceof Refusal || value === null) throw new FarleyError('invalidQuery', value?.message);
  const claimed = `${ctx.schema} ${object.name} ${name} ${JSON.stringify(value)}`;
  // Whoever brings the same value waits until it is decided whether there is a record of it.
  return inTransaction(ctx, async (inside, tx) => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${claimed}, 0))`);
    return upsertOne(inside, request, object, field, value, source);
  });
}

async function upsertOne(
  ctx: Context,
  request: FastifyRequest,
  object: ObjectModel,
  field: Field,
  value: Json,
  source: string | undefined,
): Promise<Answer> {
  const { name } = field;
  const filter = source
    ? { field: name, op: 'has', value: { source, id: value } }
    : { field: name, op: 'is', value };
  const [known] = await rows(ctx, object.name, { filter, fields: [], limit: 1 });
  const values: Input = { ...bodyOf(request) };
  // A known record has its external id; stating it again would take back those that others give it meanwhile.
  if (!source) values[name] ??= value;
  else if (!known || values[name])
    values[name] = { ...(values[name] as Values | undefined), [source]: value };
  const operation: Operation = known
    ? { op: 'update', id: known.id as string, values, ...ifMatch(request) }
    : { op: 'create', values };
  const result = await write(ctx, object.name, [operation]);
  return answerRecord(ctx, object, result, known ? 200 : 201);
}

function shareBody() {
  return Type.Object({
    access: Type.Optional(Type.Union([Type.Literal('read'), Type.Literal('edit')])),
    until: Type.Optional(Type.String({ format: 'date-time' })),
  });
}

const readShare = compileInput<{ access?: 'read' | 'edit'; until?: string }>(shareBody());

function pick(...keys: (keyof typeof QueryBody.properties)[]) {
  return Object.fromEntries(keys.map(key => [key, QueryBody.properties[key]]));
}
