/** The routes of duplicates: while typing, the review queue, decisions, and the scan. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { decide, duplicatesOfDraft, type PairState, requireScan, reviewQueue } from '../duplicates/queue.ts';
import { rulesOf } from '../duplicates/rules.ts';
import { scanTask } from '../duplicates/scan.ts';
import { FarleyError } from '../errors.ts';
import { enqueue } from '../jobs/queue.ts';
import type { ObjectModel } from '../model.ts';
import type { Input } from '../object.ts';
import { inTransaction } from '../records/write.ts';
import type { Route } from './app.ts';
import { limitOf } from './query.ts';
import { compileInput } from './validate.ts';

const State = Type.Union([Type.Literal('open'), Type.Literal('later'), Type.Literal('different')]);

const DraftBody = Type.Object(
  {
    values: Type.Object(
      {},
      { additionalProperties: true, description: 'Field → value, as far as it is typed.' },
    ),
    id: Type.Optional(Type.String({ description: 'The record that is being changed.' })),
  },
  { additionalProperties: false },
);
const readDraft = compileInput<{ values: Input; id?: string }>(DraftBody);

const DecisionBody = Type.Object({ state: State }, { additionalProperties: false });
const readDecision = compileInput<{ state: PairState }>(DecisionBody);

function objectAt({ ctx, params }: FastifyRequest): string {
  const { path } = params as { path: string };
  const object = ctx.model.paths.get(path);
  if (!object) throw new FarleyError('unknownRoute', `There is nothing called ${path}.`);
  return object.name;
}

const hasRules = (object: ObjectModel) => rulesOf(object).length > 0;

export const duplicateRoutes: Route[] = [
  {
    method: 'POST',
    url: '/api/:path/duplicates',
    policy: 'signedIn',
    doc: {
      summary: 'Records that may be the same as a {label} being typed',
      tag: '{object}',
      of: hasRules,
      body: DraftBody,
    },
    handler: async request => {
      const { values, id } = readDraft(request.body ?? {});
      return { data: await duplicatesOfDraft(request.ctx, objectAt(request), values, id) };
    },
  },
  {
    method: 'GET',
    url: '/api/:path/duplicates',
    policy: 'signedIn',
    doc: {
      summary: 'Pairs of {plural} that may be the same, and why',
      tag: '{object}',
      of: hasRules,
      query: {
        state: Type.Optional(State),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
        after: Type.Optional(Type.String()),
      },
    },
    handler: async request => {
      const { state = 'open', after } = request.query as { state?: string; after?: string };
      const { state: known } = readDecision({ state });
      const page = { state: known, limit: limitOf(request, 50), ...(after ? { after } : {}) };
      return reviewQueue(request.ctx, objectAt(request), page);
    },
  },
  {
    method: 'POST',
    url: '/api/:path/duplicates/scan',
    policy: 'administrator',
    doc: {
      summary: 'Scan all {plural} for duplicates, in the background',
      tag: '{object}',
      of: hasRules,
      status: 202,
    },
    handler: async (request, reply) => {
      const object = requireScan(request.ctx, objectAt(request));
      const label = `Scan of ${object.spec.plural.toLowerCase()} for duplicates`;
      const [run] = await inTransaction(request.ctx, (inside, tx) =>
        enqueue(inside, tx, [{ task: scanTask, payload: { object: object.name }, label }]),
      );
      return reply.status(202).send({ run });
    },
  },
  {
    method: 'PUT',
    url: '/api/:path/duplicates/:a/:b',
    policy: 'signedIn',
    doc: {
      summary: 'Decide whether two {plural} are the same',
      tag: '{object}',
      of: hasRules,
      body: DecisionBody,
    },
    handler: async request => {
      const { a, b } = request.params as { a: string; b: string };
      return decide(request.ctx, objectAt(request), a, b, readDecision(request.body ?? {}).state);
    },
  },
];
