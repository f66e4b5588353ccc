/** The routes of duplicates: while typing, the review queue, decisions, the scan, the rules, and what a merge would do. */
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { orderMergeAll, previewMergeAll } from '../duplicates/merge-all.ts';
import {
  decide,
  duplicatesOfDraft,
  learnNow,
  type PairState,
  requireScan,
  reviewQueue,
} from '../duplicates/queue.ts';
import { rulesOf } from '../duplicates/rules.ts';
import { scanTask } from '../duplicates/scan.ts';
import { changeRules, isFiling, RulesBody, ruleSettings } from '../duplicates/settings.ts';
import { FarleyError } from '../errors.ts';
import { enqueue } from '../jobs/queue.ts';
import type { Model, ObjectModel } from '../model.ts';
import type { Input } from '../object.ts';
import { previewMerge } from '../records/merge.ts';
import { inTransaction } from '../records/write.ts';
import { type Declared, loadModel } from '../workspace.ts';
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

const MergeAllBody = Type.Object(
  {
    above: Type.Optional(
      Type.Number({ minimum: 0.5, exclusiveMaximum: 1, description: 'Least probability. Default 0.99.' }),
    ),
    until: Type.Optional(
      Type.String({ format: 'date-time', description: 'What the look said: pairs found later are left.' }),
    ),
  },
  { additionalProperties: false },
);
const readMergeAll = compileInput<{ above?: number; until?: string }>(MergeAllBody);

const PreviewBody = Type.Object({ others: Type.Array(Type.String(), { minItems: 1, maxItems: 100 }) });
const readPreview = compileInput<{ others: string[] }>(PreviewBody);

function modelAt({ ctx, params }: FastifyRequest): ObjectModel {
  const { path } = params as { path: string };
  const object = ctx.model.paths.get(path);
  if (!object) throw new FarleyError('unknownRoute', `There is nothing called ${path}.`);
  return object;
}

const objectAt = (request: FastifyRequest): string => modelAt(request).name;

async function orderScan(ctx: Context, object: ObjectModel): Promise<string> {
  const label = `Scan of ${object.spec.plural.toLowerCase()} for duplicates`;
  const [run] = await inTransaction(ctx, (inside, tx) =>
    enqueue(inside, tx, [{ task: scanTask, payload: { object: object.name }, label }]),
  );
  return run!;
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
      return reply.status(202).send({ run: await orderScan(request.ctx, object) });
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
  {
    method: 'POST',
    url: '/api/:path/duplicates/learn',
    policy: 'administrator',
    doc: {
      summary: 'Learn from all decisions about {plural} at once',
      tag: '{object}',
      of: hasRules,
    },
    handler: async request => learnNow(request.ctx, objectAt(request)),
  },
  {
    method: 'GET',
    url: '/api/:path/duplicates/merge',
    policy: 'signedIn',
    doc: {
      summary: 'What merging all {plural} that are as good as certainly the same would do',
      tag: '{object}',
      of: hasRules,
      query: { above: Type.Optional(Type.Number({ minimum: 0.5, exclusiveMaximum: 1 })) },
    },
    handler: async request => {
      const { above } = request.query as { above?: string };
      const order = readMergeAll(above === undefined ? {} : { above: Number(above) });
      return previewMergeAll(request.ctx, objectAt(request), order);
    },
  },
  {
    method: 'POST',
    url: '/api/:path/duplicates/merge',
    policy: 'signedIn',
    doc: {
      summary: 'Merge all {plural} that are as good as certainly the same, as a job',
      tag: '{object}',
      of: hasRules,
      body: MergeAllBody,
      status: 202,
    },
    handler: async (request, reply) =>
      reply
        .status(202)
        .send(await orderMergeAll(request.ctx, objectAt(request), readMergeAll(request.body ?? {}))),
  },
  {
    method: 'POST',
    url: '/api/:path/:id/merge/preview',
    policy: 'signedIn',
    doc: { summary: 'What merging others into a {label} would do', tag: '{object}', body: PreviewBody },
    handler: async request => {
      const { others } = readPreview(request.body ?? {});
      const { id } = request.params as { id: string };
      return previewMerge(request.ctx, objectAt(request), id, others);
    },
  },
];

export interface RuleParts {
  declared: Declared;
  /** Makes a changed model known to all processes. */
  takeModel(workspace: string, model: Model): Promise<void>;
}

/** Routes of the rules, which administrators change while Farley runs. */
export function duplicateRuleRoutes({ declared, takeModel }: RuleParts): Route[] {
  return [
    {
      method: 'GET',
      url: '/api/:path/duplicate-rules',
      policy: 'administrator',
      doc: { summary: 'Rules about when two {plural} may be the same', tag: '{object}' },
      handler: async request => ({
        rules: await ruleSettings(request.ctx, declared, modelAt(request)),
        filing: await isFiling(request.ctx, modelAt(request)),
      }),
    },
    {
      method: 'PUT',
      url: '/api/:path/duplicate-rules',
      policy: 'administrator',
      doc: { summary: 'Change when two {plural} may be the same', tag: '{object}', body: RulesBody },
      handler: async (request, reply) => {
        const { ctx } = request;
        const { rules, version, changeSet, refile } = await changeRules(
          ctx,
          declared,
          modelAt(request),
          request.body ?? {},
        );
        const model = await loadModel(ctx.db, declared, ctx.schema, version);
        await takeModel(ctx.settings.name, model);
        const object = model.objects.get(objectAt(request))!;
        // Not before every process knows the rules: the scan files by them.
        const run = refile ? await orderScan({ ...ctx, model }, object) : null;
        return reply.header('farley-change-set', changeSet).send({ rules, run });
      },
    },
  ];
}
