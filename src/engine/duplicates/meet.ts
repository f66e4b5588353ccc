/**
 * Whoever comes in and is known already is not made twice: the record that a rule of duplicates names takes what is new.
 * One place for every door that asks for it: forms, the API, imports.
 */
import { fieldRight, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import { Refusal } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import { isId, newId } from '../id.ts';
import type { ObjectModel } from '../model.ts';
import type { DuplicateRule, Input, Values } from '../object.ts';
import { parseScopeOf, same } from '../records/draft.ts';
import { objectOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { asEngine, type Operation, write } from '../records/write.ts';
import { sql } from '../sql.ts';
import { textOfValue } from './compare.ts';
import { candidatesOf } from './find.ts';
import { keysOf, levelsOf, rulesHeld, rulesOf } from './rules.ts';

type Inside = Context & { tx: Transaction };

/** What becomes of one that comes in. */
export interface Meeting {
  /** Makes it, or gives the known record what it lacks: to be handed to `write`. */
  operation: Extract<Operation, { op: 'create' | 'update' }>;
  /** The record it is met with, as it stands; null where it is made. */
  known: Values | null;
  /** The label of the rule that says so. */
  by: string | null;
  /** Field → what the record says and what was sent, where they differ. The record's stays. */
  kept: { [field: string]: { known: Json; sent: Json } };
}

/** Keys that are waited for at most. Larger sets are an import's, of which one writes at a time. */
const mostLocks = 1_000;

/**
 * Meets each of `given` with the record it is the same as, by the rules that warn or refuse and that the actor reads; what
 * comes twice in the set is met with its first. Whoever brings the same at the same moment waits. Three statements at most.
 */
export async function meet(ctx: Inside, objectName: string, given: Input[]): Promise<Meeting[]> {
  const object = objectOf(ctx, objectName);
  const rules = rulesOf(object).filter(
    ({ mode, same: by }) =>
      mode !== 'review' && Object.keys(by).every(name => readable(ctx, object.fields.get(name))),
  );
  const drafts = given.map(values => draftOf(ctx, object, values));
  const comes = drafts.map(draft => isOpen(object, draft));
  const keys = drafts.map((draft, at) => (comes[at] ? keysOf(object, draft, rules) : []));
  await wait(ctx, [...new Set(keys.flat())]);
  const known = await knownOf(
    ctx,
    object,
    drafts.filter((_, at) => comes[at]),
    rules,
  );
  const firsts = new Map<string, number[]>();
  const meetings: Meeting[] = [];
  for (const [at, draft] of drafts.entries()) {
    const found = known.get(draft.id as string) ?? earlier(object, rules, drafts, draft, keys[at]!, firsts);
    const values = given[at]!;
    if (found) meetings.push(extending(ctx, object, found, { values, draft }));
    else {
      for (const key of keys[at]!) firsts.set(key, [...(firsts.get(key) ?? []), at]);
      const operation = { op: 'create' as const, values: { ...values, id: draft.id! } };
      meetings.push({ operation, known: null, by: null, kept: {} });
    }
  }
  return meetings;
}

/** Writes down that records were met, and when: once they are written. Answers the change set, if there is something to it. */
export async function markMet(ctx: Inside, objectName: string, ids: string[]): Promise<string | null> {
  const marks = objectOf(ctx, objectName).spec.meets?.marks;
  if (!marks || ids.length === 0) return null;
  const values = { [marks]: ctx.clock.now().toISOString() };
  const updates = [...new Set(ids)].map(id => ({ op: 'update' as const, id, values }));
  return (await write(asEngine(ctx), objectName, updates, { trusted: true })).changeSet;
}

function readable(ctx: Context, field: Field | undefined): boolean {
  return field !== undefined && fieldRight(ctx, field) !== 'none';
}

/** In canonical form, as far as it can be read: what is wrong with the rest is said by whoever writes it. */
function draftOf(ctx: Context, object: ObjectModel, values: Input): Values {
  const scope = parseScopeOf(ctx);
  const entries = Object.entries(values).flatMap(([name, input]): [string, Json][] => {
    const field = object.fields.get(name);
    if (!field || field.type.storage.kind === 'computed' || input === undefined) return [];
    const value = input === null ? null : field.type.parse(input, field, scope);
    return value instanceof Refusal ? [] : [[name, value as Json]];
  });
  const id = typeof values.id === 'string' && isId(values.id) ? values.id : newId();
  return { ...Object.fromEntries(entries), id };
}

/** Whether it is one of those that are met; what says nothing of it is. */
function isOpen(object: ObjectModel, record: Values): boolean {
  const { meets } = object.spec;
  const value = meets ? record[meets.field] : undefined;
  return value === undefined || value === null || !meets || meets.is.includes(value);
}

async function wait(ctx: Inside, keys: string[]) {
  if (keys.length === 0 || keys.length > mostLocks) return;
  await ctx.tx.run(
    sql`select pg_advisory_xact_lock(k.key) from (select key from unnest(${keys.sort()}::bigint[]) as u(key) order by key) k`,
  );
}

interface Found {
  record: Values;
  by: string;
}

/** By the strongest rule; of several the one that was made last. Only what the actor reads and may change. */
async function knownOf(
  ctx: Inside,
  object: ObjectModel,
  drafts: Values[],
  rules: DuplicateRule[],
): Promise<Map<string, Found>> {
  const candidates = await candidatesOf(ctx, ctx.tx, object, drafts, rules);
  const seen = candidates.filter(({ visible, record }) => visible && isOpen(object, record));
  const editable = await editableOf(
    ctx,
    object,
    seen.map(({ record }) => record.id as string),
  );
  const strength = (held: DuplicateRule[]) => Math.min(...held.map(rule => rules.indexOf(rule)));
  const best = seen
    .filter(({ record }) => editable.has(record.id as string))
    .sort(
      (a, b) =>
        strength(a.rules) - strength(b.rules) ||
        String(b.record.createdAt).localeCompare(String(a.record.createdAt)),
    );
  const found = new Map<string, Found>();
  for (const { of, record, rules: held } of best)
    if (!found.has(of)) found.set(of, { record, by: rules[strength(held)]!.label });
  return found;
}

async function editableOf(ctx: Inside, object: ObjectModel, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const scope = scopeOf(ctx, object);
  const id = sql.ref(`${scope.alias}.id`);
  const found = await ctx.tx.run<{ id: string }>(
    sql`select ${id} as id from ${scope.source} where ${id} = any(${ids}::uuid[]) and ${reach(ctx, object, 'edit', scope)}`,
  );
  return new Set(found.map(row => row.id));
}

/** The first of the same set that a rule calls the same. Only those that share a key are compared. */
function earlier(
  object: ObjectModel,
  rules: DuplicateRule[],
  drafts: Values[],
  draft: Values,
  keys: string[],
  firsts: Map<string, number[]>,
): Found | null {
  const places = [...new Set(keys.flatMap(key => firsts.get(key) ?? []))].sort((a, b) => a - b);
  for (const at of places) {
    const [held] = rulesHeld(object, levelsOf(object, draft, drafts[at]!), rules);
    if (held) return { record: drafts[at]!, by: held.label };
  }
  return null;
}

const isEmpty = (value: Json | undefined) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** What the record lacks, and what is always the latest. Its owner stays, and so does everything it says. */
function extending(
  ctx: Context,
  object: ObjectModel,
  { record, by }: Found,
  { values, draft }: { values: Input; draft: Values },
): Meeting {
  const latest: string[] = object.spec.meets?.latest ?? [];
  const taken: Input = {};
  const kept: Meeting['kept'] = {};
  for (const [name, sent] of Object.entries(values)) {
    const field = object.fields.get(name);
    const known = record[name] ?? null;
    if (name === 'externalIds') taken[name] = { ...(sent as Values | null), ...(known as Values | null) };
    else if (isEmpty(sent) || field?.system || name === object.spec.owner) continue;
    else if (!field || latest.includes(name) || isEmpty(known)) taken[name] = sent!;
    else if (readable(ctx, field) && !agrees(field, known, draft[name] ?? null))
      kept[name] = { known, sent: draft[name] ?? sent! };
  }
  // What comes a third time meets what the second one brought as well.
  for (const name of Object.keys(taken)) if (draft[name] !== undefined) record[name] = draft[name];
  return { operation: { op: 'update', id: record.id as string, values: taken }, known: record, by, kept };
}

/** Whether people would say that they are the same, capitals aside. */
function agrees(field: Field, known: Json, sent: Json): boolean {
  const said = (value: Json) => textOfValue(value).trim().toLowerCase();
  return same(field, known, sent) || (said(known) !== '' && said(known) === said(sent));
}
