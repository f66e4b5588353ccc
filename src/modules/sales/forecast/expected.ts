/** The statistical forecast of a period, as a report: what is won so far, and what the rest may bring. */
import { type Static, Type } from 'typebox';
import { aggregate, type Context, defineReport, type Filter } from '../../../engine/index.ts';
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

/** Two statements. */
export async function expected(ctx: Context, input: ForecastInput): Promise<Static<typeof Answer>> {
  const today = dayOf(input.asOf ?? ctx.clock.now().toISOString());
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
    ],
    values: [{ op: 'count' }, { op: 'total', field: 'amount' }],
    limit: 200_000,
    ...(input.asOf ? { asOf: input.asOf } : {}),
  });
  return data.map(({ group, values }) => {
    const totals = [values[1] ?? []].flat() as { amount: string; currency: string }[];
    const home = totals.find(total => total.currency === ctx.settings.currency);
    const decided = group.status === 'open' ? null : (group.decidedAt as string | null);
    return {
      // The middle of its week.
      opened: dayOf(group.openedOn as string) + 3,
      decided: decided === null ? null : dayOf(decided),
      won: group.status === 'won',
      count: Number(values[0]),
      amount: Number(home?.amount ?? 0),
    };
  });
}
