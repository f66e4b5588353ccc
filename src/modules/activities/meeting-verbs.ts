/** Changing a series of meetings: this one alone, this one and those that follow, or all that are to come. */
import { type Static, Type } from 'typebox';
import {
  type Context,
  create,
  defineVerb,
  FarleyError,
  type Input,
  newId,
  update,
} from '../../engine/index.ts';
import { readRule, weekdays, writeRule } from '../../fields/index.ts';
import { Meeting } from './meeting.ts';
import {
  consequence,
  copyOf,
  type Master,
  makeSingle,
  masterOf,
  removeMeetings,
  requireOccurrence,
  seriesOf,
  singlesFrom,
} from './meeting-series.ts';
import { daysFrom, nextOccurrence, occurrencesBetween, shifted } from './recur.ts';

const scope = Type.Union([Type.Literal('this'), Type.Literal('following'), Type.Literal('all')], {
  description: 'This one alone, this one and those that follow, or all that are to come.',
});
const moment = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));
const occurrence = moment('Which one: the moment at which the series has it. Default: the next.');
const words = (description: string) =>
  Type.Optional(Type.Union([Type.String(), Type.Null()], { description }));

const Change = Type.Object({
  scope,
  occurrence,
  startsAt: moment('When it is to begin.'),
  endsAt: moment('When it is to end.'),
  subject: Type.Optional(Type.String({ minLength: 1, description: 'What it is called.' })),
  place: words('Where people meet.'),
  joinUrl: words('Video link.'),
  notes: words('Notes.'),
});
type Change = Static<typeof Change>;

const sentence = '{actor} {what} {meeting} of {day}';

export const changeMeeting = defineVerb(Meeting, {
  name: 'change',
  label: 'Change series',
  icon: 'repeat',
  description: 'Moves or changes one meeting of a series, it and those that follow, or all that are to come.',
  input: Change,
  allow: { field: 'repeats', isNot: [null] },
  event: { sentence, icon: 'repeat' },
  run: async (ctx, id, input) => {
    const master = await masterOf(ctx, id);
    const at = iso(input.occurrence) ?? master.at;
    requireOccurrence(master, at);
    const changed = await changeFrom(consequence(ctx), master, at, input);
    const what = input.scope === 'this' ? 'changed' : 'changed the series';
    return { events: { [id]: eventOf(master, at, what) }, result: { id: changed } };
  },
});

export const cancelMeeting = defineVerb(Meeting, {
  name: 'cancel',
  label: 'Cancel meetings of the series',
  icon: 'circle-x',
  description: 'Leaves out one meeting of a series, it and those that follow, or all that are to come.',
  input: Type.Object({ scope, occurrence }),
  allow: { field: 'repeats', isNot: [null] },
  event: { sentence, icon: 'circle-x' },
  run: async (ctx, id, input) => {
    const master = await masterOf(ctx, id);
    const at = iso(input.occurrence) ?? master.at;
    requireOccurrence(master, at);
    await cancelFrom(consequence(ctx), master, at, input.scope);
    const what = input.scope === 'this' ? 'cancelled' : 'ended the series of';
    return { events: { [id]: eventOf(master, at, what) }, result: { id } };
  },
});

function eventOf({ record }: Master, at: string, what: string) {
  return { what, meeting: record.subject!, day: at.slice(0, 10) };
}

function iso(given: string | undefined): string | null {
  return given === undefined ? null : new Date(given).toISOString();
}

/** Answers the id of the meeting that was changed. */
async function changeFrom(ctx: Context, master: Master, at: string, input: Change): Promise<string> {
  const { scope: how, occurrence: _, startsAt, endsAt, ...values } = input;
  const begins = iso(startsAt);
  if (how === 'this') {
    const times = timesOf(master, at, begins, iso(endsAt));
    return makeSingle(ctx, master, at, { ...values, ...times });
  }
  const moved = movedBy(master, at, begins ?? at);
  const first = how === 'following' ? at : master.at;
  const changed = {
    ...values,
    ...placeFrom(master, first, moved, lengthOf(master, begins ?? at, iso(endsAt))),
  };
  if (first === master.at) {
    await update(ctx, 'meeting', master.id, changed, { trusted: true });
    await changeSingles(ctx, master, first, values);
    return master.id;
  }
  await endBefore(ctx, master, first);
  const id = newId();
  await create(ctx, 'meeting', { ...copyOf(master, first), ...changed, id, series: id }, { trusted: true });
  await changeSingles(ctx, master, first, { ...values, series: id });
  return id;
}

/** Those that were taken out by hand keep their times; what else is changed holds for them too. */
async function changeSingles(ctx: Context, master: Master, from: string, values: Input) {
  if (Object.keys(values).length === 0) return;
  for (const id of await singlesFrom(ctx, master, from))
    await update(ctx, 'meeting', id, values, { trusted: true });
}

function timesOf(master: Master, at: string, begins: string | null, ends: string | null): Input {
  if (!begins && !ends) return {};
  const start = begins ?? (at === master.at ? (master.record.startsAt as string) : at);
  const length = lengthOf(master, start, ends);
  return { startsAt: start, endsAt: length === null ? null : after(start, length) };
}

/** Milliseconds that a meeting takes; null where it has no end. */
function lengthOf({ record }: Master, begins: string, ends: string | null): number | null {
  if (ends) return Date.parse(ends) - Date.parse(begins);
  return record.endsAt ? Date.parse(record.endsAt as string) - Date.parse(record.startsAt as string) : null;
}

function after(at: string, length: number): string {
  return new Date(Date.parse(at) + length).toISOString();
}

/** How moments and the rule change where the one at `at` is to begin at `begins`. */
function movedBy({ zone }: Master, at: string, begins: string) {
  return {
    moment: (of: string) => (begins === at ? of : shifted(of, at, begins, zone)),
    days: begins === at ? 0 : daysFrom(at, begins, zone),
  };
}

/** The series from `first` on, moved: it begins there. */
function placeFrom(
  master: Master,
  first: string,
  moved: ReturnType<typeof movedBy>,
  length: number | null,
): Input {
  const start = moved.moment(first);
  const left = master.exceptions.filter(at => at > first).map(moved.moment);
  const earlier = occurrencesBetween(
    { ...seriesOf(master), exceptions: [] },
    master.record.seriesStart as string,
    first,
    master.zone,
    10_000,
  ).length;
  const asFirst = first === master.at && master.record.startsAt !== master.at;
  const startsAt = asFirst && start === first ? (master.record.startsAt as string) : start;
  return {
    startsAt,
    endsAt: length === null ? null : after(startsAt, length),
    ...(start === first ? {} : { answers: null }),
    repeats: ruleFrom(master.record.repeats as string, earlier, moved.days),
    series: master.record.series!,
    seriesStart: start,
    occurrence: start,
    exceptions: left.length > 0 ? left : null,
  };
}

/** The rule for what is left after so many, days of the week moved along. */
function ruleFrom(text: string, earlier: number, days: number): string {
  const rule = readRule(text)!;
  const positional = rule.monthDays.length > 0 || rule.position.length > 0 || rule.frequency !== 'WEEKLY';
  const bound = rule.days.length > 0 || rule.monthDays.length > 0;
  if (days !== 0 && bound && positional)
    throw new FarleyError(
      'invalidInput',
      'To another day this series is moved by its rule: change how it repeats.',
    );
  const turned = rule.days.map(day => weekdays[(weekdays.indexOf(day as never) + (days % 7) + 7) % 7]!);
  return writeRule({
    ...rule,
    days: turned,
    count: rule.count === null ? null : Math.max(1, rule.count - earlier),
  });
}

/** The series ends before `at`. */
async function endBefore(ctx: Context, master: Master, at: string) {
  const last = new Date(Date.parse(at) - 1_000).toISOString();
  const until = `${last.replace(/[-:]/g, '').slice(0, 15)}Z`;
  const rule = writeRule({ ...readRule(master.record.repeats as string)!, count: null, until });
  const { series, seriesStart, occurrence: place } = master.record;
  const left = master.exceptions.filter(moment => moment < at);
  const values = {
    repeats: rule,
    series,
    seriesStart,
    occurrence: place,
    exceptions: left.length > 0 ? left : null,
  };
  await update(ctx, 'meeting', master.id, values as Input, { trusted: true });
}

async function cancelFrom(ctx: Context, master: Master, at: string, how: Static<typeof scope>) {
  if (how === 'this') return leaveOut(ctx, master, at);
  const from = how === 'following' ? at : master.at;
  await removeMeetings(ctx, await singlesFrom(ctx, master, from));
  if (from === master.at) await removeMeetings(ctx, [master.id]);
  else await endBefore(ctx, master, from);
}

/** Where the record itself is the one left out, it goes on to the next. */
async function leaveOut(ctx: Context, master: Master, at: string) {
  const exceptions = [...master.exceptions, at].sort();
  if (at !== master.at) {
    await update(ctx, 'meeting', master.id, { exceptions }, { trusted: true });
    return;
  }
  const next = nextOccurrence(seriesOf(master), at, master.zone);
  if (next === null) return removeMeetings(ctx, [master.id]);
  const { startsAt, endsAt, series, seriesStart } = copyOf(master, next);
  const left = exceptions.filter(moment => moment > next);
  const values = {
    startsAt,
    endsAt,
    series,
    seriesStart,
    occurrence: next,
    exceptions: left.length > 0 ? left : null,
  };
  await update(ctx, 'meeting', master.id, values, { trusted: true });
}
