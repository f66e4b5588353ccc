/** Reports on scores: why one is what it is, how good a model is, and whether the stored sums are right. */
import { type Static, type TSchema, Type } from 'typebox';
import {
  asSystem,
  type Context,
  defineReport,
  FarleyError,
  type Filter,
  fieldRight,
  find,
  type Json,
  may,
  pastOf,
  type Row,
  rowOf,
  rows,
  type Sql,
  sql,
} from '../../../engine/index.ts';
import { fieldsOf, knownOf, sourcesFor, sourcesOf } from './facts.ts';
import { fewest, fewestOfEach, reasonsOf } from './learn.ts';
import { matchesSql, type Part, rulesOf } from './points.ts';
import { scoresSql, scoringOf } from './score.ts';
import { decidedOf, openOf, scored } from './scored.ts';

const id = Type.String({ format: 'uuid' });
const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);

const Input = Type.Object(
  { object: Type.String({ description: 'Name of the object, such as lead.' }) },
  { additionalProperties: false },
);

const Why = Type.Object({
  score: nullable(Type.Number()),
  grade: nullable(Type.String()),
  /** What it is made of: a model's chance, or points alone. */
  by: Type.Enum(['model', 'points']),
  /** What rules give; they add up to the points. */
  parts: Type.Array(
    Type.Object({
      rule: nullable(id),
      /** The rule, or null for a limit. */
      name: nullable(Type.String()),
      /** Group whose limit takes this away. */
      limit: nullable(Type.String()),
      points: Type.Number(),
      since: nullable(Type.String()),
    }),
  ),
  points: nullable(Type.Number()),
  /** Score of the average record, where a model says it. */
  average: nullable(Type.Number()),
  /** What each fact adds to the average, the weightiest first; they add up to the score. */
  reasons: Type.Array(
    Type.Object({
      fact: Type.String(),
      label: Type.String(),
      /** As people read it; null: not known. */
      value: nullable(Type.String()),
      /** The value is too rare to stand for itself. */
      rare: Type.Boolean(),
      points: Type.Number(),
    }),
  ),
  /** Points of facts that the reader may not see. */
  unseen: Type.Number(),
  /** The model in use. */
  model: nullable(id),
});

export type WhyScore = Static<typeof Why>;

export const whyScore = defineReport('whyScore', {
  label: 'Why a score',
  description: 'What makes up the score of a record: points of rules, and what each fact adds',
  input: Type.Object({ object: Type.String(), id }, { additionalProperties: false }),
  answer: Why,
  run: async (ctx, input) => {
    const { card, rules, model } = await cardFor(ctx, input.object);
    const record = await find(ctx, input.object, input.id, { fields: ['score', 'grade', 'scoreParts'] });
    const names = new Map(rules.map(rule => [rule.id, rule.name]));
    const stored = record.scoreParts as unknown as Part[] | null;
    const parts = (stored ?? []).map(part => ({
      rule: part.rule ?? null,
      name: part.rule ? (names.get(part.rule) ?? null) : null,
      limit: part.limit ?? null,
      points: Number(part.points),
      since: part.since ?? null,
    }));
    const learned = model && record.score !== null ? await learnedReasons(ctx, input, model) : null;
    return {
      score: record.score as number | null,
      grade: record.grade as string | null,
      by: model ? ('model' as const) : ('points' as const),
      parts,
      points: stored ? round(parts.reduce((sum, part) => sum + part.points, 0)) : null,
      average: learned?.average ?? null,
      reasons: learned?.reasons ?? [],
      unseen: learned?.unseen ?? 0,
      model: model ? card.model : null,
    };
  },
});

const round = (points: number) => Math.round(points * 10) / 10;

async function cardFor(ctx: Context, object: string) {
  const model = ctx.model.objects.get(object);
  const scoring = model && may(ctx, model, 'read') && object in scored ? await scoringOf(ctx, object) : null;
  if (scoring) return scoring;
  throw new FarleyError('notFound', `Nothing called ${object} is scored.`);
}

/** Facts whose field the reader may not see are told together, and not which they are. */
async function learnedReasons(
  ctx: Context,
  { object, id: record }: { object: string; id: string },
  model: NonNullable<Awaited<ReturnType<typeof scoringOf>>>['model'] & object,
) {
  const sources = sourcesFor(ctx, object, model.facts);
  const of = scored[object]!;
  const read = (filter: Filter, by: string | null) =>
    pastOf(asSystem(ctx, 'scoring'), object, {
      of: filter,
      won: of.won,
      by,
      fields: fieldsOf(sources),
      ids: [record],
      after: null,
      limit: 1,
    });
  // As it is while it is open; once decided, as it was before.
  const [past] = [...(await read(openOf(of), null)), ...(await read(decidedOf(of), of.by))];
  if (!past) return null;
  const known = knownOf(sources, past);
  const { average, reasons } = reasonsOf(model, known);
  const fields = ctx.model.objects.get(object)!.fields;
  const seen = (name: string) => {
    const field = fields.get(name);
    return !field || fieldRight(ctx, field) !== 'none';
  };
  const titles = await titlesOf(ctx, object, reasons);
  const told = reasons.filter(({ name }) => seen(name));
  return {
    average: round(average),
    reasons: told.map(({ name, label, value, other, points }) => ({
      fact: name,
      label,
      value: value === null ? null : (titles.get(value) ?? spoken(ctx, object, name, value)),
      rare: other === true,
      points: round(points),
    })),
    unseen: round(reasons.filter(({ name }) => !seen(name)).reduce((sum, { points }) => sum + points, 0)),
  };
}

/** A value as its field shows it. */
function spoken(ctx: Context, object: string, name: string, value: string): string {
  const field = ctx.model.objects.get(object)!.fields.get(name);
  if (!field?.type.fact || field.type.fact.of || field.type.fact.kind === 'number') return value;
  const { locale, timeZone, country, currency } = ctx.settings;
  return field.type.format(value, field, { locale, timeZone, country, currency, now: ctx.clock.now() });
}

/** Titles of linked records, as far as the reader sees them. */
async function titlesOf(ctx: Context, object: string, reasons: { name: string; value: string | null }[]) {
  const titles = new Map<string, string>();
  const { fields } = ctx.model.objects.get(object)!;
  for (const { name, value } of reasons) {
    const field = fields.get(name);
    const to = field?.type.relation?.(field).to;
    const target = to ? ctx.model.objects.get(to) : undefined;
    if (!value || !target || !field?.type.fact) continue;
    const [row] = await rows(ctx, target.name, {
      filter: { field: 'id', op: 'is', value },
      fields: [target.title.name],
      limit: 1,
    }).catch(() => []);
    const title = row?.[target.title.name] as string | { full?: string } | null | undefined;
    titles.set(value, typeof title === 'string' ? title : (title?.full ?? '…'));
  }
  return titles;
}

const Overview = Type.Object({
  scorecard: id,
  /** Open records, and those that have a score. */
  open: Type.Integer(),
  scored: Type.Integer(),
  /** Outcomes there are, and those won. */
  outcomes: Type.Integer(),
  won: Type.Integer(),
  /** Outcomes needed, and those of either kind. */
  needed: Type.Integer(),
  neededOfEach: Type.Integer(),
  grades: Type.Array(Type.Object({ grade: Type.String(), records: Type.Integer() })),
  rules: Type.Array(Type.Object({ rule: id, records: Type.Integer() })),
  /** Names of what there is to learn from, and whether it is left out by hand. */
  facts: Type.Array(Type.Object({ name: Type.String(), label: Type.String(), excluded: Type.Boolean() })),
  /** The latest model: figures, what it left out and why, and what tells what nobody is to be judged by. */
  figures: Type.Unsafe<Json>({}),
  model: nullable(id),
});

export type ScoringOverview = Static<typeof Overview>;

export const scoringReport = defineReport('scoring', {
  label: 'Scoring',
  description: 'How records of a kind are scored, and how good the scores are',
  input: Input,
  answer: Overview,
  run: async (ctx, { object }) => {
    const { card } = await cardFor(ctx, object);
    const system = asSystem(ctx, 'scoring');
    const of = scored[object]!;
    // Numbers are of what the asker reaches; what they are counted by may be hidden from them.
    const reached = rowOf(ctx, object).reached();
    const row = await counts(system, object, reached);
    const open = (each: Row) => sql`${each.holds(openOf(of))} and ${reached}`;
    const all = await rulesOf(system, card, true);
    const found =
      all.length > 0
        ? await ctx.db.run<{ rule: string; records: number }>(matchesSql(system, card, all, open))
        : [];
    const [latest] = await rows(system, 'scoreModel', {
      filter: { field: 'scorecard', op: 'is', value: card.id },
      fields: ['figures'],
      sort: ['-trainedAt'],
      limit: 1,
    });
    const facts = sourcesOf(ctx, object).used.map(({ fact: { name, label } }) => ({
      name,
      label,
      excluded: card.excluded.includes(name),
    }));
    return {
      scorecard: card.id,
      ...row,
      needed: fewest,
      neededOfEach: fewestOfEach,
      rules: found,
      facts,
      figures: (latest?.figures ?? null) as Json,
      model: (latest?.id as string | undefined) ?? null,
    };
  },
});

async function counts(ctx: Context, object: string, reached: Sql) {
  const of = scored[object]!;
  const row = rowOf(ctx, object);
  const found = await ctx.db.run<{
    grade: string | null;
    open: number;
    won: number;
    lost: number;
    scored: number;
  }>(
    sql`select ${row.column('grade')} as grade, count(*) filter (where ${row.holds(openOf(of))})::int as open,
        count(*) filter (where ${row.holds(openOf(of))} and ${row.column('score')} is not null)::int as scored,
        count(*) filter (where ${row.holds(of.won)})::int as won, count(*) filter (where ${row.holds(of.lost)})::int as lost
      from ${row.source} where ${row.column('deleted_at')} is null and ${reached} group by 1 order by 1`,
  );
  const sum = (pick: (each: (typeof found)[number]) => number) =>
    found.reduce((so, each) => so + pick(each), 0);
  return {
    open: sum(each => each.open),
    scored: sum(each => each.scored),
    outcomes: sum(each => each.won + each.lost),
    won: sum(each => each.won),
    grades: found.flatMap(({ grade, scored: records }) => (grade ? [{ grade, records }] : [])),
  };
}

const Check = Type.Object({
  records: Type.Integer(),
  /** Records whose stored parts or score are not what they come to now. */
  different: Type.Integer(),
  examples: Type.Array(
    Type.Object({ id, stored: nullable(Type.Number()), counted: nullable(Type.Number()) }),
  ),
});

export const checkScores = defineReport('checkScores', {
  label: 'Check of scores',
  description: 'Counts all points anew and names records whose stored ones differ',
  input: Input,
  answer: Check,
  run: async (ctx, { object }) => {
    const scoring = await cardFor(ctx, object);
    const system = asSystem(ctx, 'scoring');
    const row = rowOf(system, object);
    const [found] = await ctx.db.run<{ records: number; different: number; examples: string }>(
      sql`with counted as (${scoresSql(system, { ...scoring, model: null }, () => rowOf(ctx, object).reached(), null)}),
        compared as (select ${row.id} as id, ${row.column('score')} as stored, c.score as counted,
          ${row.column('score_parts')} is distinct from c."scoreParts" ${scoring.model ? sql`` : sql`or ${row.column('score')} is distinct from c.score`} as differs
          from counted c join ${row.source} on ${row.id} = c.id)
        select count(*)::int as records, count(*) filter (where differs)::int as different,
          (select coalesce(json_agg(json_build_object('id', e.id, 'stored', e.stored, 'counted', e.counted)), '[]')::text
            from (select * from compared where differs order by id limit 20) e) as examples from compared`,
    );
    return { ...found!, examples: JSON.parse(found!.examples) as Static<typeof Check>['examples'] };
  },
});
