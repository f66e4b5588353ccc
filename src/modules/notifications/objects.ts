/** What someone is told, what they follow, and what they keep at hand. All of it is theirs alone. */
import { defineObject } from '../../engine/index.ts';
import { boolean, choice, dateTime, number, relatedToAny, text, user } from '../../fields/index.ts';
import { notificationKinds } from '../workspace/module.ts';

export const Notification = defineObject('notification', {
  label: 'Notification',
  plural: 'Notifications',
  icon: 'bell',
  description: 'Something that happened and concerns you.',
  title: 'text',
  listed: false,
  personal: {},
  owner: 'owner',
  fields: {
    text: text({ searchable: false, help: 'What to say, where kind and record do not.' }),
    kind: choice({ choices: notificationKinds, default: 'reminder', required: true }),
    about: relatedToAny({ label: 'About' }),
    source: relatedToAny({ hidden: true, help: 'What was said: a note, for instance.' }),
    actor: user({ readOnly: true, label: 'By' }),
    count: number({ integer: true, default: 1, help: 'Records that one act concerned.' }),
    happenedAt: dateTime({ label: 'When' }),
    readAt: dateTime({ label: 'Read' }),
    snoozedUntil: dateTime({ label: 'Snoozed until', index: true }),
    // Given by what tells it: nobody tells others something in this way.
    owner: user({ readOnly: true, label: 'Told' }),
    changeSet: text({ readOnly: true, hidden: true, searchable: false, index: true }),
    mailAt: dateTime({
      readOnly: true,
      hidden: true,
      index: true,
      help: 'When it is mailed, unless it was read.',
    }),
  },
  list: { columns: ['kind', 'about', 'actor', 'happenedAt', 'readAt'], sort: ['-happenedAt'] },
  highlights: ['about', 'actor', 'happenedAt'],
});

export const Follow = defineObject('follow', {
  label: 'Follow',
  plural: 'Follows',
  icon: 'eye',
  description: 'A record about which someone wants to be told, or does not.',
  title: 'name',
  listed: false,
  personal: {},
  owner: 'owner',
  fields: {
    name: text({ hidden: true, searchable: false, help: 'What for.' }),
    record: relatedToAny({ required: true }),
    following: boolean({
      default: true,
      required: true,
      help: 'Owners and makers follow without it; off, they do not.',
    }),
    owner: user({ readOnly: true, label: 'Who' }),
  },
  unique: [['owner', 'record']],
  list: { columns: ['record', 'following'], sort: ['-createdAt'] },
});

export const Favourite = defineObject('favourite', {
  label: 'Favourite',
  plural: 'Favourites',
  icon: 'star',
  description: 'A record or view that someone wants at hand.',
  title: 'name',
  listed: false,
  personal: {},
  owner: 'owner',
  fields: {
    name: text({ hidden: true, searchable: false, help: 'What its owner calls it.' }),
    record: relatedToAny({ required: true }),
    owner: user({ readOnly: true, label: 'Whose' }),
  },
  unique: [['owner', 'record']],
  list: { columns: ['record'], sort: ['-createdAt'] },
});
