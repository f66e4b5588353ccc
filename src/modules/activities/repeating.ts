/** The next task of a series: made once the one before is done, by whatever door; taken away where that turns out not to be. */
import {
  type Context,
  create,
  defineWatch,
  find,
  rows,
  type Values,
  type WatchedChange,
  write,
} from '../../engine/index.ts';
import { nextOccurrence } from './recur.ts';
import { bare, zoneOf } from './series.ts';

/** What the next one takes over. Steps begin anew; a day that was set by hand, and what it waited for, was this one's. */
const taken = [
  'subject',
  'priority',
  'owner',
  'about',
  'repeats',
  'parent',
  'notes',
  'series',
  'seriesStart',
];

const needed = [...taken, 'status', 'dueAt', 'remindAt', 'occurrence', 'exceptions', 'checklist'];

/** Makes the task after `id`; answers its id, or null where there is none: no rule, the series is over, or it is there. */
export async function makeNext(ctx: Context, id: string): Promise<string | null> {
  const task = await find(ctx, 'task', id, { fields: needed });
  const at = await nextOf(ctx, task);
  if (at === null || (await inSeries(ctx, task.series as string, at))) return null;
  const [due, reminder] = [task.dueAt as string | null, task.remindAt as string | null];
  const ahead = due && reminder ? Date.parse(due) - Date.parse(reminder) : null;
  return create(
    ctx,
    'task',
    {
      ...Object.fromEntries(taken.map(name => [name, bare(task[name] ?? null)])),
      dueAt: at,
      occurrence: at,
      exceptions: task.exceptions ?? null,
      remindAt: ahead === null ? null : new Date(Date.parse(at) - ahead).toISOString(),
      checklist: ((task.checklist as { text: string }[] | null) ?? []).map(({ text }) => ({
        text,
        done: false,
      })),
    },
    { trusted: true },
  );
}

/** The moment of the next one. Those that have passed by unheeded are not piled up. */
export async function nextOf(ctx: Context, task: Values, left: string[] = []): Promise<string | null> {
  if (!task.repeats || !task.series || !task.occurrence) return null;
  const exceptions = [...((task.exceptions as string[] | null) ?? []), ...left];
  const series = { rule: task.repeats as string, anchor: task.seriesStart as string, exceptions };
  const now = ctx.clock.now().toISOString();
  const after = (task.occurrence as string) > now ? (task.occurrence as string) : now;
  return nextOccurrence(series, after, await zoneOf(ctx, task.owner as { id: string } | null));
}

async function inSeries(ctx: Context, series: string, at: string): Promise<boolean> {
  const filter = {
    and: [
      { field: 'series', op: 'is', value: series },
      { field: 'occurrence', op: 'is', value: at },
    ],
  };
  return (await rows(ctx, 'task', { filter, fields: [], limit: 1 })).length > 0;
}

/** Tasks that were done without the verb, on a board for instance; and those that are open again after all. */
export const repeating = defineWatch('repeating', {
  label: 'Repeating tasks',
  run: async (ctx, changes) => {
    const steps = new Map(changes.filter(isStep).map(change => [change.id, change]));
    if (steps.size === 0) return;
    const tasks = await rows(ctx, 'task', {
      filter: {
        and: [
          { field: 'id', op: 'isAnyOf', value: [...steps.keys()] },
          { field: 'repeats', op: 'notEmpty' },
        ],
      },
      fields: ['status', 'series'],
      limit: 1_000,
    });
    for (const task of tasks) {
      const id = task.id as string;
      if (task.status === 'done') await makeNext(ctx, id);
      else if (steps.get(id)?.fields.status?.[0] === 'done') await takeBack(ctx, task, id);
    }
  },
});

function isStep({ object, kind, fields }: WatchedChange): boolean {
  return object === 'task' && kind === 'updated' && fields.status?.includes('done') === true;
}

/** The one made for a task that is open again goes, unless someone has touched it. */
async function takeBack(ctx: Context, task: Values, id: string) {
  const filter = {
    and: [
      { field: 'series', op: 'is', value: task.series as string },
      { field: 'status', op: 'is', value: 'open' },
      { field: 'version', op: 'is', value: 1 },
      { not: { field: 'id', op: 'is', value: id } },
    ],
  };
  const found = await rows(ctx, 'task', { filter, fields: [], sort: ['-createdAt'], limit: 1 });
  if (found.length > 0)
    await write(
      ctx,
      'task',
      found.map(next => ({ op: 'delete', id: next.id as string })),
    );
}
