/** What people do with customers, and what they have to remember. */
import { defineObject } from '../../engine/index.ts';
import {
  boolean,
  choice,
  dateTime,
  duration,
  email,
  files,
  links,
  longText,
  relatedToMany,
  text,
  url,
  user,
} from '../../fields/index.ts';

const priorities = ['low', 'normal', 'high', 'urgent'] as const;

export const Task = defineObject('task', {
  label: 'Task',
  plural: 'Tasks',
  icon: 'checkbox',
  description: 'Something to be done, by someone, by a date.',
  title: 'subject',
  group: 'Activities',
  owner: 'owner',
  timeline: { about: 'about', at: 'createdAt' },
  fields: {
    subject: text({ required: true }),
    status: choice({
      choices: ['open', { value: 'inProgress', label: 'In progress' }, 'done'],
      default: 'open',
      required: true,
    }),
    dueAt: dateTime({ label: 'Due', index: true }),
    priority: choice({ choices: priorities, default: 'normal' }),
    owner: user({ inverse: 'tasks', label: 'Assigned to' }),
    about: relatedToMany({ label: 'About' }),
    notes: longText(),
    completedAt: dateTime({ readOnly: true, label: 'Completed' }),
  },
  list: { columns: ['subject', 'status', 'dueAt', 'priority', 'owner', 'about'], sort: ['dueAt'] },
  highlights: ['status', 'dueAt', 'priority', 'owner'],
  board: { by: 'status' },
  derive: ({ record, changes, now }) =>
    changes('status') ? { completedAt: record.status === 'done' ? now.toISOString() : null } : {},
});

export const Call = defineObject('call', {
  label: 'Call',
  plural: 'Calls',
  icon: 'phone',
  description: 'A telephone call that was made, received or missed.',
  title: 'subject',
  group: 'Activities',
  owner: 'owner',
  timeline: { about: 'about', at: 'startedAt' },
  fields: {
    subject: text({ required: true }),
    direction: choice({ choices: ['outbound', 'inbound'], default: 'outbound' }),
    outcome: choice({
      choices: [
        'connected',
        { value: 'voicemail', label: 'Left a message' },
        { value: 'noAnswer', label: 'No answer' },
        'busy',
        { value: 'wrongNumber', label: 'Wrong number' },
      ],
    }),
    startedAt: dateTime({ label: 'When' }),
    duration: duration(),
    owner: user({ inverse: 'calls' }),
    about: relatedToMany({ label: 'About' }),
    notes: longText(),
  },
  list: {
    columns: ['subject', 'direction', 'outcome', 'startedAt', 'duration', 'owner', 'about'],
    sort: ['-startedAt'],
  },
  highlights: ['outcome', 'startedAt', 'duration', 'owner'],
});

export const Meeting = defineObject('meeting', {
  label: 'Meeting',
  plural: 'Meetings',
  icon: 'calendar-event',
  description: 'An appointment with people inside or outside.',
  title: 'subject',
  group: 'Activities',
  owner: 'owner',
  timeline: { about: 'about', at: 'startsAt' },
  fields: {
    subject: text({ required: true }),
    startsAt: dateTime({ required: true, label: 'Starts', index: true }),
    endsAt: dateTime({ label: 'Ends' }),
    place: text({ help: 'Where people meet.' }),
    joinUrl: url({ label: 'Video link' }),
    attendees: links('person', { inverse: 'meetings' }),
    owner: user({ inverse: 'meetings', label: 'Organiser' }),
    about: relatedToMany({ label: 'About' }),
    held: boolean({ default: false, label: 'Took place' }),
    notes: longText(),
  },
  list: { columns: ['subject', 'startsAt', 'endsAt', 'attendees', 'owner', 'about'], sort: ['-startsAt'] },
  highlights: ['startsAt', 'endsAt', 'place', 'owner'],
  check: ({ record }) =>
    record.endsAt !== null &&
    record.endsAt !== undefined &&
    (record.endsAt as string) < (record.startsAt as string)
      ? [{ pointer: '/endsAt', code: 'endsBeforeStart', message: 'A meeting ends after it starts.' }]
      : [],
});

export const Note = defineObject('note', {
  label: 'Note',
  plural: 'Notes',
  icon: 'note',
  description: 'What you want to remember.',
  title: 'subject',
  group: 'Activities',
  owner: 'owner',
  timeline: { about: 'about', at: 'createdAt' },
  fields: {
    subject: text(),
    body: longText({ required: true, label: 'Note' }),
    owner: user({ inverse: 'notes', label: 'Author' }),
    about: relatedToMany({ label: 'About' }),
    files: files(),
    pinned: boolean({ default: false }),
  },
  list: { columns: ['subject', 'body', 'owner', 'about', 'createdAt'], sort: ['-createdAt'] },
  highlights: ['owner', 'createdAt'],
  derive: ({ record }) => (record.subject ? {} : { subject: firstLine(record.body as string | null) }),
});

export const Email = defineObject('email', {
  label: 'E-mail',
  plural: 'E-mails',
  icon: 'mail',
  description: 'A message that was sent or received.',
  title: 'subject',
  group: 'Activities',
  owner: 'owner',
  timeline: { about: 'about', at: 'sentAt' },
  fields: {
    subject: text(),
    sender: email({ label: 'From' }),
    senderName: text({ hidden: true, label: 'Name of the sender' }),
    recipients: longText({ label: 'To', help: 'Addresses, with semicolons between them.' }),
    copies: longText({ label: 'Cc', hidden: true }),
    sentAt: dateTime({ label: 'Sent', index: true }),
    text: longText(),
    about: relatedToMany({ label: 'About' }),
    attachments: files(),
    replyTo: text({ hidden: true, label: 'In reply to', help: 'The id of the message that it answers.' }),
    owner: user({ inverse: 'emails' }),
  },
  list: { columns: ['subject', 'sender', 'recipients', 'sentAt', 'about'], sort: ['-sentAt'] },
  highlights: ['sender', 'recipients', 'sentAt'],
  derive: ({ record }) => (record.subject ? {} : { subject: firstLine(record.text as string | null) }),
});

/** A note without a heading is named by how it begins. */
function firstLine(body: string | null): string | null {
  const line = body
    ?.split('\n')
    .find(text => text.trim())
    ?.replace(/^[#>*\s-]+/, '')
    .trim();
  if (!line) return null;
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
