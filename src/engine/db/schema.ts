/**
 * The schema as declared, against the catalogue of the database → a plan of statements. Plans only ever add; what the
 * declaration no longer has stays where it is, with its data, but for a rule that several fields are unique together, which
 * goes when nothing says it any more: data do not go with it. Renames and back-fills are numbered migrations.
 */
import type { Cell, Field } from '../field.ts';
import { type Model, type ObjectModel, relationOf } from '../model.ts';
import { holdsEmpty, keyOf, uniqueGroups, uniqueIndexName } from '../records/integrity.ts';
import { planStays, staysTable } from '../records/stays.ts';
import { sequenceName } from '../records/store.ts';
import { compile, type Sql, sql } from '../sql.ts';
import type { Runner } from './database.ts';

export interface Step {
  /** For people: "add column deal.close_date". */
  what: string;
  statement: Sql;
  /**
   * How the same is done to a table that others are writing to: `now` in the transaction of the change (null: nothing),
   * `after` by itself when that is done, without keeping writers waiting. Absent: the statement itself is short.
   */
  online?: { now: Sql | null; after: Sql };
}

interface Catalogue {
  tables: Map<string, Map<string, string>>;
  indexes: Set<string>;
  /** Table → its unique indexes but that of its key. */
  unique: Map<string, string[]>;
  constraints: Set<string>;
  /** Links and indexes whose making was broken off. */
  unfinished: Set<string>;
  sequences: Set<string>;
}

/** What has to be done so that the database holds what the model declares. Empty when nothing. */
export async function planSchema(db: Runner, schema: string, model: Model): Promise<Step[]> {
  const catalogue = await readCatalogue(db, schema);
  const tables: Step[] = [];
  const rest: Step[] = [];
  for (const object of model.objects.values()) {
    tables.push(...planTable(schema, object, catalogue));
    rest.push(
      ...planSequences(schema, object, catalogue),
      ...planKeys(schema, object, catalogue, model),
      ...planIndexes(schema, object, catalogue),
      ...planStays(schema, object, catalogue.tables.get(staysTable(object))).map(statement => ({
        what: `keep stays of ${object.table}`,
        statement,
      })),
    );
  }
  return [...tables, ...rest];
}

async function readCatalogue(db: Runner, schema: string): Promise<Catalogue> {
  const [row] = await db.run<{
    columns: string;
    indexes: string;
    uniques: string;
    constraints: string;
    unfinished: string;
    sequences: string;
  }>(sql`select
    (select coalesce(json_agg(json_build_array(c.relname, a.attname, format_type(a.atttypid, a.atttypmod))), '[]') from pg_attribute a
      join pg_class c on c.oid = a.attrelid where c.relnamespace = n.oid and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped)::text as columns,
    (select coalesce(json_agg(relname), '[]') from pg_class where relnamespace = n.oid and relkind = 'i')::text as indexes,
    (select coalesce(json_agg(json_build_array(t.relname, c.relname)), '[]') from pg_index i join pg_class c on c.oid = i.indexrelid
      join pg_class t on t.oid = i.indrelid where c.relnamespace = n.oid and i.indisunique and not i.indisprimary)::text as uniques,
    (select coalesce(json_agg(conname), '[]') from pg_constraint where connamespace = n.oid)::text as constraints,
    (select coalesce(json_agg(u.name), '[]') from (select conname as name from pg_constraint where connamespace = n.oid and not convalidated
      union all select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace = n.oid and not i.indisvalid) u)::text as unfinished,
    (select coalesce(json_agg(relname), '[]') from pg_class where relnamespace = n.oid and relkind = 'S')::text as sequences
    from pg_namespace n where n.nspname = ${schema}`);
  const tables: Catalogue['tables'] = new Map();
  for (const [table, column, type] of JSON.parse(row?.columns ?? '[]') as [string, string, string][]) {
    tables.set(table, (tables.get(table) ?? new Map()).set(column, type));
  }
  const unique = JSON.parse(row?.uniques ?? '[]') as [string, string][];
  const set = (text: string | undefined) => new Set(JSON.parse(text ?? '[]') as string[]);
  return {
    tables,
    indexes: set(row?.indexes),
    unique: new Map(
      [...Map.groupBy(unique, ([table]) => table)].map(([table, all]) => [
        table,
        all.map(([, name]) => name),
      ]),
    ),
    constraints: set(row?.constraints),
    unfinished: set(row?.unfinished),
    sequences: set(row?.sequences),
  };
}

function planTable(schema: string, object: ObjectModel, catalogue: Catalogue): Step[] {
  const steps: Step[] = [];
  const existing = catalogue.tables.get(object.table);
  const columns = [...object.fields.values()].flatMap(columnsOf);
  if (!existing) {
    const definitions = columns.map(({ name, definition }) => sql`${sql.id(name)} ${definition}`);
    steps.push({
      what: `create table ${object.table}`,
      statement: sql`create table ${sql.id(schema, object.table)} (${sql.join(definitions)}, primary key (id))`,
    });
  }
  for (const { name, definition } of existing ? columns : []) {
    if (existing!.has(name)) continue;
    steps.push({
      what: `add column ${object.table}.${name}`,
      statement: sql`alter table ${sql.id(schema, object.table)} add column ${sql.id(name)} ${definition}`,
    });
  }
  for (const field of object.fields.values()) {
    if (field.table && !catalogue.tables.has(field.table)) steps.push(createItemTable(schema, object, field));
  }
  return steps;
}

const systemDefinitions: Record<string, Sql> = {
  id: sql`uuid not null`,
  created_at: sql`timestamptz(3) not null default now()`,
  updated_at: sql`timestamptz(3) not null default now()`,
  version: sql`int not null default 1`,
  external_ids: sql`jsonb not null default '{}'`,
};

function columnsOf(field: Field): { name: string; definition: Sql }[] {
  if (field.type.storage.kind !== 'columns') return [];
  return field.type.storage.columns.map((column, index) => {
    const name = field.columns[index]!;
    const fixed = field.system ? systemDefinitions[name] : undefined;
    return { name, definition: fixed ?? sql.raw(column.type) };
  });
}

/** Items of a list-valued field: `person_companies (owner_id, position, target_id, role …)`. */
function createItemTable(schema: string, object: ObjectModel, field: Field): Step {
  const columns = field.type.storage.kind === 'rows' ? field.type.storage.columns : [];
  const definitions = columns.map(column => sql`${sql.id(column.suffix)} ${sql.raw(column.type)}`);
  return {
    what: `create table ${field.table}`,
    statement: sql`create table ${sql.id(schema, field.table!)} (
      owner_id uuid not null references ${sql.id(schema, object.table)} (id) on delete cascade, position int not null,
      ${sql.join(definitions)}, primary key (owner_id, position))`,
  };
}

function planSequences(schema: string, object: ObjectModel, catalogue: Catalogue): Step[] {
  const generated = [...object.fields.values()].filter(field => field.type.generated);
  return generated.flatMap(field => {
    const name = sequenceName(object, field);
    if (catalogue.sequences.has(name)) return [];
    return [{ what: `create sequence ${name}`, statement: sql`create sequence ${sql.id(schema, name)}` }];
  });
}

/** Links are foreign keys. On a table in use they are added for new rows first and checked against the old ones afterwards. */
function planKeys(schema: string, object: ObjectModel, catalogue: Catalogue, model: Model): Step[] {
  const steps: Step[] = [];
  for (const field of object.fields.values()) {
    const relation = relationOf(field);
    const target = relation && relation.to !== '*' ? model.objects.get(relation.to) : undefined;
    // Who made a record is known to exist, and to look it up again would cost every write.
    if (!target || field.system) continue;
    const table = field.table ?? object.table;
    const column = field.table ? 'target_id' : field.columns[0]!;
    const name = `${table}_${column}_fkey`.slice(0, 63);
    const validate = sql`alter table ${sql.id(schema, table)} validate constraint ${sql.id(name)}`;
    if (catalogue.unfinished.has(name))
      steps.push({ what: `check link ${table}.${column}`, statement: validate });
    if (catalogue.constraints.has(name)) continue;
    const add = sql`alter table ${sql.id(schema, table)} add constraint ${sql.id(name)} foreign key (${sql.id(column)})
      references ${sql.id(schema, target.table)} (id)`;
    const online = { now: sql`${add} not valid`, after: validate };
    steps.push({
      what: `link ${table}.${column} to ${target.table}`,
      statement: add,
      ...(catalogue.tables.has(table) ? { online } : {}),
    });
  }
  return steps;
}

function planIndexes(schema: string, object: ObjectModel, catalogue: Catalogue): Step[] {
  const steps: Step[] = [];
  const add = (table: string, name: string, definition: Sql, unique = false) => {
    const short = name.slice(0, 63);
    if (catalogue.unfinished.has(short)) {
      steps.push({ what: `mend index ${short}`, statement: sql`reindex index ${sql.id(schema, short)}` });
    }
    if (catalogue.indexes.has(short) || steps.some(step => step.what === `index ${short}`)) return;
    const on = sql`${sql.id(short)} on ${sql.id(schema, table)} ${definition}`;
    const online = { now: null, after: sql`create index concurrently ${on}` };
    steps.push({
      what: `index ${short}`,
      statement: sql`create ${unique ? sql`unique index` : sql`index`} ${on}`,
      // What is unique has to hold from the first moment.
      ...(catalogue.tables.has(table) && !unique ? { online } : {}),
    });
  };
  const live = sql`where deleted_at is null`;
  for (const group of uniqueGroups(object)) {
    const keys = sql.join(group.map(field => sql`(${keyOf(field, bareCell(field))})`));
    const empty = holdsEmpty(group) ? sql`nulls not distinct` : sql``;
    add(object.table, uniqueIndexName(object, group), sql`(${keys}) ${empty} ${live}`, true);
  }
  steps.push(...planForgotten(schema, object, catalogue));
  for (const field of object.fields.values()) fieldIndexes(object, field, add);
  for (const order of [
    object.spec.list?.sort ?? ['-createdAt'],
    ['-createdAt'],
    ['-updatedAt'],
    ...(object.spec.indexes ?? []),
  ])
    orderIndex(object, order, add);
  return steps;
}

/** Unique indexes of the declaration as it was. Those that something else made are called otherwise, and stay. */
function planForgotten(schema: string, object: ObjectModel, catalogue: Catalogue): Step[] {
  const declared = new Set(uniqueGroups(object).map(group => uniqueIndexName(object, group)));
  return (catalogue.unique.get(object.table) ?? [])
    .filter(name => name.startsWith(`${object.table}_`) && name.endsWith('_unique') && !declared.has(name))
    .map(name => ({ what: `drop index ${name}`, statement: sql`drop index ${sql.id(schema, name)}` }));
}

type AddIndex = (table: string, name: string, definition: Sql) => void;

/** What filters by this field, paths over it, and lists in its order walk along. */
function fieldIndexes(object: ObjectModel, field: Field, add: AddIndex) {
  const first = field.columns[0];
  const { index } = field.type;
  if (field.table) add(field.table, `${field.table}_target`, sql`(target_id)`);
  else if (first && relationOf(field)) {
    const link = field.columns.at(-1)!;
    add(object.table, `${object.table}_${link}`, sql`(${sql.id(link)}) where ${sql.id(link)} is not null`);
  } else if (first && index && field.options.index !== false)
    add(
      object.table,
      `${object.table}_${first}_${index.using}`,
      sql`using ${sql.raw(index.using)} (${sql.id(first)} ${sql.raw(index.operators ?? '')})`,
    );
  if (!field.options.index) return;
  orderIndex(object, [field.name], add);
  // Where the order begins with what tells values apart, its index serves look-ups too.
  const sorted = sortExpressions(field)?.[0];
  if (first && field.type.key && !(sorted && sameText(sorted, keyOf(field, bareCell(field)))))
    add(object.table, `${object.table}_${first}_key`, sql`((${keyOf(field, bareCell(field))}))`);
}

function sameText(a: Sql, b: Sql): boolean {
  return compile(a).text === compile(b).text;
}

/** An index that a list in this order can walk from any cursor. */
function orderIndex(object: ObjectModel, order: string[], add: AddIndex) {
  const parts: Sql[] = [];
  for (const entry of order) {
    const descending = entry.startsWith('-');
    const expressions = sortExpressions(object.fields.get(descending ? entry.slice(1) : entry));
    if (!expressions) return;
    const direction = descending ? sql`desc nulls last` : sql`asc nulls last`;
    parts.push(...expressions.map(expression => sql`(${expression}) ${direction}`));
  }
  const last = order[0]?.startsWith('-') ? sql`id desc` : sql`id asc`;
  const name = `${object.table}_by_${order.map(entry => entry.replace('-', 'latest_')).join('_')}`;
  add(object.table, name, sql`(${sql.join([...parts, last])}) where deleted_at is null`);
}

/** Sort expressions over bare columns; null when they depend on more than the row. */
function sortExpressions(field: Field | undefined): Sql[] | null {
  if (field?.type.storage.kind !== 'columns' || !field.type.sort) return null;
  // A list sorts links by their titles; an index on the ids serves columns of a board, which are filtered by one id.
  if (relationOf(field)) return [sql.id(field.columns.at(-1)!)];
  const expressions = field.type.sort(bareCell(field), field, undefined as never).map(part => part.sql);
  return expressions.every(expression => compile(expression).values.length === 0) ? expressions : null;
}

/** The columns of a field as the definition of an index names them. */
function bareCell(field: Field): Cell {
  const columns = field.type.storage.kind === 'columns' ? field.type.storage.columns : [];
  return suffix => {
    const index = suffix ? columns.findIndex(column => column.suffix === suffix) : 0;
    return sql.id(field.columns[index] ?? field.columns[0]!);
  };
}
