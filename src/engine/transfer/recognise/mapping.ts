/** From what columns become to the import map: parts put together, links followed, dates, numbers and words read. */
import { USER } from '../../access/reach.ts';
import type { Context } from '../../context.ts';
import { Refusal } from '../../errors.ts';
import type { Field } from '../../field.ts';
import { relationOf } from '../../model.ts';
import { parseScopeOf } from '../../records/draft.ts';
import type { FieldMap, ImportMap, LinkMap, TextMap } from '../map.ts';
import { type Assigned, wholePart } from './assign.ts';
import { plain, type Source } from './dictionary.ts';
import { formOf } from './shapes.ts';
import { type Target, targetOf } from './targets.ts';

export interface Mapping {
  ctx: Context;
  source: Source;
  assigned: Assigned[];
  /** Names of the objects that come along. */
  objects: Set<string>;
  /** Source of external ids. */
  system: string;
  /** How its ids may be written. */
  ids?: TextMap['take'];
  /** What stands between several records in one cell. */
  between?: string;
  /** The zone of clock times; absent where the files do not tell. */
  timeZone?: string;
  /** Names of columns that say that a row is in the trash → what they say then. */
  trash: Map<string, string[]>;
  /** Name of a field to be made → the form of its dates. */
  dates: Map<string, string>;
}

/** Ids that stand for no record. */
const noRecord = ['000000000000000', '000000000000000AAA'];

/** The import map of a table. */
export function mapOf(mapping: Mapping): ImportMap {
  const { source, assigned, system, dates } = mapping;
  const { object } = source;
  const fields: Record<string, FieldMap> = {};
  const own = [...object.fields.values()].filter(field =>
    assigned.some(({ target }) => target.split(/[.@/:]/)[0] === field.name),
  );
  for (const field of own) {
    const map = fieldMap(mapping, field);
    if (map) fields[field.name] = map;
  }
  Object.assign(fields, linksTold(mapping, fields), contentsTold(mapping));
  for (const one of assigned) {
    const { target, column } = one;
    if (!/^\+./.test(target)) continue;
    const date = dates.get(target.slice(1));
    fields[target.slice(1)] = { column, ...(date ? { date, ...zoneOf(mapping, one) } : {}) };
  }
  const id = assigned.find(({ target }) => target === '@id')?.column;
  const ignore = assigned.flatMap(({ target, column }) => (target === '-' ? [column] : []));
  const rows = ignore.flatMap(column => {
    const isNot = mapping.trash.get(plain(column));
    return isNot ? [{ column, isNot }] : [];
  });
  const taken = mapping.ids ? { take: mapping.ids } : {};
  const match = (source.spec.match ?? []).find(name => fields[name] && !fields[name].parts);
  return {
    object: object.name,
    ...(source.spec.mode ? { mode: source.spec.mode } : {}),
    fields,
    ...(id ? { externalId: { source: system, column: id, ...taken } } : {}),
    // Rows that make nothing bring their ids to records that are met by something else.
    ...(match && (!id || source.spec.mode) ? { match } : {}),
    ...(rows.length > 0 ? { rows } : {}),
    ...(ignore.length > 0 ? { ignore } : {}),
  };
}

/** Clock times of a system that writes them in one zone. Midnight everywhere means days, which have none. */
function zoneOf({ timeZone }: Mapping, { shape }: Assigned): { timeZone?: string } {
  const days = shape.distinct.every(value => /[ T]00:00(:00)?$/.test(value));
  return timeZone === undefined || days ? {} : { timeZone };
}

/** Links that other columns tell, where none is about them. */
function linksTold({ source, assigned }: Mapping, given: Record<string, FieldMap>): Record<string, FieldMap> {
  const told: Record<string, FieldMap> = {};
  for (const [name, { of, object, by, take }] of Object.entries(source.spec.told ?? {})) {
    const link: LinkMap = {
      ...(object ? { object } : {}),
      ...(by ? { by } : {}),
      missing: 'empty',
      quiet: true,
    };
    const columns = assigned.filter(({ target }) => of.includes(target)).map(({ column }) => column);
    const [first, ...also] = columns.map(column => ({ column, ...(take ? { take } : {}), link }));
    if (first && !given[name]) told[name] = also.length > 0 ? { ...first, also } : first;
  }
  return told;
}

/** Files whose contents lie beside the table. */
function contentsTold({ source, assigned, system, ids }: Mapping): Record<string, FieldMap> {
  const { contents } = source.spec;
  if (!contents) return {};
  const called = (names: string) =>
    names.split('|').flatMap(name => assigned.find(({ column }) => plain(column) === plain(name)) ?? [])[0]
      ?.column;
  const [id, name, mediaType] = [contents.id, contents.name, contents.mediaType].map(called);
  if (!id) return {};
  const values: NonNullable<LinkMap['values']> = {
    ...(name ? { name } : {}),
    ...(mediaType
      ? { mediaType: contents.kinds ? { column: mediaType, translate: contents.kinds } : mediaType }
      : {}),
  };
  const link: LinkMap = {
    by: 'externalId',
    source: system,
    content: true,
    values,
    ...(contents.pages ? { pages: contents.pages } : {}),
  };
  return { [contents.field]: { column: id, ...(ids ? { take: ids } : {}), link } };
}

/** What a column that becomes no value is good for all the same; null where it is left out. */
export function usedFor({ source, trash }: Mapping, column: string): { used: string; reason: string } | null {
  const { contents } = source.spec;
  const among = (names = '') => names.split('|').some(name => plain(name) === plain(column));
  if (contents && among(contents.body))
    return { used: 'Content of the file', reason: 'The content lies in the archive, and comes from there.' };
  if (contents && among(contents.name))
    return { used: 'Name of the file', reason: 'The file that comes along is called so.' };
  if (contents && among(contents.mediaType))
    return { used: 'Kind of the file', reason: 'It says of what kind the content is.' };
  return trash.has(plain(column))
    ? { used: 'Which rows come', reason: 'Rows that it says are in the trash are left out.' }
    : null;
}

function fieldMap(mapping: Mapping, field: Field): FieldMap | null {
  const { assigned, ctx } = mapping;
  if (relationOf(field)) return linkedField(mapping, field);
  const whole = assigned.find(({ target }) => target === field.name);
  const parts = partsOf(mapping, field);
  const scope = parseScopeOf(ctx);
  if (!whole && mapping.source.spec.after?.[field.name]) return laterField(mapping, field, parts);
  if (!whole) return Object.keys(parts).length > 0 ? { parts } : null;
  const { date, number } = formOf(field, whole.shape, scope);
  const zone = zoneOf(mapping, whole);
  const translate = translationsOf(mapping, field, whole);
  const text: TextMap = {
    column: whole.column,
    ...(date ? { date, ...zone } : {}),
    ...(number ? { number } : {}),
    ...(translate ? { translate } : {}),
  };
  const part = wholePart(field);
  return part && Object.keys(parts).length > 0 ? { parts: { [part]: text, ...parts } } : text;
}

/** A moment that is told by an earlier one and the time between. */
function laterField(mapping: Mapping, { name }: Field, parts: Record<string, TextMap>): FieldMap | null {
  const { object, spec } = mapping.source;
  const plus = (['hours', 'minutes', 'seconds'] as const).flatMap(unit =>
    parts[unit]?.column === undefined ? [] : [{ column: parts[unit].column, unit }],
  );
  const start = plus.length > 0 ? fieldMap(mapping, object.fields.get(spec.after![name]!)!) : null;
  return start?.column === undefined ? null : { ...start, plus };
}

function partsOf({ assigned }: Mapping, field: Field): Record<string, TextMap> {
  const columns = new Map<string, string[]>();
  for (const { target, column } of assigned)
    if (target.startsWith(`${field.name}.`)) {
      const part = target.slice(field.name.length + 1);
      columns.set(part, [...(columns.get(part) ?? []), column]);
    }
  return Object.fromEntries(
    [...columns].map(([part, names]) => [
      part,
      names.length === 1 ? { column: names[0]! } : { template: names.map(name => `{${name}}`).join(' ') },
    ]),
  );
}

/** What a file says → what the field takes. Words that are nothing to it become its "other", or no value. */
function translationsOf(
  { source, ctx }: Mapping,
  field: Field,
  { shape }: Assigned,
): Record<string, string | null> | null {
  const meant = new Map<string, string>();
  for (const [value, words] of Object.entries(source.spec.values?.[field.name] ?? {}))
    for (const word of words.split('|')) meant.set(plain(word), value);
  const scope = parseScopeOf(ctx);
  const { type } = field;
  const takes = (text: string) =>
    !(
      (type.parseText ? type.parseText(text, field, scope) : type.parse(text, field, scope)) instanceof
      Refusal
    );
  const limited = Array.isArray(field.options.choices);
  const translate: Record<string, string | null> = {};
  for (const value of shape.distinct.slice(0, 500)) {
    const word = meant.get(plain(value));
    if (word !== undefined && word !== value) translate[value] = word;
    else if (limited && !takes(value)) translate[value] = takes('other') ? 'other' : null;
  }
  return Object.keys(translate).length > 0 ? translate : null;
}

/** What columns say of a link, one kind of record at a time; a field with many links takes all of them. */
function linkedField(mapping: Mapping, field: Field): FieldMap | null {
  const own = mapping.assigned.flatMap(one => {
    const target = targetOf(one.target);
    return target?.field === field.name && !target.of && !target.part ? [{ ...one, ...target }] : [];
  });
  if (relationOf(field)!.to === USER)
    return own.length === 0
      ? null
      : userField(
          own.find(({ by }) => !by),
          own[0],
          mapping,
        );
  const kinds = Map.groupBy(own, ({ object }) => object);
  const maps = [...kinds].flatMap(([object, columns]) => {
    const ids = columns.filter(({ by }) => by === 'id');
    // Ids of any kind may stand in several columns.
    const sets = object === undefined && ids.length > 1 ? ids.map(one => [one]) : [columns];
    return sets.flatMap(set => linkOf(mapping, field, object, set) ?? []);
  });
  const [first, ...also] = relationOf(field)!.many ? maps : maps.slice(0, 1);
  if (!first) return null;
  return also.length > 0 ? { ...first, also } : first;
}

/** How links of the field are followed, whatever they go by. */
function followed({ source }: Mapping, { name }: Field, object: string | undefined): LinkMap {
  return { missing: 'empty', ...source.spec.links?.[name], ...(object ? { object } : {}) };
}

/** The field that takes what one of a single link has no room for. */
function furtherOf({ source }: Mapping, { name }: Field): Pick<LinkMap, 'further'> {
  const further = source.spec.further?.[name];
  return further ? { further } : {};
}

/** Titles of several records in one cell, as the system writes them. */
function apart(mapping: Mapping, field: Field): Pick<LinkMap, 'separator' | 'further'> {
  const { between } = mapping;
  if (!between || relationOf(field)!.many) return {};
  return { separator: between, ...furtherOf(mapping, field) };
}

/** Whether titles are those of the ids, and not of others too. */
function sameMany({ between }: Mapping, titles: Assigned, ids: Assigned): boolean {
  const several = ({ shape }: Assigned) => shape.distinct.some(value => between && value.includes(between));
  return several(ids) || !several(titles);
}

function linkOf(
  mapping: Mapping,
  field: Field,
  object: string | undefined,
  columns: (Assigned & Target)[],
): FieldMap | null {
  const { system } = mapping;
  const relation = relationOf(field)!;
  const link = followed(mapping, field, object);
  const byTitle = columns.find(({ by }) => !by);
  const byId = columns.find(({ by }) => by === 'id');
  if (relation.to === '*' && !link.object && !byId) return null;
  const byField = columns.find(({ by }) => by && by !== 'id');
  const { create: _, ...found } = link;
  const attributes = mapping.assigned.flatMap(({ target, column }) =>
    target.startsWith(`${field.name}.`) ? [[target.slice(field.name.length + 1), column]] : [],
  );
  if (attributes.length > 0) found.attributes = Object.fromEntries(attributes);
  if (!byId && byField) return { column: byField.column, link: { ...found, by: byField.by! } };
  const values = valuesOf(mapping, field);
  if (!byId) {
    if (!byTitle) return null;
    const translate = translationsOf(mapping, field, byTitle);
    return {
      column: byTitle.column,
      ...(translate ? { translate } : {}),
      link: { ...link, ...apart(mapping, field), ...(link.create && values ? { values } : {}) },
    };
  }
  const nothing = noRecord.filter(id => byId.shape.distinct.includes(id));
  const text = {
    column: byId.column,
    ...(nothing.length > 0 ? { translate: Object.fromEntries(nothing.map(id => [id, null])) } : {}),
    ...(mapping.ids ? { take: mapping.ids } : {}),
  };
  const title = byTitle && mapping.ctx.model.objects.get(relation.to)?.title.name;
  // Records of tables that come along are there already; others can only be made where something names them.
  const made =
    title && link.create && !mapping.objects.has(relation.to) && sameMany(mapping, byTitle, byId)
      ? { create: true, values: { [title]: byTitle.column, ...values } }
      : {};
  return {
    ...text,
    link: { ...found, ...furtherOf(mapping, field), by: 'externalId', source: system, ...made },
  };
}

function valuesOf({ assigned }: Mapping, field: Field): Record<string, string> | null {
  const values = assigned.flatMap(({ target, column }) =>
    target.startsWith(`${field.name}/`) ? [[target.slice(field.name.length + 1), column]] : [],
  );
  return values.length > 0 ? Object.fromEntries(values) : null;
}

/** Users by e-mail or name; who is not among them leaves the field empty. */
function userField(
  byTitle: Assigned | undefined,
  byId: Assigned | undefined,
  { system, ids }: Pick<Mapping, 'system' | 'ids'>,
): FieldMap {
  if (!byTitle) {
    const link: LinkMap = { by: 'externalId', source: system, missing: 'empty' };
    return { column: byId!.column, ...(ids ? { take: ids } : {}), link };
  }
  const { distinct } = byTitle.shape;
  const all = (test: (value: string) => boolean) => distinct.length > 0 && distinct.every(test);
  const emails = all(value => value.includes('@'));
  // Some systems write ids under the name of a person.
  if (all(value => /^(\d+|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/i.test(value)))
    return userField(undefined, byTitle, { system, ids });
  return { column: byTitle.column, link: { ...(emails ? { by: 'email' } : {}), missing: 'empty' } };
}
