/** The first contact: by when it should be, when it was, and who is told before and after. */
import {
  type Context,
  defineWatch,
  type Filter,
  rows,
  type Transaction,
  type Values,
  type WatchedChange,
  write,
} from '../../../engine/index.ts';
import { deliver, type Notice } from '../../notifications/module.ts';
import { openStatuses } from './lead.ts';
import { among, idOf, workersOf } from './workers.ts';

type Inside = Context & { tx: Transaction };

/** Its owner is reminded so long before it is due, in milliseconds. */
const ahead = 30 * 60_000;
const most = 500;

/** What counts as having been in touch, and when it was. Being called is no contact of ours, nor is a meeting to come. */
const contacts: Record<string, { at: string; when: Filter; fields?: string[] }> = {
  call: { at: 'startedAt', when: { field: 'direction', op: 'is', value: 'outbound' } },
  meeting: { at: 'startsAt', when: { field: 'held', op: 'is', value: true } },
  email: { at: 'sentAt', when: { field: 'sentAt', op: 'notEmpty' }, fields: ['sender'] },
};

type About = { object: string; id: string }[] | null;

/** Lead → its first contact among what was just written. Two statements for each kind of activity. */
async function madeIn(ctx: Inside, changes: WatchedChange[]): Promise<Map<string, string>> {
  const first = new Map<string, string>();
  const now = ctx.clock.now().toISOString();
  for (const [object, { at, when, fields = [] }] of Object.entries(contacts)) {
    const ids = changes.filter(each => each.object === object && each.undoes === null).map(({ id }) => id);
    if (ids.length === 0) continue;
    const found = await rows(ctx, object, {
      filter: { and: [among('id', ids), when] },
      fields: ['about', 'createdAt', at, ...fields],
      limit: 1_000,
    });
    for (const row of object === 'email' ? await sentByUs(ctx, found) : found)
      take(first, row, (row[at] ?? row.createdAt) as string, now);
  }
  return first;
}

/** The earliest counts; what is planned does not yet. */
function take(first: Map<string, string>, { about }: Values, moment: string, now: string) {
  if (moment > now) return;
  for (const { object, id } of (about as About) ?? [])
    if (object === 'lead' && moment < (first.get(id) ?? '~')) first.set(id, moment);
}

/** E-mails of people who work here; what leads have sent is no contact of ours. */
async function sentByUs(ctx: Inside, emails: Values[]): Promise<Values[]> {
  const senders = emails.flatMap(({ sender }) => (sender as string | null) ?? []);
  const users = await rows(ctx, 'user', { filter: among('email', senders), fields: ['email'], limit: 1_000 });
  const own = new Set(users.map(({ email }) => String(email).toLowerCase()));
  return emails.filter(({ sender }) => sender === null || own.has(String(sender).toLowerCase()));
}

async function noteContacts(ctx: Inside, changes: WatchedChange[]) {
  const first = await madeIn(ctx, changes);
  if (first.size === 0) return;
  const leads = await rows(ctx, 'lead', {
    filter: { and: [among('id', [...first.keys()]), { field: 'firstContactAt', op: 'empty' }] },
    fields: ['contactBy'],
    limit: 1_000,
  });
  await write(
    ctx,
    'lead',
    leads.map(({ id, contactBy }) => {
      const at = first.get(id as string)!;
      const state = contactBy ? (at <= (contactBy as string) ? 'onTime' : 'tooLate') : null;
      return { op: 'update' as const, id: id as string, values: { firstContactAt: at, contactState: state } };
    }),
    { trusted: true },
  );
}

/** Leads that go from one state of waiting into the next, as their moment has come. */
async function dueIn(ctx: Inside, states: string[], before: number): Promise<Values[]> {
  return rows(ctx, 'lead', {
    filter: {
      and: [
        among('contactState', states),
        among('status', openStatuses),
        { field: 'contactBy', op: 'lte', value: new Date(before).toISOString() },
      ],
    },
    fields: ['owner', 'contactBy'],
    sort: ['contactBy', 'id'],
    limit: most,
  });
}

/** Each state is entered once, so each notice is given once: it is committed with the state. */
async function escalate(ctx: Inside, skipped: (what: string, why: string) => void) {
  const now = ctx.clock.now().getTime();
  const late = await dueIn(ctx, ['waiting', 'soon'], now);
  const soon = (await dueIn(ctx, ['waiting'], now + ahead)).filter(
    ({ id }) => !late.some(each => each.id === id),
  );
  if (late.length + soon.length === 0) return;
  const turned = (leads: Values[], contactState: string) =>
    leads.map(({ id }) => ({ op: 'update' as const, id: id as string, values: { contactState } }));
  await write(ctx, 'lead', [...turned(late, 'late'), ...turned(soon, 'soon')], { trusted: true });
  const managers = await managersOf(ctx, late);
  const notice = (lead: Values, kind: string, to: string | null): Notice[] =>
    to === null
      ? []
      : [
          {
            to,
            kind,
            object: 'lead',
            id: lead.id as string,
            source: null,
            actor: null,
            at: lead.contactBy as string,
            changeSet: null,
          },
        ];
  await deliver(
    ctx,
    [
      ...soon.flatMap(lead => notice(lead, 'reminder', idOf(lead.owner))),
      ...late.flatMap(lead =>
        notice(lead, 'escalation', managers.get(idOf(lead.owner) ?? '') ?? idOf(lead.owner)),
      ),
    ],
    skipped,
  );
}

/** Owner → who is told when they are late: their manager, else that of their team. */
async function managersOf(ctx: Inside, leads: Values[]): Promise<Map<string, string | null>> {
  const owners = leads.flatMap(({ owner }) => idOf(owner) ?? []);
  if (owners.length === 0) return new Map();
  const workers = await workersOf(ctx, among('id', owners));
  const teams = await rows(ctx, 'team', {
    filter: among(
      'id',
      [...workers.values()].flatMap(({ team }) => team ?? []),
    ),
    fields: ['manager'],
    limit: 1_000,
  });
  const ofTeam = new Map(teams.map(({ id, manager }) => [id as string, idOf(manager)]));
  return new Map(
    [...workers.values()].map(({ id, manager, team }) => [
      id,
      manager ?? (team ? (ofTeam.get(team) ?? null) : null),
    ]),
  );
}

export const firstContacts = defineWatch('first-contact', {
  label: 'First contact of leads',
  every: 60,
  run: async (ctx, changes, skipped) => {
    await noteContacts(ctx, changes);
    await escalate(ctx, skipped);
  },
});
