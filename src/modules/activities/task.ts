/** What has to be done: by whom, until when, after what, and how often. */
import { type Draft, defineObject, type Input, type Problem } from '../../engine/index.ts';
import {
  checklist,
  choice,
  dateTime,
  link,
  links,
  longText,
  recurrence,
  relatedToMany,
  text,
  user,
} from '../../fields/index.ts';
import { placed, placeInSeries } from './series.ts';
import { subjectOf } from './subject.ts';

const priorities = ['low', 'normal', 'high', 'urgent'] as const;

export const Task = defineObject('task', {
  label: 'Task',
  plural: 'Tasks',
  icon: 'checkbox',
  description: 'Something to be done, by someone, by a date.',
  title: 'subject',
  group: 'Activities',
  owner: 'owner',
  key: 't',
  timeline: { about: 'about', at: 'createdAt' },
  agenda: {
    at: 'dueAt',
    remindAt: 'remindAt',
    done: { field: 'status', is: 'done', verb: 'complete' },
  },
  fields: {
    subject: text({ required: true }),
    status: choice({
      choices: ['open', { value: 'inProgress', label: 'In progress' }, { value: 'done', colour: 'green' }],
      default: 'open',
      required: true,
    }),
    dueAt: dateTime({ label: 'Due', index: true }),
    priority: choice({ choices: priorities, default: 'normal' }),
    owner: user({ inverse: 'tasks', label: 'Assigned to' }),
    about: relatedToMany({ label: 'About' }),
    remindAt: dateTime({
      label: 'Reminder',
      index: true,
      help: 'Set to when it is due, and moved along with that, unless you set another.',
    }),
    repeats: recurrence({ help: 'The next one is made when this one is done.' }),
    checklist: checklist(),
    parent: link('task', { inverse: 'subtasks', label: 'Part of' }),
    blockedBy: links('task', {
      inverse: 'blocks',
      label: 'Waits for',
      help: 'Tasks to be done before.',
      acyclic: true,
    }),
    notes: longText(),
    completedAt: dateTime({ readOnly: true, label: 'Completed' }),
    ...placeInSeries,
  },
  fallbacks: { subject: subjectOf('Task', 'about') },
  unique: [['series', 'occurrence']],
  list: { columns: ['subject', 'status', 'dueAt', 'priority', 'owner', 'about'], sort: ['dueAt'] },
  highlights: ['status', 'dueAt', 'priority', 'owner', 'repeats'],
  board: { by: 'status' },
  derive: draft => ({ ...completed(draft), ...reminded(draft), ...placed(draft, 'dueAt') }),
  check: wrongWith,
});

function completed({ record, changes, now }: Draft): Input {
  if (!changes('status')) return {};
  return { completedAt: record.status === 'done' ? now.toISOString() : null };
}

/** Who moves a task moves its reminder with it, by as much. One that was switched off stays off. */
function reminded({ record, before, changes, stated }: Draft): Input {
  if (stated('remindAt') || !changes('dueAt')) return {};
  const due = record.dueAt as string | null;
  if (due === null) return { remindAt: null };
  const [earlier, reminder] = [before?.dueAt as string | undefined, before?.remindAt as string | undefined];
  if (!earlier) return { remindAt: due };
  if (!reminder) return {};
  const ahead = Date.parse(earlier) - Date.parse(reminder);
  return { remindAt: new Date(Date.parse(due) - ahead).toISOString() };
}

function wrongWith({ record }: Draft): Problem[] {
  if (!record.repeats || record.dueAt !== null) return [];
  const message = 'What repeats needs a day on which it is due first.';
  return [{ pointer: '/dueAt', code: 'required', message }];
}
