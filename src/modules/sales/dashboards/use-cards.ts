/** What each card says: its rows, where they lead, and its finding in words. */

import { optionsOf } from '../../../fields/read.tsx';
import type { Translate } from '../../../kit/words.ts';
import { t } from '../../../kit/words.ts';
import { momentsOf, nameOf } from '../../../web/model/days.ts';
import type { Filter } from '../../../web/model/filter.ts';
import { fieldOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { countsFor } from '../deals/whose.ts';
import { attainment, net } from '../forecast/forecast-view.ts';
import { type Money, useMoney } from '../forecast/use-forecast.ts';
import type { CardLink, CardRows } from './CardFrame.tsx';
import type { Dashboard } from './dashboard.ts';
import type { CardKind } from './dashboard-view.ts';
import { openWithin } from './figures.ts';
import type { Scope } from './scope.ts';
import { type Segment, segments, sizes } from './segment-names.ts';
import {
  closedIn,
  type DashboardState,
  decided,
  listOf,
  lost,
  openOn,
  type Reports,
  won,
} from './use-dashboard.ts';

export interface CardContent {
  table: CardRows | null;
  finding?: string | null;
  empty?: string | null;
}

type Row = [cells: (string | number | null)[], texts: string[], link: CardLink | null, value: number];

function tableOf(head: string[], rows: Row[]): CardRows {
  return {
    head,
    rows: rows.map(([cells, texts]) => ({ cells, texts })),
    links: rows.map(([, , link]) => link),
    values: rows.map(([, , , value]) => value),
  };
}

export interface Words {
  money: Money;
  /** In few letters, where room is scarce: €12k. */
  brief(amount: string | number): string;
  share(part: number): string;
  number(value: number): string;
  days(value: number): string;
  month(day: string): string;
  /** The label of a choice of an object's field. */
  choice(object: string, field: string, value: string | null): string;
}

export function useCardWords(state: DashboardState, currency: string): Words {
  const meta = useMeta();
  const money = useMoney(currency);
  const { locale } = state.format;
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const brief = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: currency || 'EUR',
    notation: 'compact',
    maximumFractionDigits: 1,
  });
  return {
    money,
    brief: amount => brief.format(Number(amount)),
    share: part => share.format(part),
    number: value => value.toLocaleString(locale),
    days: value => t('dashboard.days', { count: Math.round(value) }),
    month: day =>
      new Intl.DateTimeFormat(locale, { month: 'short', year: '2-digit', timeZone: 'UTC' }).format(
        new Date(day),
      ),
    choice(object, field, value) {
      if (value === null) return t('dashboard.unknown');
      const of = objectNamed(meta, object);
      const found = of && fieldOf(of, field);
      return found ? (optionsOf(found).find(each => each.value === value)?.label ?? value) : value;
    },
  };
}

/** What all cards are made of. */
interface Of extends Words {
  t: Translate;
  words: Words;
  state: DashboardState;
  scope: Scope;
  reports: Reports;
  dashboard: Dashboard | undefined;
  inPeriod: Filter;
  /** A list of the deals of the dashboard that match besides. */
  deals(...filters: Filter[]): CardLink;
}

const headOf = (t: Translate, ...names: string[]) => names.map(name => t(`dashboard.head.${name}`));

function monthly(
  { dashboard, month, money, brief, number, t, deals, state }: Of,
  name: 'amount' | 'velocity',
): CardContent {
  if (!dashboard) return { table: null };
  const rows = dashboard.months.map(({ to, figures }): Row => {
    const value = figures[name];
    const days = { from: `${to.slice(0, 8)}01`, to };
    const text =
      value === null
        ? '–'
        : name === 'velocity'
          ? t('dashboard.perDay', { amount: money(value) })
          : money(value);
    return [
      [to.slice(0, 7), value, figures.won],
      [month(to), text, number(figures.won)],
      deals(won, closedIn(days)),
      Number(value ?? 0),
    ];
  });
  const bare = rows.every(([, , , value]) => value === 0);
  return {
    table: { ...tableOf(headOf(t, 'day', 'amount', 'won'), rows), brief },
    empty: bare ? t('dashboard.empty', { period: state.period }) : null,
  };
}

function reasons({ dashboard, words, deals, inPeriod, number, money, share, t, state }: Of): CardContent {
  if (!dashboard) return { table: null };
  const rows = dashboard.reasons.map(({ reason, count, amount }): Row => {
    const name = words.choice('deal', 'lostReason', reason);
    const why: Filter = reason
      ? { field: 'lostReason', op: 'is', value: reason }
      : { field: 'lostReason', op: 'empty' };
    return [[name, count, amount], [name, number(count), money(amount)], deals(lost, inPeriod, why), count];
  });
  const [top] = rows;
  const all = rows.reduce((sum, [, , , value]) => sum + value, 0);
  return {
    table: tableOf(headOf(t, 'name', 'deals', 'amount'), rows),
    finding: top && rows.length > 1 ? `${top[1][0]}: ${share(top[3] / all)}` : null,
    empty: rows.length === 0 ? t('dashboard.empty', { period: state.period }) : null,
  };
}

function sellers({ dashboard, t, money, number, inPeriod, state }: Of): CardContent {
  if (!dashboard) return { table: null };
  const overlays = dashboard.sellers.some(({ overlay }) => Number(overlay) !== 0);
  const rows = dashboard.sellers.slice(0, 15).map(({ user, won: hits, lost: misses, ...line }): Row => {
    const name = user?.title ?? t('dashboard.unknown');
    const { amount, overlay } = line;
    const whose: Filter = user ? countsFor([user]) : { field: 'owner', op: 'empty' };
    return [
      [name, amount, hits, misses, ...(overlays ? [overlay] : [])],
      [name, money(amount), number(hits), number(misses), ...(overlays ? [money(overlay)] : [])],
      listOf('deals', dashboard.anyones as Filter, decided, inPeriod, whose),
      Number(amount),
    ];
  });
  return {
    table: tableOf(headOf(t, 'name', 'amount', 'won', 'lost', ...(overlays ? ['overlay'] : [])), rows),
    finding: rows[0] && rows[0][3] > 0 && rows.length > 1 ? `${rows[0][1][0]}: ${rows[0][1][1]}` : null,
    empty: rows.length === 0 ? t('dashboard.empty', { period: state.period }) : null,
  };
}

function sources({ dashboard, words, scope, number, money, t, state }: Of): CardContent {
  if (!dashboard) return { table: null };
  const rows = dashboard.sources.map((each): Row => {
    const name = words.choice('lead', 'source', each.source);
    const from: Filter = each.source
      ? { field: 'source', op: 'is', value: each.source }
      : { field: 'source', op: 'empty' };
    const counts = [each.leads, each.converted, each.won];
    const came: Filter = {
      field: 'createdAt',
      op: 'between',
      value: momentsOf(scope, state.format.timeZone),
    };
    return [
      [name, ...counts, each.amount],
      [name, ...counts.map(number), money(each.amount)],
      listOf('leads', from, came),
      each.leads,
    ];
  });
  return {
    table: tableOf(headOf(t, 'name', 'leads', 'converted', 'won', 'amount'), rows),
    empty: rows.length === 0 ? t('dashboard.noLeads') : null,
  };
}

function winRates(of: Of): CardContent {
  const { reports, state, share, number, deals, inPeriod, t } = of;
  const found = reports.winRates.data;
  if (!found) return { table: null };
  const by = (state.search.by ?? 'owner') as Segment;
  const rows = found.segments.map((each): Row => {
    const name = segmentName(of, by, each);
    const n = each.won + each.lost;
    const rates = [each.winRate, each.low, each.high].map(rate => share(rate ?? 0));
    const link = segmentLink(by, each);
    return [
      [name, each.won, n, each.winRate, each.low, each.high],
      [name, number(each.won), number(n), ...rates],
      link && deals(decided, inPeriod, link),
      each.winRate ?? 0,
    ];
  });
  return {
    table: tableOf(headOf(t, 'name', 'won', 'deals', 'rate', 'low', 'high'), rows),
    empty: rows.length === 0 ? t('dashboard.empty', { period: state.period }) : null,
  };
}

function segmentName(
  { t, state, words }: Of,
  by: Segment,
  { value, title }: { value: string | null; title: string | null },
) {
  if (value === null) return t('dashboard.unknown');
  if (title !== null) return title;
  if (by === 'country')
    return new Intl.DisplayNames(state.format.locale, { type: 'region' }).of(value) ?? value;
  if (by === 'size') {
    const [from, to] = [sizes[Number(value) - 1], sizes[Number(value)]];
    return to ? t('dashboard.size', { from: (from ?? 0) + 1, to }) : t('dashboard.sizeMore', { from: from! });
  }
  const [object, field] = by === 'source' ? ['deal', 'source'] : ['company', by];
  return words.choice(object!, field!, value);
}

function segmentLink(
  by: Segment,
  { value, title }: { value: string | null; title: string | null },
): Filter | null {
  const field = segments[by];
  if (value === null) return by === 'size' || by === 'country' ? null : { field, op: 'empty' };
  if (by === 'country') return { field, op: 'countryIs', value };
  if (by === 'size') {
    const [from, to] = [sizes[Number(value) - 1], sizes[Number(value)]];
    return to ? { field, op: 'between', value: [(from ?? 0) + 1, to] } : { field, op: 'gt', value: from! };
  }
  return { field, op: 'is', value: title === null ? value : { id: value, title } };
}

function attained({ reports, scope, dashboard, t, money, share, inPeriod }: Of): CardContent {
  const found = reports.forecast.data;
  if (!found) return { table: null };
  const { owner, team } = scope;
  const known = new Set(dashboard?.sellers.map(({ user }) => user?.id));
  const overlays = found.sellers.some(({ own }) => Number(own.overlay) !== 0);
  const rows = found.sellers
    .filter(
      ({ own, user }) => Number(own.quota) > 0 && (owner ? user?.id === owner : !team || known.has(user?.id)),
    )
    .map(({ user, own }): Row => {
      const part = attainment(own) ?? 0;
      const name = user?.title ?? t('dashboard.unknown');
      const figures = [net(own, 'closed'), own.quota, ...(overlays ? [own.overlay] : [])];
      return [
        [name, part, ...figures],
        [name, share(part), ...figures.map(figure => money(figure))],
        listOf(
          'deals',
          won,
          inPeriod,
          found.shared ? countsFor([user]) : { field: 'owner', op: 'is', value: user },
        ),
        part,
      ];
    })
    .sort((a, b) => b[3] - a[3]);
  return {
    table: tableOf(headOf(t, 'name', 'share', 'won', 'quota', ...(overlays ? ['overlay'] : [])), rows),
    empty: rows.length === 0 ? t('dashboard.noQuota') : null,
  };
}

function goal({ reports, words, scope, money, share, t, state }: Of): CardContent {
  const found = reports.forecast.data;
  if (!found) return { table: null };
  const { total } = found;
  const rows = (['closed', 'commit', 'bestCase', 'pipeline'] as const).map((name): Row => {
    const label = words.choice('deal', 'forecastCategory', name);
    const in_: Filter = { field: 'forecastCategory', op: 'is', value: name };
    const pipeline: Filter[] = scope.pipeline ? [{ field: 'pipeline', op: 'is', value: scope.pipeline }] : [];
    return [
      [label, net(total, name)],
      [label, money(net(total, name))],
      listOf('deals', in_, closedIn(scope), ...pipeline),
      Number(net(total, name)),
    ];
  });
  const part = attainment(total);
  return {
    table: tableOf(headOf(t, 'name', 'amount'), rows),
    finding: part === null ? null : t('dashboard.goal', { share: share(part), quota: money(total.quota) }),
    empty: rows.every(([, , , value]) => value === 0) ? t('dashboard.empty', { period: state.period }) : null,
  };
}

function stages({ reports, number, share, words, t, state }: Of): CardContent {
  const found = reports.history.data;
  if (!found) return { table: null };
  const rows = found.stages
    .filter(({ kind }) => kind !== 'lost')
    .map(({ name, entered, moved, lost: gone, stayed, median }): Row => {
      const rate = entered > 0 ? moved / entered : null;
      const long = median === null ? '–' : words.days(median);
      return [
        [name, entered, moved, gone, stayed, rate, median],
        [name, ...[entered, moved, gone, stayed].map(number), rate === null ? '–' : share(rate), long],
        null,
        entered,
      ];
    });
  return {
    table: tableOf(headOf(t, 'stage', 'entered', 'moved', 'lost', 'stayed', 'rate', 'median'), rows),
    empty: rows.every(([, , , value]) => value === 0) ? t('dashboard.empty', { period: state.period }) : null,
  };
}

function overTime({ reports, t, state, number, money, brief }: Of): CardContent {
  const found = reports.history.data;
  if (!found) return { table: null };
  const names = new Map(found.stages.map(stage => [stage.stage, stage.name]));
  const rows = found.points.flatMap(({ day, stages: parts }) =>
    parts.map(({ stage, count, amount }): Row => {
      const name = stage === null ? t('dashboard.unknownStage') : (names.get(stage) ?? '');
      const when = nameOf(day, 'day', state.format.locale);
      return [[day, name, count, amount], [when, name, number(count), money(amount)], null, Number(amount)];
    }),
  );
  const open = found.stages.filter(({ kind }) => kind === 'open').map(({ name }) => name);
  const layers = [...new Set([...open, t('dashboard.unknownStage')])];
  return {
    table: { ...tableOf(headOf(t, 'day', 'stage', 'deals', 'amount'), rows), layers, brief },
    empty: rows.length === 0 ? t('dashboard.empty', { period: state.period }) : null,
  };
}

/** A key figure as people read it. */
export function figureText(words: Words, name: string, value: string | number | null): string {
  if (value === null) return '–';
  if (name === 'won') return words.number(Number(value));
  if (name === 'winRate') return words.share(Number(value));
  if (name === 'cycle') return words.days(Number(value));
  return name === 'velocity' ? t('dashboard.perDay', { amount: words.money(value) }) : words.money(value);
}

function figures({ dashboard, t, words, deals, inPeriod, money }: Of): CardContent {
  if (!dashboard) return { table: null };
  const { now, before } = dashboard;
  const names = ['amount', 'won', 'winRate', 'average', 'cycle', 'velocity'] as const;
  const rows = names.map((name): Row => {
    const label = t(`dashboard.figure.${name}`);
    const values = [now[name], before?.[name] ?? null];
    return [
      [label, ...values],
      [label, ...values.map(value => figureText(words, name, value))],
      deals(name === 'winRate' ? decided : won, inPeriod),
      0,
    ];
  });
  const label = t('dashboard.figure.open');
  rows.push([
    [label, now.openAmount, before?.openAmount ?? null],
    [label, money(now.openAmount), before ? money(before.openAmount) : '–'],
    deals(openOn(dashboard.openOn)),
    0,
  ]);
  return { table: tableOf(headOf(t, 'name', 'value', 'before'), rows) };
}

function rivals({ reports, scope, t, number, share, deals, inPeriod, state }: Of): CardContent {
  const found = reports.rivals.data?.rivals.slice(0, 15);
  if (!found) return { table: null };
  const against = ({ competitor, name }: (typeof found)[number]): Filter => ({
    field: 'rivals.competitor',
    op: 'is',
    value: name === null ? competitor : { id: competitor, title: name },
  });
  const rows = found.map((each): Row => {
    const { name, met, won: hits, lost: misses, lostTo, rate } = each;
    const counts = [met, hits, misses, lostTo];
    const title = name ?? t('dashboard.unknown');
    const text = rate === null ? '–' : share(rate);
    return [[title, ...counts, rate], [title, ...counts.map(number), text], null, met];
  });
  const cellLinks = found.map(each => {
    const all = against(each);
    const links: [number | null, CardLink][] = [
      [each.met, deals(openWithin(scope), all)],
      [each.won, deals(won, inPeriod, all)],
      [each.lost, deals(lost, inPeriod, all)],
      [each.lostTo, deals(lost, inPeriod, { field: 'lostTo', op: 'is', value: each.competitor }, all)],
      [each.rate === null ? 0 : 1, deals(decided, inPeriod, all)],
    ];
    return [null, ...links.map(([count, link]) => (count ? link : null))];
  });
  const links = found.map(({ competitor }) => ({
    to: '/$object/$id' as const,
    params: { object: 'companies', id: competitor },
  }));
  const head = headOf(t, 'rival', 'met', 'won', 'lost', 'lostTo', 'winRate');
  return {
    table: { ...tableOf(head, rows), links, cellLinks },
    empty: rows.length === 0 ? t('dashboard.noRivals', { period: state.period }) : null,
  };
}

const made: Record<CardKind, (of: Of) => CardContent> = {
  figures,
  goal,
  funnel: stages,
  stageTimes: stages,
  overTime,
  revenue: of => monthly(of, 'amount'),
  velocity: of => monthly(of, 'velocity'),
  winRates,
  sellers,
  attainment: attained,
  reasons,
  sources,
  rivals,
};

/** Each card by its name. */
export function useCards(state: DashboardState, reports: Reports, words: Words) {
  const dashboard = reports.dashboard.data;
  const base = dashboard?.filter as Filter | undefined;
  const of: Of = {
    ...words,
    t,
    words,
    state,
    scope: state.scope,
    reports,
    dashboard,
    inPeriod: closedIn(state.scope),
    deals: (...filters) => listOf('deals', base, ...filters),
  };
  return (kind: CardKind) => made[kind](of);
}
