/** Who works here, in which team, with which rights; and what all modules share: tags and files. */
import type { Json, Problem } from '../../engine/index.ts';
import { defineObject, grantProblems } from '../../engine/index.ts';
import {
  boolean,
  choice,
  choices,
  email,
  json,
  language,
  link,
  links,
  number,
  personName,
  phone,
  relatedToMany,
  text,
  timeZone,
  user,
} from '../../fields/index.ts';
import { problemsOfHours } from './hours.ts';
import { administrator, manager, member, reader } from './roles.ts';

export const Role = defineObject('role', {
  label: 'Role',
  plural: 'Roles',
  icon: 'shield',
  description: 'What its holders may see and do.',
  title: 'label',
  setup: true,
  shipped: [administrator, manager, member, reader].map(({ label }) => label),
  administered: true,
  fields: {
    name: text({ required: true, unique: true, help: 'Used by API keys and imports: `sales_rep`.' }),
    label: text({ required: true }),
    description: text(),
    grants: json({ required: true, label: 'Rights', searchable: false }),
  },
  list: { columns: ['label', 'description'], sort: ['label'] },
  highlights: ['description'],
  check: ({ record }) => grantProblems(record.grants as Json),
});

export const Team = defineObject('team', {
  label: 'Team',
  plural: 'Teams',
  icon: 'users-group',
  description: 'People who work together and share records.',
  title: 'name',
  setup: true,
  administered: true,
  fields: {
    name: text({ required: true, unique: true }),
    parent: link('team', { inverse: 'teams', help: 'The team that this one belongs to.' }),
    manager: user({ help: 'Who leads it.' }),
  },
  list: { columns: ['name', 'parent', 'manager'], sort: ['name'] },
  highlights: ['parent', 'manager'],
});

/** What people are told of, each kind as they like it. */
export const notificationKinds = [
  { value: 'mention', label: 'Mention' },
  { value: 'assignment', label: 'Assignment' },
  { value: 'invitation', label: 'Invitation' },
  { value: 'comment', label: 'Comment' },
  { value: 'move', label: 'Move' },
  { value: 'reminder', label: 'Reminder' },
  { value: 'escalation', label: 'Escalation' },
  { value: 'approval', label: 'Approval' },
  { value: 'approved', label: 'Approved quotes' },
  { value: 'rejected', label: 'Quotes not approved' },
  { value: 'opened', label: 'Opened quotes' },
  { value: 'accepted', label: 'Accepted quotes' },
  { value: 'declined', label: 'Declined quotes' },
  { value: 'renewal', label: 'Renewals' },
] as const;

export const User = defineObject('user', {
  label: 'User',
  plural: 'Users',
  icon: 'user-circle',
  description: 'Someone, or something, that works in Farley.',
  title: 'name',
  setup: true,
  administered: true,
  fields: {
    name: personName({ required: true }),
    email: email({ unique: true, help: 'Signs in with it.' }),
    role: link('role', { inverse: 'users' }),
    team: link('team', { inverse: 'members' }),
    manager: user({ inverse: 'reports' }),
    jobTitle: text(),
    phone: phone(),
    timeZone: timeZone(),
    otherTimeZone: timeZone({
      label: 'Second time zone',
      hidden: true,
      help: 'Stands beside the hours of the calendar.',
    }),
    workingHours: json({
      hidden: true,
      searchable: false,
      help: 'Such as { "days": ["MO", "TU"], "from": "09:00", "to": "17:00" }, by the clock of the own time zone.',
    }),
    skills: links('tag', {
      inverse: 'users',
      hidden: true,
      help: 'What they can do: languages, products, industries.',
    }),
    language: language({ help: 'In which they read Farley. Empty: that of the workspace.' }),
    kind: choice({
      choices: ['person', { value: 'service', label: 'API key or service' }],
      default: 'person',
      required: true,
    }),
    silenced: choices({
      choices: notificationKinds,
      hidden: true,
      label: 'Not told of',
      help: 'Kinds of notifications that someone does without.',
    }),
    mailed: json({
      hidden: true,
      searchable: false,
      label: 'Mailed of',
      help: 'Kinds of notifications and how soon they are mailed: now, daily, weekly or never.',
    }),
    preferences: json({
      hidden: true,
      searchable: false,
      help: 'Keys they chose, what they closed for good, and how often they use which command.',
    }),
    active: boolean({ default: true, required: true, help: 'Only active users sign in.' }),
  },
  list: { columns: ['name', 'email', 'role', 'team', 'manager', 'active'], sort: ['name'] },
  highlights: ['email', 'role', 'team'],
  after: (written, enqueue) => {
    for (const { kind, record, before } of written)
      if (kind === 'updated' && record.email && record.email !== before?.email)
        enqueue('newAddress', { user: record.id! });
  },
  check: ({ record }) => [
    ...problemsOfHours(record.workingHours ?? null),
    ...problemsOfMailed(record.mailed ?? null),
    ...problemsOfPreferences(record.preferences ?? null),
  ],
});

function problemsOfMailed(mailed: Json): Problem[] {
  const kinds: string[] = notificationKinds.map(({ value }) => value);
  const sound =
    mailed === null ||
    (typeof mailed === 'object' &&
      !Array.isArray(mailed) &&
      Object.entries(mailed).every(
        ([kind, pace]) => kinds.includes(kind) && ['now', 'daily', 'weekly', 'never'].includes(String(pace)),
      ));
  const message = 'Kinds of notifications and how soon they are mailed: now, daily, weekly or never.';
  return sound ? [] : [{ pointer: '/mailed', code: 'notMailed', message }];
}

/** Characters of JSON: more is no preference but a store. */
const mostPreferences = 20_000;

function problemsOfPreferences(preferences: Json): Problem[] {
  const isObject = preferences === null || (typeof preferences === 'object' && !Array.isArray(preferences));
  if (isObject && JSON.stringify(preferences).length <= mostPreferences) return [];
  const message = `Preferences are an object of at most ${mostPreferences} characters.`;
  return [{ pointer: '/preferences', code: 'notPreferences', message }];
}

export const Tag = defineObject('tag', {
  label: 'Tag',
  plural: 'Tags',
  icon: 'tag',
  description: 'A word to find records by.',
  title: 'name',
  setup: true,
  fields: {
    name: text({ required: true, unique: true }),
    description: text(),
  },
  list: { columns: ['name', 'description'], sort: ['name'] },
});

export const File = defineObject('file', {
  label: 'File',
  plural: 'Files',
  icon: 'file',
  description: 'A document or picture.',
  title: 'name',
  fields: {
    name: text({ required: true }),
    mediaType: text({ readOnly: true }),
    size: number({ readOnly: true, integer: true, help: 'Bytes.' }),
    hash: text({ readOnly: true, hidden: true, searchable: false, help: 'SHA-256 of the content.' }),
    owner: user(),
    about: relatedToMany({ label: 'About', help: 'The records it is attached to.' }),
  },
  owner: 'owner',
  timeline: { about: 'about', at: 'createdAt' },
  list: { columns: ['name', 'mediaType', 'size', 'createdAt'], sort: ['-createdAt'] },
});
