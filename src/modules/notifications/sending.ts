/**
 * What leaves Farley for someone: letters and messages to browsers. Each is a record, made in the transaction that takes
 * its notifications, so that none goes out twice; and says what became of it.
 */
import { type Draft, defineObject, type Input } from '../../engine/index.ts';
import { choice, dateTime, json, number, text, user } from '../../fields/index.ts';

/** How soon a notification of a kind is mailed. */
export const paces = ['now', 'daily', 'weekly', 'never'] as const;
export type Pace = (typeof paces)[number];

/** For who has not said otherwise. */
const usual: Record<string, Pace> = {
  mention: 'daily',
  assignment: 'daily',
  invitation: 'daily',
  comment: 'daily',
  approval: 'now',
  approved: 'now',
  rejected: 'now',
  accepted: 'now',
  declined: 'now',
  renewal: 'daily',
};

/** How soon someone is mailed notifications of a kind, by what stands in their record. */
export function paceOf(mailed: unknown, kind: string): Pace {
  const said = (mailed as Record<string, unknown> | null)?.[kind];
  return paces.find(pace => pace === said) ?? usual[kind] ?? 'never';
}

export const Sending = defineObject('sending', {
  label: 'Sending',
  plural: 'Sendings',
  icon: 'send',
  description: 'A letter, or a message to browsers, about notifications.',
  title: 'subject',
  listed: false,
  personal: {},
  owner: 'owner',
  fields: {
    subject: text({ searchable: false }),
    way: choice({
      choices: [{ value: 'mail', label: 'E-mail' }, 'push'],
      default: 'mail',
      required: true,
      readOnly: true,
    }),
    state: choice({
      choices: [
        'due',
        'sending',
        'sent',
        { value: 'nothing', label: 'Nothing to tell' },
        'failed',
        { value: 'unknown', label: 'Broken off while it was sent' },
      ],
      // Only what tells somebody something makes one that goes out.
      default: 'nothing',
      required: true,
      readOnly: true,
    }),
    notices: json({
      readOnly: true,
      hidden: true,
      searchable: false,
      help: 'Ids of the notifications it tells of.',
    }),
    told: number({ integer: true, readOnly: true, help: 'Notifications it told of.' }),
    sentAt: dateTime({ readOnly: true, label: 'Sent' }),
    error: text({ readOnly: true, searchable: false }),
    owner: user({ readOnly: true, label: 'To' }),
  },
  list: { columns: ['subject', 'way', 'state', 'told', 'sentAt'], sort: ['-createdAt'] },
  after: (written, enqueue) => {
    for (const { kind, record } of written)
      if (kind === 'created' && record.state === 'due') enqueue('send', { sending: record.id! });
  },
});

export const Device = defineObject('device', {
  label: 'Device',
  plural: 'Devices',
  icon: 'device-mobile',
  description: 'A browser that tells its owner at once.',
  title: 'name',
  listed: false,
  personal: {},
  owner: 'owner',
  fields: {
    name: text({ required: true, searchable: false }),
    endpoint: text({
      required: true,
      hidden: true,
      searchable: false,
      unique: true,
      help: 'Address at its push service.',
    }),
    p256dh: text({ required: true, hidden: true, searchable: false }),
    auth: text({ required: true, hidden: true, searchable: false }),
    owner: user({ readOnly: true, label: 'Whose' }),
  },
  list: { columns: ['name', 'createdAt'], sort: ['-createdAt'] },
  derive: ({ record, userId }: Draft): Input => (record.owner ? {} : { owner: userId }),
});
