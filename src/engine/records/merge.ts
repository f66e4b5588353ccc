/**
 * Merging records that stand for the same thing: one survives, filled from the others; what links to them leads to it;
 * they go to the trash and say where they went. All one change set, so that undo splits them again at any later time.
 */
import { type TObject, Type } from 'typebox';
import { fieldRight, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../db/database.ts';
import { FarleyError, type Problem } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import { isId, sourceOf } from '../id.ts';
import { type ObjectModel, relationOf } from '../model.ts';
import type { Input, ObjectSpec, Values } from '../object.ts';
import { type Sql, sql } from '../sql.ts';
import type { VerbSpec } from '../verb.ts';
import { same } from './draft.ts';
import { find, missing } from './read.ts';
import { cellOf, jsonOf, objectOf, storedJson, tableOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';
import { asEngine, type Operation, write } from './write.ts';

/** Records merged into one at most. */
const maxOthers = 100;
/** Records that are moved by one statement. */
const batchSize = 2_000;

interface MergeInput {
  others: string[];
  values?: Input;
}

/** The verb that every kind of record has, other than those kept by administrators. */
export function mergeVerb({ name, label }: Pick<ObjectSpec, 'name' | 'label'>): VerbSpec {
  const id = Type.String({ format: 'uuid' });
  return {
    name: 'merge',
    object: name,
    label: `Merge ${label.toLowerCase()}`,
    icon: 'arrow-merge',
    description: 'Takes others into this one: it gets what it lacks, and everything that belongs to them.',
    input: Type.Object(
      {
        others: Type.Array(id, { minItems: 1, maxItems: maxOthers, title: 'Merge with' }),
        values: Type.Optional(
          Type.Object({}, { additionalProperties: true, title: 'Values that it is to have' }),
        ),
      },
      { additionalProperties: false },
    ) as TObject,
    event: { sentence: '{actor} merged {others} into {record}', icon: 'arrow-merge' },
    run: async (ctx, survivor, input) => {
      const { others, values } = input as unknown as MergeInput;
      return merge(ctx, name, survivor, others, values ?? {});
    },
  };
}

/** What a merge is going to do, told before it is done. */
export interface MergePreview {
  /** The records as reads show them, the survivor first. */
  records: Values[];
  fields: {
    name: string;
    label: string;
    /** Whether more than one of the records has a value, and not the same. */
    differs: boolean;
    /** The ids of the records whose value is taken; several where lists are united. */
    from: string[];
    editable: boolean;
  }[];
  /** What will lead to the survivor, as far as it is in reach. */
  moves: { object: string; field: string; count: number }[];
  /** Why the actor may not do it, in words, each with the record it is about. */
  refused: { id: string; message: string }[];
}

/** What `merge` would do. Nothing is written. */
export async function previewMerge(
  ctx: Context,
  objectName: string,
  survivor: string,
  others: string[],
): Promise<MergePreview> {
  const object = objectOf(ctx, objectName);
  const merging = await load(ctx, object, survivor, others, false);
  const records = await Promise.all(merging.ids.map(id => find(ctx, objectName, id)));
  const visible = [...object.fields.values()].filter(
    field => unitable(field) && fieldRight(ctx, field) !== 'none',
  );
  const counts = await countLinks(ctx, merging);
  return {
    records,
    fields: visible.map(field => {
      const held = merging.records.filter(record => !isEmpty(record[field.name] ?? null));
      return {
        name: field.name,
        label: field.label,
        differs: held.some(record => !same(field, record[field.name]!, held[0]![field.name]!)),
        from: unite(merging, field).from,
        editable: choosable(ctx, field),
      };
    }),
    moves: counts,
    refused: await refusals(ctx, merging),
  };
}

/** The survivor has to be one that the actor may change, and the others must be theirs to delete. */
async function refusals(ctx: Context, { object, ids }: Merging): Promise<MergePreview['refused']> {
  const scope = scopeOf(ctx, object);
  const id = sql.ref(`${scope.alias}.id`);
  const can = (action: string) => sql`coalesce(${reach(ctx, object, action, scope)}, false)`;
  const rows = await (ctx.tx ?? ctx.db).run<{ id: string; edit: boolean; trash: boolean; merge: boolean }>(
    sql`select ${id} as id, ${can('edit')} as edit, ${can('delete')} as trash, ${can('merge')} as merge
      from ${scope.source} where ${id} = any(${ids}::uuid[])`,
  );
  const what = `this ${object.spec.label.toLowerCase()}`;
  return rows.flatMap(row => {
    const survives = row.id === ids[0];
    if (survives && row.edit && row.merge) return [];
    if (!survives && row.trash) return [];
    const act = survives ? (row.edit ? `merge others into ${what}` : `change ${what}`) : `delete ${what}`;
    return [{ id: row.id, message: `Your role does not allow to ${act}.` }];
  });
}

/**
 * Merges `others` into `survivor`. The survivor keeps its values and gets those it lacks from the others, in their order;
 * lists are united; `values` are what it is to have instead. The actor has to be allowed to change the survivor and to
 * delete the others. Runs inside the verb's transaction, in a number of statements that depends on the model only, and
 * on thousands of what is moved.
 */
async function merge(ctx: Context, objectName: string, survivor: string, others: string[], values: Input) {
  const object = objectOf(ctx, objectName);
  const tx = ctx.tx!;
  refuseValues(ctx, object, values);
  const merging = await load(ctx, object, survivor, others, true);
  const gone = merging.ids.slice(1);
  await moveLinks(ctx, tx, merging);
  // First the others go, so that what is unique to one of them is free for the survivor.
  await write(
    ctx,
    objectName,
    gone.map(id => ({ op: 'delete', id })),
  );
  await write(ctx, objectName, [
    { op: 'update', id: merging.ids[0]!, values: { ...united(merging), ...values } },
  ]);
  const rows = gone.map(record_id => ({ record_id }));
  await tx.run(
    sql`insert into ${tableOf(ctx.schema, 'merged')} (object, record_id, into_id, set_id)
      select ${objectName}, record_id, ${merging.ids[0]!}::uuid, ${ctx.changeSet!}::uuid
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(record_id uuid)`,
  );
  await shareOnward(ctx, tx, ctx.changeSet!);
  const titles = await Promise.all(merging.records.map(record => titleOf(ctx, object, record)));
  const payload = { record: titles[0]!, others: titles.slice(1).join(', '), into: merging.ids[0]! };
  return {
    events: Object.fromEntries(merging.ids.map(id => [id, payload])),
    result: { id: merging.ids[0]!, merged: gone },
  };
}

async function titleOf(ctx: Context, object: ObjectModel, record: Values): Promise<string> {
  const { title } = object;
  const value = record[title.name] ?? null;
  if (value !== null && !title.type.references && title.type.storage.kind !== 'computed')
    return title.type.format(value, title, {
      ...ctx.settings,
      now: ctx.clock.now(),
    });
  return object.spec.label.toLowerCase();
}

interface Merging {
  object: ObjectModel;
  /** The survivor first. */
  ids: string[];
  records: Values[];
}

/** Reads the records, the survivor first. With `lock`, nothing else changes them, or is linked to them, from now on. */
async function load(
  ctx: Context,
  object: ObjectModel,
  survivor: string,
  others: string[],
  lock: boolean,
): Promise<Merging> {
  const ids = [...new Set([survivor, ...others].map(id => id.toLowerCase()))];
  if (!ids.every(isId)) throw missing(object);
  const wrong = (message: string) => {
    const problems: Problem[] = [{ pointer: '/others', code: 'invalidMerge', message }];
    return new FarleyError('invalidInput', message, { problems });
  };
  if (others.some(id => id.toLowerCase() === ids[0])) throw wrong('A record is not merged with itself.');
  if (ids.length - 1 > maxOthers) throw wrong(`At most ${maxOthers} records are merged into one.`);
  const scope = scopeOf(ctx, object);
  const id = sql.ref(`${scope.alias}.id`);
  const chosen = sql`${scope.source} where ${id} = any(${ids}::uuid[]) and ${reach(ctx, object, 'read', scope)}`;
  const runner = ctx.tx ?? ctx.db;
  // The lock first: lists are read as they were when a statement began.
  if (lock)
    await runner.run(sql`select ${id} from ${chosen} order by ${id} for update of ${sql.ref(scope.alias)}`);
  const rows = await runner.run<{ j: string }>(
    sql`select ${storedJson(object, scope)}::text as j from ${chosen}`,
  );
  const found = new Map(
    rows.map(row => JSON.parse(row.j) as Values).map(record => [record.id as string, record]),
  );
  const records = ids.map(each => found.get(each));
  if (!records.every(record => record !== undefined)) throw missing(object);
  if (records.some(record => record.deletedAt))
    throw wrong(`One of these ${object.spec.plural.toLowerCase()} is in the trash.`);
  return { object, ids, records };
}

/** What a person chooses they must be allowed to write; the rest follows from the merge. */
function refuseValues(ctx: Context, object: ObjectModel, values: Input) {
  const problems = Object.keys(values).flatMap((name): Problem[] => {
    const field = object.fields.get(name);
    const pointer = `/values/${name}`;
    if (!field || fieldRight(ctx, field) === 'none')
      return [
        { pointer, code: 'unknownField', message: `${object.spec.label} has no field called ${name}.` },
      ];
    if (choosable(ctx, field)) return [];
    return [{ pointer, code: 'notEditable', message: `${field.label} is not chosen by hand.` }];
  });
  if (problems.length > 0) throw new FarleyError('invalidInput', problems[0]!.message, { problems });
}

function choosable(ctx: Context, field: Field): boolean {
  return unitable(field) && !field.system && fieldRight(ctx, field) === 'edit';
}

/** Fields that the survivor may get from others. What verbs and `derive` set follows from the rest, or stays. */
function unitable(field: Field): boolean {
  if (field.name === 'externalIds') return true;
  const { type, options } = field;
  return !field.system && !type.generated && type.storage.kind !== 'computed' && !options.readOnly;
}

function united(merging: Merging): Input {
  const fields = [...merging.object.fields.values()].filter(unitable);
  return Object.fromEntries(fields.map(field => [field.name, unite(merging, field).value]));
}

/** The survivor's value of a field, and whose it is. */
function unite(merging: Merging, field: Field): { value: Json; from: string[] } {
  const { ids, records } = merging;
  const values = records.map(record =>
    withoutSelf(merging, field, redirect(merging, record[field.name] ?? null)),
  );
  const holders = ids.filter((_, index) => !isEmpty(values[index]!));
  if (field.name === 'externalIds') return { value: unitedIds(values), from: holders };
  if (field.table) return { value: values.flatMap(value => (value ?? []) as Json[]), from: holders };
  // A yes that someone gave ("do not call") is not lost to a no that nobody stated.
  const { default: usual } = field.options;
  const stated =
    typeof usual === 'boolean' ? values.findIndex(value => value !== null && value !== usual) : -1;
  const at = stated >= 0 ? stated : values.findIndex(value => !isEmpty(value));
  return at < 0 ? { value: null, from: [] } : { value: values[at]!, from: [ids[at]!] };
}

/** All ids of other systems; a further one of the same system gets a number, and is found all the same (`sourceOf`). */
function unitedIds(values: Json[]): Json {
  const all: Record<string, string> = {};
  for (const value of values)
    for (const [key, id] of Object.entries((value ?? {}) as Record<string, string>)) {
      const source = sourceOf(key);
      const known = Object.entries(all).some(([other, own]) => sourceOf(other) === source && own === id);
      if (known) continue;
      let name = source;
      for (let n = 2; Object.hasOwn(all, name); n++) name = `${source}--${n}`;
      all[name] = id;
    }
  return all;
}

/** A value of links with the survivor in the place of the others. Ids are the same nowhere else. */
function redirect(merging: Merging, value: Json): Json {
  if (typeof value === 'string') return merging.ids.indexOf(value) > 0 ? merging.ids[0]! : value;
  if (Array.isArray(value)) return value.map(each => redirect(merging, each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, redirect(merging, each)]));
}

/** What links one of the records to another of them would link the survivor to itself. */
function withoutSelf({ object, ids }: Merging, field: Field, value: Json): Json {
  const { references } = field.type;
  if (!references || value === null) return value;
  const self = (each: Json) =>
    references(each, field).some(end => end.object === object.name && end.id === ids[0]);
  if (Array.isArray(value)) return value.filter(each => !self([each]));
  return self(value) ? null : value;
}

function isEmpty(value: Json): boolean {
  if (value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Fields of all objects that may lead to such a record. */
function linksTo(ctx: Context, object: ObjectModel): { owner: ObjectModel; field: Field }[] {
  return [...ctx.model.objects.values()].flatMap(owner =>
    [...owner.fields.values()].flatMap(field => {
      const to = field.type.references && !field.system ? relationOf(field)?.to : undefined;
      return to === object.name || to === '*' ? [{ owner, field }] : [];
    }),
  );
}

/** The predicate over a row of `owner`: the field leads to one of the others. */
function pointsToOthers({ ids }: Merging, field: Field, alias: string, schema: string): Sql {
  const gone = ids.slice(1);
  if (field.table)
    return sql`${sql.ref(`${alias}.id`)} in (select owner_id from ${tableOf(schema, field.table)} where target_id = any(${gone}::uuid[]))`;
  return sql`${cellOf(field, alias)('id')} = any(${gone}::uuid[])`;
}

interface Leading extends Record<string, unknown> {
  object: string;
  id: string;
  field: string;
  value: string;
}

/** Whatever led to the others leads to the survivor, also what is in the trash and may come back. */
async function moveLinks(ctx: Context, tx: Transaction, merging: Merging) {
  const parts = linksTo(ctx, merging.object).map(({ owner, field }) => {
    const scope = scopeOf(asEngine(ctx), owner);
    const id = sql.ref(`${scope.alias}.id`);
    const own = owner === merging.object ? sql`and not ${id} = any(${merging.ids}::uuid[])` : sql``;
    return sql`select ${owner.name}::text as object, ${id} as id, ${field.name}::text as field,
      to_json(${jsonOf(field, scope)})::text as value from ${scope.source}
      where ${pointsToOthers(merging, field, scope.alias, ctx.schema)} ${own}`;
  });
  if (parts.length === 0) return;
  const found = await tx.run<Leading>(sql.join(parts, sql` union all `));
  for (const [name, leading] of Map.groupBy(found, row => row.object)) {
    const changes = new Map<string, Values>();
    for (const { id, field, value } of leading) {
      const values = changes.get(id) ?? {};
      values[field] = redirect(merging, JSON.parse(value) as Json);
      changes.set(id, values);
    }
    const operations = [...changes].map(([id, values]): Operation => ({ op: 'update', id, values }));
    for (let from = 0; from < operations.length; from += batchSize)
      await moveSome(ctx, name, merging, operations.slice(from, from + batchSize));
  }
}

/** A part that the survivor has already, as unique fields tell, stays with what it was part of, and goes with it. */
async function moveSome(ctx: Context, name: string, { object }: Merging, operations: Operation[]) {
  const owner = objectOf(ctx, name);
  const whole = owner.spec.reachedThrough
    ? relationOf(owner.fields.get(owner.spec.reachedThrough)!)?.to
    : null;
  const { results } = await write(asEngine(ctx), name, operations, {
    trusted: true,
    perItem: whole === object.name,
    inTrash: true,
  });
  const refused = results.flatMap(({ problems }) => problems).find(({ code }) => code !== 'duplicate');
  if (refused) throw new FarleyError('inUse', refused.message);
}

async function countLinks(ctx: Context, merging: Merging): Promise<MergePreview['moves']> {
  const parts = linksTo(ctx, merging.object).map(({ owner, field }) => {
    const scope = scopeOf(ctx, owner);
    return sql`select ${owner.name}::text as object, ${field.name}::text as field, count(*) as count from ${scope.source}
      where ${pointsToOthers(merging, field, scope.alias, ctx.schema)}
      and ${sql.ref(`${scope.alias}.deleted_at`)} is null and ${reach(ctx, owner, 'read', scope)}`;
  });
  if (parts.length === 0) return [];
  const found = await (ctx.tx ?? ctx.db).run<MergePreview['moves'][number] & Record<string, unknown>>(
    sql.join(parts, sql` union all `),
  );
  return found.filter(({ count, object, field }) => {
    const own = ctx.model.objects.get(object)!.fields.get(field)!;
    return count > 0 && fieldRight(ctx, own) !== 'none';
  });
}

/** Whoever one of the merged records is shared with has the survivor shared, with the wider right of the two. */
export async function shareOnward(ctx: Context, tx: Transaction, changeSet: string) {
  const share = tableOf(ctx.schema, 'share');
  await tx.run(
    sql`insert into ${share} as kept (object, record_id, grantee_id, access, until, shared_by, at, merged_by)
      select distinct on (m.into_id, s.grantee_id) s.object, m.into_id, s.grantee_id, s.access, s.until, s.shared_by, s.at, m.set_id
      from ${tableOf(ctx.schema, 'merged')} m join ${share} s on s.object = m.object and s.record_id = m.record_id
      where m.set_id = ${changeSet}::uuid and (s.until is null or s.until > ${ctx.clock.now().toISOString()}::timestamptz)
      order by m.into_id, s.grantee_id, s.access, s.until desc nulls first
      on conflict (object, record_id, grantee_id) do update
        set access = excluded.access, until = excluded.until, merged_by = excluded.merged_by,
          prior = jsonb_build_object('access', kept.access, 'until', kept.until, 'mergedBy', kept.merged_by, 'prior', kept.prior)
        where kept.access = 'read' and excluded.access = 'edit'`,
  );
}

/** Takes `shareOnward` back. */
export async function shareBack(ctx: Context, tx: Transaction, changeSet: string) {
  const share = tableOf(ctx.schema, 'share');
  await tx.run(
    sql`with gone as (delete from ${share} where merged_by = ${changeSet}::uuid and prior is null)
      update ${share} set access = prior ->> 'access', until = (prior ->> 'until')::timestamptz,
        merged_by = (prior ->> 'mergedBy')::uuid, prior = nullif(prior -> 'prior', 'null'::jsonb)
      where merged_by = ${changeSet}::uuid and prior is not null`,
  );
}

/** Where a record in the trash went by merging; null where it did not, or where that is out of reach. */
export async function mergedInto(ctx: Context, object: ObjectModel, id: string): Promise<string | null> {
  if (!isId(id)) return null;
  const merged = sql`${tableOf(ctx.schema, 'merged')} m join ${tableOf(ctx.schema, 'change_set')} s on s.id = m.set_id and s.undone_by is null`;
  const scope = scopeOf(ctx, object);
  const end = sql.ref(`${scope.alias}.id`);
  const [row] = await (ctx.tx ?? ctx.db).run<{ id: string }>(
    sql`with recursive way as (
        select m.into_id, 1 as step from ${merged} where m.object = ${object.name} and m.record_id = ${id}::uuid
        union select m.into_id, w.step + 1 from way w join (select m.* from ${merged}) m on m.object = ${object.name} and m.record_id = w.into_id
          where w.step < 100)
      select ${end} as id from way w join ${scope.source} on ${end} = w.into_id
      where ${sql.ref(`${scope.alias}.deleted_at`)} is null and ${reach(ctx, object, 'read', scope)} order by w.step desc limit 1`,
  );
  return row?.id ?? null;
}
