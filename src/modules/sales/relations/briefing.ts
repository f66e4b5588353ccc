/** What one wants to know before a meeting or a call: the Farley file of whom one is going to talk to. */
import { type Static, Type } from 'typebox';
import {
  type Context,
  defineReport,
  FarleyError,
  type Filter,
  type Json,
  may,
  rows,
  type Values,
} from '../../../engine/index.ts';
import { closeness, type Touch } from './closeness.ts';

const id = Type.String({ format: 'uuid' });
const text = Type.Union([Type.String(), Type.Null()]);
const Ref = Type.Object({ id, title: Type.String() });
const maybeRef = Type.Union([Ref, Type.Null()]);

const Human = Type.Object({
  id,
  title: Type.String(),
  jobTitle: text,
  company: maybeRef,
  email: text,
  phone: text,
  personal: text,
  birthday: Type.Union([Type.String(), Type.Null()], {
    description: 'Their next one, when it is within a month.',
  }),
  lastTouch: Type.Union([Type.String(), Type.Null()], {
    description: 'When something passed last, ISO 8601.',
  }),
  knownBy: Type.Array(
    Type.Object({ id, title: Type.String(), closeness: Type.Integer({ minimum: 0, maximum: 100 }) }),
    { description: 'Colleagues by how well they know them, the best first.' },
  ),
});

const Answer = Type.Object({
  people: Type.Array(Human),
  topics: Type.Array(
    Type.Object({ object: Type.String(), id, title: text, at: Type.String(), says: text, owner: maybeRef }),
    { description: 'What was talked about last, the newest first.' },
  ),
  promises: Type.Array(
    Type.Object({ id, text: Type.String(), due: text, by: Type.String(), status: Type.String() }),
  ),
  tasks: Type.Array(Type.Object({ id, subject: Type.String(), dueAt: text, owner: maybeRef })),
  deals: Type.Array(
    Type.Object({
      id,
      name: Type.String(),
      stage: maybeRef,
      amount: Type.Unknown(),
      closeDate: text,
      nextStep: text,
    }),
  ),
  relations: Type.Array(
    Type.Object({
      id,
      from: Type.Unknown(),
      kind: Type.String(),
      to: Type.Unknown(),
      strength: Type.Union([Type.Number(), Type.Null()]),
      stance: text,
      until: text,
    }),
  ),
});
export type BriefingAnswer = Static<typeof Answer>;

export const briefingReport = defineReport('briefing', {
  label: 'Briefing',
  description: 'Who one is going to talk to: what was said last, promised, open, and who knows them',
  input: Type.Object(
    {
      object: Type.Enum(['person', 'company', 'deal', 'meeting', 'lead'], {
        description: 'What the talk is about, or with whom.',
      }),
      id,
    },
    { additionalProperties: false },
  ),
  answer: Answer,
  run: briefing,
});

type Party = { object: string; id: string };
type Link = { id: string; title: string } | null;

const most = 8;
/** Looked through for what was said, of each kind. */
const remembered = 50;
const day = 86_400_000;

/** Where what was said stands, and when it was. */
const kinds: Record<string, { at: string; says: string }> = {
  meeting: { at: 'startsAt', says: 'notes' },
  call: { at: 'startedAt', says: 'notes' },
  email: { at: 'sentAt', says: 'text' },
  note: { at: 'createdAt', says: 'body' },
};

/** Eleven statements at most, whatever it is about. Throws `notFound`. */
async function briefing(ctx: Context, { object, id: of }: { object: string; id: string }) {
  const parties = await partiesOf(ctx, object, of);
  const people = parties.filter(each => each.object === 'person').map(each => each.id);
  const related = parties.filter(each => each.object === 'person' || each.object === 'company');
  const about: Filter = { field: 'about', op: 'hasAnyOf', value: parties as unknown as Json };
  const now = ctx.clock.now().toISOString();
  const said = (await Promise.all(Object.keys(kinds).map(kind => saidIn(ctx, kind, about, people)))).flat();
  const past = said.filter(({ at }) => at <= now).sort((a, b) => (a.at < b.at ? 1 : -1));
  const [humans, promises, tasks, deals, relations] = await Promise.all([
    seen(ctx, 'person', {
      filter: among('id', people),
      fields: ['name', 'jobTitle', 'company', 'email', 'phone', 'mobile', 'personal', 'birthday'],
    }),
    seen(ctx, 'promise', {
      filter: { and: [about, { field: 'status', op: 'is', value: 'proposed' }] },
      fields: ['text', 'due', 'by', 'status'],
      sort: ['due'],
    }),
    seen(ctx, 'task', {
      filter: { and: [about, { field: 'status', op: 'isNot', value: 'done' }] },
      fields: ['subject', 'dueAt', 'owner'],
      sort: ['dueAt'],
    }),
    seen(ctx, 'deal', {
      filter: { and: [dealsWith(parties), { field: 'status', op: 'is', value: 'open' }] },
      fields: ['name', 'stage', 'amount', 'closeDate', 'nextStep'],
      sort: ['closeDate'],
    }),
    seen(ctx, 'relation', {
      filter: {
        or: ['from', 'to'].map(field => ({ field, op: 'isAnyOf', value: related as unknown as Json })),
      },
      fields: ['from', 'kind', 'to', 'strength', 'stance', 'until'],
    }),
  ]);
  return {
    people: people.flatMap(each => {
      const row = humans.find(human => human.id === each);
      return row ? [humanOf(row, past, now)] : [];
    }),
    topics: past.slice(0, most).map(({ about: _, ...topic }) => topic),
    promises: promises as BriefingAnswer['promises'],
    tasks: tasks as BriefingAnswer['tasks'],
    deals: deals as BriefingAnswer['deals'],
    relations: relations as unknown as BriefingAnswer['relations'],
  };
}

const among = (field: string, value: string[]): Filter => ({ field, op: 'isAnyOf', value });

/** Rows of an object, as far as this role knows it. */
async function seen(ctx: Context, object: string, query: Parameters<typeof rows>[2]): Promise<Values[]> {
  const model = ctx.model.objects.get(object);
  return model && may(ctx, model, 'read') ? rows(ctx, object, { limit: most, ...query }) : [];
}

/** Whom it is about: itself, and who takes part in it. */
async function partiesOf(ctx: Context, object: string, of: string): Promise<Party[]> {
  const fields: Record<string, string[]> = {
    person: ['company'],
    company: [],
    deal: ['company', 'contacts'],
    meeting: ['attendees', 'about'],
    lead: ['person', 'company'],
  };
  const [row] = await rows(ctx, object, {
    filter: { field: 'id', op: 'is', value: of },
    fields: fields[object]!,
    limit: 1,
  });
  if (!row) throw new FarleyError('notFound');
  const linked = (value: Json | undefined, to: string): Party[] =>
    [value ?? []].flat().map(each => ({ object: to, id: (each as { id: string }).id }));
  if (object === 'company') {
    const staff = await rows(ctx, 'person', {
      filter: { field: 'company', op: 'is', value: of },
      fields: [],
      sort: ['-updatedAt'],
      limit: most,
    });
    return [{ object, id: of }, ...staff.map(each => ({ object: 'person', id: each.id as string }))];
  }
  const others = [
    ...linked(row.attendees, 'person'),
    ...linked(row.contacts, 'person'),
    ...(object === 'lead' ? linked(row.person, 'person') : []),
    // The firm of someone is no party: what is said to colleagues is not said to them.
    ...(object === 'deal' ? linked(row.company, 'company') : []),
    ...((row.about as Party[] | null) ?? []).map(each => ({ object: each.object, id: each.id })),
  ];
  const all = [...(object === 'meeting' ? [] : [{ object, id: of }]), ...others];
  return all.filter((each, at) => all.findIndex(other => other.id === each.id) === at).slice(0, 20);
}

function dealsWith(parties: Party[]): Filter {
  const idsOf = (object: string) => parties.filter(each => each.object === object).map(each => each.id);
  return {
    or: [
      { field: 'contacts', op: 'hasAnyOf', value: idsOf('person') },
      among('company', idsOf('company')),
      among('id', idsOf('deal')),
    ],
  };
}

interface Said {
  object: string;
  id: string;
  title: string | null;
  at: string;
  says: string | null;
  owner: Link;
  about: Party[];
}

const longest = 240;

/** What was written lately of one kind. */
async function saidIn(ctx: Context, object: string, about: Filter, people: string[]): Promise<Said[]> {
  const { at, says } = kinds[object]!;
  const named = object === 'note' ? [] : ['subject'];
  const found = await seen(ctx, object, {
    // Who was at a meeting has talked, whatever it was about.
    filter:
      object === 'meeting' ? { or: [about, { field: 'attendees', op: 'hasAnyOf', value: people }] } : about,
    fields: [at, says, 'owner', 'about', ...named, ...(object === 'meeting' ? ['attendees'] : [])],
    sort: [`-${at}`],
    limit: remembered,
  });
  return found.flatMap(row => {
    const words = ((row[says] as string | null) ?? '')
      .replace(/\[@([^\]\n]*)\]\(user:[^)]*\)/g, '@$1')
      .trim();
    const guests = ((row.attendees as { id: string }[] | null) ?? []).map(each => ({
      object: 'person',
      id: each.id,
    }));
    return row[at]
      ? [
          {
            object,
            id: row.id as string,
            title: (row.subject as string | null) ?? null,
            at: row[at] as string,
            says: words.length > longest ? `${words.slice(0, longest - 1)}…` : words || null,
            owner: (row.owner as Link) ?? null,
            about: [...((row.about as Party[] | null) ?? []), ...guests],
          },
        ]
      : [];
  });
}

function humanOf(row: Values, said: Said[], now: string) {
  const own = said.filter(({ about }) => about.some(each => each.id === row.id));
  const by = new Map<string, { title: string; touches: Touch[] }>();
  for (const { owner, object, at } of own) {
    if (!owner) continue;
    const colleague = by.get(owner.id) ?? { title: owner.title, touches: [] };
    colleague.touches.push({ kind: object, at });
    by.set(owner.id, colleague);
  }
  const knownBy = [...by]
    .map(([user, { title, touches }]) => ({ id: user, title, closeness: closeness(touches, now) }))
    .sort((a, b) => b.closeness - a.closeness)
    .slice(0, 4);
  return {
    id: row.id as string,
    title: (row.name as { full: string }).full,
    jobTitle: (row.jobTitle as string | null) ?? null,
    company: (row.company as Link) ?? null,
    email: (row.email as string | null) ?? null,
    phone: ((row.mobile ?? row.phone) as string | null) ?? null,
    personal: (row.personal as string | null) ?? null,
    birthday: nextBirthday(row.birthday as string | null | undefined, now),
    lastTouch: own[0]?.at ?? null,
    knownBy,
  };
}

/** The day of their next birthday (`2026-03-09`), where it is within 30 days. */
export function nextBirthday(born: string | null | undefined, now: string): string | null {
  if (!born) return null;
  const today = now.slice(0, 10);
  const year = Number(today.slice(0, 4));
  for (const each of [year, year + 1]) {
    // Whoever was born on a leap day has it on the first of March in other years.
    const next = new Date(Date.UTC(each, Number(born.slice(5, 7)) - 1, Number(born.slice(8, 10))));
    const date = next.toISOString().slice(0, 10);
    if (date >= today) return Date.parse(date) - Date.parse(today) <= 30 * day ? date : null;
  }
  return null;
}
