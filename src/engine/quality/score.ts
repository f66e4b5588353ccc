/** Scores: of one record, and of all in reach. 100 is a record without flaws; each flaw costs its points, down to 0. */
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { isId } from '../id.ts';
import type { ObjectModel } from '../model.ts';
import type { QualityFlaw } from '../object.ts';
import { type Filter, filterSql } from '../records/filter.ts';
import { missing, whereOf } from '../records/read.ts';
import { objectOf, type Scope } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { and, type Sql, sql } from '../sql.ts';
import { type Flaw, flawsOf } from './flaws.ts';

export interface FoundFlaw {
  name: string;
  label: string;
  kind: QualityFlaw['kind'];
  /** Points of 100. */
  costs: number;
  /** The records that have it, as a list takes it. */
  filter: Filter;
}

export interface RecordQuality {
  /** 0 to 100. */
  score: number;
  /** What costs points, the dearest first. */
  flaws: FoundFlaw[];
  /** Points that could be lost, by kind. */
  most: Record<QualityFlaw['kind'], number>;
}

export interface ObjectQuality {
  records: number;
  /** Mean score; null without records. */
  score: number | null;
  /** Records by score: below 20, below 40, … up to 100. */
  bands: number[];
  /** Mean points lost, by kind. */
  lost: Record<QualityFlaw['kind'], number>;
  /** The most frequent first. */
  flaws: (FoundFlaw & { records: number })[];
}

/** How good a record is, by what the actor may read of it. Throws `notFound`. One statement. */
export async function qualityOf(ctx: Context, objectName: string, id: string): Promise<RecordQuality> {
  const object = objectWithFlaws(ctx, objectName);
  if (!isId(id)) throw missing(object);
  const scope = scopeOf(ctx, object);
  const tests = readable(object, scope);
  const [row] = await (ctx.tx ?? ctx.db).run<{ holds: boolean[] }>(
    sql`select array[${sql.join(tests.map(({ holds }) => holds))}]::boolean[] as holds from ${scope.source}
      where ${and([whereOf(scope, {}), sql`${sql.ref(`${scope.alias}.id`)} = ${id}::uuid`])}`,
  );
  if (!row) throw missing(object);
  const flaws = tests.flatMap(({ flaw }, at) => (row.holds[at] ? [found(flaw)] : []));
  return {
    score: Math.max(0, 100 - flaws.reduce((sum, { costs }) => sum + costs, 0)),
    flaws: flaws.sort((a, b) => b.costs - a.costs),
    most: byKind(kind => sumOf(tests.filter(({ flaw }) => flaw.kind === kind).map(({ flaw }) => flaw.costs))),
  };
}

/** How good the records in reach are that match the filter. One statement, one pass over them. */
export async function qualityOfAll(
  ctx: Context,
  objectName: string,
  filter?: Filter,
): Promise<ObjectQuality> {
  const object = objectWithFlaws(ctx, objectName);
  const scope = scopeOf(ctx, object);
  const tests = readable(object, scope);
  const holds = tests.map(({ holds: test }, at) => sql`${test} as ${sql.id(`f${at}`)}`);
  const lostTo = (some: Test[]) =>
    some.length === 0
      ? sql`0`
      : sql.join(
          some.map(test => sql`${sql.id(`f${tests.indexOf(test)}`)}::int * ${sql.lit(test.flaw.costs)}`),
          sql` + `,
        );
  const kinds = byKind(kind => tests.filter(({ flaw }) => flaw.kind === kind));
  const [row] = await (ctx.tx ?? ctx.db).run<Record<string, number | null>>(
    sql`select count(*)::int as records, avg(score)::float8 as score,
        ${sql.join(bands.map(from => sql`count(*) filter (where least(score, 99) / 20 = ${sql.lit(from)})::int as ${sql.id(`b${from}`)}`))},
        ${sql.join(Object.entries(kinds).map(([kind, some]) => sql`coalesce(avg(${lostTo(some)}), 0)::float8 as ${sql.id(`l_${kind}`)}`))},
        ${sql.join(tests.map((_, at) => sql`count(*) filter (where ${sql.id(`f${at}`)})::int as ${sql.id(`n${at}`)}`))}
      from (select *, greatest(0, 100 - (${lostTo(tests)})) as score from
        (select ${sql.join(holds)} from ${scope.source} where ${whereOf(scope, filter ? { filter } : {})}) r) r`,
  );
  const flaws = tests.map(({ flaw }, at) => ({ ...found(flaw), records: row![`n${at}`] as number }));
  return {
    records: row!.records as number,
    score: row!.score as number | null,
    bands: bands.map(from => row![`b${from}`] as number),
    lost: byKind(kind => row![`l_${kind}`] as number),
    flaws: flaws.sort((a, b) => b.records * b.costs - a.records * a.costs),
  };
}

const bands = [0, 1, 2, 3, 4];

interface Test {
  flaw: Flaw;
  holds: Sql;
}

/** What stands in a field that the actor may not read shows neither in a score nor in a count. */
function readable(object: ObjectModel, scope: Scope): Test[] {
  const tests = flawsOf(object).flatMap(flaw => {
    try {
      return [{ flaw, holds: sql`coalesce(${filterSql(flaw.when, scope)}, false)` }];
    } catch (error) {
      if (error instanceof FarleyError && error.problems[0]?.code === 'unknownField') return [];
      throw error;
    }
  });
  if (tests.length > 0) return tests;
  throw new FarleyError(
    'forbidden',
    `What the quality of ${object.spec.plural.toLowerCase()} is told by is hidden from you.`,
  );
}

function objectWithFlaws(ctx: Context, name: string): ObjectModel {
  const object = objectOf(ctx, name);
  if (flawsOf(object).length > 0) return object;
  throw new FarleyError('unknownRoute', `${object.spec.plural} have no measure of quality.`);
}

function found({ name, label, kind, costs, when }: Flaw): FoundFlaw {
  return { name, label, kind, costs, filter: when };
}

function byKind<T>(of: (kind: QualityFlaw['kind']) => T): Record<QualityFlaw['kind'], T> {
  return { completeness: of('completeness'), freshness: of('freshness'), validity: of('validity') };
}

function sumOf(numbers: number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
