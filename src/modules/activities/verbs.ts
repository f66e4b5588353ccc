import { Type } from 'typebox';
import { asSystem, type Context, defineVerb, FarleyError, find, rows, update } from '../../engine/index.ts';
import { makeNext, nextOf } from './repeating.ts';
import { Task } from './task.ts';

export const completeTask = defineVerb(Task, {
  name: 'complete',
  label: 'Complete task',
  icon: 'check',
  description: 'Marks the task as done. What repeats comes back on its next day.',
  input: Type.Object({}),
  allow: { field: 'status', is: ['open', 'inProgress'] },
  event: { sentence: '{actor} completed {task}', icon: 'check' },
  run: async (ctx, id) => {
    const task = await find(ctx, 'task', id, { fields: ['subject', 'blockedBy'] });
    await refuseBlocked(ctx, (task.blockedBy as { id: string }[] | null) ?? []);
    await update(ctx, 'task', id, { status: 'done' });
    // Whoever may complete a task has its next one made, whether they may make tasks for its owner or not.
    const next = await makeNext(consequence(ctx), id);
    return { events: { [id]: { task: task.subject! } }, result: { id, next } };
  },
});

async function refuseBlocked(ctx: Context, blockers: { id: string }[]) {
  const filter = {
    and: [
      { field: 'id', op: 'isAnyOf', value: blockers.map(({ id }) => id) },
      { not: { field: 'status', op: 'is', value: 'done' } },
    ],
  };
  const [open] =
    blockers.length > 0 ? await rows(ctx, 'task', { filter, fields: ['subject'], limit: 1 }) : [];
  if (open) throw new FarleyError('invalidInput', `${String(open.subject)} has to be done before.`);
}

function consequence(ctx: Context): Context {
  const { name, userId } = ctx.actor;
  const { actor, ...rest } = asSystem(ctx, 'next of a series');
  return { ...rest, actor: { ...actor, name, userId } };
}

export const reopenTask = defineVerb(Task, {
  name: 'reopen',
  label: 'Reopen task',
  icon: 'rotate',
  description: 'Puts a task that was done back on the list.',
  input: Type.Object({}),
  allow: { field: 'status', is: ['done'] },
  event: { sentence: '{actor} reopened {task}', icon: 'rotate' },
  run: async (ctx, id) => {
    const task = await find(ctx, 'task', id, { fields: ['subject'] });
    await update(ctx, 'task', id, { status: 'open' });
    return { events: { [id]: { task: task.subject! } }, result: { id } };
  },
});

export const skipTask = defineVerb(Task, {
  name: 'skip',
  label: 'Skip this time',
  icon: 'player-skip-forward',
  description: 'Leaves this one out of the series and goes on to the next.',
  input: Type.Object({}),
  allow: { field: 'repeats', isNot: [null] },
  event: { sentence: '{actor} skipped {task} of {day}', icon: 'player-skip-forward' },
  run: async (ctx, id) => {
    const fields = [
      'subject',
      'repeats',
      'series',
      'seriesStart',
      'occurrence',
      'exceptions',
      'dueAt',
      'owner',
    ];
    const task = await find(ctx, 'task', id, { fields });
    const skipped = task.occurrence as string | null;
    const at = await nextOf(ctx, task, skipped ? [skipped] : []);
    if (!skipped || at === null)
      throw new FarleyError('invalidInput', 'Only a task that comes again can be skipped.');
    const exceptions = [...((task.exceptions as string[] | null) ?? []), skipped];
    await update(ctx, 'task', id, { dueAt: at, occurrence: at, exceptions });
    return { events: { [id]: { task: task.subject!, day: skipped.slice(0, 10) } }, result: { id } };
  },
});
