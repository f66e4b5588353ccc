/**
 * Putting a checked set into the database: rows, items of list-valued fields, change log and search entries, each
 * set-based, in one statement, so that history can never miss what the table has.
 */
import { asSystem } from '../access/actor.ts';
import { reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import { keyParts } from '../duplicates/find.ts';
import type { Field, Json, Storage } from '../field.ts';
import { sourceOf } from '../id.ts';
import { enqueue } from '../jobs/queue.ts';
import { fieldsThat, type ObjectModel } from '../model.ts';
import type { Values, Written } from '../object.ts';
import { keepWords, newWords, wordsKept } from '../search/vocabulary.ts';
import { entryOf, indexed, titleWords } from '../search/words.ts';
import { type Sql, sql } from '../sql.ts';
import { parseScopeOf } from './draft.ts';
import { plainJson } from './read.ts';
import { putColumns, rowsAs, type Shape, shapeOf, tableOf, textOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';
import { followed, stayParts } from './stays.ts';
import type { Item } from './write.ts';

/** What a writer knows of what it stores. */
export interface Storing {
  /** Nothing else is written after this. */
  last: boolean;
  /** The record of the set is wanted as a read would show it. */
  answer: boolean;
  /** The change set begins with this statement. */
  begins: boolean;
}

/** Stores the set; answers its one record as JSON text, where that was wanted and can be told without reading it again. */
export async function storeItems(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  items: Item[],
  storing: Storing,
): Promise<string | null> {
  await giveNumbers(ctx, tx, object, items);
  const now = ctx.clock.now().toISOString();
  const jobs = jobsAfter(object, items, now);
  const titleFollows = titleIsComputed(object);
  const [row] = await tx.run<{ answer: string | null }>(
    storeStatement(ctx, tx, object, items, now, storing),
    storing.last && jobs.length === 0 && !titleFollows,
  );
  if (titleFollows) await nameByTitle(ctx, tx, object, items);
  if (jobs.length > 0) await enqueue(ctx, tx, jobs);
  return row?.answer ?? null;
}

export function titleIsComputed({ title }: ObjectModel): boolean {
  return title.type.relation !== undefined || title.type.storage.kind === 'computed';
}

function storeStatement(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  items: Item[],
  now: string,
  { answer, begins }: Storing,
): Sql {
  const created = items.filter(item => item.kind === 'created');
  const changed = items.filter(item => item.kind !== 'created');
  const parts: [string, Sql][] = [];
  const told = answer && items.length === 1 && standsAlone(ctx, object, items[0]!);
  if (created.length > 0) parts.push(['created', insertRows(ctx, object, created, now, told)]);
  if (changed.length > 0) parts.push(['updated', updateRows(ctx, object, changed, now)]);
  parts.push(
    ...itemRows(ctx, object, items),
    ...externalIds(ctx, object, items),
    ...keyParts(ctx, object, items),
  );
  parts.push(
    ['change_set_kept', insertChangeSet(ctx, now, begins)],
    ['changes', insertChanges(ctx, object, items, now)],
    ...stayParts(ctx, object, items, now),
  );
  parts.push(...searchEntries(ctx, tx, object, items));
  const stored = sql.join(parts.map(([name, part]) => sql`${sql.id(name)} as (${part})`));
  return sql`with ${stored} select ${told ? createdJson(ctx, object) : sql`null`} as answer`;
}

/**
 * Whether a new record can be shown out of its row. Lists, links to itself, and what is computed of other records, among
 * which it may be, are there after the statement only.
 */
function standsAlone(ctx: Context, object: ObjectModel, item: Item): boolean {
  if (item.kind !== 'created' || computed(object).length > 0) return false;
  return leading(object).every(field => {
    const value = item.record[field.name] ?? null;
    if (value === null) return true;
    if (field.table) return false;
    const ends = field.type.references?.(value, field) ?? [];
    return ends.every(end => {
      const target = ctx.model.objects.get(end.object);
      return end.id !== item.id && target !== undefined && !titleIsComputed(target);
    });
  });
}

const computed = fieldsThat(field => field.type.storage.kind === 'computed');
const leading = fieldsThat(
  field => !field.system && (field.table !== undefined || field.type.references !== undefined),
);

/** The row that the statement makes, as `read` shows it; null where its maker cannot reach it. */
function createdJson(ctx: Context, object: ObjectModel): Sql {
  const scope = scopeOf(ctx, object);
  const source = sql`created as ${sql.ref(scope.alias)}`;
  return sql`(select ${plainJson(ctx, object, undefined, true)}::text from ${source} where ${reach(ctx, object, 'read', scope)})`;
}

/** A title that is a link or computed is known to the database alone, once the record is there. */
export async function nameByTitle(
  ctx: Context,
  tx: Transaction,
  object: ObjectModel,
  items: { id: string }[],
) {
  const scope = scopeOf(asSystem(ctx, 'search index'), object);
  const id = sql.ref(`${scope.alias}.id`);
  const titles = await tx.run<{ id: string; title: string | null }>(
    sql`select ${id} as id, ${textOf(object.title, scope)} as title from ${scope.source}
      where ${id} = any(${items.map(item => item.id)}::uuid[])`,
  );
  const rows = titles.map(({ id: record_id, title }) => ({
    record_id,
    title: title ?? '',
    title_words: titleWords(title ?? ''),
    words: [...indexed([title ?? ''])].join(' '),
  }));
  await tx.run(
    sql`update ${tableOf(ctx.schema, 'search_entry')} s set title = r.title, title_words = r.title_words, words = s.words || r.words
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(record_id uuid, title text, title_words text, words tsvector)
      where s.object = ${object.name} and s.record_id = r.record_id`,
  );
}

const generated = fieldsThat(field => field.type.generated === true);

/** Fields whose values Farley gives (auto numbers) take them from their sequence before anything is written. */
async function giveNumbers(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]) {
  const created = items.filter(item => item.kind === 'created');
  if (created.length === 0) return;
  for (const field of generated(object)) {
    const wanting = created.filter(item => (item.record[field.name] ?? null) === null);
    if (wanting.length === 0) continue;
    const sequence = `${ctx.schema}.${sequenceName(object, field)}`;
    const numbers = await tx.run<{ n: number }>(
      sql`select nextval(${sequence}::regclass) as n from generate_series(1, ${wanting.length}::int)`,
    );
    for (const [index, item] of wanting.entries()) {
      const value = field.type.number!(Number(numbers[index]!.n), field);
      item.record[field.name] = value;
      item.changes.set(field.name, [null, value]);
    }
  }
}

export function sequenceName(object: ObjectModel, field: Field): string {
  return `${object.table}_${field.columns[0]}_sequence`;
}

/** The fields kept in the object's own table, other than what the engine keeps itself. */
const columnFields = fieldsThat(
  field => field.columns.length > 0 && (!field.system || field.name === 'externalIds'),
);

/** What all rows of an object are made with. */
interface RowMaking {
  columns: Sql;
  shape: Shape;
  /** With when and by whom they were made elsewhere. */
  earlier: Shape;
}

const rowMaking = new WeakMap<ObjectModel, RowMaking>();

function rowMakingOf(object: ObjectModel): RowMaking {
  let known = rowMaking.get(object);
  if (!known) {
    const fields = columnFields(object);
    const columns = sql.join(fields.flatMap(field => field.columns.map(column => sql.id(column))));
    const made: Shape = [
      ['id', 'uuid'],
      ['created_at', 'timestamptz'],
      ['created_by_id', 'uuid'],
    ];
    known = { columns, shape: shapeOf(fields, [['id', 'uuid']]), earlier: shapeOf(fields, made) };
    rowMaking.set(object, known);
  }
  return known;
}

function insertRows(ctx: Context, object: ObjectModel, items: Item[], now: string, told: boolean): Sql {
  const fields = columnFields(object);
  const past = items.some(({ record }) => record.createdAt || record.createdBy);
  const rows = items.map(item => {
    const row: Record<string, Json> = { id: item.id };
    if (past) Object.assign(row, { created_at: item.record.createdAt, created_by_id: item.record.createdBy });
    // What is left out is null to PostgreSQL too, and most columns of most records are.
    for (const field of fields) {
      const value = item.record[field.name] ?? null;
      if (value !== null) putColumns(row, field, value);
    }
    row.external_ids ??= {};
    return row;
  });
  const { columns, shape, earlier } = rowMakingOf(object);
  const by = sql`${ctx.actor.userId}::uuid`;
  const at = sql`${now}::timestamptz`;
  const [madeAt, madeBy] = past
    ? [sql`coalesce(r.created_at, ${at})`, sql`coalesce(r.created_by_id, ${by})`]
    : [at, by];
  return sql`insert into ${tableOf(ctx.schema, object.table)} (id, created_at, created_by_id, updated_at, updated_by_id, version, ${columns})
    select id, ${madeAt}, ${madeBy}, ${at}, ${by}, 1, ${columns}
    from ${rowsAs(past ? earlier : shape, rows)}${told ? sql` returning *` : sql``}`;
}

/** Sets every column that any item of the set changes; rows are locked, so the others keep their value. */
function updateRows(ctx: Context, object: ObjectModel, items: Item[], now: string): Sql {
  const touched = new Set(items.flatMap(item => [...item.changes.keys()]));
  const fields = columnFields(object).filter(field => touched.has(field.name));
  const rows = items.map(item => {
    const row: Record<string, Json> = { id: item.id, deleted_at: item.record.deletedAt ?? null };
    for (const field of fields) putColumns(row, field, item.record[field.name] ?? null);
    return row;
  });
  const shape = shapeOf(fields, [
    ['id', 'uuid'],
    ['deleted_at', 'timestamptz'],
  ]);
  const sets = fields.flatMap(field =>
    field.columns.map(column => sql`${sql.id(column)} = r.${sql.id(column)}`),
  );
  const trash = touched.has('deletedAt') ? [sql`deleted_at = r.deleted_at`] : [];
  const all = sql.join([
    ...sets,
    ...trash,
    sql`version = t.version + 1`,
    sql`updated_at = ${now}::timestamptz`,
    sql`updated_by_id = ${ctx.actor.userId}::uuid`,
  ]);
  return sql`update ${tableOf(ctx.schema, object.table)} t set ${all}
    from ${rowsAs(shape, rows)}
    where t.id = r.id`;
}

const lists = fieldsThat(field => field.type.storage.kind === 'rows');

/** Items of list-valued fields: those of changed records are replaced as a whole. */
function itemRows(ctx: Context, object: ObjectModel, items: Item[]): [string, Sql][] {
  return lists(object).flatMap(field => {
    const changed = items.filter(item => item.changes.has(field.name));
    return changed.length > 0 && field.type.storage.kind === 'rows'
      ? listRows(ctx, field, field.type.storage, changed)
      : [];
  });
}

function listRows(
  ctx: Context,
  field: Field,
  storage: Extract<Storage<Json>, { kind: 'rows' }>,
  items: Item[],
): [string, Sql][] {
  const table = tableOf(ctx.schema, field.table!);
  const names = storage.columns.map(column => column.suffix);
  const rows = items.flatMap(item => {
    const value = item.record[field.name] ?? null;
    return (value === null ? [] : storage.put(value)).map((entry, position) => ({
      owner_id: item.id,
      position,
      ...Object.fromEntries(names.map((name, index) => [name, entry[index] ?? null])),
    }));
  });
  const lengths = new Map(items.filter(item => item.kind !== 'created').map(item => [item.id, 0]));
  for (const { owner_id } of rows)
    if (lengths.has(owner_id)) lengths.set(owner_id, lengths.get(owner_id)! + 1);
  const columns = sql.join(['owner_id', 'position', ...names].map(name => sql.id(name)));
  const shape = sql.join([
    sql`owner_id uuid`,
    sql`position int`,
    ...storage.columns.map(c => sql`${sql.id(c.suffix)} ${sql.raw(c.type)}`),
  ]);
  const parts: [string, Sql][] = [];
  // The parts of one statement run in no certain order: places are written over, and only those left over are deleted.
  const kept = JSON.stringify([...lengths].map(([owner_id, n]) => ({ owner_id, n })));
  if (lengths.size > 0)
    parts.push([
      `${field.name}_gone`,
      sql`delete from ${table} i using json_to_recordset(${kept}::json) as r(owner_id uuid, n int)
        where i.owner_id = r.owner_id and i.position >= r.n`,
    ]);
  const over = sql.join(names.map(name => sql`${sql.id(name)} = excluded.${sql.id(name)}`));
  if (rows.length > 0)
    parts.push([
      `${field.name}_items`,
      sql`insert into ${table} (${columns}) select ${columns} from json_to_recordset(${JSON.stringify(rows)}::json) as r(${shape})
        on conflict (owner_id, position) do update set ${over}`,
    ]);
  return parts;
}

/** Ids of other systems, where they can be looked up: those that changed records no longer have go, new ones come. */
function externalIds(ctx: Context, object: ObjectModel, items: Item[]): [string, Sql][] {
  const changed = items.filter(item => item.changes.has('externalIds'));
  if (changed.length === 0) return [];
  const table = tableOf(ctx.schema, 'external_id');
  const rows = changed.flatMap(({ id, record }) =>
    Object.entries((record.externalIds ?? {}) as Record<string, string>).map(([name, key]) => ({
      id,
      source: sourceOf(name),
      key,
    })),
  );
  const now = sql`json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, source text, key text)`;
  const parts: [string, Sql][] = [];
  const known = changed.filter(item => item.kind !== 'created').map(item => item.id);
  if (known.length > 0)
    parts.push([
      'ids_gone',
      sql`delete from ${table} e where e.record_id = any(${known}::uuid[]) and e.object = ${object.name}
        and not exists (select 1 from ${now} where r.id = e.record_id and r.source = e.source and r.key = e.key)`,
    ]);
  if (rows.length > 0)
    parts.push([
      'ids_kept',
      sql`insert into ${table} (object, source, key, record_id) select ${object.name}, r.source, r.key, r.id from ${now}
        on conflict do nothing`,
    ]);
  return parts;
}

function insertChangeSet(ctx: Context, now: string, begins: boolean): Sql {
  return sql`insert into ${tableOf(ctx.schema, 'change_set')} (id, at, actor_id, actor_name, via, request_id, verb, undoes, label)
    values (${ctx.changeSet}::uuid, ${now}::timestamptz, ${ctx.actor.userId}::uuid, ${ctx.actor.name}, ${ctx.via},
      ${ctx.requestId}, ${ctx.verb ? `${ctx.verb.object}.${ctx.verb.name}` : null}, ${ctx.undoes ?? null}::uuid, ${ctx.label ?? null})
    ${begins ? sql`` : sql`on conflict (id) do nothing`}`;
}

const changeShape: Shape = [
  ['record_id', 'uuid'],
  ['kind', 'text'],
  ['version', 'int'],
  ['fields', 'jsonb'],
  ['prior_at', 'timestamptz'],
  ['prior_by', 'uuid'],
];

function insertChanges(ctx: Context, object: ObjectModel, items: Item[], now: string): Sql {
  const rows = items.map(item => ({
    record_id: item.id,
    kind: item.kind,
    version: ((item.before?.version as number | undefined) ?? 0) + 1,
    fields: Object.fromEntries(item.changes),
    prior_at: item.before?.updatedAt ?? null,
    prior_by: item.before?.updatedBy ?? null,
  }));
  return sql`insert into ${tableOf(ctx.schema, 'change')} (set_id, object, record_id, kind, version, fields, at, prior_at, prior_by)
    select ${ctx.changeSet}::uuid, ${object.name}, record_id, kind, version, fields, ${now}::timestamptz, prior_at, prior_by
    from ${rowsAs(changeShape, rows)}${followed(object).length > 0 ? sql` returning record_id, seq` : sql``}`;
}

const entryShape: Shape = [
  ['record_id', 'uuid'],
  ['title', 'text'],
  ['title_words', 'text'],
  ['words', 'tsvector'],
  ['parts', 'jsonb'],
];

/** Entries of the search index, for records whose searchable text has changed, and the words that are new to it. */
function searchEntries(ctx: Context, tx: Transaction, object: ObjectModel, items: Item[]): [string, Sql][] {
  const searchable = (name: string) =>
    object.fields.get(name)?.type.searchText !== undefined || name === object.title.name;
  const scope = parseScopeOf(ctx);
  const entry = (item: Item) => ({ record_id: item.id, ...entryOf(object, item.record, scope) });
  const added = items.filter(item => item.kind === 'created').map(entry);
  const stale = items
    .filter(item => item.kind !== 'created' && [...item.changes.keys()].some(searchable))
    .map(entry);
  const parts: [string, Sql][] = [];
  const insert = (
    rows: ReturnType<typeof entry>[],
  ) => sql`insert into ${tableOf(ctx.schema, 'search_entry')} (object, record_id, title, title_words, words, parts)
    select ${object.name}, record_id, title, title_words, words, parts
    from ${rowsAs(entryShape, rows)}`;
  if (added.length > 0) parts.push(['search_added', insert(added)]);
  if (stale.length > 0)
    parts.push([
      'search_kept',
      sql`${insert(stale)} on conflict (object, record_id) do update set title = excluded.title, title_words = excluded.title_words,
        words = excluded.words, parts = excluded.parts`,
    ]);
  const words = newWords(ctx, [...added, ...stale]);
  if (words.length > 0) parts.push(['words_kept', keepWords(ctx, words)]);
  tx.onCommit(() => wordsKept(ctx, words));
  return parts;
}

/** The third hook: it enqueues only, inside the transaction. */
function jobsAfter(object: ObjectModel, items: Item[], now: string) {
  const jobs: { task: string; payload: Record<string, Json> }[] = [];
  object.spec.after?.(
    items.map(item => writtenOf(item, now)),
    (task, payload) => jobs.push({ task, payload }),
  );
  return jobs;
}

function writtenOf(item: Item, now: string): Written {
  const kind = item.kind as Written['kind'];
  return { kind, record: { ...item.record, id: item.id, updatedAt: now } as Values, before: item.before };
}
