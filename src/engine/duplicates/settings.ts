/**
 * Rules about duplicates as administrators have them: those declared with another mode or another comparison, switched
 * off, and rules of their own, for every object. They become part of the model, so that nothing else has to know.
 */
import { Type } from 'typebox';
import { requireAdministrator } from '../access/reach.ts';
import { byName, compileInput } from '../api/validate.ts';
import type { Context } from '../context.ts';
import type { Runner } from '../db/database.ts';
import { FarleyError, type Problem } from '../errors.ts';
import type { Field } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import type { DuplicateRule, ObjectSpec } from '../object.ts';
import { note } from '../records/note.ts';
import { tableOf } from '../records/scope.ts';
import { inTransaction } from '../records/write.ts';
import { sql } from '../sql.ts';
import type { Declared } from '../workspace.ts';
import { comparisons } from './compare.ts';
import { scanTask } from './scan.ts';

/** A rule that may be switched off. */
export type RuleSetting = Omit<DuplicateRule, 'mode'> & { mode: DuplicateRule['mode'] | 'off' };

const Rule = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-zA-Z0-9]{0,39}$', description: 'camelCase, a letter first.' }),
    label: Type.String({ minLength: 1, maxLength: 80, description: '“Same e-mail address”' }),
    mode: Type.Union(
      ['block', 'warn', 'review', 'off'].map(mode => Type.Literal(mode)),
      {
        description: 'Refuse the later record, warn while it is entered, only queue the pair, or nothing.',
      },
    ),
    same: byName(Type.String(), {
      description: `Field → comparison, all of which have to hold: ${Object.keys(comparisons).join(', ')}.`,
      minProperties: 1,
      maxProperties: 4,
    }),
  },
  { additionalProperties: false },
);

export const RulesBody = Type.Object(
  { rules: Type.Array(Rule, { maxItems: 20 }) },
  { additionalProperties: false },
);
const readRules = compileInput<{ rules: RuleSetting[] }>(RulesBody);

/** Object → its rules, where an administrator changed them. Read with the model. */
export async function keptRules(db: Runner, schema: string): Promise<Map<string, RuleSetting[]>> {
  const place = `${schema}.duplicate_rules`;
  // A database from before there were any is looked at too, before it is brought up to date.
  const [known] = await db.run<{ there: boolean }>(sql`select to_regclass(${place}) is not null as there`);
  if (!known!.there) return new Map();
  const rows = await db.run<{ object: string; rules: string }>(
    sql`select object, rules::text as rules from ${tableOf(schema, 'duplicate_rules')}`,
  );
  return new Map(rows.map(({ object, rules }) => [object, JSON.parse(rules) as RuleSetting[]]));
}

/** The declaration with the rules in force; declared ones that came after an administrator's change join them. */
export function withRules(spec: ObjectSpec, kept: Map<string, RuleSetting[]>): ObjectSpec {
  const own = kept.get(spec.name);
  if (!own) return spec;
  const names = new Set(own.map(({ name }) => name));
  const on = own.filter((rule): rule is DuplicateRule => rule.mode !== 'off');
  return { ...spec, duplicates: [...on, ...(spec.duplicates ?? []).filter(({ name }) => !names.has(name))] };
}

function declaredRules({ modules }: Declared, object: ObjectModel): DuplicateRule[] {
  const spec = modules.flatMap(module => module.objects).find(({ name }) => name === object.name);
  return spec?.duplicates ?? [];
}

/** All rules of an object, also those switched off; `own` are those of the workspace alone. */
export async function ruleSettings(
  ctx: Context,
  declared: Declared,
  object: ObjectModel,
): Promise<(RuleSetting & { own: boolean })[]> {
  requireAdministrator(ctx);
  const kept = (await keptRules(ctx.tx ?? ctx.db, ctx.schema)).get(object.name) ?? [];
  const names = new Set(kept.map(({ name }) => name));
  const ours = declaredRules(declared, object);
  const all = [...kept, ...ours.filter(({ name }) => !names.has(name))];
  return all.map(rule => ({ ...rule, own: !ours.some(({ name }) => name === rule.name) }));
}

/** Whether a scan is under way or waiting: until it is done, a rule may not see all records that were there before it. */
export async function isFiling(ctx: Context, object: ObjectModel): Promise<boolean> {
  const [row] = await (ctx.tx ?? ctx.db).run<{ filing: boolean }>(
    sql`select exists (select from ${tableOf(ctx.schema, 'job_run')} where job = ${scanTask}
      and state in ('queued', 'running', 'waiting') and payload ->> 'object' = ${object.name}) as filing`,
  );
  return row!.filing;
}

/** Fields that rules can compare: values of their own, not worked out and no lists. */
export function comparable({ system, type }: Field): boolean {
  return !system && type.storage.kind === 'columns' && !type.generated;
}

export interface RulesChange {
  rules: (RuleSetting & { own: boolean })[];
  /** Of the model from now on. */
  version: number;
  changeSet: string;
  /** Records have to be filed anew before all pairs are found. */
  refile: boolean;
}

/** Keeps `input` as the rules of the object; what is declared and not named is switched off. Throws `invalidInput`, `forbidden`. */
export async function changeRules(
  ctx: Context,
  declared: Declared,
  object: ObjectModel,
  input: unknown,
): Promise<RulesChange> {
  requireAdministrator(ctx);
  if (object.spec.administered)
    throw new FarleyError('invalidInput', `${object.spec.plural} are not compared for duplicates.`);
  const { rules: given } = readRules(input);
  refuseRules(object, given);
  return inTransaction(ctx, async (inside, tx) => {
    // The lock first: of two who change rules, one sees what the other did.
    const [row] = await tx.run<{ model_version: number }>(
      sql`update farley.workspace set model_version = model_version + 1 where name = ${ctx.settings.name} returning model_version`,
    );
    const before = (await ruleSettings(inside, declared, object)).map(({ own: _, ...rule }) => rule);
    const kept = await keptText(tx, ctx.schema, object.name);
    const names = new Set(given.map(({ name }) => name));
    const left = declaredRules(declared, object).filter(({ name }) => !names.has(name));
    const rules = [...given, ...left.map(rule => ({ ...rule, mode: 'off' as const }))];
    const text = JSON.stringify(rules);
    await keepRules(inside, tx, object.name, text);
    await note(inside, {
      event: rulesEvent,
      label: `Duplicate rules of ${object.spec.plural.toLowerCase()}`,
      payload: {
        object: object.name,
        rules: JSON.parse(JSON.stringify([before, rules])),
        kept: [kept, text],
      },
    });
    const refile = rules.some(rule => needsFiling(before, rule));
    const all = await ruleSettings(inside, declared, object);
    return { rules: all, version: row!.model_version, changeSet: inside.changeSet!, refile };
  });
}

const rulesEvent = 'duplicates.ruled';

async function keptText(tx: Runner, schema: string, object: string): Promise<string | null> {
  const [row] = await tx.run<{ rules: string }>(
    sql`select rules::text as rules from ${tableOf(schema, 'duplicate_rules')} where object = ${object}`,
  );
  return row?.rules ?? null;
}

/** `null`: as declared. As text, because the order of what a rule compares counts, and `jsonb` would not keep it. */
async function keepRules(ctx: Context, tx: Runner, object: string, rules: string | null) {
  const table = tableOf(ctx.schema, 'duplicate_rules');
  await tx.run(
    rules === null
      ? sql`delete from ${table} where object = ${object}`
      : sql`insert into ${table} (object, rules, at, by)
        values (${object}, ${rules}::json, ${ctx.clock.now().toISOString()}::timestamptz, ${ctx.actor.userId}::uuid)
        on conflict (object) do update set rules = excluded.rules, at = excluded.at, by = excluded.by`,
  );
}

interface RulesNote {
  object: string;
  rules: [RuleSetting[], RuleSetting[]];
  kept?: [string | null, string | null];
}

export interface RulesUndone {
  /** Objects that have their earlier rules again. */
  objects: string[];
  /** Those of which rules were changed once more since: they stay. */
  later: string[];
  /** Those of which records have to be filed anew before all pairs are found. */
  refile: string[];
}

/** Takes back what a change set did to rules; within the undo of it, which raises the version of the model. */
export async function undoRules(ctx: Context, tx: Runner, changeSet: string): Promise<RulesUndone> {
  const done: RulesUndone = { objects: [], later: [], refile: [] };
  const notes = await tx.run<{ payload: string }>(
    sql`select payload::text as payload from ${tableOf(ctx.schema, 'change')}
      where set_id = ${changeSet}::uuid and event = ${rulesEvent} order by seq desc`,
  );
  for (const { payload } of notes) {
    const { object, rules, kept = [null, null] } = JSON.parse(payload) as RulesNote;
    requireAdministrator(ctx);
    const [before, after] = kept;
    if ((await keptText(tx, ctx.schema, object)) !== after) {
      done.later.push(object);
      continue;
    }
    await keepRules(ctx, tx, object, before);
    await note(ctx, {
      event: rulesEvent,
      payload: { object, rules: JSON.parse(JSON.stringify(rules.toReversed())), kept: [after, before] },
    });
    done.objects.push(object);
    if (rules[0].some(rule => needsFiling(rules[1], rule))) done.refile.push(object);
  }
  return done;
}

/** Whether records have to be filed: under keys that are new, or because from now on none may be missing. */
function needsFiling(before: RuleSetting[], rule: RuleSetting): boolean {
  if (rule.mode === 'off') return false;
  const known = before.find(({ name }) => name === rule.name);
  // Large imports leave it to the scan after them while nothing blocks, and a process may have died before its own.
  if (rule.mode === 'block' && known?.mode !== 'block') return true;
  // In their order, which keys depend on: `json` keeps it and `jsonb` would not.
  const same = (a: RuleSetting) => JSON.stringify(Object.entries(a.same));
  return known === undefined || known.mode === 'off' || same(known) !== same(rule);
}

function refuseRules(object: ObjectModel, rules: RuleSetting[]) {
  const problems = rules.flatMap(({ name, same }, index): Problem[] => {
    const at = `/rules/${index}`;
    const problem = (pointer: string, message: string) => ({
      pointer: at + pointer,
      code: 'invalidRule',
      message,
    });
    const twice = rules.findIndex(other => other.name === name) < index;
    return [
      ...(twice ? [problem('/name', `There are two rules called ${name}.`)] : []),
      ...Object.entries(same).flatMap(([field, by]) => {
        const known = object.fields.get(field);
        if (!known) return [problem('/same', `${object.spec.label} has no field called ${field}.`)];
        if (!comparable(known)) return [problem('/same', `${known.label} cannot be compared.`)];
        if (Object.hasOwn(comparisons, by)) return [];
        return [
          problem(
            '/same',
            `There is no comparison called ${by}. Known: ${Object.keys(comparisons).join(', ')}.`,
          ),
        ];
      }),
    ];
  });
  if (problems.length > 0) throw new FarleyError('invalidInput', problems[0]!.message, { problems });
}
