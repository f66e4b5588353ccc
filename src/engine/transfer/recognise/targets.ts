/** What a column can become, as one text: the words of proposals, dictionaries and of whoever changes them. */
import { USER } from '../../access/reach.ts';
import type { Field } from '../../field.ts';
import { type Model, type ObjectModel, relationOf, words } from '../../model.ts';
import { writable } from '../map.ts';
import type { Dictionary, Source } from './dictionary.ts';

/**
 * A target taken apart. `email` is a field, `address.city` a part of one. `parent` is a link by title, `parent@id` by
 * the id in the other system, `parent@domain` by another field of what it leads to, `about@id:task` names the object
 * where the field may lead to several. `parent/type` is a value of what is made where the link leads nowhere. `@id` is
 * the id of the row in its system, `-` nothing, `+` a field to be made, `+name` that field.
 */
export interface Target {
  field: string;
  part?: string;
  of?: string;
  by?: string;
  object?: string;
}

/** Takes a target apart; null for `-`, `+`, `@id` and what is no target. */
export function targetOf(target: string): Target | null {
  const groups = /^(?<field>\w+)(?:\.(?<part>\w+)|\/(?<of>\w+)|(?:@(?<by>\w+))?(?::(?<object>\w+))?)$/.exec(
    target,
  )?.groups;
  return groups ? ({ ...groups } as unknown as Target) : null;
}

/** One thing a column can become. */
export interface Choice {
  target: string;
  label: string;
  group: string;
}

/** What a target is called, for people. */
export function labelOf(model: Model, object: ObjectModel, target: string): string {
  const fixed: Record<string, string> = {
    '-': 'Leave out',
    '+': 'New field',
    '@id': 'Id in the other system',
  };
  const taken = targetOf(target);
  const field = taken && object.fields.get(taken.field);
  if (!field) return fixed[target] ?? target.replace(/^\+/, '');
  const { part, of, by, object: kind } = taken;
  const relation = relationOf(field);
  const other = model.objects.get(kind ?? relation?.to ?? '');
  const what = kind && other ? `${field.label} · ${other.spec.label}` : field.label;
  if (part) return `${what} · ${words(part)}`;
  if (of) return `${what} · ${other?.fields.get(of)?.label ?? of}`;
  if (by === 'id') return `${what} · Id in the other system`;
  return by ? `${what} · ${other?.fields.get(by)?.label ?? by}` : what;
}

/** Everything that a column can become for an object. */
export function choicesFor(model: Model, dictionary: Dictionary, source: Source): Choice[] {
  const { object } = source;
  const fields = [...object.fields.values()].filter(
    field => writable(field) && (!field.options.readOnly || field.options.imported),
  );
  const named = (group: string) => (target: string) => ({
    target,
    label: labelOf(model, object, target),
    group,
  });
  const own = fields
    .filter(field => !relationOf(field))
    .flatMap(field => [...ownTargets(field), ...lengthTargets(source, field)]);
  const links = fields.filter(relationOf).flatMap(field => linkTargets(model, dictionary, source, field));
  return [
    ...own.map(named(object.spec.label)),
    ...links.map(named('Links')),
    ...['@id', '+', '-'].map(named('Other')),
  ];
}

function ownTargets(field: Field): string[] {
  const { properties } = field.type.schema(field) as { properties?: Record<string, unknown> };
  return [field.name, ...Object.keys(properties ?? {}).map(part => `${field.name}.${part}`)];
}

/** Moments that a length of time can tell. */
function lengthTargets({ spec }: Source, { name }: Field): string[] {
  return spec.after?.[name] ? ['hours', 'minutes', 'seconds'].map(unit => `${name}.${unit}`) : [];
}

function linkTargets(model: Model, dictionary: Dictionary, source: Source, field: Field): string[] {
  const { to } = relationOf(field)!;
  const { name } = field;
  if (to === USER) return [name, `${name}@id`];
  const known = (object: string) => dictionary.sources.find(one => one.object.name === object);
  const keys = (object: string) =>
    (known(object)?.spec.match ?? []).filter(key => model.objects.get(object)!.title.name !== key);
  if (to !== '*') {
    const values = source.spec.links?.[name]?.create ? valuesOf(model.objects.get(to)) : [];
    // What is known of the others stands with the field that takes them.
    const holder = source.object.fields.get(source.spec.further?.[name] ?? name)!;
    const attributes = (holder.options.attributes ?? []) as string[];
    return [
      name,
      `${name}@id`,
      ...attributes.map(attribute => `${name}.${attribute}`),
      ...keys(to).map(key => `${name}@${key}`),
      ...values.map(value => `${name}/${value}`),
    ];
  }
  const kinds = dictionary.sources
    .map(one => one.object.name)
    .filter(object => object !== source.object.name)
    .flatMap(object => [
      `${name}:${object}`,
      `${name}@id:${object}`,
      ...keys(object).map(key => `${name}@${key}:${object}`),
    ]);
  return [`${name}@id`, ...kinds];
}

/** Further values that what is made can get: plain ones, of one text. */
function valuesOf(object: ObjectModel | undefined): string[] {
  return [...(object?.fields.values() ?? [])]
    .filter(
      field => writable(field) && !field.options.readOnly && !relationOf(field) && field !== object!.title,
    )
    .map(field => field.name);
}
