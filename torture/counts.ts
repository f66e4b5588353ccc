/** A background job of many small steps, ordered by a verb: what modules do with jobs. */
import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import {
  type Context,
  defineJob,
  defineModule,
  defineVerb,
  rows,
  sql,
  tableOf,
  write,
} from '../src/engine/index.ts';
import { enqueue } from '../src/engine/jobs/queue.ts';
import { isLost, type Journal } from './journal.ts';
import type { Random } from './random.ts';

/** Makes a company per step and keeps how far it is. A step that was done before a break and not kept is found done. */
const countJob = defineJob('tortureCount', {
  label: 'Count',
  run: async (ctx, { task, steps }, report, resumed) => {
    const from = (resumed as { at: number } | null)?.at ?? 0;
    for (let step = from; step < Number(steps); step++) {
      const id = stepId(String(task), step);
      const [made] = await rows(ctx, 'company', { filter: { field: 'id', op: 'is', value: id }, limit: 1 });
      if (!made)
        await write(ctx, 'company', [{ op: 'create', values: { id, name: `Step ${task} ${step}` } }]);
      report.done(1);
      await report.checkpoint({ at: step + 1 });
    }
    await report.result({ steps: steps! });
  },
});

function stepId(task: string, step: number): string {
  const hex = createHash('sha256').update(`${task} ${step}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const count = defineVerb(
  { name: 'task' },
  {
    name: 'count',
    label: 'Count',
    icon: 'list-numbers',
    description: 'Has companies made in the background.',
    input: Type.Object({ steps: Type.Integer() }),
    event: { sentence: '{actor} had {steps} counted', icon: 'list-numbers' },
    run: async (ctx, id, { steps }) => {
      const [job] = await enqueue(ctx, ctx.tx!, [{ task: 'tortureCount', payload: { task: id, steps } }]);
      return { events: { [id]: { steps } }, result: job! };
    },
  },
);

export const counting = defineModule({ name: 'torture', objects: [], verbs: [count], jobs: [countJob] });

export interface Count {
  task: string;
  steps: number;
}

/** Makes a task and orders the count by its verb. */
export async function orderCount(journal: Journal, random: Random, counts: Count[]) {
  const [task, steps] = [random.id(), random.between(20, 200)];
  const named = (what: string) => ({ name: `count ${task}: ${what}`, key: `${what} ${task}` });
  const made = await journal.send({
    ...named('task'),
    method: 'POST',
    path: '/api/tasks',
    body: JSON.stringify({ id: task, subject: `Count ${steps}` }),
    effects: [
      { object: 'task', id: task, kind: 'created', version: 1, values: { subject: `Count ${steps}` } },
    ],
    refused: [],
    expected: 201,
  });
  if (isLost(made)) return;
  counts.push({ task, steps });
  await journal.send({
    ...named('order'),
    method: 'POST',
    path: `/api/tasks/${task}/count`,
    body: JSON.stringify({ steps }),
    effects: [],
    refused: [],
    expected: 200,
  });
}

/** Each count was ordered once, ended, and each of its steps was done once. */
export async function checkCounts(
  ctx: Context,
  journal: Journal,
  counts: Count[],
  jobs: { id: string; label: string; state: string; attempt: number; done: number; error: string | null }[],
): Promise<number> {
  let resumed = 0;
  for (const { task, steps } of counts) {
    const runs = await ctx.db.run<{ id: string }>(
      sql`select id from ${tableOf(ctx.schema, 'job_run')} where payload ->> 'task' = ${task}`,
    );
    if (runs.length !== 1) journal.violation(`The count of ${task} was ordered ${runs.length} times`);
    const job = jobs.find(({ id }) => id === runs[0]?.id);
    if (job?.state !== 'done' || job.done !== steps)
      journal.violation(`The count of ${task} is ${job?.state} with ${job?.done} of ${steps}: ${job?.error}`);
    if (job && job.attempt > 1) resumed++;
    const [made] = await ctx.db.run<{ n: number; names: number }>(
      sql`select count(*) as n, count(distinct name) as names from ${tableOf(ctx.schema, 'company')} where name like ${`Step ${task} %`}`,
    );
    if (made!.n !== steps || made!.names !== steps)
      journal.violation(`The count of ${task} has made ${made!.n} companies of ${steps}`);
  }
  return resumed;
}
