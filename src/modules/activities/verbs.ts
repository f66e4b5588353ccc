import { Type } from 'typebox';
import { defineVerb, find, update } from '../../engine/index.ts';
import { Task } from './objects.ts';

export const completeTask = defineVerb(Task, {
  name: 'complete',
  label: 'Complete task',
  icon: 'check',
  description: 'Marks the task as done.',
  input: Type.Object({}),
  allow: { field: 'status', is: ['open', 'inProgress'] },
  event: { sentence: '{actor} completed {task}', icon: 'check' },
  run: async (ctx, id) => {
    const task = await find(ctx, 'task', id, { fields: ['subject'] });
    await update(ctx, 'task', id, { status: 'done' });
    return { events: { [id]: { task: task.subject! } }, result: { id } };
  },
});

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
