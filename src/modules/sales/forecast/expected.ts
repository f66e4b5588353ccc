/** The statistical forecast of a period, as a report: what is won so far, and what the rest may bring. */
import { type Static, Type } from 'typebox';
import {
  aggregate,
  type Context,
  defineReport,
  FarleyError,
  type Filter,
  picked,
  sql,
  stays,
} from '../../../engine/index.ts';
import { type Cohort, expectation } from './expectation.ts';
import { type ForecastInput, ForecastPeriod, inPipeline } from './forecast.ts';

const amount = Type.Number({ description: 'In the currency of the answer.' });

const Answer = Type.Object({
  currency: Type.String(),
  /** Won in the period until the moment read at. */
  won: amount,
  /** Won in the end. */
  amount,
  /** Within these it falls four times out of five. */
  low: amount,
  high: amount,
  /** What each way says of the rest, and what it weighs of 1. */
  ways: Type.Array(Type.Object({ way: Type.String(), amount, weight: Type.Number() })),
  /** Decided deals that it has learned of; with few of them it says little. */
  learned: Type.Integer(),
});

export const expectedReport = defineReport('expected', {
  label: 'Statistical forecast',
  description: 'What deals of the past let expect to be won in a period, with its interval',
  input: ForecastPeriod,
  answer: Answer,
  run: expected,
});

/** Days of history that are learned from. */
const memory = 3 * 365;
const milliseconds = 86_400_000;
const dayOf = (date: string) => Math.floor(Date.parse(date) / milliseconds);
const dateOf = (day: number) => new Date(day * milliseconds).toISOString().slice(0, 10);

/** Three statements. */
export async function expected(ctx: Context, input: ForecastInput): Promise<Static<typeof Answer>> {
  const today = dayOf(input.asOf ?? ctx.clock.now().toISOString());
  if (Number.isNaN(today))
    throw new FarleyError('invalidInput', '`asOf` is a moment, such as 2026-03-16T12:00:00Z.');
  const [from, to] = [dayOf(input.from), dayOf(input.to)];
  const past = await cohorts(ctx, input, today);
  const won = past.reduce(
    (sum, { won: was, decided, amount: each }) =>
      was && decided !== null && decided >= from && decided <= to ? sum + each : sum,
    0,
  );
  const learned = past.reduce((sum, { decided, count }) => (decided === null ? sum : sum + count), 0);
  const { currency } = ctx.settings;
  if (to <= today) return { currency, won, amount: won, low: won, high: won, ways: [], learned };
  // A period that has not begun is what comes until its end less what comes before it.
  const rest = expectation(past, today, to);
  const before = from - 1 > today ? expectation(past, today, from - 1).amount : 0;
  return {
    currency,
    won,
    amount: Math.max(won, won + rest.amount - before),
    low: Math.max(won, won + rest.low - before),
    high: won + rest.high - before,
    ways: rest.ways,
    learned,
  };
}

/** Deals by the week in which they were opened, the day on which they were decided, and how. */
async function cohorts(ctx: Context, input: ForecastInput, today: number): Promise<Cohort[]> {
  const since: Filter = { field: 'openedOn', op: 'between', value: [dateOf(today - memory), dateOf(today)] };
  const { data } = await aggregate(ctx, 'deal', {
    filter: { and: [since, ...inPipeline(input)] },
    groupBy: [
      { field: 'openedOn', bucket: 'week' },
      { field: 'decidedAt', bucket: 'day' },
      { field: 'status' },
      { field: 'stage' },
    ],
    values: [{ op: 'count' }, { op: 'total', field: 'amount' }],
    limit: 200_000,
    ...(input.asOf ? { asOf: input.asOf } : {}),
  });
  const lifts = await liftsOf(ctx, input, since);
  return data.map(({ group, values }) => {
    const totals = [values[1] ?? []].flat() as { amount: string; currency: string }[];
    const home = totals.find(total => total.currency === ctx.settings.currency);
    const decided = group.status === 'open' ? null : (group.decidedAt as string | null);
    return {
      // The middle of its week, or today where that is yet to come: those opened this week are there.
      opened: Math.min(dayOf(group.openedOn as string) + 3, today),
      decided: decided === null ? null : dayOf(decided),
      won: group.status === 'won',
      count: Number(values[0]),
      amount: Number(home?.amount ?? 0),
      lift: lifts.get((group.stage as { id: string } | null)?.id ?? '') ?? 1,
    };
  });
}

/** Decided deals, in spirit, that are as likely won from a stage as from anywhere. */
const doubt = 10;

/**
 * How much likelier than others deals are won that come to a stage: the share won of those decided that were in it, beside
 * that of all, as far as history knows their stages. Hazards are taken to be in proportion.
 */
async function liftsOf(ctx: Context, input: ForecastInput, since: Filter): Promise<Map<string, number>> {
  const moment = input.asOf ?? ctx.clock.now().toISOString();
  const decided: Filter = {
    and: [since, { field: 'status', op: 'isNot', value: 'open' }, ...inPipeline(input)],
  };
  const found = await (ctx.tx ?? ctx.db).run<{
    stage: string;
    won: number;
    deals: number;
    won_all: number;
    all: number;
  }>(
    sql`with of as (select * from (${picked(ctx, 'deal', decided, { status: 'status', decided_at: 'decidedAt' })}) p
        where p.decided_at <= ${moment}::timestamptz),
      ${stays(ctx, 'deal', { stage: { field: 'stage' } }, 'of', 'stay')},
      been as (select distinct s.stage, of.id, of.status from stay s join of on of.id = s.record_id where s.until is not null)
    select stage, count(*) filter (where status = 'won')::int as won, count(*)::int as deals,
      (select count(*) filter (where status = 'won') from of)::int as won_all, (select count(*) from of)::int as "all"
    from been group by stage`,
  );
  return new Map(
    found.map(({ stage, won, deals, won_all, all }) => {
      const base = (won_all + 1) / (all + 2);
      return [stage, (won + doubt * base) / (deals + doubt) / base];
    }),
  );
}
