/** What a set of drafts needs of the rest of the database: linked records, unique values, dependants. */
import { reach, USER } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import type { Problem } from '../errors.ts';
import type { Cell, Field, Json, Reference } from '../field.ts';
import { isId } from '../id.ts';
import { fieldsThat, type Model, type ObjectModel, relationOf } from '../model.ts';
import type { Values } from '../object.ts';
import { and, type Sql, sql, yes } from '../sql.ts';
import { keyset, sortKeys } from './cursor.ts';
import { unstated } from './draft.ts';
import { cellOf, jsonOf, putColumns, rowsAs, shapeOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';
import type { Item } from './write.ts';

const takingFirst = fieldsThat(
  field => field.options.defaultFirst !== undefined && field.options.defaultFirst !== false,
);

/** Links that a new record leaves open and that take the first record there is. One statement for all of them. */
export async function fillFirst(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  const fields = takingFirst(object);
  if (fields.length === 0) return;
  const open = items.filter(
    item => item.kind === 'created' && fields.some(field => (item.record[field.name] ?? null) === null),
  );
  if (open.length === 0) return;
  const firsts = sql.join(
    fields.map(field => firstsOf(ctx, field)),
    sql` union all `,
  );
  const found = await tx.run<{ field: string; within: string | null; id: string }>(firsts);
  const first = new Map(found.map(({ field, within, id }) => [`${field} ${within ?? ''}`, id]));
  for (const item of open)
    for (const field of fields) {
      const { defaultFirst } = field.options;
      const within = typeof defaultFirst === 'string' ? (item.record[defaultFirst] ?? '') : '';
      item.record[field.name] ??= first.get(`${field.name} ${within}`) ?? null;
    }
}

/** The first record that a link can lead to, or the first of each group that the link is narrowed to. */
function firstsOf(ctx: Context, field: Field): Sql {
  const target = ctx.model.objects.get(relationOf(field)!.to)!;
  const scope = scopeOf(ctx, target);
  const [page] = keyset(sortKeys(scope, target.spec.list?.sort ?? ['createdAt']), null);
  const { defaultFirst } = field.options;
  const group = typeof defaultFirst === 'string' ? target.fields.get(defaultFirst) : undefined;
  const within = group ? cellOf(group, scope.alias)() : sql`null::uuid`;
  return sql`(select distinct on (${within}) ${field.name}::text as field, ${within} as within, ${sql.ref(`${scope.alias}.id`)} as id
    from ${scope.source} where ${sql.ref(`${scope.alias}.deleted_at`)} is null and ${reach(ctx, target, 'read', scope)}
    order by ${within}, ${page!.order})`;
}

interface Pointing {
  item: Item;
  field: Field;
  object: string;
  id: string;
  /** Whether it must be there: what was linked before may since have gone out of reach. */
  fresh: boolean;
}

interface Linked {
  facts: Record<string, Json>;
  editable: boolean;
}

/** Checks that everything linked exists and is in reach, and loads the fields of it that `derive` and `check` need. One statement. */
export async function loadLinked(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  const needs = needsOf(object, items);
  const pointing = items.flatMap(item =>
    item.kind === 'refused' || item.kind === 'deleted' ? [] : pointingOf(ctx, object, item, needs),
  );
  if (pointing.length === 0) return;
  const found = await loadTargets(ctx, tx, pointing, needs);
  for (const item of items)
    if (item.kind === 'created')
      found.set(`${object.name}/${item.id}`, { facts: item.record, editable: true });
  for (const each of pointing) follow(ctx, object, each, found.get(`${each.object}/${each.id}`), needs);
}

function follow(
  ctx: Context,
  object: ObjectModel,
  { item, field, object: target, fresh }: Pointing,
  linked: Linked | undefined,
  needs: Map<string, string[]>,
) {
  const through = field.name === object.spec.reachedThrough && fresh;
  if (linked && (!through || linked.editable)) {
    // Of several links the first counts.
    for (const need of needs.get(field.name) ?? [])
      item.linked[`${field.name}.${need}`] ??= linked.facts[need] ?? null;
  } else if (fresh) {
    const what = ctx.model.objects.get(target)?.spec.label.toLowerCase() ?? 'record';
    item.problems.push({
      pointer: `/${field.name}`,
      code: 'unknownRecord',
      message: `There is no such ${what}, or it is out of your reach.`,
    });
  }
}

async function loadTargets(
  ctx: Context,
  tx: Transaction,
  pointing: Pointing[],
  needs: Map<string, string[]>,
): Promise<Map<string, Linked>> {
  const idsOf = new Map<string, Set<string>>();
  for (const { object, id } of pointing) idsOf.set(object, (idsOf.get(object) ?? new Set()).add(id));
  const parts = [...idsOf].flatMap(([target, ids]) => targetPart(ctx, target, [...ids].filter(isId), needs));
  if (parts.length === 0) return new Map();
  const rows = await tx.run<{ object: string; id: string; facts: string; editable: boolean }>(
    sql`${sql.join(parts, sql` union all `)}`,
  );
  return new Map(
    rows.map(({ object, id, facts, editable }) => [
      `${object}/${id}`,
      { facts: JSON.parse(facts) as Linked['facts'], editable },
    ]),
  );
}

/** Link field → fields wanted of what it leads to, or its title. */
function needsOf(object: ObjectModel, items: Item[]): Map<string, string[]> {
  const needs = new Map<string, string[]>();
  const made = new Set(
    object.spec.fallbacks ? items.flatMap(item => unstated(object, item).flatMap(([, { of }]) => of)) : [],
  );
  for (const path of [...(object.spec.needs ?? []), ...[...made].filter(path => path.includes('.'))]) {
    const [link, field] = path.split('.') as [string, string];
    needs.set(link, [...(needs.get(link) ?? []), field]);
  }
  return needs;
}

const pointers = fieldsThat(field => field.type.references !== undefined && !field.system);

function pointingOf(ctx: Context, object: ObjectModel, item: Item, needs: Map<string, string[]>): Pointing[] {
  const all: Pointing[] = [];
  for (const field of pointers(object)) {
    const value = item.record[field.name] ?? null;
    if (value === null) continue;
    const references = (of: Json) => field.type.references!(of, field);
    const before = item.before?.[field.name] ?? null;
    const known = new Set(before === null ? [] : references(before).map(keyOfReference));
    // What comes back from the trash needs what it cannot be without; its other links may lead into the trash.
    const again = item.kind === 'restored' && field.options.required === true && !ctx.undoes;
    for (const reference of references(value)) {
      const fresh = (again || !known.has(keyOfReference(reference))) && !isSelf(ctx, reference);
      if (fresh || needs.has(field.name)) all.push({ item, field, ...reference, fresh });
    }
  }
  return all;
}

function keyOfReference({ object, id }: Reference): string {
  return `${object}/${id}`;
}

/** Everyone may name themselves, even who may not read the list of users. */
function isSelf(ctx: Context, { object, id }: Reference): boolean {
  return object === USER && id === ctx.actor.userId;
}

function targetPart(ctx: Context, target: string, ids: string[], needs: Map<string, string[]>): Sql[] {
  const object = ctx.model.objects.get(target);
  if (!object || ids.length === 0) return [];
  const scope = scopeOf(ctx, object);
  const id = sql.ref(`${scope.alias}.id`);
  const wanted = [...new Set([...needs.values()].flat())].flatMap(name => {
    const field = object.fields.get(name);
    if (name === 'title' && !field) return [sql`${scope.titleOf(target, id)} as title`];
    return field ? [sql`${jsonOf(field, scope)} as ${sql.id(name)}`] : [];
  });
  const facts = wanted.length
    ? sql`(select row_to_json(r) from (select ${sql.join(wanted)}) r)::text`
    : sql`'{}'`;
  // Undo puts a link back even where its end has gone to the trash since.
  const live = ctx.undoes ? yes : sql`${sql.ref(`${scope.alias}.deleted_at`)} is null`;
  // The lock that the foreign key takes anyway, before the check and not after it: who trashes the record waits, or is waited for.
  return [
    sql`select * from (select ${object.name}::text as object, ${id} as id, ${facts} as facts, coalesce(${reach(ctx, object, 'edit', scope)}, false) as editable
      from ${scope.source} where ${id} = any(${ids}::uuid[]) and ${live}
      and ${reach(ctx, object, 'read', scope)} order by ${id} for key share of ${sql.ref(scope.alias)}) l`,
  ];
}

/** The groups of fields that are unique together: single unique fields, and those the object names. */
export function uniqueGroups(object: ObjectModel): Field[][] {
  const known = groupsOf.get(object) ?? groupsIn(object);
  groupsOf.set(object, known);
  return known;
}

const groupsOf = new WeakMap<ObjectModel, Field[][]>();

function groupsIn(object: ObjectModel): Field[][] {
  const single = [...object.fields.values()]
    .filter(field => field.options.unique && field.columns.length > 0)
    .map(field => [field]);
  const named = (groups: string[][] = []) => groups.map(names => names.map(name => object.fields.get(name)!));
  const withEmpty = named(object.spec.uniqueWithEmpty);
  for (const group of withEmpty) emptyCounts.add(group);
  return [...single, ...named(object.spec.unique), ...withEmpty];
}

const emptyCounts = new WeakSet<Field[]>();

/** Whether the database holds records with the same empty field to be the same, too. */
export const holdsEmpty = (group: Field[]): boolean => emptyCounts.has(group);

/** Whether values of a group are held against others: what is empty is like nothing else, unless the group says so. */
export function tellsApart(group: Field[], record: Values): boolean {
  return group.every(
    field => (record[field.name] ?? null) !== null || (holdsEmpty(group) && !field.options.required),
  );
}

/** The name of a unique index, by which a violation is told from others. */
export function uniqueIndexName(object: ObjectModel, group: Field[]): string {
  return `${object.table}_${group.map(field => field.columns[0]).join('_')}_unique`.slice(0, 63);
}

/** The value that tells records apart, in columns of a row: what `unique` compares. */
export function keyOf(field: Field, cell: Cell): Sql {
  return field.type.key ? field.type.key(cell) : cell();
}

interface Claim {
  item: Item;
  group: Field[];
}

/** A claimed value: the record that has it, if any and if the actor may know which. */
interface Taken extends Record<string, unknown> {
  n: number;
  key: string;
  id: string | null;
  visible: boolean;
}

/** Finds values that other records, or earlier items of the same set, have already. One statement. */
export async function findDuplicates(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  const claims: Claim[] = [];
  const parts: Sql[] = [];
  for (const group of uniqueGroups(object)) {
    const first = claims.length;
    claims.push(...items.filter(item => claimsAnew(group, item)).map(item => ({ item, group })));
    if (claims.length > first) parts.push(holders(ctx, object, group, claims, first));
  }
  if (parts.length === 0) return;
  const taken = await tx.run<Taken>(sql`${sql.join(parts, sql` union all `)}`);
  const seen = new Set<string>();
  for (const { n, key, id, visible } of taken.sort((a, b) => a.n - b.n)) {
    const { item, group } = claims[n]!;
    const claimed = `${group.map(field => field.name).join()} ${key}`;
    const other = id !== null && id !== item.id;
    if (seen.has(claimed) || other)
      item.problems.push(duplicate(object, group, other && visible ? id : null));
    seen.add(claimed);
  }
}

function claimsAnew(group: Field[], item: Item): boolean {
  if (item.kind === 'refused' || item.kind === 'deleted' || item.kind === 'unchanged') return false;
  if (item.record.deletedAt || !tellsApart(group, item.record)) return false;
  return item.kind !== 'updated' || group.some(field => item.changes.has(field.name));
}

/** Who holds the values claimed, from the claim numbered `first` on. */
function holders(ctx: Context, object: ObjectModel, group: Field[], claims: Claim[], first: number): Sql {
  const scope = scopeOf(ctx, object);
  const rows = claims.slice(first).map(({ item }, index) => {
    const row: Record<string, Json> = { n: first + index };
    for (const field of group) putColumns(row, field, item.record[field.name] ?? null);
    return row;
  });
  const claimed = group.map(field => keyOf(field, cellOf(field, 'w')));
  const same = and(
    group.map((field, index) => {
      // No index finds what is not distinct: only what may be empty is compared by it.
      const equals = holdsEmpty(group) && !field.options.required ? sql`is not distinct from` : sql`=`;
      return sql`${keyOf(field, cellOf(field, scope.alias))} ${equals} ${claimed[index]!}`;
    }),
  );
  return sql`select w.n, jsonb_build_array(${sql.join(claimed)})::text as key, ${sql.ref(`${scope.alias}.id`)} as id,
      coalesce(${reach(ctx, object, 'read', scope)}, false) as visible
    from ${rowsAs(shapeOf(group, [['n', 'int']]), rows, 'w')}
    left join ${scope.source} on ${same} and ${sql.ref(`${scope.alias}.deleted_at`)} is null`;
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
export function duplicateOf(object: ObjectModel, error: unknown): Problem | null {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== '23505') return null;
  const group = uniqueGroups(object).find(fields => uniqueIndexName(object, fields) === constraint);
  if (group) return duplicate(object, group, null);
  // Of a new record's row and search entry, either may be the first to meet its id.
  if (constraint === `${object.table}_pkey` || constraint === 'search_entry_pkey')
    return { pointer: '/id', code: 'duplicate', message: 'A record with this id exists already.' };
  return null;
}

/** The objects reached through this one, with the link by which they are. */
export function partsOf(model: Model, object: ObjectModel): { part: ObjectModel; link: Field }[] {
  return [...model.objects.values()].flatMap(part => {
    const link = part.spec.reachedThrough ? part.fields.get(part.spec.reachedThrough) : undefined;
    return link && relationOf(link)?.to === object.name ? [{ part, link }] : [];
  });
}

/** Refuses to trash what live records cannot do without: a stage that has deals. One statement. */
export async function guardDependants(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  const gone = items
    .filter(item => item.kind === 'deleted' && item.problems.length === 0)
    .map(item => item.id);
  if (gone.length === 0) return;
  const parts = [...ctx.model.objects.values()].flatMap(other =>
    [...other.fields.values()]
      .filter(field => dependsOn(other, field, object))
      .map(field => dependants(ctx, other, field, object, gone)),
  );
  if (parts.length === 0) return;
  const used = await tx.run<{ id: string; plural: string; n: number }>(
    sql`${sql.join(parts, sql` union all `)}`,
  );
  for (const { id, plural, n } of used) {
    const message = `${n} ${plural.toLowerCase()} depend on this ${object.spec.label.toLowerCase()}. Move or delete them first.`;
    items.find(item => item.id === id)?.problems.push({ pointer: '', code: 'inUse', message });
  }
}

/** Parts go with the whole; other records that cannot be without a link stand in its way. */
function dependsOn(other: ObjectModel, field: Field, object: ObjectModel): boolean {
  if (!field.options.required || field.name === other.spec.reachedThrough) return false;
  return field.columns.length === 1 && relationOf(field)?.to === object.name;
}

function dependants(
  ctx: Context,
  other: ObjectModel,
  field: Field,
  object: ObjectModel,
  gone: string[],
): Sql {
  const scope = scopeOf(ctx, other);
  const target = cellOf(field, scope.alias)();
  const excluded =
    other.name === object.name ? sql`and not ${sql.ref(`${scope.alias}.id`)} = any(${gone}::uuid[])` : sql``;
  return sql`select ${target} as id, ${other.spec.plural}::text as plural, count(*) as n from ${scope.source}
    where ${target} = any(${gone}::uuid[]) and ${sql.ref(`${scope.alias}.deleted_at`)} is null ${excluded} group by 1`;
}
