/** Work in the background: learning from outcomes, scoring all records, and what follows from changes and the clock. */
import { Worker } from 'node:worker_threads';
import {
  asSystem,
  type Context,
  create,
  defineJob,
  defineWatch,
  enqueue,
  type Json,
  rowOf,
  rows,
  sql,
  tableOf,
  update,
  type WatchedChange,
} from '../../../engine/index.ts';
import type { LeftOut } from './encode.ts';
import { type Gathered, gather } from './facts.ts';
import { isEnough, isUseful, type Model, type Training } from './learn.ts';
import { scoreAll, scoreSome, scoringOf } from './score.ts';
import { type Card, cardOf, makeCards } from './scorecard.ts';
import { openOf, scored } from './scored.ts';

/** Trains in a thread of its own: it takes seconds, and nobody is to wait for them. */
function trainApart(training: Training, signal: AbortSignal): Promise<Model | null> {
  const worker = new Worker(new URL('./train-worker.ts', import.meta.url), { workerData: training });
  const end = () => void worker.terminate();
  signal.addEventListener('abort', end, { once: true });
  return new Promise<Model | null>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(signal.aborted ? signal.reason : new Error('Learning ended early.')));
  }).finally(() => {
    signal.removeEventListener('abort', end);
    end();
  });
}

export const learnScores = defineJob('learnScores', {
  label: 'Learning scores from outcomes',
  run: async (given, { object }, report, _resumed, signal) => {
    const ctx = asSystem(given, 'scoring');
    const of = String(object);
    const card = await cardOf(ctx, { field: 'object', op: 'is', value: of });
    if (!card) return;
    const { won, model } = await learnFor(ctx, card, signal, records => report.progress(records, null));
    const wins = won.filter(Boolean).length;
    if (!isEnough(won)) {
      report.skipped(card.name, `${won.length} outcomes, ${wins} of them won: too few to learn of.`);
      return;
    }
    if (!model) return report.skipped(card.name, 'No fact differs between the records.');
    if (!isUseful(model))
      report.skipped(model.way, 'It says no more than the average does, and is not used.');
    report.done(won.length);
  },
});

/** Learns from the outcomes of a card and keeps what was learned; `model` is null where there is nothing to learn from. */
export async function learnFor(
  ctx: Context,
  card: Card,
  signal: AbortSignal,
  progress: (records: number) => void,
): Promise<{ won: boolean[]; model: Model | null }> {
  const gathered = await gather(ctx, card.object, card.excluded, progress);
  const { won } = gathered.training;
  if (!isEnough(won)) return { won, model: null };
  const model = await trainApart(gathered.training, signal);
  signal.throwIfAborted();
  if (model) await keepModel(ctx, card, model, gathered);
  return { won, model };
}

/**
 * Keeps the model, and scores with it where it is of use; one that someone has chosen stays, and the newer one is offered.
 * The same model is not kept twice.
 */
async function keepModel(ctx: Context, card: Card, model: Model, { changed, proxies }: Gathered) {
  const known = await rows(ctx, 'scoreModel', {
    filter: {
      and: [
        { field: 'scorecard', op: 'is', value: card.id },
        { field: 'trainedOn', op: 'is', value: model.trainedOn },
      ],
    },
    fields: ['trainedOn'],
    limit: 1,
  });
  const useful = isUseful(model);
  const leftOut = model.leftOut.map(fact => withReason(fact, changed, model.figures.n));
  const now = ctx.clock.now().toISOString();
  const id =
    (known[0]?.id as string | undefined) ??
    (await create(ctx, 'scoreModel', {
      name: `${card.name}, ${now.slice(0, 10)}`,
      scorecard: card.id,
      way: model.way,
      useful,
      trainedAt: now,
      outcomes: model.figures.n,
      auc: Number(model.figures.auc.toFixed(4)),
      figures: json({ ...model.figures, gain: model.gain, tried: model.tried, leftOut, proxies }),
      model: json(model),
      trainedOn: model.trainedOn,
    }));
  const newer = useful ? id : null;
  const stays = card.chosen && card.model !== null;
  const offered = newer === card.model ? null : newer;
  await update(ctx, 'scorecard', card.id, stays ? { offered } : { model: newer, offered: null });
}

/** What all have the same before the decision, and is set with it, is the decision itself. */
function withReason(fact: LeftOut, changed: Map<string, number>, records: number): LeftOut {
  const share = (changed.get(fact.name) ?? 0) / records;
  return fact.why === 'constant' && share > 0.1 ? { ...fact, why: 'withDecision', share } : fact;
}

const json = (value: object) => JSON.parse(JSON.stringify(value)) as Json;

export const scoreRecords = defineJob('scoreRecords', {
  label: 'Scoring all records',
  run: async (ctx, { object }, report, resumed, signal) => {
    const scoring = await scoringOf(ctx, String(object));
    if (!scoring) return;
    let changed = 0;
    await scoreAll(ctx, scoring, resumed as string | null, async (last, records, differ) => {
      report.done(records);
      changed += differ;
      await report.checkpoint(last);
      signal.throwIfAborted();
    });
    await report.result({ changed });
  },
});

/** What is watched beside the records themselves: whoever changes one of these means all records. */
const setUp = ['scoreRule', 'scorecard', 'scoreModel'];

/** Hours after which points are counted anew, since they fade, and days after which is learned anew. */
const countEvery = 24;
const learnEvery = 7 * 24;
/** Seconds. */
const lookEvery = 60;

/** Touched records are scored at once; all of them at night, after changes of rules, and after imports. */
export const scoringWatch = defineWatch('scoring', {
  label: 'Scoring',
  every: lookEvery,
  run: async (ctx, changes) => {
    const whole = changes.some(({ object }) => setUp.includes(object));
    const looks = whole || isTime(ctx);
    if (looks) await makeCards(ctx);
    for (const object of Object.keys(scored)) {
      const ids = touched(changes, object);
      if (ids.length === 0 && !looks) continue;
      const scoring = await scoringOf(ctx, object);
      if (!scoring) continue;
      if (ids.length > 0 && !whole) await scoreSome(ctx, scoring, ids);
      if (!looks) continue;
      const due = whole || (await isDue(ctx, object, scoring.rules.length > 0 || scoring.model !== null));
      if (due) await order(ctx, 'scoreRecords', object, 'Scoring');
      if (scoring.card.learned && (await isStale(ctx, 'learnScores', object, learnEvery)))
        await order(ctx, 'learnScores', object, 'Learning');
    }
  },
});

/** When what is due was last looked for, by workspace. Changes come far oftener than anything is due. */
const looked = new Map<string, number>();

function isTime({ schema }: Context): boolean {
  const now = Date.now();
  if (now - (looked.get(schema) ?? 0) < lookEvery * 1_000) return false;
  looked.set(schema, now);
  return true;
}

/** Records that were changed, or that an activity is about. */
function touched(changes: WatchedChange[], object: string): string[] {
  const ids = changes.flatMap(change => {
    if (change.object === object) return change.kind === 'deleted' ? [] : [change.id];
    const ends = Object.values(change.fields).flat();
    return ends.flatMap(end =>
      Array.isArray(end)
        ? end.flatMap(item => {
            const to = item as { object?: string; id?: string } | null;
            return to && typeof to === 'object' && to.object === object && to.id ? [to.id] : [];
          })
        : [],
    );
  });
  return [...new Set(ids)];
}

/** Whether all are to be scored: points were counted a day ago, or there are some that never were, as after an import. */
async function isDue(ctx: Context, object: string, any: boolean): Promise<boolean> {
  if (!any) return false;
  if (await isStale(ctx, 'scoreRecords', object, countEvery)) return true;
  const row = rowOf(ctx, object);
  const [found] = await ctx.tx!.run(
    sql`select 1 as found from ${row.source} where ${row.column('score')} is null and ${row.column('deleted_at')} is null
      and ${row.holds(openOf(scored[object]!))} limit 1`,
  );
  return found !== undefined;
}

async function isStale(ctx: Context, job: string, object: string, hours: number): Promise<boolean> {
  const [row] = await ctx.tx!.run<{ fresh: boolean }>(
    sql`select exists (select 1 from ${tableOf(ctx.schema, 'job_run')} where job = ${job} and payload ->> 'object' = ${object}
      and queued_at > now() - make_interval(hours => ${hours}::int)) as fresh`,
  );
  return !row!.fresh;
}

/** Orders work, unless the same is waiting already. */
async function order(ctx: Context, task: string, object: string, what: string) {
  const [waiting] = await ctx.tx!.run(
    sql`select 1 as waiting from ${tableOf(ctx.schema, 'job_run')} where job = ${task} and payload ->> 'object' = ${object} and state in ('queued', 'running', 'waiting') limit 1`,
  );
  if (waiting) return;
  const label = `${what}: ${ctx.model.objects.get(object)!.spec.plural.toLowerCase()}`;
  await enqueue(ctx, ctx.tx!, [{ task, label, payload: { object } }]);
}
