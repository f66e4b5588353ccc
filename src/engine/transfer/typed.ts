/** What an import leaves as it is: values that a person has typed, and fields that would go back. */
import type { Context } from '../context.ts';
import { Refusal } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';
import { parseScopeOf, same } from '../records/draft.ts';
import { storedJson, tableOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import { normalise } from '../search/words.ts';
import { sql } from '../sql.ts';
import type { ImportMap } from './map.ts';

/** Doors through which people type. */
const hands = ['web', 'api'];

/** A record that is to be changed. */
interface Update {
  id: string;
  values: Values;
}

/** A value that stays as it is. */
export interface KeptValue {
  id: string;
  why: string;
  /** What the file says, for people. */
  value: string;
}

/** Takes out of `values` what is to stay as it is, and tells of it. A bounded number of statements per set. */
export async function keepValues(
  ctx: Context,
  object: ObjectModel,
  updates: Update[],
  { overwrite = false, backwards = false }: ImportMap,
): Promise<KeptValue[]> {
  const forward = [...object.fields.values()].filter(field => !backwards && field.options.forward === true);
  const typed = overwrite ? new Map<string, Set<string>>() : await typedFields(ctx, object, updates);
  const concerned = updates.filter(
    ({ id, values }) => typed.has(id) || forward.some(field => values[field.name] !== undefined),
  );
  if (concerned.length === 0) return [];
  const now = await valuesOf(ctx, object, concerned);
  return concerned.flatMap(update => {
    const record = now.get(update.id);
    return record ? keepIn(ctx, object, update, record, { typed: typed.get(update.id), forward }) : [];
  });
}

function keepIn(
  ctx: Context,
  object: ObjectModel,
  { id, values }: Update,
  record: Values,
  { typed, forward }: { typed: Set<string> | undefined; forward: Field[] },
): KeptValue[] {
  return Object.keys(values).flatMap(name => {
    const field = object.fields.get(name)!;
    const before = record[name] ?? null;
    const value = stated(ctx, field, values[name]!);
    if (value instanceof Refusal || same(field, before, value)) return [];
    const byHand = typed?.has(name);
    if (!byHand && !(forward.includes(field) && goesBack(field, before, value))) return [];
    delete values[name];
    const why = byHand
      ? `${field.label}: what someone typed was kept.`
      : `${field.label} was not moved back.`;
    return [{ id, why, value: typeof value === 'string' ? value : JSON.stringify(value) }];
  });
}

/** Puts the links that records have before those that are added. One that says more of a link takes its place. */
export async function addLinks(ctx: Context, object: ObjectModel, updates: Update[], fields: string[]) {
  const concerned = updates.filter(({ values }) => fields.some(name => values[name]));
  if (concerned.length === 0) return;
  const now = await valuesOf(ctx, object, concerned);
  for (const { id, values } of concerned)
    for (const name of fields)
      if (values[name])
        values[name] = joined((now.get(id)?.[name] ?? []) as KnownLink[], values[name] as LinkValue[]);
}

/** A field of one link to which links are added. */
export interface SingleLink {
  name: string;
  /** The field that takes the others; null where there is none. */
  further: string | null;
  /** Roles of the link that comes before the others. */
  first: string[];
}

/** Where one link is held and another is added, the first stays and the others go further; records in which one had no place are answered. */
export async function placeLinks(
  ctx: Context,
  object: ObjectModel,
  updates: Update[],
  { name, further, first }: SingleLink,
): Promise<string[]> {
  const concerned = updates.filter(({ values }) => values[name]);
  if (concerned.length === 0) return [];
  const now = await valuesOf(ctx, object, concerned);
  return concerned.flatMap(({ id, values }) => {
    const { role, ...link } = knownLink(values[name] as LinkValue);
    const had = now.get(id)?.[name] as LinkValue | null | undefined;
    const isFirst = role !== undefined && first.some(word => normalise(word) === normalise(role));
    const other = had && knownLink(had).id !== link.id ? knownLink(had) : null;
    if (!had || (other && isFirst && further)) values[name] = link.id;
    else delete values[name];
    if (!other) return [];
    if (!further) return [id];
    const added = isFirst ? other : { ...link, ...(role === undefined ? {} : { role }) };
    values[further] = [...((values[further] ?? []) as Json[]), added as Json];
    return [];
  });
}

function knownLink(value: LinkValue): KnownLink {
  return typeof value === 'string' ? { id: value } : value;
}

function joined(had: KnownLink[], added: LinkValue[]): Json {
  const all: KnownLink[] = [...had];
  for (const value of added) {
    const link = knownLink(value);
    if (all.some(({ id, role }) => id === link.id && (link.role === undefined || role === link.role)))
      continue;
    const bare = all.findIndex(({ id, role }) => id === link.id && role === undefined);
    all.splice(bare < 0 ? all.length : bare, bare < 0 ? 0 : 1, link);
  }
  return all as Json;
}

type KnownLink = { id: string; role?: string };
type LinkValue = string | KnownLink;

function stated(ctx: Context, field: Field, value: Json): Json | Refusal {
  return value === null ? null : field.type.parse(value, field, parseScopeOf(ctx));
}

function goesBack(field: Field, before: Json, after: Json): boolean {
  const { progress } = field.type;
  if (!progress || before === null) return false;
  return after === null || progress(after, field) < progress(before, field);
}

/** Record → fields whose last change came from a person's hand. What a new record has without being told is not typed. */
async function typedFields(
  ctx: Context,
  object: ObjectModel,
  updates: Update[],
): Promise<Map<string, Set<string>>> {
  const names = [...new Set(updates.flatMap(({ values }) => Object.keys(values)))].filter(
    name => name !== 'externalIds',
  );
  const typed = new Map<string, Set<string>>();
  if (names.length === 0) return typed;
  const ids = updates.map(({ id }) => id);
  const made = names.filter(name => object.spec.fallbacks?.[name]);
  const last = await (ctx.tx ?? ctx.db).run<{
    id: string;
    name: string;
    kind: string;
    value: string;
    whole: string | null;
    by: string;
  }>(
    sql`select id, name, kind, value::text as value, whole, by from (
        select distinct on (c.record_id, f.name) c.record_id as id, f.name, c.kind, c.fields -> f.name -> 1 as value,
          case when c.kind = 'created' and f.name = any(${made}::text[]) then c.fields::text end as whole, s.actor_id as by, s.via
        from ${tableOf(ctx.schema, 'change')} c join ${tableOf(ctx.schema, 'change_set')} s on s.id = c.set_id
          cross join lateral jsonb_object_keys(c.fields) f(name)
        where c.object = ${object.name} and c.record_id = any(${ids}::uuid[]) and c.fields is not null and f.name = any(${names}::text[])
        order by c.record_id, f.name, c.seq desc) l
      where l.by is not null and l.via = any(${hands}::text[])`,
  );
  for (const { id, name, kind, value, whole, by } of last) {
    const field = object.fields.get(name)!;
    const given = JSON.parse(value) as Json;
    const own = whole === null ? (field.options.default ?? null) : madeOf(object, name, whole);
    const byItself =
      kind === 'created' && (name === object.spec.owner ? given === by : same(field, given, own));
    if (!byItself) typed.set(id, (typed.get(id) ?? new Set()).add(name));
  }
  return typed;
}

/** What stood in a field because nobody had stated it. `fields`: the change that made the record. */
function madeOf({ spec }: ObjectModel, name: string, fields: string): Json {
  const changes = Object.entries(JSON.parse(fields) as Record<string, [Json, Json]>);
  const record = Object.fromEntries(changes.map(([field, [, after]]) => [field, after]));
  return spec.fallbacks![name]!.make(record, {});
}

async function valuesOf(ctx: Context, object: ObjectModel, updates: Update[]): Promise<Map<string, Values>> {
  const scope = scopeOf(ctx, object);
  const id = sql.ref(`${scope.alias}.id`);
  const rows = await (ctx.tx ?? ctx.db).run<{ j: string }>(
    sql`select ${storedJson(object, scope)}::text as j from ${scope.source} where ${id} = any(${updates.map(update => update.id)}::uuid[])`,
  );
  return new Map(rows.map(row => JSON.parse(row.j) as Values).map(record => [record.id as string, record]));
}
