/** The course of a series of meetings: which one becomes a record when, and what changes one, the rest, or all of them. */
import {
  asSystem,
  type Context,
  create,
  defineWatch,
  FarleyError,
  find,
  type Input,
  rows,
  update,
  type Values,
  write,
} from '../../engine/index.ts';
import { nextOccurrence, occurrencesBetween, type Series } from './recur.ts';
import { bare, zoneOf } from './series.ts';

/** What each of a series takes over from the one before. */
const taken = [
  'subject',
  'allDay',
  'reminder',
  'place',
  'joinUrl',
  'attendees',
  'colleagues',
  'otherGuests',
  'invites',
  'answers',
  'owner',
  'about',
  'notes',
] as const;
const standing = ['repeats', 'series', 'seriesStart', 'occurrence', 'exceptions', 'startsAt', 'endsAt'];
/** What was missed longer ago, while Farley stood still, does not become a record any more. Milliseconds. */
const madeUpFor = 31 * 86_400_000;
const most = 200;
const rounds = 40;

/** A meeting that stands for its series, as far as that goes from here. */
export interface Master {
  id: string;
  record: Values;
  zone: string;
  /** Moment in the series at which this record is. */
  at: string;
  exceptions: string[];
}

/** The meeting `id` as what stands for its series; refused where it does not come again. */
export async function masterOf(ctx: Context, id: string): Promise<Master> {
  const record = await find(ctx, 'meeting', id, { fields: [...taken, ...standing] });
  if (!record.repeats || !record.occurrence)
    throw new FarleyError('invalidInput', 'This meeting does not come again.');
  return {
    id,
    record,
    zone: await zoneOf(ctx, record.owner as { id: string } | null),
    at: record.occurrence as string,
    exceptions: (record.exceptions as string[] | null) ?? [],
  };
}

export function seriesOf({ record, exceptions }: Master): Series {
  return { rule: record.repeats as string, anchor: record.seriesStart as string, exceptions };
}

/** The moment at which a meeting of the series ends that begins at `at`: it takes as long as the others. */
export function endOf({ record }: Master, at: string): string | null {
  if (!record.endsAt) return null;
  const length = Date.parse(record.endsAt as string) - Date.parse(record.startsAt as string);
  return new Date(Date.parse(at) + length).toISOString();
}

/** Refuses a moment at which the series has nothing. */
export function requireOccurrence(master: Master, at: string) {
  if (at === master.at) return;
  const [found] =
    at > master.at
      ? occurrencesBetween(seriesOf(master), at, new Date(Date.parse(at) + 1).toISOString(), master.zone)
      : [];
  if (!found) throw new FarleyError('invalidInput', `The series has no meeting at ${at}.`);
}

/** The values of another meeting of the series, at `at`. */
export function copyOf(master: Master, at: string): Input {
  const { record } = master;
  return {
    ...Object.fromEntries(taken.map(name => [name, bare(record[name] ?? null)])),
    startsAt: at,
    endsAt: endOf(master, at),
    series: record.series!,
    seriesStart: record.seriesStart!,
    occurrence: at,
  };
}

/** What follows from a meeting is made whether the person may make meetings for its owner or not. */
export function consequence(ctx: Context): Context {
  const { name, userId } = ctx.actor;
  const { actor, ...rest } = asSystem(ctx, 'series of meetings');
  return { ...rest, actor: { ...actor, name, userId } };
}

/** The next record of the series, which stands for it from now on; this one is by itself. Answers its id. */
export async function rollOn(ctx: Context, master: Master, after = master.at): Promise<string | null> {
  const next = nextOccurrence(seriesOf(master), after, master.zone);
  const { series, occurrence, seriesStart, repeats } = master.record;
  const alone = { repeats: null, series, occurrence, seriesStart, exceptions: null };
  await update(ctx, 'meeting', master.id, alone as Input, { trusted: true });
  if (next === null) return null;
  const exceptions = master.exceptions.filter(at => at > next);
  const values = {
    ...copyOf(master, next),
    repeats: repeats!,
    exceptions: exceptions.length ? exceptions : null,
  };
  return create(ctx, 'meeting', values, { trusted: true });
}

/** Makes the meeting at `at` a record of its own, with `values` besides; answers its id. */
export async function makeSingle(ctx: Context, master: Master, at: string, values: Input): Promise<string> {
  if (at === master.at) {
    if (Object.keys(values).length > 0) {
      await rollOn(ctx, master);
      await update(ctx, 'meeting', master.id, values);
    }
    return master.id;
  }
  const exceptions = [...master.exceptions, at].sort();
  await update(ctx, 'meeting', master.id, { exceptions }, { trusted: true });
  return create(ctx, 'meeting', { ...copyOf(master, at), ...values }, { trusted: true });
}

/** Meetings of the series that are records of their own, from `from` on. */
export async function singlesFrom(ctx: Context, { id, record }: Master, from: string): Promise<string[]> {
  const filter = {
    and: [
      { field: 'series', op: 'is', value: record.series as string },
      { field: 'occurrence', op: 'gte', value: from },
      { not: { field: 'id', op: 'is', value: id } },
    ],
  };
  const found = await rows(ctx, 'meeting', { filter, fields: [], limit: 1_000 });
  return found.map(row => row.id as string);
}

export async function removeMeetings(ctx: Context, ids: string[]) {
  if (ids.length === 0) return;
  await write(
    ctx,
    'meeting',
    ids.map(id => ({ op: 'delete', id })),
  );
}

/** Each of a series becomes a record when it is about to begin, so that it has its reminder, its notes and its place in timelines. */
export const rolling = defineWatch('meetings', {
  label: 'Series of meetings',
  every: 20,
  run: async (ctx, _changes, skipped) => {
    // Where Farley stood still, the next may be due already.
    for (let round = 0; round < rounds && (await rollDue(ctx, skipped)); round++);
  },
});

/** Rolls on what is due; answers whether there was something. */
async function rollDue(ctx: Context, skipped: (what: string, why: string) => void): Promise<boolean> {
  const now = ctx.clock.now();
  const due = await rows(ctx, 'meeting', {
    filter: { field: 'rollsAt', op: 'lte', value: now.toISOString() },
    fields: [],
    limit: most,
  });
  const since = new Date(now.getTime() - madeUpFor).toISOString();
  for (const { id } of due) {
    const master = await masterOf(ctx, id as string);
    const missed = master.at < since;
    await rollOn(ctx, master, missed ? since : master.at);
    if (missed) skipped(`meetings of the series ${master.record.series}`, `They were before ${since}.`);
  }
  return due.length > 0;
}
