/** Scoring records: points of rules, or the chance that a model gives, kept on the records. */
import {
  asSystem,
  type Context,
  keepMeasured,
  type Past,
  pastOf,
  type Row,
  rowOf,
  rows as rowsOf,
  type Sql,
  sql,
} from '../../../engine/index.ts';
import { fieldsOf, knownOf, sourcesFor } from './facts.ts';
import { chancesOf, type Model } from './learn.ts';
import { pointsSql, type Rule, rulesOf } from './points.ts';
import { type Card, cardOf } from './scorecard.ts';
import { openOf, scored } from './scored.ts';

/** All that scoring one object needs, read once. */
export interface Scoring {
  card: Card;
  rules: Rule[];
  model: Model | null;
}

/** Null where nobody scores it. */
export async function scoringOf(given: Context, object: string): Promise<Scoring | null> {
  const ctx = asSystem(given, 'scoring');
  const card = await cardOf(ctx, { field: 'object', op: 'is', value: object });
  if (!card) return null;
  return { card, rules: await rulesOf(ctx, card), model: await modelOf(ctx, card) };
}

async function modelOf(ctx: Context, card: Card): Promise<Model | null> {
  if (!card.learned || !card.model) return null;
  const [row] = await rowsOf(ctx, 'scoreModel', {
    filter: { field: 'id', op: 'is', value: card.model },
    fields: ['model'],
    limit: 1,
  });
  return (row?.model as unknown as Model | undefined) ?? null;
}

/** Scores from which on points are A, B and C. */
export const gradesOfPoints: [number, number, number] = [75, 50, 25];

const measured = ['score', 'grade', 'scoreParts'];

/** Records of a card that are scored: open ones, and of these those `where` says. */
function chosen({ card }: Scoring, where: (row: Row) => Sql): (row: Row) => Sql {
  const open = openOf(scored[card.object]!);
  return row => sql`${row.holds(open)} and ${where(row)}`;
}

/** What is to be kept of the records that `where` chooses: a statement. With a model, `said` has its scores (id, score). */
export function scoresSql(ctx: Context, scoring: Scoring, where: (row: Row) => Sql, said: Sql | null): Sql {
  const { card, rules, model } = scoring;
  const points = pointsSql(ctx, card, rules, chosen(scoring, where));
  const score = said
    ? sql`coalesce(s.score, round(least(100, greatest(0, p.points))))`
    : sql`round(least(100, greatest(0, p.points)))`;
  const [a, b, c] = model?.grades ?? gradesOfPoints;
  return sql`select id, score::float8 as score, parts as "scoreParts",
      case when score >= ${a}::float8 then 'A' when score >= ${b}::float8 then 'B' when score >= ${c}::float8 then 'C' when score is not null then 'D' end as grade
    from (select p.id, p.parts, ${score} as score from (${points}) p ${said ? sql`left join ${said} on s.id = p.id` : sql``}) r`;
}

/** Scores records by their ids. Answers how many changed. Two statements at most. */
export async function scoreSome(given: Context, scoring: Scoring, ids: string[]): Promise<number> {
  const ctx = asSystem(given, 'scoring');
  const among = (row: Row) => sql`${row.id} = any(${ids}::uuid[])`;
  let said: Sql | null = null;
  if (scoring.model) {
    const pasts = await pastsOf(ctx, scoring, scoring.model, { ids });
    said = saidOf(ctx, scoring.card.object, scoring.model, pasts);
  }
  return keepMeasured(ctx, scoring.card.object, measured, scoresSql(ctx, scoring, among, said));
}

/** Records at a time: small enough that nobody waits for the thread, or for a lock. */
const batch = 5_000;

/** Scores all open records, from `after` on; `step` is told after each batch, and may end it by throwing. */
export async function scoreAll(
  given: Context,
  scoring: Scoring,
  after: string | null,
  step: (last: string, scored: number, changed: number) => Promise<void>,
) {
  const ctx = asSystem(given, 'scoring');
  const underWay: { last: string; records: number; changed: Promise<number> }[] = [];
  const settle = async () => {
    const { last, records, changed } = underWay.shift()!;
    await step(last, records, await changed);
  };
  try {
    for (let from = after; ; ) {
      const { ids, said } = await nextOf(ctx, scoring, from);
      const last = ids.at(-1);
      if (!last) break;
      underWay.push({ last, records: ids.length, changed: keepStretch(ctx, scoring, from, last, said) });
      if (underWay.length === lanes) await settle();
      from = last;
    }
    while (underWay.length > 0) await settle();
  } finally {
    await Promise.allSettled(underWay.map(({ changed }) => changed));
  }
}

/** Stretches written at the same time. */
const lanes = 2;

function keepStretch(ctx: Context, scoring: Scoring, from: string | null, last: string, said: Sql | null) {
  const among = (row: Row) =>
    sql`${row.id} <= ${last}::uuid and ${from ? sql`${row.id} > ${from}::uuid` : sql`true`}`;
  return keepMeasured(ctx, scoring.card.object, measured, scoresSql(ctx, scoring, among, said));
}

/** The next open records by id, and what the model says of them. */
async function nextOf(ctx: Context, scoring: Scoring, after: string | null) {
  const { model, card } = scoring;
  if (model) {
    const pasts = await pastsOf(ctx, scoring, model, { after });
    return { ids: pasts.map(({ id }) => id), said: saidOf(ctx, card.object, model, pasts) };
  }
  const row = rowOf(ctx, card.object);
  const later = after ? sql`${row.id} > ${after}::uuid` : sql`true`;
  const found = await (ctx.tx ?? ctx.db).run<{ id: string }>(
    sql`select ${row.id} as id from ${row.source} where ${row.column('deleted_at')} is null
      and ${chosen(scoring, () => later)(row)} order by ${row.id} limit ${batch}`,
  );
  return { ids: found.map(({ id }) => id), said: null };
}

function pastsOf(
  ctx: Context,
  { card }: Scoring,
  model: Model,
  { ids, after = null }: { ids?: string[]; after?: string | null },
): Promise<Past[]> {
  const of = scored[card.object]!;
  const sources = sourcesFor(ctx, card.object, model.facts);
  return pastOf(ctx, card.object, {
    of: openOf(of),
    won: of.won,
    by: null,
    fields: fieldsOf(sources),
    counting: sources.some(({ fact }) => fact.name === 'activities'),
    ...(ids ? { ids } : {}),
    after,
    limit: ids ? ids.length : batch,
  });
}

/** The scores that a model gives, as a FROM item. */
function saidOf(ctx: Context, object: string, model: Model, pasts: Past[]): Sql {
  const sources = sourcesFor(ctx, object, model.facts);
  const chances = chancesOf(
    model,
    pasts.map(past => knownOf(sources, past)),
  );
  const said = pasts.map(({ id }, at) => ({ id, score: Math.round(chances[at]! * 100) }));
  return sql`json_to_recordset(${JSON.stringify(said)}::json) as s(id uuid, score float8)`;
}
