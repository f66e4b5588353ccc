/** What targets and challenges count: one list, each a sum or a number of records by person and day. */
import { type Context, type Filter, picked, type Sql, sql } from '../../../engine/index.ts';
import { sum } from '../decimals.ts';
import { movedOf } from '../forecast/shares.ts';

export interface Metric {
  label: string;
  object: string;
  /** What is added up; absent: how many there are. */
  value?: string;
  /** When it counts: a day or a moment; absent: whenever. */
  on?: string;
  /** Whose it is; absent: all of it counts as nobody's. */
  who?: string;
  filter?: Filter;
  /** Splits of deals move parts of it from whose deals they are to those who share in them; or what overlay splits say alone. */
  shared?: 'revenue' | 'overlay';
  unit: 'money' | 'number';
}

const won: Filter = { field: 'status', op: 'is', value: 'won' };

export const metrics = {
  wonRevenue: {
    label: 'Won revenue',
    object: 'deal',
    value: 'amount',
    on: 'closeDate',
    who: 'owner',
    filter: won,
    shared: 'revenue',
    unit: 'money',
  },
  overlayRevenue: {
    label: 'Overlay of won revenue',
    object: 'deal',
    value: 'amount',
    on: 'closeDate',
    who: 'owner',
    filter: won,
    shared: 'overlay',
    unit: 'money',
  },
  dealsWon: {
    label: 'Deals won',
    object: 'deal',
    on: 'closeDate',
    who: 'owner',
    filter: won,
    unit: 'number',
  },
  dealsLost: {
    label: 'Deals lost',
    object: 'deal',
    on: 'closeDate',
    who: 'owner',
    filter: { field: 'status', op: 'is', value: 'lost' },
    unit: 'number',
  },
  newPipeline: {
    label: 'New pipeline',
    object: 'deal',
    value: 'amount',
    on: 'openedOn',
    who: 'owner',
    unit: 'money',
  },
  dealsOpened: { label: 'Deals opened', object: 'deal', on: 'openedOn', who: 'owner', unit: 'number' },
  meetingsHeld: {
    label: 'Meetings held',
    object: 'meeting',
    on: 'startsAt',
    who: 'owner',
    filter: { field: 'held', op: 'is', value: true },
    unit: 'number',
  },
  calls: { label: 'Calls', object: 'call', on: 'startedAt', who: 'owner', unit: 'number' },
  tasksDone: {
    label: 'Tasks done',
    object: 'task',
    on: 'completedAt',
    who: 'owner',
    filter: { field: 'status', op: 'is', value: 'done' },
    unit: 'number',
  },
  leadsConverted: {
    label: 'Leads converted',
    object: 'lead',
    on: 'convertedAt',
    who: 'owner',
    filter: { field: 'status', op: 'is', value: 'converted' },
    unit: 'number',
  },
  contactedInTime: {
    label: 'First contacts in time',
    object: 'lead',
    on: 'firstContactAt',
    who: 'owner',
    filter: { field: 'contactState', op: 'is', value: 'onTime' },
    unit: 'number',
  },
  quotesSent: { label: 'Quotes sent', object: 'quote', on: 'sentAt', who: 'owner', unit: 'number' },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;
export const metricNames = Object.keys(metrics) as MetricName[];

export interface Days {
  from: string;
  to: string;
}

/** Who brought how much; null: records of nobody. Amounts as decimal text, in the workspace's currency. */
export type ByPerson = Map<string | null, string>;

/** What each metric comes to in each of its periods, by person: one statement per metric, as far as the context reaches. */
export async function measured(
  ctx: Context,
  asked: { metric: MetricName; days: Days }[],
): Promise<(metric: MetricName, days: Days) => ByPerson> {
  const keyOf = (metric: string, { from, to }: Days) => `${metric} ${from} ${to}`;
  const found = new Map<string, ByPerson>();
  // One after the other: within a transaction there is one connection.
  for (const [metric, some] of Map.groupBy(asked, each => each.metric)) {
    const periods = [...new Map(some.map(({ days }) => [keyOf(metric, days), days])).values()];
    for (const days of periods) found.set(keyOf(metric, days), new Map());
    for (const row of await rowsOf(ctx, metrics[metric], periods))
      found.get(keyOf(metric, { from: row.since, to: row.until }))!.set(row.who, row.value);
  }
  return (metric, days) => found.get(keyOf(metric, days)) ?? new Map();
}

interface Row extends Record<string, unknown> {
  since: string;
  until: string;
  who: string | null;
  value: string;
}

/** Deals with what their splits give to others and take from their owners, or what overlay splits say alone. */
function sharedOut(ctx: Context, kind: 'revenue' | 'overlay', own: Sql, filter: Filter = { and: [] }): Sql {
  const moved = sql`select who, moment, value from (${movedOf(ctx, filter)}) m where kind = ${kind}`;
  return kind === 'overlay' ? moved : sql`select who, moment, value from (${own}) o union all ${moved}`;
}

/** One statement. Throws where the reader may not see a field that it takes. */
export async function rowsOf(ctx: Context, metric: Omit<Metric, 'label'>, periods: Days[]): Promise<Row[]> {
  const { object, value, on, who, filter } = metric;
  const columns = { ...(who ? { who } : {}), ...(on ? { moment: on } : {}), ...(value ? { value } : {}) };
  const own = picked(ctx, object, filter, columns);
  const records = metric.shared ? sharedOut(ctx, metric.shared, own, filter) : own;
  const storage = on && ctx.model.objects.get(object)!.fields.get(on)!.type.storage;
  const moment = storage && storage.kind === 'columns' && storage.columns[0]!.type.startsWith('timestamptz');
  const day: Sql = moment ? sql`(moment at time zone ${ctx.settings.timeZone})::date` : sql`moment::date`;
  const total = value ? sql`coalesce(round(sum(value)::numeric, 2), 0)` : sql`count(*)`;
  return await (ctx.tx ?? ctx.db).run<Row>(
    sql`select since::text, until::text, who, ${total}::text as value
      from (select ${who ? sql`who` : sql`null::uuid as who`}, ${on ? day : sql`null::date`} as day${value ? sql`, value` : sql``}
          from (${records}) each) r
        join unnest(${periods.map(({ from }) => from)}::date[], ${periods.map(({ to }) => to)}::date[]) as p(since, until)
          on ${on ? sql`day between since and until` : sql`true`}
      group by since, until, who`,
  );
}

/** What some people brought together; null: everyone, and nobody's records too. */
export function totalOf(by: ByPerson, people: Set<string> | null): string {
  const amounts = [...by].filter(([who]) => people === null || (who !== null && people.has(who)));
  return sum(amounts.map(([, amount]) => amount));
}
