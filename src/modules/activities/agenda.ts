/** What takes place and what is due between two moments, for some people, each series taken apart. */
import { type Static, Type } from 'typebox';
import {
  type Context,
  defineReport,
  FarleyError,
  type Filter,
  fieldRight,
  type Json,
  may,
  type ObjectModel,
  rows,
  type Values,
} from '../../engine/index.ts';
import { answers, idsOf, readAnswers } from './guests.ts';
import { occurrencesBetween } from './recur.ts';
import { zonesOf } from './series.ts';

/** Entries of one object, at most. */
const most = 1_000;
const day = 86_400_000;
/** What takes longer is found from its beginning only. Milliseconds. */
const longest = 31 * day;
/** The longest stretch that can be asked for. Milliseconds. */
const widest = 400 * day;

const Entry = Type.Object({
  object: Type.String(),
  id: Type.String({ description: 'The record; of a series that which stands for it.' }),
  occurrence: Type.Union([Type.String(), Type.Null()], {
    description: 'The moment in the series of one that is no record yet.',
  }),
  repeats: Type.Boolean({ description: 'Whether more of its series follow.' }),
  at: Type.String({ description: 'Its moment, or its day.' }),
  until: Type.Union([Type.String(), Type.Null()]),
  allDay: Type.Boolean(),
  done: Type.Boolean(),
  owner: Type.Union([Type.String(), Type.Null()], { description: 'User id.' }),
  guests: Type.Array(
    Type.Object({
      user: Type.String({ description: 'User id.' }),
      answer: Type.Union([Type.Enum(answers), Type.Null()]),
    }),
    { description: 'Users besides the owner who are asked to be there, and what they said.' },
  ),
  record: Type.Unknown({ description: 'The record: id, version, what names it, and when it is.' }),
});
export type AgendaEntry = Omit<Static<typeof Entry>, 'record'> & { record: Values };

const Question = Type.Object({
  from: Type.String({ format: 'date-time', description: 'From this moment.' }),
  to: Type.String({ format: 'date-time', description: 'Up to this moment, without it; 400 days at most.' }),
  people: Type.Optional(
    Type.Array(Type.String({ format: 'uuid' }), {
      maxItems: 100,
      description: 'User ids. Default: oneself.',
    }),
  ),
  objects: Type.Optional(
    Type.Array(Type.String(), { description: 'Names of objects. Default: all that have an agenda.' }),
  ),
});

export const agenda = defineReport('agenda', {
  label: 'Agenda',
  description:
    'What takes place and what is due between two moments, for some people, each series taken apart.',
  input: Question,
  answer: Type.Object({
    entries: Type.Array(Entry),
    more: Type.Boolean({
      description: 'Whether some of an object were left out, for being more than a thousand.',
    }),
  }),
  run: async (ctx, question) => {
    const { from, to } = stretchOf(question);
    const people = question.people ?? (ctx.actor.userId ? [ctx.actor.userId] : []);
    const found: AgendaEntry[][] = [];
    for (const object of agendaObjects(ctx, question.objects))
      found.push(await entriesOf(ctx, object, { from, to, people }));
    const entries = found.flat().sort((a, b) => (a.at < b.at ? -1 : 1));
    return { entries, more: found.some(of => of.length >= most) };
  },
});

export interface Stretch {
  from: string;
  to: string;
  people: string[];
}

export function stretchOf({ from, to }: { from: string; to: string }) {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  if (end <= begin || end - begin > widest)
    throw new FarleyError('invalidInput', 'The stretch ends after it begins, and is 400 days long at most.', {
      problems: [{ pointer: '/to', code: 'notAccepted', message: 'At most 400 days after `from`.' }],
    });
  return { from: new Date(begin).toISOString(), to: new Date(end).toISOString() };
}

/** Objects with a place in people's days, as far as this person knows them. */
export function agendaObjects(ctx: Context, wanted: string[] | undefined): ObjectModel[] {
  return [...ctx.model.objects.values()].filter(object => {
    const { agenda: has, owner } = object.spec;
    if (!has || !owner || (wanted && !wanted.includes(object.name)) || !may(ctx, object, 'read'))
      return false;
    return [has.at, owner].every(name => fieldRight(ctx, object.fields.get(name)!) !== 'none');
  });
}

/** Values of a field that are days, and no moments. */
function hasDays(object: ObjectModel, name: string): boolean {
  const { storage } = object.fields.get(name)!.type;
  return storage.kind === 'columns' && storage.columns[0]?.type === 'date';
}

/** Entries of an object within a stretch, of some people: what is theirs, and what they are asked to. */
export async function entriesOf(ctx: Context, object: ObjectModel, stretch: Stretch): Promise<AgendaEntry[]> {
  if (stretch.people.length === 0) return [];
  const { at, until, repeats } = object.spec.agenda!;
  const owned = concerning(ctx, object, stretch.people);
  const days = hasDays(object, at);
  const operand = (moment: string) => (days ? moment.slice(0, 10) : moment);
  const within = (from: string): Filter[] => [
    { field: at, op: 'gte', value: operand(from) },
    { field: at, op: days ? 'lte' : 'lt', value: operand(stretch.to) },
  ];
  const earlier = new Date(Date.parse(stretch.from) - longest).toISOString();
  const overlapping: Filter = until
    ? {
        and: [
          ...within(earlier),
          {
            or: [
              { field: until, op: 'gt', value: operand(stretch.from) },
              ...within(stretch.from).slice(0, 1),
            ],
          },
        ],
      }
    : {
        and: within(
          object.spec.agenda!.lasts ? new Date(Date.parse(stretch.from) - day).toISOString() : stretch.from,
        ),
      };
  const read = (filter: Filter) =>
    rows(ctx, object.name, {
      filter: { and: [owned, filter] },
      fields: fieldsOf(ctx, object),
      sort: [at],
      limit: most,
    });
  const single = (await read(overlapping)).map(row => entryOf(object, row));
  if (!repeats || fieldRight(ctx, object.fields.get(repeats)!) === 'none')
    return single.filter(overlaps(stretch));
  const masters = await read({
    and: [
      { field: repeats, op: 'notEmpty' },
      { field: at, op: 'lt', value: stretch.to },
    ],
  });
  return [...single, ...(await expanded(ctx, object, masters, stretch))]
    .filter(overlaps(stretch))
    .slice(0, most);
}

function concerning(ctx: Context, object: ObjectModel, people: string[]): Filter {
  const owned: Filter = { field: object.spec.owner!, op: 'isAnyOf', value: people };
  const { guests } = object.spec;
  if (!guests || fieldRight(ctx, object.fields.get(guests.users)!) === 'none') return owned;
  return { or: [owned, { field: guests.users, op: 'hasAnyOf', value: people }] };
}

function fieldsOf(ctx: Context, object: ObjectModel): string[] {
  const { at, until, lasts, allDay, repeats, done } = object.spec.agenda!;
  const place = repeats ? [repeats, 'series', 'seriesStart', 'occurrence', 'exceptions'] : [];
  const { users, answers: said } = object.spec.guests ?? {};
  const wanted = [
    object.spec.title,
    object.spec.owner!,
    ...[at, until, lasts, allDay, done?.field, users, said],
    ...place,
  ];
  const known = wanted.filter(name => name !== undefined);
  return [...new Set(known)].filter(name => fieldRight(ctx, object.fields.get(name)!) !== 'none');
}

/** A day that a record is on lies in every stretch that touches it, whatever the zone of who looks. */
function overlaps({ from, to }: Stretch) {
  return ({ at, until }: AgendaEntry) => {
    if (at.length === 10) return (until ?? at) >= from.slice(0, 10) && at <= to.slice(0, 10);
    return at < to && (at >= from || (until !== null && until > from));
  };
}

function entryOf(object: ObjectModel, record: Values): AgendaEntry {
  const { at, until, lasts, allDay, repeats, done } = object.spec.agenda!;
  const begins = record[at] as string;
  const seconds = lasts ? (record[lasts] as number | null | undefined) : null;
  const ends = until ? ((record[until] as string | null | undefined) ?? null) : null;
  return {
    object: object.name,
    id: record.id as string,
    occurrence: null,
    repeats: repeats !== undefined && (record[repeats] ?? null) !== null,
    at: begins,
    until: seconds ? new Date(Date.parse(begins) + seconds * 1_000).toISOString() : ends,
    allDay: begins.length === 10 || (allDay !== undefined && record[allDay] === true),
    done: done !== undefined && record[done.field] === done.is,
    owner: (record[object.spec.owner!] as { id: string } | null)?.id ?? null,
    guests: guestsOf(object, record),
    record,
  };
}

function guestsOf({ spec: { guests } }: ObjectModel, record: Values): AgendaEntry['guests'] {
  if (!guests) return [];
  const said = readAnswers(guests.answers ? record[guests.answers] : null);
  return idsOf(record[guests.users]).map(user => ({ user, answer: said[user] ?? null }));
}

/** Those of each series that come after the record that stands for it. */
async function expanded(
  ctx: Context,
  object: ObjectModel,
  masters: Values[],
  { from, to }: Stretch,
): Promise<AgendaEntry[]> {
  const { repeats } = object.spec.agenda!;
  const entries = masters.map(record => entryOf(object, record)).filter(({ record }) => record.seriesStart);
  const zones = await zonesOf(ctx, [...new Set(entries.flatMap(({ owner }) => owner ?? []))]);
  return entries.flatMap(entry => {
    const { record, owner, at, until } = entry;
    const length = until ? Date.parse(until) - Date.parse(at) : 0;
    const begin = new Date(
      Math.max(Date.parse(from) - length, Date.parse(record.occurrence as string) + 1),
    ).toISOString();
    const series = {
      rule: record[repeats!] as string,
      anchor: record.seriesStart as string,
      exceptions: ((record.exceptions as Json[] | null) ?? []) as string[],
    };
    const zone = (owner && zones.get(owner)) || ctx.settings.timeZone;
    return occurrencesBetween(series, begin, to, zone, most).map(moment => ({
      ...entry,
      occurrence: moment,
      at: moment,
      until: until ? new Date(Date.parse(moment) + length).toISOString() : null,
    }));
  });
}
