/**
 * The pipeline over time: what stood in which stage at the end of days past, and what became of the deals that entered a
 * stage. Read out of their stays. What came in by an import was not written down while it happened: until then a deal
 * counts from the day on which it was opened to the day on which it was decided, in a stage that nobody knows.
 */
import { type Static, Type } from 'typebox';
import {
  type Context,
  defineReport,
  type Filter,
  picked,
  rateOf,
  type Sql,
  sql,
  stays,
} from '../../../engine/index.ts';
import { sumSql } from './dashboard.ts';
import { pointsOf } from './figures.ts';
import { DashboardScope, Day, narrowed, type Scope, scopeFields, todayOf } from './scope.ts';

const Stage = Type.Union([Type.String({ format: 'uuid' }), Type.Null()]);
const Days = Type.Union([Type.Number(), Type.Null()]);

const Answer = Type.Object({
  currency: Type.String(),
  points: Type.Array(
    Type.Object({
      /** At whose end. */
      day: Type.String(),
      /** Null: in a stage that was not written down. */
      stages: Type.Array(Type.Object({ stage: Stage, count: Type.Integer(), amount: Type.String() })),
    }),
  ),
  /** In the order of the pipelines; those of lost deals last. */
  stages: Type.Array(
    Type.Object({
      stage: Type.String(),
      name: Type.String(),
      pipeline: Type.String(),
      kind: Type.String(),
      /** Deals that entered it in the period, and where they have gone since: further on, lost, or neither. */
      entered: Type.Integer(),
      moved: Type.Integer(),
      lost: Type.Integer(),
      stayed: Type.Integer(),
      /** Days that half of those that left stayed at most. */
      median: Days,
      average: Days,
    }),
  ),
});

export type StageHistory = Static<typeof Answer>;

export const stageHistoryReport = defineReport('stage-history', {
  label: 'Pipeline over time',
  description: 'What stood in which stage on days past, and how many deals went on from each stage, how fast',
  input: DashboardScope,
  answer: Answer,
  run: stageHistory,
});

/** One statement; two where a team is named. */
export async function stageHistory(ctx: Context, scope: Scope): Promise<StageHistory> {
  const points = pointsOf(scope.from, scope.to, todayOf(ctx));
  const [row] = await (ctx.tx ?? ctx.db).run<{ found: string }>(
    sql`with ${await historyOf(ctx, scope)}, ${standingAt(ctx, points, null)}, ${enteredIn(ctx, scope)}
      select json_build_object(
        'points', (select coalesce(json_agg(json_build_object('day', p.day, 'stages', p.stages) order by p.day), '[]') from (
          select day, coalesce(json_agg(json_build_object('stage', stage, 'count', n, 'amount', amount) order by stage) filter (where n > 0), '[]') as stages
          from (select w.day, stage, coalesce(sum(t.n), 0)::int as n, ${sumSql(ctx, sql`t.amount`)} as amount
            from unnest(${points}::date[]) as w(day) left join standing t on t.day = w.day group by w.day, stage) each group by day) p),
        'stages', (select coalesce(json_agg(s), '[]') from (
          select st.id as stage, st.name, st.pipeline, st.kind, coalesce(e.entered, 0) as entered, coalesce(e.moved, 0) as moved,
            coalesce(e.lost, 0) as lost, coalesce(e.stayed, 0) as stayed, e.median, e.average
          from st left join (select stage, count(*) as entered, count(*) filter (where became = 'moved') as moved,
              count(*) filter (where became = 'lost') as lost, count(*) filter (where became = 'stayed') as stayed,
              percentile_cont(0.5) within group (order by days) as median, avg(days)::float8 as average
            from entered group by stage) e on e.stage = st.id
          ${scope.pipeline ? sql`where st.pipeline = ${scope.pipeline}::uuid` : sql``}
          order by st.place, st.pipeline, st.kind = 'lost', st.position, st.name) s)
      )::text as found`,
  );
  const found = JSON.parse(row!.found) as Pick<StageHistory, 'points' | 'stages'>;
  return { currency: ctx.settings.currency, ...found };
}

/** The moment at which the day after begins, or the day itself, where the workspace is. */
const endOf = (ctx: Context, day: Sql) =>
  sql`((${day} + 1)::timestamp at time zone ${ctx.settings.timeZone})`;
const beginOf = (ctx: Context, day: Sql) => sql`(${day}::timestamp at time zone ${ctx.settings.timeZone})`;

/**
 * CTEs: `st` all stages, `p` the deals that may have been open in the period, `s` their stays between changes of stage or
 * amount, `open_stays` when they were open, in which stage, with which amount.
 */
async function historyOf(ctx: Context, scope: Scope): Promise<Sql> {
  const { deals } = await narrowed(ctx, scope);
  const since = new Date(Date.parse(scope.from) - 86_400_000).toISOString();
  const filter: Filter = {
    and: [
      ...deals,
      {
        or: [
          { field: 'status', op: 'is', value: 'open' },
          { field: 'closeDate', op: 'gte', value: scope.from },
          { field: 'decidedAt', op: 'gte', value: since },
        ],
      },
      { not: { field: 'openedOn', op: 'gt', value: scope.to } },
    ],
  };
  const columns = { opened: 'openedOn', closed: 'closeDate' };
  const [opened, closed] = [beginOf(ctx, sql`w.opened`), beginOf(ctx, sql`w.closed`)];
  const lasting = { beside: Object.keys(columns), from: beginOf(ctx, sql`${scope.from}::date`) };
  return sql`st as materialized (${stagesOf(ctx)}), p as materialized (${picked(ctx, 'deal', filter, columns)}),
    ${stays(ctx, 'deal', written, 'p', 'written', lasting)},
    s as materialized (select w.record_id, w.seq, w.stage_set, st.id as stage, st.open, st.lost, st.place_in, st.reach, w.amount, w.currency, w.until, w.first,
        case when w.first then ${opened} end as opened,
        case when not w.first then w.since when st.open then least(w.since, ${opened}) else least(w.since, ${closed}) end as since
      from written w join st on st.id = w.stage),
    open_stays as (select record_id, stage, amount, currency, since, until from s where open
      union all select record_id, null, amount, currency, opened, since from s where first and not open and opened < since)`;
}

/** What is followed of a deal. */
const written = {
  stage: { field: 'stage' },
  amount: { field: 'amount' },
  currency: { field: 'amount', part: 'currency' },
};

function stagesOf(ctx: Context): Sql {
  const stages = picked(ctx, 'stage', undefined, {
    name: 'name',
    pipeline: 'pipeline',
    kind: 'kind',
    position: 'position',
    place: 'pipeline.position',
  });
  return sql`select id, name, pipeline, kind, position, place, kind = 'open' as open, kind = 'lost' as lost,
    position::float8 as place_in,
    case kind when 'open' then position::float8 when 'won' then 'infinity' end as reach from (${stages}) each`;
}

/**
 * CTE `standing`: day, stage, `n` and amount of the deals that were open at the end of each day; with `each`, by record_id too.
 * Each stay says itself from which to which of the days it lasted, instead of being compared with each, and those that say
 * the same are added up before.
 */
function standingAt(ctx: Context, days: string[], each: Sql | null): Sql {
  const sorted = [...days].sort();
  const by = sql`${each ? sql`${each}, ` : sql``}stage, currency, lo, hi`;
  return sql`ends as materialized (select array_agg(${endOf(ctx, sql`day`)} order by day) as moments from unnest(${sorted}::date[]) as w(day)),
    alike as (select ${by}, count(*) as n, sum(amount) as amount
      from (select o.*, width_bucket(since, moments) + 1 as lo,
          case when until is null then cardinality(moments) else width_bucket(until, moments) end as hi
        from open_stays o, ends where cardinality(moments) > 0) lasting where lo <= hi group by ${by}),
    standing as (select (${sorted}::date[])[at] as day, ${each ? sql`${each}, ` : sql``}stage, n, amount * ${rateOf(ctx, sql`currency`)} as amount
      from alike, generate_series(lo, hi) as at)`;
}

/** CTE `entered`: deals by the stage that they entered in the period, the first time, what became of them, and days they stayed. */
function enteredIn(ctx: Context, { from, to }: Pick<Scope, 'from' | 'to'>): Sql {
  return sql`ways as (select record_id, seq, stage, open, place_in, since, lag(since) over later as until,
        max(reach) over later as furthest, bool_or(lost) over later as ends_lost from s where stage_set
      window later as (partition by record_id order by seq desc rows between unbounded preceding and 1 preceding)),
    entered as (select distinct on (record_id, stage) record_id, stage,
        case when furthest > place_in then 'moved' when ends_lost then 'lost' else 'stayed' end as became,
        case when open then extract(epoch from until - since)::float8 / 86400 end as days
      from ways where since >= ${beginOf(ctx, sql`${from}::date`)} and since < ${endOf(ctx, sql`${to}::date`)}
      order by record_id, stage, seq)`;
}

const Of = Type.Union([
  Type.Object({ kind: Type.Literal('standing'), day: Day, stage: Stage }, { additionalProperties: false }),
  Type.Object(
    {
      kind: Type.Literal('entered'),
      stage: Type.String({ format: 'uuid' }),
      became: Type.Optional(Type.Union(['moved', 'lost', 'stayed'].map(each => Type.Literal(each)))),
    },
    { additionalProperties: false },
  ),
]);

/** Deals that are named at most; how many there are is always told. */
const most = 500;

const Records = Type.Object({ ids: Type.Array(Type.String()), count: Type.Integer() });

export const historyRecordsReport = defineReport('stage-history-records', {
  label: 'Deals behind the pipeline over time',
  description: 'Which deals stood in a stage on a day past, or entered it in a period',
  input: Type.Object({ ...scopeFields, of: Of }, { additionalProperties: false }),
  answer: Records,
  run: async (ctx, { of, ...scope }): Promise<Static<typeof Records>> => {
    const history = await historyOf(ctx, scope);
    const found =
      of.kind === 'standing'
        ? sql`${standingAt(ctx, [of.day], sql`record_id`)} select record_id as id, amount, count(*) over () as "all" from standing
            where stage is not distinct from ${of.stage}::uuid`
        : sql`${enteredIn(ctx, scope)} select record_id as id, null::numeric as amount, count(*) over () as "all" from entered
            where stage = ${of.stage}::uuid ${of.became ? sql`and became = ${of.became}` : sql``}`;
    const rows = await (ctx.tx ?? ctx.db).run<{ id: string; all: string }>(
      sql`with ${history}, ${found} order by amount desc nulls last, id limit ${most}`,
    );
    return { ids: rows.map(({ id }) => id), count: Number(rows[0]?.all ?? 0) };
  },
});
