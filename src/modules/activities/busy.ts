/** When colleagues have something, whether one may read it or not; and when all guests of a meeting are free. */
import { Type } from 'typebox';
import { asSystem, type Context, defineReport, type Json, rows } from '../../engine/index.ts';
import { hoursOf } from '../workspace/module.ts';
import { type AgendaEntry, agendaObjects, entriesOf, type Stretch, stretchOf } from './agenda.ts';
import { type Calendar, freeTimes, overlap, type Span } from './free-times.ts';

const Busy = Type.Object({
  user: Type.String({ description: 'User id.' }),
  at: Type.String(),
  until: Type.String(),
  allDay: Type.Boolean(),
  readable: Type.Boolean({ description: 'Whether who asks may read what it is.' }),
});
type Busy = Type.Static<typeof Busy> & { id: string };

const people = Type.Array(Type.String({ format: 'uuid' }), {
  minItems: 1,
  maxItems: 100,
  description: 'User ids.',
});
const answerOf = ({ id: _, ...rest }: Busy) => rest;

export const busy = defineReport('busy', {
  label: 'Free and busy',
  description: 'When some people have something, without what it is.',
  input: Type.Object({
    from: Type.String({ format: 'date-time', description: 'From this moment.' }),
    to: Type.String({ format: 'date-time', description: 'Up to this moment, without it; 400 days at most.' }),
    people,
  }),
  answer: Type.Object({ busy: Type.Array(Busy) }),
  run: async (ctx, question) => {
    const found = await busyOf(ctx, { ...stretchOf(question), people: question.people });
    return { busy: found.map(answerOf) };
  },
});

/** Days after the wanted one in which free times are looked for. */
const ahead = 14;
const dayLong = 86_400_000;

export const meetingTimes = defineReport('meetingTimes', {
  label: 'Times for a meeting',
  description:
    'Who of the guests has something at a time, and when all of them are free within their working hours.',
  input: Type.Object({
    at: Type.String({ format: 'date-time', description: 'When it is to begin.' }),
    until: Type.String({ format: 'date-time', description: 'When it is to end.' }),
    people,
    meeting: Type.Optional(
      Type.String({ format: 'uuid', description: "The meeting itself, which is in nobody's way." }),
    ),
  }),
  answer: Type.Object({
    clashes: Type.Array(Busy),
    free: Type.Array(Type.Object({ at: Type.String(), until: Type.String() })),
  }),
  run: async (ctx, { at, until, people: asked, meeting }) => {
    const wanted: Span = { from: Date.parse(at), to: Date.parse(until) };
    const from = Math.max(ctx.clock.now().getTime(), wanted.from - (wanted.from % dayLong) - dayLong / 2);
    const search: Span = { from, to: from + ahead * dayLong };
    const stretch = stretchOf({
      from: new Date(Math.min(from, wanted.from)).toISOString(),
      to: new Date(Math.max(search.to, wanted.to)).toISOString(),
    });
    const found = (await busyOf(ctx, { ...stretch, people: asked })).filter(({ id }) => id !== meeting);
    const calendars = await calendarsOf(ctx, asked, found);
    return {
      clashes: found.filter(each => overlap(spanOf(each), wanted)).map(answerOf),
      free: freeTimes(calendars, search, wanted.to - wanted.from).map(span => ({
        at: new Date(span.from).toISOString(),
        until: new Date(span.to).toISOString(),
      })),
    };
  },
});

function spanOf({ at, until }: { at: string; until: string }): Span {
  return { from: Date.parse(at), to: Date.parse(until) };
}

/** Times of people, whether who asks may read the records or not: of these nothing but the time leaves here. */
async function busyOf(ctx: Context, stretch: Stretch): Promise<Busy[]> {
  const all = asSystem(ctx, 'free and busy times');
  const found: Busy[] = [];
  // What is to be done has no hours of its own.
  for (const object of agendaObjects(ctx, undefined).filter(({ spec }) => !spec.agenda!.done)) {
    const readable = new Set((await entriesOf(ctx, object, stretch)).map(({ id }) => id));
    for (const entry of await entriesOf(all, object, stretch))
      found.push(
        ...busyWith(entry, stretch.people).map(each => ({ ...each, readable: readable.has(entry.id) })),
      );
  }
  return found.sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** For whom an entry takes time: its owner, and guests who have not declined. */
function busyWith({ id, at, until: end, allDay, owner, guests }: AgendaEntry, asked: string[]) {
  const until = end ?? (allDay ? new Date(Date.parse(at) + dayLong).toISOString() : at);
  if (until <= at) return [];
  const coming = guests.filter(({ answer }) => answer !== 'declined').map(({ user }) => user);
  return [...new Set([...(owner ? [owner] : []), ...coming])]
    .filter(user => asked.includes(user))
    .map(user => ({ id, user, at, until, allDay }));
}

async function calendarsOf(ctx: Context, asked: string[], found: Busy[]): Promise<Calendar[]> {
  const users = await rows(ctx, 'user', {
    filter: { field: 'id', op: 'isAnyOf', value: asked },
    fields: ['timeZone', 'workingHours'],
    limit: 100,
  });
  return users.map(({ id, timeZone, workingHours }) => ({
    zone: (timeZone as string | null) ?? ctx.settings.timeZone,
    hours: hoursOf((workingHours ?? null) as Json),
    busy: found.filter(({ user }) => user === id).map(spanOf),
  }));
}
