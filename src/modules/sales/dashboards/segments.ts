/** Win rates by a segment of deals, each with how sure it is. */
import { type Static, Type } from 'typebox';
import { type Context, defineReport, type Filter, picked, sql } from '../../../engine/index.ts';
import { moneyColumns, sumSql } from './dashboard.ts';
import { interval } from './figures.ts';
import { DashboardScope, decidedIn, narrowed, titlesOf } from './scope.ts';
import { type Segment, segmentNames, segments, sizes } from './segment-names.ts';

/** Of which object the values are; others are choices and the like. */
const objects: Partial<Record<Segment, string>> = {
  owner: 'user',
  team: 'team',
  product: 'product',
  pipeline: 'pipeline',
};

/** Segments that are told at most: those with the most decided deals. */
const most = 25;

const Rate = Type.Union([Type.Number(), Type.Null()]);

const Answer = Type.Object({
  currency: Type.String(),
  segments: Type.Array(
    Type.Object({
      /** A value, an id, the place of the size; null where nothing is said. */
      value: Type.Union([Type.String(), Type.Null()]),
      title: Type.Union([Type.String(), Type.Null()]),
      won: Type.Integer(),
      lost: Type.Integer(),
      amount: Type.String({ description: 'Won, in the currency of the answer.' }),
      winRate: Rate,
      /** Within these the rate lies with 95 % confidence. */
      low: Rate,
      high: Rate,
    }),
  ),
  /** Segments there are; those with the fewest decided deals are left out. */
  count: Type.Integer(),
});

export type WinRates = Static<typeof Answer>;

export const winRatesReport = defineReport('win-rates', {
  label: 'Win rates',
  description: 'Which deals of a period were won, by segment, with how sure that is',
  input: Type.Object(
    { ...DashboardScope.properties, by: Type.Union(segmentNames.map(name => Type.Literal(name))) },
    { additionalProperties: false },
  ),
  answer: Answer,
  run: winRates,
});

/** One statement, one more for titles, and one where a team is named. A deal of two products counts for both. */
export async function winRates(
  ctx: Context,
  scope: Static<typeof DashboardScope> & { by: Segment },
): Promise<WinRates> {
  const { deals } = await narrowed(ctx, scope);
  const [field, of] = [segments[scope.by], objects[scope.by]];
  const column = scope.by === 'country' ? { field, part: 'country' } : field;
  const filter: Filter = { and: [...deals, decidedIn(scope)] };
  const found = picked(ctx, 'deal', filter, { ...moneyColumns, status: 'status', segment: column });
  const value =
    scope.by === 'size'
      ? sql`(select count(*) from unnest(${sizes}::int[]) most where segment > most)::text || left(segment::text, 0)`
      : sql`segment::text`;
  const won = sql`filter (where status = 'won')`;
  const answer = await (ctx.tx ?? ctx.db).run<{
    value: string | null;
    won: string;
    lost: string;
    amount: string;
    all: string;
  }>(
    sql`with d as (select distinct id, status, amount, ${value} as value from (${found}) each)
      select value, count(*) ${won} as won, count(*) filter (where status = 'lost') as lost,
        ${sumSql(ctx, sql`amount`, won)} as amount, count(*) over () as "all"
      from d group by value order by count(*) desc, value limit ${most}`,
  );
  const titles = of
    ? await titlesOf(
        ctx,
        of,
        answer.flatMap(row => row.value ?? []),
      )
    : null;
  return {
    currency: ctx.settings.currency,
    count: Number(answer[0]?.all ?? 0),
    segments: answer.map(row => {
      const [yes, no] = [Number(row.won), Number(row.lost)];
      const range = interval(yes, yes + no);
      return {
        value: row.value,
        title: row.value === null ? null : (titles?.get(row.value) ?? null),
        won: yes,
        lost: no,
        amount: row.amount,
        winRate: yes + no > 0 ? yes / (yes + no) : null,
        low: range?.low ?? null,
        high: range?.high ?? null,
      };
    }),
  };
}
