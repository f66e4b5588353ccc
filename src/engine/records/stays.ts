/**
 * Stays: from when to when records had which values of the fields that are `followed`, as rows of typed columns
 * (docs/decisions/0016-stays.md). They say nothing that the change log does not say, and say it without reading JSON: the
 * write path adds to them in the statement that writes the log, undo makes those of its records anew, and the whole table
 * can be made out of the log at any time.
 */
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import type { Field, Json } from '../field.ts';
import { fieldsThat, type ObjectModel } from '../model.ts';
import { type Sql, sql } from '../sql.ts';
import { cellOf, objectOf, putColumns, rowsAs, type Shape, shapeOf, tableOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';
import type { Item } from './write.ts';

/** The fields of an object whose values over time are kept as stays. */
export const followed = fieldsThat(
  ({ options, type }) => options.followed === true && type.storage.kind === 'columns',
);

/** Two underscores in a row, which no name of an object or a field leads to. */
export const staysTable = (object: ObjectModel) => `${object.table}__stays`;

/** Whether a table of a workspace holds stays. */
export const holdsStays = (table: string) => table.endsWith('__stays');

/** The column that says whether a stay begins with a change of the field. */
const setColumn = (field: Field) => `${field.columns[0]!}_set`;

/** Columns with their types: a stay is of a record from `since` to `until` (null: it lasts); `first`: its first one. */
function shapeOfStays(fields: Field[]): Shape {
  const sets = fields.map(field => [setColumn(field), 'boolean'] as const);
  return [
    ['record_id', 'uuid'],
    ['seq', 'bigint'],
    ['since', 'timestamptz'],
    ['until', 'timestamptz'],
    ['first', 'boolean'],
    ...shapeOf(fields, []),
    ...sets,
  ];
}

const namesOf = (shape: Shape) => sql.join(shape.map(([column]) => sql.id(column)));

/** Statements that make the table of an object's stays out of the log; none where `has` (its columns) lacks nothing. */
export function planStays(schema: string, object: ObjectModel, has: ReadonlyMap<string, string> | undefined) {
  const fields = followed(object);
  const shape = shapeOfStays(fields);
  if (fields.length === 0 || (has && shape.every(([column]) => has.has(column)))) return [];
  const table = tableOf(schema, staysTable(object));
  const columns = shape.map(([column, type]) => sql`${sql.id(column)} ${sql.raw(type)}`);
  return [
    ...(has ? [sql`drop table ${table}`] : []),
    // Half of what is written ends a stay: that finds room beside it, and touches no index.
    sql`create table ${table} (${sql.join(columns)}, primary key (record_id, seq)) with (fillfactor = 80)`,
    sql`insert into ${table} (${namesOf(shape)}) ${fromLog(schema, object)}`,
  ];
}

/** Which changes `c` of change sets `s` hold: what was undone did not happen, nor did its undoing. */
const inForce = (schema: string) => sql`s.undone_by is null and not exists (
  select 1 from ${tableOf(schema, 'change_set')} u where u.id = s.undoes and u.undone_by = s.id)`;

/** The stays of an object, or of records that `only` (a condition on `c.record_id`) names, as the log tells them. */
function fromLog(schema: string, object: ObjectModel, only: Sql = sql`true`): Sql {
  const fields = followed(object);
  // The latest value that was written is the greatest text that begins with the place of its change in the log.
  const latest = fields.map(
    field => sql`substr(max(case when fields ? ${sql.lit(field.name)}
      then lpad(seq::text, 20, '0') || (fields -> ${sql.lit(field.name)} -> 1)::text end collate "C") over along, 21)::jsonb as ${sql.id(`v_${field.name}`)},
      fields ? ${sql.lit(field.name)} as ${sql.id(setColumn(field))}`,
  );
  const values = fields.flatMap(field => restored(field, sql.id(`v_${field.name}`)));
  const sets = fields.map(field => sql.id(setColumn(field)));
  return sql`select record_id, seq, at, until, first, ${sql.join([...values, ...sets])} from (
    select record_id, seq, at, lead(at) over along as until, row_number() over along = 1 as first, ${sql.join(latest)}
    from (select c.record_id, c.seq, c.fields, case when c.kind = 'created' then least(c.at, t.created_at) else c.at end as at
      from ${tableOf(schema, 'change')} c join ${tableOf(schema, object.table)} t on t.id = c.record_id
        left join ${tableOf(schema, 'change_set')} s on s.id = c.set_id
      where c.object = ${sql.lit(object.name)} and ${changesSome(fields)} and ${only} and ${inForce(schema)}) moves
    window along as (partition by record_id order by seq)) each`;
}

const changesSome = (fields: Field[]) =>
  sql`c.fields ?| array[${sql.join(fields.map(({ name }) => sql.lit(name)))}]`;

function restored({ type: { storage } }: Field, json: Sql): Sql[] {
  if (storage.kind !== 'columns') return [];
  return (
    storage.restore?.(json) ?? storage.columns.map(({ type }) => sql`(${json} #>> '{}')::${sql.raw(type)}`)
  );
}

/** What is the same for all writes of an object: the columns of a new stay, and the statements around them. */
interface Making {
  fields: Field[];
  shape: Shape;
  ended: Sql;
  /** Of records that are new, and of others. */
  begun: { fresh: Sql; further: Sql };
}

const makings = new WeakMap<ObjectModel, Map<string, Making>>();

function makingOf(schema: string, object: ObjectModel): Making {
  const known = makings.get(object) ?? new Map<string, Making>();
  makings.set(object, known);
  const found = known.get(schema);
  if (found) return found;
  const fields = followed(object);
  const table = tableOf(schema, staysTable(object));
  const sets = fields.map(field => sql.id(setColumn(field)));
  const columns = fields.flatMap(field => field.columns.map(column => sql.id(column)));
  const kept = fields.flatMap(field =>
    field.columns.map(
      column =>
        sql`case when n.${sql.id(setColumn(field))} then n.${sql.id(column)} else e.${sql.id(column)} end`,
    ),
  );
  const begun = (
    first: Sql,
    values: Sql[],
    more: Sql,
  ) => sql`insert into ${table} (record_id, seq, since, first, ${sql.join([...columns, ...sets])})
    select n.record_id, c.seq, n.since, ${first}, ${sql.join([...values, ...sets.map(set => sql`n.${set}`)])}
    from stays_new n join changes c on c.record_id = n.record_id ${more}`;
  const making = {
    fields,
    shape: shapeOfStays(fields).filter(([column]) => !['seq', 'until', 'first'].includes(column)),
    ended: sql`update ${table} s set until = n.since from stays_new n
      where s.record_id = n.record_id and s.until is null returning s.*`,
    begun: {
      fresh: begun(
        sql`true`,
        columns.map(column => sql`n.${column}`),
        sql``,
      ),
      further: begun(
        sql`e.record_id is null`,
        kept,
        sql`left join stays_ended e on e.record_id = n.record_id`,
      ),
    },
  };
  known.set(schema, making);
  return making;
}

/**
 * Parts of the statement that writes a set: the stays that end with it, and those that begin. They stand beside the part
 * `changes`, which answers `record_id` and `seq`. None where nothing followed changes.
 */
export function stayParts(ctx: Context, object: ObjectModel, items: Item[], now: string): [string, Sql][] {
  const moved = items.filter(({ changes }) => followed(object).some(({ name }) => changes.has(name)));
  if (moved.length === 0) return [];
  const { fields, shape, ended, begun } = makingOf(ctx.schema, object);
  const rows: [string, Sql] = [
    'stays_new',
    sql`select * from ${rowsAs(
      shape,
      moved.map(item => newStay(fields, item, now)),
    )}`,
  ];
  if (moved.every(({ kind }) => kind === 'created')) return [rows, ['stays_begun', begun.fresh]];
  return [rows, ['stays_ended', ended], ['stays_begun', begun.further]];
}

function newStay(fields: Field[], { id, kind, record, changes }: Item, now: string) {
  const made = kind === 'created' && typeof record.createdAt === 'string' ? record.createdAt : now;
  const row: Record<string, Json> = { record_id: id, since: made < now ? made : now };
  for (const field of fields) {
    const change = changes.get(field.name);
    row[setColumn(field)] = change !== undefined;
    putColumns(row, field, change?.[1] ?? null);
  }
  return row;
}

/** The stays of all records that some change sets have changed, made anew out of the log: what is in force is another now. */
export async function renewStays(ctx: Context, tx: Transaction, changeSets: string[]) {
  for (const object of ctx.model.objects.values()) {
    const fields = followed(object);
    if (fields.length === 0) continue;
    const touched = sql`select c.record_id from ${tableOf(ctx.schema, 'change')} c
      where c.object = ${object.name} and c.set_id = any(${changeSets}::uuid[]) and ${changesSome(fields)}`;
    // Whoever writes to one of them at this moment is waited for.
    const [some] =
      await tx.run(sql`select count(*) as n from (select 1 from ${tableOf(ctx.schema, object.table)}
      where id in (${touched}) order by id for no key update) locked having count(*) > 0`);
    if (!some) continue;
    const [table, shape] = [tableOf(ctx.schema, staysTable(object)), shapeOfStays(fields)];
    await tx.run(sql`delete from ${table} where record_id in (${touched})`);
    await tx.run(sql`insert into ${table} (${namesOf(shape)})
      ${fromLog(ctx.schema, object, sql`c.record_id in (${touched})`)}`);
  }
}

/** A column that a field is kept in: `part` names another than the first, such as the `currency` of an amount. */
export interface StayColumn {
  field: string;
  part?: string;
}

/**
 * The stays of the records of a CTE called `of` (`id`) between changes of some fields that are followed, as a CTE to be put
 * after `with`. `name` has record_id, seq, since, until (null: it lasts), `first`, each column (null where it was empty) and
 * `…_set`: whether it was written by the change that the stay begins with. What was undone did not happen. `beside` names
 * columns of `of` that come along; `from` (a moment) leaves out what had ended before.
 * `parted`: changes of other fields that are followed may part a stay into several that say the same; what held at a moment
 * is found without putting them together.
 */
export function stays(
  ctx: Context,
  objectName: string,
  columns: Record<string, StayColumn>,
  of: string,
  name: string,
  { beside = [], from, parted = false }: { beside?: string[]; from?: Sql; parted?: boolean } = {},
): Sql {
  const object = objectOf(ctx, objectName);
  const asked = new Set(Object.values(columns).map(({ field }) => field));
  const fields = followed(object).filter(field => asked.has(field.name));
  if (fields.length < asked.size) throw new Error(`Not all of these fields of ${objectName} are followed.`);
  const cells = Object.entries(columns).map(([column, { field: wanted, part }]) => {
    const field = fields.find(each => each.name === wanted)!;
    return sql`, ${cellOf(field, 's')(part)} as ${sql.id(column)}, s.${sql.id(setColumn(field))} as ${sql.id(`${column}_set`)}`;
  });
  const along = beside.map(column => sql`, p.${sql.id(column)}`);
  // Where changes of other fields end stays too, those that nobody asked for are one with what was before.
  const whole = parted || fields.length === followed(object).length;
  const times = whole
    ? sql`s.since, s.until, s.first`
    : sql`s.since, lead(s.since) over along as until, row_number() over along = 1 as first`;
  const some = sql.join(
    fields.map(field => sql`s.${sql.id(setColumn(field))}`),
    sql` or `,
  );
  const all = sql`select s.record_id, s.seq, ${times}${sql.join([...cells, ...along], sql``)}
    from ${tableOf(ctx.schema, staysTable(object))} s join ${sql.id(of)} p on p.id = s.record_id
    ${whole ? sql`` : sql`where ${some} window along as (partition by s.record_id order by s.seq)`}`;
  return sql`${sql.id(name)} as (select * from (${all}) each ${from ? sql`where until is null or greatest(since, until) >= ${from}` : sql``})`;
}

/**
 * The changes of a field of the records of a CTE (`id`, `created_at`), with when each counts from, and the `value` as JSON, as
 * a CTE. Those before `from` may be left out.
 */
export function movesOf(
  ctx: Context,
  object: ObjectModel,
  field: Field,
  { of, name, from }: { of: string; name: string; from?: string | null },
): Sql {
  if (followed(object).includes(field)) {
    const cell = cellOf(field, 's');
    const since = from
      ? sql`and (s.until is null or greatest(s.since, s.until) >= ${from}::timestamptz)`
      : sql``;
    return sql`${sql.id(name)} as (select s.record_id, s.seq, s.since as at, to_jsonb(${field.type.json?.(cell, field, scopeOf(ctx, object)) ?? cell()}) as value
      from ${tableOf(ctx.schema, staysTable(object))} s join ${sql.id(of)} p on p.id = s.record_id where s.${sql.id(setColumn(field))} ${since})`;
  }
  const value = sql`c.fields -> ${field.name}::text -> 1`;
  // Which fields a change has is looked up once it is known that it is of one of the records: `offset 0` keeps that order.
  return sql`${sql.id(name)} as materialized (select c.record_id, c.seq, ${value} as value,
        case when c.kind = 'created' then least(c.at, c.created_at) else c.at end as at
      from (select c.record_id, c.seq, c.kind, c.at, c.fields, c.set_id, p.created_at
          from ${tableOf(ctx.schema, 'change')} c join ${sql.id(of)} p on p.id = c.record_id
          where c.object = ${object.name} and c.fields is not null offset 0) c
        left join ${tableOf(ctx.schema, 'change_set')} s on s.id = c.set_id
      where c.fields ? ${field.name}::text and ${inForce(ctx.schema)})`;
}

/** How many stays of the workspace are not as the log tells them: 0, or there is a defect. `mend`: they are made anew. */
export async function checkStays(ctx: Context, { mend = false } = {}): Promise<number> {
  return ctx.db.for('upkeep').transaction(async tx => {
    let differing = 0;
    for (const object of ctx.model.objects.values()) {
      const shape = shapeOfStays(followed(object));
      if (followed(object).length === 0) continue;
      const table = tableOf(ctx.schema, staysTable(object));
      if (mend) await tx.run(sql`lock table ${table} in share row exclusive mode`);
      const [kept, told] = [sql`select ${namesOf(shape)} from ${table}`, fromLog(ctx.schema, object)];
      const [row] = await tx.run<{ n: number }>(
        sql`with kept as materialized (${kept}), told as materialized (${told})
          select (select count(*) from (table kept except table told) a)::int + (select count(*) from (table told except table kept) b)::int as n`,
      );
      differing += row!.n;
      if (!mend || row!.n === 0) continue;
      await tx.run(sql`delete from ${table}`);
      await tx.run(sql`insert into ${table} (${namesOf(shape)}) ${told}`);
    }
    return differing;
  });
}
