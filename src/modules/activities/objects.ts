/** What people do with customers, and what they have to remember. */
import { defineObject, type Values } from '../../engine/index.ts';
import {
  boolean,
  choice,
  dateTime,
  duration,
  email,
  files,
  link,
  links,
  longText,
  relatedToMany,
  text,
  url,
  user,
} from '../../fields/index.ts';
import { subjectOf } from './subject.ts';

const reminders = [
  { value: 'none', label: 'Not at all' },
  { value: 'atStart', label: 'When it starts' },
  { value: 'before5', label: '5 minutes before' },
  { value: 'before15', label: '15 minutes before' },
  { value: 'before30', label: '30 minutes before' },
  { value: 'before60', label: '1 hour before' },
  { value: 'before1440', label: '24 hours before' },
] as const;

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
  fallbacks: { subject: subjectOf('Call', 'about') },
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
    reminder: choice({ choices: reminders, default: 'before15', label: 'Remind me' }),
    remindAt: dateTime({ readOnly: true, hidden: true, index: true }),
    place: text({ help: 'Where people meet.' }),
    joinUrl: url({ label: 'Video link' }),
    attendees: links('person', { inverse: 'meetings' }),
    owner: user({ inverse: 'meetings', label: 'Organiser' }),
    about: relatedToMany({ label: 'About' }),
    held: boolean({ default: false, label: 'Took place' }),
    notes: longText(),
  },
  fallbacks: { subject: subjectOf('Meeting', 'attendees', 'about') },
  list: { columns: ['subject', 'startsAt', 'endsAt', 'attendees', 'owner', 'about'], sort: ['-startsAt'] },
  highlights: ['startsAt', 'endsAt', 'place', 'owner'],
  agenda: { at: 'startsAt', until: 'endsAt', remindAt: 'remindAt' },
  key: 'm',
  derive: ({ record, changes }) =>
    changes('startsAt') || changes('reminder') ? { remindAt: remindedAt(record) } : {},
  check: ({ record }) =>
    record.endsAt !== null &&
    record.endsAt !== undefined &&
    (record.endsAt as string) < (record.startsAt as string)
      ? [{ pointer: '/endsAt', code: 'endsBeforeStart', message: 'A meeting ends after it starts.' }]
      : [],
});

/** Minutes before the start. */
const minutesBefore: Record<string, number> = {
  atStart: 0,
  before5: 5,
  before15: 15,
  before30: 30,
  before60: 60,
  before1440: 1_440,
};

function remindedAt({ startsAt, reminder }: Values): string | null {
  const minutes = minutesBefore[reminder as string];
  const start = Date.parse(startsAt as string);
  return minutes === undefined || Number.isNaN(start)
    ? null
    : new Date(start - minutes * 60_000).toISOString();
}

export const Note = defineObject('note', {
  label: 'Note',
  plural: 'Notes',
  icon: 'note',
  description: 'What you want to remember.',
  title: 'subject',
  group: 'Activities',
  owner: 'owner',
  timeline: { about: 'about', at: 'createdAt', replyTo: 'replyTo', mentions: 'mentions' },
  key: 'n',
  fields: {
    subject: text(),
    body: longText({ required: true, label: 'Note' }),
    owner: user({ inverse: 'notes', label: 'Author' }),
    about: relatedToMany({ label: 'About' }),
    replyTo: link('note', { inverse: 'replies', label: 'In reply to', hidden: true }),
    mentions: links('user', { readOnly: true, hidden: true, help: 'The users whom the text names.' }),
    files: files(),
    pinned: boolean({ default: false }),
  },
  list: { columns: ['subject', 'body', 'owner', 'about', 'createdAt'], sort: ['-createdAt'] },
  highlights: ['owner', 'createdAt'],
  derive: ({ record, changes }) => ({
    ...(record.subject ? {} : { subject: firstLine(plain(record.body as string | null)) }),
    ...(changes('body') ? { mentions: mentioned(record.body as string | null) } : {}),
  }),
});

const mention = /\[@([^\]\n]*)\]\(user:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)/gi;

/** Users are named by their ids, `[@Sina Gruber](user:…)`: a name may change. */
function mentioned(body: string | null): { id: string }[] | null {
  const ids = new Set([...(body ?? '').matchAll(mention)].map(([, , id]) => id!.toLowerCase()));
  return ids.size > 0 ? [...ids].map(id => ({ id })) : null;
}

/** As it is said, without the marks. */
function plain(body: string | null): string | null {
  return body?.replace(mention, '@$1').replace(/(\*\*|__|~~|`)/g, '') ?? null;
}

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
