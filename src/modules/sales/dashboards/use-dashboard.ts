/** What the dashboards ask for, what their address says, and where their numbers lead, without anything to see. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Json } from '../../../engine/index.ts';
import { saidTitle } from '../../../fields/said.ts';
import { read } from '../../../web/api.ts';
import { addDays, nameOf, step, today } from '../../../web/model/days.ts';
import { both, type Filter } from '../../../web/model/filter.ts';
import { formatOf, useMeta } from '../../../web/model/meta.tsx';
import type { RivalsAnswer } from '../deals/rival.ts';
import type { Forecast } from '../forecast/forecast.ts';
import type { Dashboard } from './dashboard.ts';
import {
  type CardKind,
  conditionOf,
  type DashboardSearch,
  type Days,
  periodOf,
  readDashboard,
} from './dashboard-view.ts';
import type { Scope } from './scope.ts';
import type { Segment } from './segment-names.ts';
import type { WinRates } from './segments.ts';
import type { StageHistory } from './stage-history.ts';

export type DashboardState = ReturnType<typeof useDashboardState>;

/** The period, comparison and conditions that the address names, and how to change them. */
export function useDashboardState() {
  const format = formatOf(useMeta());
  const navigate = useNavigate();
  const search = readDashboard(useSearch({ strict: false }) as Record<string, unknown>);
  const unit = search.unit ?? 'quarter';
  const { from, to, compare } = periodOf(search, today(format.timeZone));
  const [kind, whose] = (search.whose ?? '').split(':');
  const filter = conditionOf(search.only);
  const scope: Scope = {
    from,
    to,
    ...(compare ? { compare } : {}),
    ...(search.pipeline ? { pipeline: search.pipeline } : {}),
    ...(kind === 'owner' && whose ? { owner: whose } : {}),
    ...(kind === 'team' && whose ? { team: whose } : {}),
    ...(filter ? { filter } : {}),
  };
  const named = (days: Days) =>
    unit === 'range'
      ? `${nameOf(days.from, 'day', format.locale)} – ${nameOf(days.to, 'day', format.locale)}`
      : nameOf(days.from, unit, format.locale);
  return {
    search,
    unit,
    scope,
    format,
    period: named({ from, to }),
    before: compare ? named(compare) : null,
    change(patch: Partial<DashboardSearch>) {
      const next = Object.fromEntries(
        Object.entries({ ...search, ...patch }).filter(([, value]) => value !== undefined),
      );
      void navigate({ to: '.', search: next as never, replace: true });
    },
    /** A day in the period so many units away; a period of one's own moves by its length. */
    go(count: number): Partial<DashboardSearch> {
      if (unit !== 'range') return { at: step(from, unit, count) };
      const length = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
      return { from: addDays(from, count * length), to: addDays(to, count * length) };
    },
  };
}

/** Reports stand with what is counted of an object: they are asked for anew when its records change. */
function useReport<T>(name: string, object: string, input: object, enabled: boolean) {
  return useQuery({
    queryKey: ['records', object, 'groups', { report: name, input }],
    queryFn: ({ signal }) => read<T>(`/api/reports/${name}`, { body: input as Json, signal }),
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** Stages that a workspace starts with are called as the reader's language does. */
function useHistory(scope: Scope, enabled: boolean) {
  const found = useReport<StageHistory>('stage-history', 'deal', scope, enabled);
  const data = useMemo(
    () =>
      found.data && {
        ...found.data,
        stages: found.data.stages.map(stage => ({ ...stage, name: saidTitle(stage.name, 'stage') })),
      },
    [found.data],
  );
  return { ...found, data };
}

/** The reports that the cards in sight stand on; others are not asked for. */
export function useReports({ scope, search }: DashboardState, shown: CardKind[]) {
  const has = (...kinds: CardKind[]) => kinds.some(kind => shown.includes(kind));
  const { from, to, pipeline } = scope;
  const by = (search.by ?? 'owner') as Segment;
  return {
    dashboard: useReport<Dashboard>('dashboard', 'deal', scope, true),
    history: useHistory(scope, has('funnel', 'overTime', 'stageTimes')),
    winRates: useReport<WinRates>('win-rates', 'deal', { ...scope, by }, has('winRates')),
    forecast: useReport<Forecast>(
      'forecast',
      'deal',
      { from, to, ...(pipeline ? { pipeline } : {}) },
      has('goal', 'attainment', 'figures'),
    ),
    rivals: useReport<RivalsAnswer>('rivals', 'rival', { scope }, has('rivals')),
  };
}

export type Reports = ReturnType<typeof useReports>;

/** Which deals stood in a stage on a day past, or entered it: asked for when someone wants to see them. */
export interface Behind {
  title: string;
  of:
    | { kind: 'standing'; day: string; stage: string | null }
    | { kind: 'entered'; stage: string; became?: 'moved' | 'lost' | 'stayed' };
}

export function useBehind({ scope }: DashboardState, { of }: Behind) {
  const { compare: _, ...rest } = scope;
  return useReport<{ ids: string[]; count: number }>('stage-history-records', 'deal', { ...rest, of }, true);
}

/** A list of records with all conditions to be read and changed. */
export function listOf(object: string, ...filters: (Filter | null | undefined)[]) {
  const filter = both(...filters);
  return {
    to: '/$object' as const,
    params: { object },
    search: { filter: JSON.stringify(filter ?? { and: [] }), layout: 'table' as const, view: 'all' },
  };
}

export const won: Filter = { field: 'status', op: 'is', value: 'won' };
export const lost: Filter = { field: 'status', op: 'is', value: 'lost' };
export const decided: Filter = { field: 'status', op: 'isAnyOf', value: ['won', 'lost'] };

export function closedIn({ from, to }: Days): Filter {
  return { field: 'closeDate', op: 'between', value: [from, to] };
}

/** Deals that were open at the end of a day, by the days on which they were opened and decided. */
export function openOn(day: string): Filter {
  return {
    and: [
      { field: 'openedOn', op: 'lte', value: day },
      {
        or: [
          { field: 'status', op: 'is', value: 'open' },
          { field: 'closeDate', op: 'gt', value: day },
        ],
      },
    ],
  };
}
