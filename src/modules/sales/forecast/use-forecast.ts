/** What the forecast page asks for and what its address says, without anything to see. */

import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Json, MetaObject, Stream } from '../../../engine/index.ts';
import { viewOf } from '../../../fields/views.ts';
import { t } from '../../../kit/words.ts';
import { type Page, type Row, read } from '../../../web/api.ts';
import { addDays, beginOf, nameOf, startOf, step, today } from '../../../web/model/days.ts';
import type { Filter } from '../../../web/model/filter.ts';
import { fieldOf, formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { countsFor } from '../deals/whose.ts';
import { inRegion } from '../territories/inside.ts';
import type { Accuracy } from './accuracy.ts';
import type { Dimension, forecastBy } from './by.ts';
import type { expected } from './expected.ts';
import type { Forecast, ForecastInput } from './forecast.ts';
import { categories, type ForecastSearch, readForecast, type SellerRow, streamsOf } from './forecast-view.ts';

/** The end of a day, for reading as of it; undefined for today and later. */
function endOf(day: string | undefined, timeZone: string): string | undefined {
  if (!day || day >= today(timeZone)) return undefined;
  return new Date(Date.parse(beginOf(addDays(day, 1), timeZone)) - 1).toISOString();
}

export type ForecastState = ReturnType<typeof useForecastState>;

/** The period, pipeline and days that the address names, and how to change them. */
export function useForecastState() {
  const meta = useMeta();
  const format = formatOf(meta);
  const navigate = useNavigate();
  const search = readForecast(useSearch({ strict: false }) as Record<string, unknown>);
  const unit = search.unit ?? 'quarter';
  const from = startOf(search.at ?? today(format.timeZone), unit);
  const to = addDays(step(from, unit, 1), -1);
  const asOf = endOf(search.asOf, format.timeZone);
  const compareAt = endOf(search.compare, format.timeZone);
  const pipeline = search.pipeline ? { pipeline: search.pipeline } : {};
  const input: ForecastInput = { from, to, ...pipeline, ...(asOf ? { asOf } : {}) };
  return {
    search,
    unit,
    from,
    to,
    input,
    asOf: asOf ? search.asOf : undefined,
    /** The same at the earlier day; null where it is not earlier. */
    before: compareAt && compareAt < (asOf ?? '9') ? { ...input, asOf: compareAt } : null,
    period: nameOf(from, unit, format.locale),
    change(patch: Partial<ForecastSearch>) {
      const next = Object.fromEntries(
        Object.entries({ ...search, ...patch }).filter(([, value]) => value !== undefined),
      );
      void navigate({ to: '.', search: next as never, replace: true });
    },
    go: (count: number) => step(from, unit, count),
  };
}

/** Reports stand with what is counted of deals: they are asked for anew when deals change. */
function useReport<T>(name: string, input: object | null) {
  return useQuery({
    queryKey: ['records', 'deal', 'groups', { report: name, input }],
    queryFn: ({ signal }) => read<T>(`/api/reports/${name}`, { body: input as Json, signal }),
    placeholderData: keepPreviousData,
    enabled: input !== null,
  });
}

export const useForecast = (input: ForecastInput | null) => useReport<Forecast>('forecast', input);

export const useExpected = (input: ForecastInput) =>
  useReport<Awaited<ReturnType<typeof expected>>>('expected', input);

export const useForecastBy = (input: ForecastInput & { by: string }) =>
  useReport<Awaited<ReturnType<typeof forecastBy>>>('forecastBy', input);

export const useAccuracy = ({ unit, search: { pipeline } }: ForecastState) =>
  useReport<Accuracy>('forecastAccuracy', { unit, ...(pipeline ? { pipeline } : {}) });

/** The deals of a stream, where there are not too many to name. */
export function dealsIn({ count, ids }: { count: number; ids: string[] }) {
  if (count > ids.length) return null;
  return {
    to: '/$object' as const,
    params: { object: 'deals' },
    search: {
      filter: JSON.stringify({ field: 'id', op: 'isAnyOf', value: ids }),
      layout: 'table' as const,
      view: 'all',
    },
  };
}

/** Records whose own period lies in this one, such as quotas; none where one may not see them. */
function useWithin(object: MetaObject | undefined, { from, to, asOf, pipeline }: ForecastInput) {
  const fields = [
    'user',
    'from',
    'to',
    'amount',
    'covers',
    'pipeline',
    'category',
    'reason',
    'name',
    'createdBy',
    'version',
  ];
  const ofPipeline = pipeline && object && fieldOf(object, 'pipeline');
  const body: Json = {
    filter: {
      and: [
        { field: 'from', op: 'between', value: [from, to] },
        { field: 'to', op: 'between', value: [from, to] },
        ...(ofPipeline ? [{ field: 'pipeline', op: 'is', value: pipeline }] : []),
      ],
    },
    fields: fields.filter(name => object && fieldOf(object, name)),
    limit: 1_000,
    ...(asOf ? { asOf } : {}),
  };
  const found = useQuery({
    queryKey: ['records', object?.name, 'groups', body],
    queryFn: ({ signal }) => read<Page>(`/api/${object?.path}/search`, { body, signal }),
    enabled: object !== undefined,
  });
  return found.data?.data ?? none;
}

const none: Row[] = [];

export type Said = ReturnType<typeof useSaid>;

/** What managers have said: adjustments and quotas of the period, and whether one may say more. */
export function useSaid(input: ForecastInput) {
  const meta = useMeta();
  const [adjustment, quota] = [objectNamed(meta, 'forecastAdjustment'), objectNamed(meta, 'quota')];
  return {
    adjustment,
    quota,
    adjustments: useWithin(adjustment, input),
    quotas: useWithin(quota, input),
    // What is read as of an earlier day is not written to.
    mayAdjust: adjustment?.can.create === true && !input.asOf,
    maySet: quota?.can.create === true && !input.asOf,
  };
}

/** After something was said: the figures are asked for anew. */
export function useAskAnew() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      ['deal', 'quota', 'forecastAdjustment'].map(object =>
        client.invalidateQueries({ queryKey: ['records', object, 'groups'] }),
      ),
    );
}

/** Amounts in whole units, of the answer's currency unless another is given, as the field of amounts writes them. */
export function useMoney(currency: string) {
  const meta = useMeta();
  return useMemo(() => {
    const deal = objectNamed(meta, 'deal');
    const field = deal && fieldOf(deal, 'amount');
    const format = formatOf(meta);
    return (amount: string | number, signed = false, of = currency) => {
      const whole = Math.round(Number(amount)) || 0;
      const text = field
        ? viewOf(field.type).text({ amount: String(whole), currency: of }, field, format)
        : whole.toLocaleString(format.locale);
      const told = `${signed && whole > 0 ? '+' : ''}${text}`;
      // Isolated in a text from right to left, so that sign and currency stay at their side.
      return t('language.direction') === 'rtl' ? `\u2066${told.replace('\u200f', '')}\u2069` : told;
    };
  }, [meta, currency]);
}

export type Money = ReturnType<typeof useMoney>;

/** The list of the deals behind a figure: of these categories, and of these sellers where they are given, with those they share in. */
export function dealsOf(
  { from, to, pipeline }: ForecastInput,
  of: string[],
  users?: SellerRow['users'],
  shared = false,
) {
  const conditions: Filter[] = [
    of.length === 1
      ? { field: 'forecastCategory', op: 'is', value: of[0]! }
      : { field: 'forecastCategory', op: 'isAnyOf', value: of },
    { field: 'closeDate', op: 'between', value: [from, to] },
  ];
  if (pipeline) conditions.push({ field: 'pipeline', op: 'is', value: pipeline });
  // People go with their names, so that the filter of the list can be read.
  const [first] = users ?? [];
  if (users && !first) conditions.push({ field: 'owner', op: 'empty', value: null });
  else if (users && shared) conditions.push(countsFor(users));
  else if (users?.length === 1) conditions.push({ field: 'owner', op: 'is', value: first ?? null });
  else if (users) conditions.push({ field: 'owner', op: 'isAnyOf', value: users });
  return {
    to: '/$object' as const,
    params: { object: 'deals' },
    search: { filter: JSON.stringify({ and: conditions }), layout: 'table' as const, view: 'all' },
  };
}

type Group = Awaited<ReturnType<typeof forecastBy>>['groups'][number];

/** The deals behind a figure; null where no list can be asked for them. */
export function dealsBy(
  input: ForecastInput,
  category: string,
  by: Dimension,
  { group }: Pick<Group, 'group'>,
) {
  const only = by === 'territory' ? inRegion(group, input.to) : inGroup(by, group);
  if (!only) return null;
  const link = dealsOf(input, [category]);
  const { filter } = link.search;
  return { ...link, search: { ...link.search, filter: JSON.stringify({ and: [JSON.parse(filter), only] }) } };
}

function inGroup(by: Dimension, group: Group['group']): Filter | null {
  // Of products lines are counted, and not deals.
  if (by === 'product') return null;
  const value = typeof group === 'string' ? group : group?.id;
  const field = by === 'team' ? 'owner.team' : by;
  if (value === undefined) return { field, op: 'empty' };
  const own: Filter = { field, op: 'is', value: group };
  return by === 'team' ? { or: [own, { ...own, field: 'splits.user.team' }] } : own;
}

/** What became of the deals that stood in the period at either day. */
export function useStreams(now: ForecastInput, before: ForecastInput | null, currency: string) {
  const { from, to, pipeline } = now;
  const filter: Filter[] = [{ field: 'closeDate', op: 'between', value: [from, to] }];
  if (pipeline) filter.push({ field: 'pipeline', op: 'is', value: pipeline });
  const body = {
    field: 'forecastCategory',
    value: 'amount',
    filter: { and: filter },
    from: before?.asOf ?? '',
    ...(now.asOf ? { to: now.asOf } : {}),
  };
  const found = useQuery({
    queryKey: ['records', 'deal', 'groups', { flow: body }],
    queryFn: ({ signal }) => read<{ data: Stream[] }>('/api/deals/flow', { body: body as Json, signal }),
    enabled: before !== null,
    placeholderData: keepPreviousData,
  });
  const streams = useMemo(() => found.data && streamsOf(found.data.data, currency), [found.data, currency]);
  return { found, streams };
}

export const allCategories: string[] = [...categories];
