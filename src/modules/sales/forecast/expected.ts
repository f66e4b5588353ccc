/** The statistical forecast of a period, as a report: what is won so far, and what the rest may bring. */
import { type Static, Type } from 'typebox';
import {
  aggregate,
  type Context,
  defineReport,
  FarleyError,
  type Filter,
  type Json,
  picked,
  sql,
  stays,
} from '../../../engine/index.ts';
import { sum } from '../decimals.ts';
import { bySeller, type Part, partsOf } from './by-seller.ts';
import {
  type Cohort,
  expectation,
  type Looking,
  liftsOf,
  lookingOf,
  pipelineOf,
  type Stood,
} from './expectation.ts';
import { type ForecastInput, ForecastPeriod, inPipeline } from './forecast.ts';
import { homeOf } from './shares.ts';

const amount = Type.String({ description: 'Decimal text, in the currency of the answer.' });

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
  /** By seller, those who share in deals with their part; the sums are those of the whole. */
  sellers: Type.Array(
    Type.Object({
      user: Type.Union([
        Type.Object({ id: Type.String(), title: Type.Union([Type.String(), Type.Null()]) }),
        Type.Null(),
      ]),
      won: amount,
      amount,
    }),
  ),
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

/** Seven statements, and names; those that need nothing of each other at once. */
export async function expected(ctx: Context, input: ForecastInput): Promise<Static<typeof Answer>> {
  const today = dayOf(input.asOf ?? ctx.clock.now().toISOString());
  if (Number.isNaN(today))
    throw new FarleyError('invalidInput', '`asOf` is a moment, such as 2026-03-16T12:00:00Z.');
  const [from, to] = [dayOf(input.from), dayOf(input.to)];
  const known = sinceOf(input, today);
  const open: Filter[] = [...known, { field: 'status', op: 'is', value: 'open' }];
  const alike = [{ field: 'openedOn', bucket: 'week' }, { field: 'stage' }];
  const [all, wins, parts] = await Promise.all([
    cohorts(ctx, input, known, today),
    wonIn(ctx, input, known),
    to <= today ? [] : partsOf(ctx, open, alike, input.asOf),
  ]);
  const won = sum(wins.map(each => each.amount));
  const learned = all.reduce((so, { decided, count }) => (decided === null ? so : so + count), 0);
  const { currency } = ctx.settings;
  if (to <= today) {
    const sellers = bySeller(wins, [], () => 0, won);
    return { currency, won, amount: won, low: won, high: won, ways: [], sellers, learned };
  }
  const looking = lookingOf(all, today, to);
  const lift = liftsOf(await stoodOn(ctx, known, looking), all, today, looking.ahead);
  const past = all.map(each =>
    each.decided === null ? { ...each, lift: lift(each.stage, today - each.opened) } : each,
  );
  // A period that has not begun is what comes until its end less what comes before it.
  const rest = expectation(past, today, to);
  const before = from - 1 > today ? expectation(past, today, from - 1).amount : 0;
  const more = (value: number) => sum([won, Math.max(value - before, 0).toFixed(2)]);
  const { chance, usual } = pipelineOf(past, today, Math.max(from - 1, today), to);
  const worth = ({ group, amount: own, count }: Part) => {
    const value = Number(own) === 0 ? count * usual : Number(own);
    const opened = openedOf(group, today);
    return chance({ opened, lift: lift(stageOf(group), today - opened) }) * value;
  };
  return {
    currency,
    won,
    amount: more(rest.amount),
    low: more(rest.low),
    high: more(rest.high),
    ways: rest.ways.map(each => ({ ...each, amount: each.amount.toFixed(2) })),
    sellers: bySeller(wins, parts, worth, more(rest.amount)),
    learned,
  };
}

/** Deals that are learned from, and counted. */
const sinceOf = (input: ForecastInput, today: number): Filter[] => [
  { field: 'openedOn', op: 'between', value: [dateOf(today - memory), dateOf(today)] },
  ...inPipeline(input),
];

/** Whose are those won in the period, by the days of the workspace. */
async function wonIn(ctx: Context, input: ForecastInput, known: Filter[]): Promise<Part[]> {
  // A day more at either end, which no zone goes beyond; the days themselves say which it is.
  const around = [`${dateOf(dayOf(input.from) - 1)}T00:00:00Z`, `${dateOf(dayOf(input.to) + 2)}T00:00:00Z`];
  const won: Filter[] = [
    { field: 'status', op: 'is', value: 'won' },
    { field: 'decidedAt', op: 'between', value: around },
  ];
  const parts = await partsOf(ctx, [...known, ...won], [{ field: 'decidedAt', bucket: 'day' }], input.asOf);
  return parts.filter(({ group }) => {
    const day = dayOf(group.decidedAt as string);
    return day >= dayOf(input.from) && day <= dayOf(input.to);
  });
}

/** The middle of its week, or today where that is yet to come: those opened this week are there. */
const openedOf = (group: Record<string, Json>, today: number) =>
  Math.min(dayOf(group.openedOn as string) + 3, today);

const stageOf = ({ stage }: Record<string, Json>) => (stage as { id: string } | null)?.id ?? '';

/** Deals by the week in which they were opened, the day on which they were decided, and how. */
async function cohorts(
  ctx: Context,
  input: ForecastInput,
  known: Filter[],
  today: number,
): Promise<(Cohort & { stage: string })[]> {
  const { data } = await aggregate(ctx, 'deal', {
    filter: { and: known },
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
  return data.map(({ group, values }) => {
    const decided = group.status === 'open' ? null : (group.decidedAt as string | null);
    return {
      opened: openedOf(group, today),
      decided: decided === null ? null : dayOf(decided),
      won: group.status === 'won',
      count: Number(values[0]),
      amount: Number(homeOf(values[1], ctx.settings.currency)),
      stage: stageOf(group),
    };
  });
}

/** Which deals stood in which stage on earlier days, and how many of them were won in time, as far as history knows their stages. */
export async function stoodOn(ctx: Context, known: Filter[], { days, ahead }: Looking): Promise<Stood[]> {
  const [first, last] = [Math.min(...days), Math.max(...days)];
  if (days.length === 0) return [];
  const open: Filter[] = [
    { field: 'openedOn', op: 'lte', value: dateOf(last) },
    {
      or: [
        { field: 'status', op: 'is', value: 'open' },
        { field: 'decidedAt', op: 'gte', value: `${dateOf(first + 1)}T00:00:00Z` },
      ],
    },
  ];
  const columns = { status: 'status', decided: 'decidedAt', opened: 'openedOn' };
  const deals = picked(ctx, 'deal', { and: [...known, ...open] }, columns);
  const moments = sql`${[...days].sort((a, b) => a - b).map(day => `${dateOf(day + 1)}T00:00:00Z`)}::timestamptz[]`;
  const found = await (ctx.tx ?? ctx.db).run<
    Record<'day' | 'stage', string> & Record<'age' | 'deals' | 'won', number>
  >(
    // Each stay is counted on those of the moments that lie within it: the first after it began, to the last before it ended.
    // Hours, as days of the session may be of a zone whose clocks change.
    sql`with of as (${deals}),
      ${stays(ctx, 'deal', { stage: { field: 'stage' } }, 'of', 'stay', { beside: Object.keys(columns), parted: true })},
      stood as (select s.stage, s.status, s.decided, s.opened::date as opened, (${moments})[n] as moment from stay s
        cross join generate_series(width_bucket(s.since, ${moments}) + 1,
          case when s.until is null then ${days.length}::int else width_bucket(s.until, ${moments}) end) n where s.stage is not null),
      counted as (select stage, (moment at time zone 'UTC')::date - 1 as day, opened,
          status = 'won' and decided < moment + make_interval(hours => 24 * ${ahead}::int) as came
        from stood where status = 'open' or decided >= moment)
    select day::text as day, stage, (day - opened) / 7 * 7 + 3 as age, count(*)::int as deals, count(*) filter (where came)::int as won
    from counted where opened <= day group by 1, 2, 3`,
  );
  return found.map(row => ({ ...row, day: dayOf(row.day) }));
}
