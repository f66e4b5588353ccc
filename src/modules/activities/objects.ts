/** What people do with customers, and what they have to remember. */
import { defineObject } from '../../engine/index.ts';
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
  user,
} from '../../fields/index.ts';
import { subjectOf } from './subject.ts';

export const Call = defineObject('call', {
  label: 'Call',
  plural: 'Calls',
  icon: 'phone',
  description: 'A telephone call that was made, received or missed.',
  title: 'subject',
  group: 'Activities',
  owner: 'owner',
  timeline: { about: 'about', at: 'startedAt' },
  agenda: { at: 'startedAt', lasts: 'duration' },
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
        { value: 'notInterested', label: 'Not interested' },
      ],
    }),
    startedAt: dateTime({ label: 'When', index: true }),
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
  path: 'emails',
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
