/** What the calendar shows, of whom, and what is done to it. */

import { useMediaQuery } from '@mantine/hooks';
import { type QueryClient, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Json, MetaObject } from '../../engine/index.ts';
import { firstDayOfWeek } from '../../fields/moments.tsx';
import { reference, str } from '../../fields/read.tsx';
import { type Row, read } from '../../web/api.ts';
import { rowsOf } from '../../web/model/cache.ts';
import { addDays, beginOf, today } from '../../web/model/days.ts';
import { formatOf, objectNamed, titleOf, useMeta } from '../../web/model/meta.tsx';
import { fail, useActions, useRecords } from '../../web/model/records.ts';
import { openDialog } from '../../web/shell/dialogs.ts';
import type { AgendaEntry } from './agenda.ts';
import {
  type CalendarLayout,
  type CalendarSearch,
  daysOf,
  readCalendar,
  readHours,
  type WorkingHours,
} from './calendar-view.ts';

/** Someone whose days can be looked at. */
export interface Person {
  id: string;
  name: string;
  team: string | null;
  timeZone: string;
  hours: WorkingHours;
}

export type Dated = MetaObject & { agenda: NonNullable<MetaObject['agenda']>; owner: string };

export function isDated(object: MetaObject): object is Dated {
  return object.agenda !== null && object.owner !== null;
}

/** Everyone who works here; oneself first. */
function usePeople(): Person[] {
  const meta = useMeta();
  const object = objectNamed(meta, 'user') as MetaObject;
  const found = useRecords(object, {
    filter: {
      and: [
        { field: 'kind', op: 'is', value: 'person' },
        { field: 'active', op: 'is', value: true },
      ],
    },
    fields: ['name', 'team', 'timeZone', 'workingHours'],
    sort: ['name'],
    limit: 500,
  });
  return useMemo(() => {
    const zone = formatOf(meta).timeZone;
    const people = rowsOf(found.data).map(row => ({
      id: row.id,
      name: titleOf(meta, object, row),
      team: reference(row.team)?.id ?? null,
      timeZone: str(row.timeZone) || (row.id === meta.me.id ? zone : meta.workspace.timeZone),
      hours: readHours(row.workingHours),
    }));
    const me = people.find(({ id }) => id === meta.me.id) ?? {
      id: meta.me.id,
      name: meta.me.name,
      team: null,
      timeZone: zone,
      hours: readHours(null),
    };
    return [me, ...people.filter(({ id }) => id !== me.id)];
  }, [found.data, meta, object]);
}

export type CalendarState = ReturnType<typeof useCalendarState>;

/** What the address says, as it is on this screen. */
export function useCalendarState() {
  const meta = useMeta();
  const format = formatOf(meta);
  const navigate = useNavigate();
  const phone = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
  const search = readCalendar(useSearch({ strict: false }) as Record<string, unknown>);
  const everyone = usePeople();
  const me = everyone[0] as Person;
  const own = useQuery({ queryKey: ['me'], queryFn: () => read<{ user: Row }>('/api/me') });
  const otherZone = str(own.data?.user.otherTimeZone) || null;
  const layout: CalendarLayout = phone
    ? search.layout === 'agenda'
      ? 'agenda'
      : 'day'
    : (search.layout ?? 'week');
  const now = today(format.timeZone);
  const at = search.at ?? now;
  const people = peopleOf(search.people, everyone, me);
  const days = useMemo(
    () => daysOf(layout, at, me.hours, firstDayOfWeek(format.locale)),
    [layout, at, me.hours, format.locale],
  );
  return {
    search,
    phone,
    format,
    everyone,
    me,
    people,
    layout,
    at,
    days,
    /** Names of the objects that have a place in people's days. */
    kinds: meta.objects.filter(isDated).map(({ name }) => name),
    /** Today. */
    now,
    otherZone: otherZone === format.timeZone ? null : otherZone,
    change(patch: CalendarSearch) {
      const next = Object.fromEntries(
        Object.entries({ ...search, ...patch }).filter(([, value]) => value !== undefined),
      );
      void navigate({ to: '.', search: next as never, replace: true });
    },
  };
}

function peopleOf(wanted: string | undefined, everyone: Person[], me: Person): Person[] {
  if (!wanted) return [me];
  const ids = wanted.split(',');
  const chosen = everyone.filter(({ id, team }) =>
    wanted === 'team' ? id === me.id || (team !== null && team === me.team) : ids.includes(id),
  );
  return chosen.length > 0 ? chosen : [me];
}

interface Answer {
  entries: AgendaEntry[];
  more: boolean;
}

/** Entries of all objects; each is asked for by itself, anew when its records change. */
export function useEntries({ days, people, format }: CalendarState) {
  const meta = useMeta();
  const objects = meta.objects.filter(isDated);
  const [first, last] = [days[0] as string, days.at(-1) as string];
  const input = {
    from: beginOf(first, format.timeZone),
    to: beginOf(addDays(last, 1), format.timeZone),
    people: people.map(({ id }) => id),
  };
  const found = useQueries({
    queries: objects.map(object => ({
      queryKey: ['records', object.name, 'groups', { report: 'agenda', input }],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        read<Answer>('/api/reports/agenda', { body: { ...input, objects: [object.name] }, signal }),
      placeholderData: (before: Answer | undefined) => before,
    })),
  });
  const entries = found.flatMap(({ data }) => data?.entries ?? []).sort((a, b) => (a.at < b.at ? -1 : 1));
  const failed = found.find(({ error, data }) => error && !data);
  return {
    entries,
    pending: found.some(({ isPending }) => isPending),
    more: found.some(({ data }) => data?.more),
    error: failed?.error ?? null,
    retry: () => void Promise.all(found.map(({ refetch }) => refetch())),
  };
}

export interface Times {
  at: string;
  until: string | null;
}
export type Scope = 'this' | 'following' | 'all';

/** Changing entries: shown at once, taken back where refused. */
export function useChanges() {
  const meta = useMeta();
  const client = useQueryClient();
  const actions = useActions();
  const objectOf = (entry: AgendaEntry) => objectNamed(meta, entry.object) as Dated;

  const show = (entry: AgendaEntry, times: Times) => showTimes(client, entry, times);

  async function move(entry: AgendaEntry, times: Times, scope?: Scope) {
    const object = objectOf(entry);
    show(entry, times);
    if (scope) return inSeries(entry, 'change', { scope, ...timesIn(object, times) });
    if (!(await actions.edit(object, entry.record as Row, valuesOf(object, entry, times))))
      show(entry, entry);
    return entry.id;
  }

  /** Answers the id of the record that came of it; null where it was refused. */
  async function inSeries(
    entry: AgendaEntry,
    verb: string,
    input: { [name: string]: Json },
  ): Promise<string | null> {
    const object = objectOf(entry);
    const label = object.verbs.find(({ name }) => name === verb)?.label ?? verb;
    const which: { [name: string]: Json } = entry.occurrence ? { occurrence: entry.occurrence } : {};
    try {
      const { data } = await actions.run(object, entry.id, verb, label, { ...input, ...which }, true);
      return str((data as { result?: { id?: Json } }).result?.id ?? null) || entry.id;
    } catch (error) {
      show(entry, entry);
      fail(error);
      return null;
    }
  }

  return {
    move,
    objectOf,
    /** Says whether one will be there: of a series as a whole, or of this one. */
    answer: (entry: AgendaEntry, answer: string, alone: boolean) =>
      answerTo(actions, objectOf(entry), entry, answer, alone),
    cancel: (entry: AgendaEntry, scope: Scope | undefined) =>
      scope ? inSeries(entry, 'cancel', { scope }) : actions.trash(objectOf(entry), [entry.record as Row]),
    /** The record of an entry: one of a series becomes one. */
    recordOf: (entry: AgendaEntry) =>
      entry.occurrence ? inSeries(entry, 'change', { scope: 'this' }) : Promise.resolve(entry.id),
    finish(entry: AgendaEntry) {
      const object = objectOf(entry);
      const verb = object.verbs.find(({ name }) => name === object.agenda.done?.verb);
      if (verb) actions.run(object, entry.id, verb.name, verb.label, {}).catch(fail);
    },
  };
}

async function answerTo(
  actions: ReturnType<typeof useActions>,
  object: Dated,
  { id, occurrence }: AgendaEntry,
  answer: string,
  alone: boolean,
) {
  const verb = object.verbs.find(({ name }) => name === object.guests?.verb);
  const which: { [name: string]: Json } = alone && occurrence ? { occurrence } : {};
  if (verb) await actions.run(object, id, verb.name, verb.label, { answer, ...which }).catch(fail);
}

/** A colleague's time of which nothing but its hours is known here. */
export interface BusyTime {
  user: string;
  at: string;
  until: string;
  readable: boolean;
}

/** When those who are looked at have something that one may not read. */
export function useBusy({ days, people, me, format }: CalendarState): BusyTime[] {
  const others = people.filter(({ id }) => id !== me.id).map(({ id }) => id);
  const [first, last] = [days[0] as string, days.at(-1) as string];
  const input = {
    from: beginOf(first, format.timeZone),
    to: beginOf(addDays(last, 1), format.timeZone),
    people: others,
  };
  const { data } = useQuery({
    queryKey: ['records', 'meeting', 'groups', { report: 'busy', input }],
    queryFn: ({ signal }) => read<{ busy: BusyTime[] }>('/api/reports/busy', { body: input, signal }),
    enabled: others.length > 0,
  });
  return (data?.busy ?? []).filter(({ readable }) => !readable);
}

/** Whether it is in someone's days because they are asked to be there, and what they said. */
export function guestOf(entry: AgendaEntry, user: string) {
  return entry.owner === user ? undefined : entry.guests.find(guest => guest.user === user);
}

/** How an entry looks to those whose days are shown: it is theirs, or they are asked and have said something or nothing. */
export function stanceOf({ people }: Pick<CalendarState, 'people'>, entry: AgendaEntry): string | undefined {
  if (people.some(({ id }) => id === entry.owner)) return undefined;
  const asked = people.flatMap(({ id }) => guestOf(entry, id) ?? []);
  if (asked.length === 0 || asked.some(({ answer }) => answer === 'accepted')) return undefined;
  return (
    asked.find(({ answer }) => answer !== 'declined')?.answer ??
    (asked.some(({ answer }) => answer === null) ? 'none' : 'declined')
  );
}

/** Whether someone has a part in it: it is theirs, or they are asked. */
export function concerns(entry: AgendaEntry, user: string): boolean {
  return entry.owner === user || guestOf(entry, user) !== undefined;
}

/** Puts an entry where it is going to be. */
function showTimes(client: QueryClient, entry: AgendaEntry, times: Times) {
  const same = (each: AgendaEntry) => each.id === entry.id && each.occurrence === entry.occurrence;
  const queryKey = ['records', entry.object, 'groups', { report: 'agenda' }];
  client.setQueriesData<Answer>(
    { queryKey },
    data =>
      data && { ...data, entries: data.entries.map(each => (same(each) ? { ...each, ...times } : each)) },
  );
}

/** What a record of its own has in its fields. */
function valuesOf({ agenda }: Dated, entry: AgendaEntry, { at, until }: Times): Record<string, Json> {
  const seconds = until ? (Date.parse(until) - Date.parse(at)) / 1_000 : null;
  return {
    [agenda.at]: at,
    ...(agenda.until && (until || entry.until) ? { [agenda.until]: until } : {}),
    ...(agenda.lasts && seconds !== null ? { [agenda.lasts]: seconds } : {}),
  };
}

function timesIn({ agenda }: Dated, { at, until }: Times): { [name: string]: Json } {
  return { [agenda.at]: at, ...(agenda.until && until ? { [agenda.until]: until } : {}) };
}

/** Whether others of its series are concerned. */
export function isOfSeries({ repeats, occurrence }: AgendaEntry): boolean {
  return repeats || occurrence !== null;
}

/** What is made by a stroke in the calendar: the first that has a beginning and an end. */
export function useCreate() {
  const meta = useMeta();
  const object = meta.objects.find(
    (each): each is Dated => isDated(each) && Boolean(each.agenda.until) && each.can.create,
  );
  if (!object) return null;
  return {
    object,
    open(from: string, to: string, owner: { id: string; name: string }, allDay = false) {
      const { agenda } = object;
      openDialog({
        kind: 'create',
        object: object.name,
        values: {
          [agenda.at]: from,
          [agenda.until as string]: to,
          ...(allDay && agenda.allDay ? { [agenda.allDay]: true } : {}),
          [object.owner]: { id: owner.id, title: owner.name },
        },
      });
    },
  };
}
