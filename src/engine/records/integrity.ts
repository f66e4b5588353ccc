/** What a set of drafts needs of the rest of the database: linked records, unique values, dependants. */
import { reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import type { Problem } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import { isId } from '../id.ts';
import { type ObjectModel, relationOf } from '../model.ts';
import { and, type Sql, sql } from '../sql.ts';
import { keyset, sortKeys } from './cursor.ts';
import { cellOf, jsonOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';
import type { Item } from './write.ts';

/** Links that a new record leaves open and that take the first record there is. One statement for all of them. */
export async function fillFirst(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  const fields = [...object.fields.values()].filter(field => field.options.defaultFirst);
  const open = items.filter(
    item =>
      item.kind === 'created' &&
      item.problems.length === 0 &&
      fields.some(field => (item.record[field.name] ?? null) === null),
  );
  if (open.length === 0) return;
  const firsts = fields.map(field => {
    const target = ctx.model.objects.get(relationOf(field)!.to)!;
    const scope = scopeOf(ctx, target);
    const [page] = keyset(sortKeys(scope, target.spec.list?.sort ?? ['createdAt']), null);
    return sql`(select ${sql.ref(`${scope.alias}.id`)} from ${scope.source} where ${sql.ref(`${scope.alias}.deleted_at`)} is null
      and ${reach(ctx, target, 'read', scope)} order by ${page!.order} limit 1) as ${sql.id(field.name)}`;
  });
  const [row] = await tx.run<Record<string, string | null>>(sql`select ${sql.join(firsts)}`);
  for (const item of open) for (const field of fields) item.record[field.name] ??= row![field.name] ?? null;
}

interface Pointing {
  item: Item;
  field: Field;
  object: string;
  id: string;
  /** Whether the link is new: what was linked before may since have gone out of reach. */
  fresh: boolean;
}

/** Checks that everything linked exists and is in reach, and loads the fields of it that `derive` and `check` need. One statement. */
export async function loadLinked(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  const needs = needsOf(object);
  const pointing = items.flatMap(item =>
    item.problems.length > 0 || item.kind === 'deleted' ? [] : pointingOf(object, item, needs),
  );
  if (pointing.length === 0) return;
  const idsOf = new Map<string, Set<string>>();
  for (const { object: target, id } of pointing) idsOf.set(target, (idsOf.get(target) ?? new Set()).add(id));
  const parts = [...idsOf].flatMap(([target, ids]) => targetPart(ctx, target, [...ids].filter(isId), needs));
  const found =
    parts.length === 0
      ? []
      : await tx.run<{ object: string; id: string; facts: string; editable: boolean }>(
          sql`${sql.join(parts, sql` union all `)}`,
        );
  const byKey = new Map(found.map(row => [`${row.object}/${row.id}`, row]));
  for (const { item, field, object: target, id, fresh } of pointing) {
    const row = byKey.get(`${target}/${id}`);
    const through = field.name === object.spec.reachedThrough && fresh;
    if (row && (!through || row.editable)) {
      const facts = JSON.parse(row.facts) as Record<string, Json>;
      for (const need of needs.get(field.name) ?? [])
        item.linked[`${field.name}.${need}`] = facts[need] ?? null;
    } else if (fresh) {
      const what = ctx.model.objects.get(target)?.spec.label.toLowerCase() ?? 'record';
      item.problems.push({
        pointer: `/${field.name}`,
        code: 'unknownRecord',
        message: `There is no such ${what}, or it is out of your reach.`,
      });
    }
  }
}

/** Link field → fields wanted of what it leads to. */
function needsOf(object: ObjectModel): Map<string, string[]> {
  const needs = new Map<string, string[]>();
  for (const path of object.spec.needs ?? []) {
    const [link, field] = path.split('.') as [string, string];
    needs.set(link, [...(needs.get(link) ?? []), field]);
  }
  return needs;
}

function pointingOf(object: ObjectModel, item: Item, needs: Map<string, string[]>): Pointing[] {
  const all: Pointing[] = [];
  for (const field of object.fields.values()) {
    const value = item.record[field.name] ?? null;
    if (value === null || !field.type.references || field.system) continue;
    const before = item.before?.[field.name] ?? null;
    const known = new Set(
      before === null ? [] : field.type.references(before, field).map(r => `${r.object}/${r.id}`),
    );
    for (const reference of field.type.references(value, field)) {
      const fresh = !known.has(`${reference.object}/${reference.id}`) || item.kind === 'restored';
      if (fresh || needs.has(field.name)) all.push({ item, field, ...reference, fresh });
    }
  }
  return all;
}

function targetPart(ctx: Context, target: string, ids: string[], needs: Map<string, string[]>): Sql[] {
  const object = ctx.model.objects.get(target);
  if (!object || ids.length === 0) return [];
  const scope = scopeOf(ctx, object);
  const wanted = [...new Set([...needs.values()].flat())].flatMap(name => object.fields.get(name) ?? []);
  const facts = wanted.length
    ? sql`(select row_to_json(r) from (select ${sql.join(wanted.map(field => sql`${jsonOf(field, scope)} as ${sql.id(field.name)}`))}) r)::text`
    : sql`'{}'`;
  const id = sql.ref(`${scope.alias}.id`);
  return [
    sql`select ${object.name}::text as object, ${id} as id, ${facts} as facts, coalesce(${reach(ctx, object, 'edit', scope)}, false) as editable
      from ${scope.source} where ${id} = any(${ids}::uuid[]) and ${sql.ref(`${scope.alias}.deleted_at`)} is null
      and ${reach(ctx, object, 'read', scope)}`,
  ];
}

/** The groups of fields that are unique together: single unique fields, and those the object names. */
export function uniqueGroups(object: ObjectModel): Field[][] {
  const single = [...object.fields.values()]
    .filter(field => field.options.unique && field.columns.length > 0)
    .map(field => [field]);
  const together = (object.spec.unique ?? []).map(names => names.map(name => object.fields.get(name)!));
  return [...single, ...together];
}

/** The name of a unique index, by which a violation is told from others. */
export function uniqueIndexName(object: ObjectModel, group: Field[]): string {
  return `${object.table}_${group.map(field => field.columns[0]).join('_')}_unique`.slice(0, 63);
}

/** Finds values that other records, or earlier items of the same set, have already. One statement. */
export async function findDuplicates(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  const live = items.filter(
    item => item.problems.length === 0 && item.kind !== 'deleted' && item.kind !== 'unchanged',
  );
  for (const group of uniqueGroups(object)) {
    const touched = live.filter(
      item =>
        valuesOf(group, item) &&
        (item.kind !== 'updated' || group.some(field => item.changes.has(field.name))),
    );
    if (touched.length === 0) continue;
    const seen = new Set<string>();
    for (const item of touched) {
      const key = JSON.stringify(valuesOf(group, item));
      if (seen.has(key)) item.problems.push(duplicate(object, group, null));
      seen.add(key);
    }
    const taken = await existing(ctx, tx, object, group, touched);
    for (const item of touched) {
      const other = taken.get(JSON.stringify(valuesOf(group, item)));
      if (other && other !== item.id && item.problems.length === 0)
        item.problems.push(duplicate(object, group, other));
    }
  }
}

function valuesOf(group: Field[], item: Item): Json[] | null {
  const values = group.map(field => item.record[field.name] ?? null);
  return values.includes(null) ? null : values;
}

async function existing(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  group: Field[],
  items: Item[],
): Promise<Map<string, string>> {
  const scope = scopeOf(ctx, object);
  const rows = items.map(item => {
    const columns = group.map(field =>
      field.type.storage.kind === 'columns'
        ? field.type.storage.put(item.record[field.name] ?? null)[0]!
        : null,
    );
    return Object.fromEntries(columns.map((value, index) => [`v${index}`, value]));
  });
  const shape = sql.join(
    group.map(
      (field, index) =>
        sql`${sql.id(`v${index}`)} ${sql.raw(field.type.storage.kind === 'columns' ? field.type.storage.columns[0]!.type : 'text')}`,
    ),
  );
  const same = and(
    group.map((field, index) => sql`${cellOf(field, scope.alias)()} = ${sql.id('w', `v${index}`)}`),
  );
  const values = sql.join(group.map(field => jsonOf(field, scope)));
  const found = await tx.run<{ id: string; v: string }>(
    sql`select ${sql.ref(`${scope.alias}.id`)} as id, json_build_array(${values})::text as v from ${scope.source}
      join json_to_recordset(${JSON.stringify(rows)}::json) as w(${shape}) on ${same}
      where ${sql.ref(`${scope.alias}.deleted_at`)} is null`,
  );
  return new Map(found.map(row => [JSON.stringify(JSON.parse(row.v)), row.id]));
}

function duplicate(
  object: ObjectModel,
  group: Field[],
  other: string | null,
): Problem & { existing?: string } {
  const names = group.map(field => field.label.toLowerCase()).join(' and ');
  return {
    pointer: `/${group[0]!.name}`,
    code: 'duplicate',
    message: `Another ${object.spec.label.toLowerCase()} has this ${names} already.`,
    ...(other ? { existing: other } : {}),
  };
}

/** Reads a unique violation of the database as a problem. */
export function duplicateOf(object: ObjectModel, _items: Item[], error: unknown): Problem | null {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== '23505') return null;
  const group = uniqueGroups(object).find(fields => uniqueIndexName(object, fields) === constraint);
  if (group) return duplicate(object, group, null);
  if (constraint === `${object.table}_pkey`)
    return { pointer: '/id', code: 'duplicate', message: 'A record with this id exists already.' };
  return null;
}

/** Refuses to trash what live records cannot do without: a stage that has deals. One statement. */
export async function guardDependants(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  const gone = items
    .filter(item => item.kind === 'deleted' && item.problems.length === 0)
    .map(item => item.id);
  if (gone.length === 0) return;
  const parts: Sql[] = [];
  for (const other of ctx.model.objects.values()) {
    for (const field of other.fields.values()) {
      if (!field.options.required || field.name === other.spec.reachedThrough || field.columns.length !== 1)
        continue;
      if (relationOf(field)?.to !== object.name) continue;
      const scope = scopeOf(ctx, other);
      const target = cellOf(field, scope.alias)();
      const excluded =
        other.name === object.name
          ? sql`and not ${sql.ref(`${scope.alias}.id`)} = any(${gone}::uuid[])`
          : sql``;
      parts.push(
        sql`select ${target} as id, ${other.spec.plural}::text as plural, count(*) as n from ${scope.source}
          where ${target} = any(${gone}::uuid[]) and ${sql.ref(`${scope.alias}.deleted_at`)} is null ${excluded} group by 1`,
      );
    }
  }
  if (parts.length === 0) return;
  const used = await tx.run<{ id: string; plural: string; n: number }>(
    sql`${sql.join(parts, sql` union all `)}`,
  );
  for (const { id, plural, n } of used) {
    const message = `${n} ${plural.toLowerCase()} depend on this ${object.spec.label.toLowerCase()}. Move or delete them first.`;
    items.find(item => item.id === id)?.problems.push({ pointer: '', code: 'inUse', message });
  }
}
