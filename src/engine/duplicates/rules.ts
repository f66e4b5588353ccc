/** The rules of an object applied to its records: the keys they are filed under, and what two of them have in common. */
import { hash } from 'node:crypto';
import type { Json } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import type { DuplicateRule, Values } from '../object.ts';
import { comparisons, textOfValue } from './compare.ts';
import { type Levels, levelOf } from './model.ts';

/** Keys per rule and record at most. */
const maxKeys = 6;

export function rulesOf(object: ObjectModel): DuplicateRule[] {
  return object.spec.duplicates ?? [];
}

const compared = new WeakMap<ObjectModel, Map<string, string>>();

/** Field → comparison, over all rules of the object, as far as it has the fields. */
export function comparedBy(object: ObjectModel): Map<string, string> {
  let known = compared.get(object);
  if (!known) {
    const all = rulesOf(object).flatMap(rule => Object.entries(rule.same));
    known = new Map(all.filter(([field, by]) => object.fields.has(field) && comparisons[by]));
    compared.set(object, known);
  }
  return known;
}

/**
 * The numbers under which a record is filed, as text: 15 bits for the object, 48 for rule and key. That two keys share a
 * number is rare and does no harm, as what is found is compared.
 */
export function keysOf(object: ObjectModel, record: Values, rules = rulesOf(object)): string[] {
  const numbers = new Set<string>();
  // Several rules go by the name, in the same way.
  const told = new Map<string, string[]>();
  for (const rule of rules) for (const key of keysBy(rule, record, told)) numbers.add(numberOf(object, key));
  return [...numbers];
}

function keysBy({ name, same }: DuplicateRule, record: Values, told: Map<string, string[]>): string[] {
  const fields = Object.entries(same);
  // Most records lack one of the fields: then nothing else is looked at.
  if (fields.some(([field, by]) => (record[field] ?? null) === null || !comparisons[by])) return [];
  let keys = [name];
  for (const [field, by] of fields) {
    const own = keysOfValue(record[field]!, field, by, told);
    keys = keys.flatMap(key => own.map(each => `${key}\u0000${each}`)).slice(0, maxKeys);
  }
  return keys;
}

function keysOfValue(value: Json, field: string, by: string, told: Map<string, string[]>): string[] {
  const known = told.get(`${field} ${by}`);
  if (known) return known;
  const text = textOfValue(value).slice(0, 500);
  const keys = text ? comparisons[by]!.keys(text) : [];
  told.set(`${field} ${by}`, keys);
  return keys;
}

const known = new WeakMap<Values, string[]>();

/** The same of a record on its way into the database, which does not change any more: worked out once. */
export function keysOfWritten(object: ObjectModel, record: Values): string[] {
  let keys = known.get(record);
  if (!keys) {
    keys = keysOf(object, record);
    known.set(record, keys);
  }
  return keys;
}

function numberOf(object: ObjectModel, key: string): string {
  return ((rangeOf(object).at << 48n) | BigInt(`0x${hash('sha1', key, 'hex').slice(0, 12)}`)).toString();
}

const ranges = new Map<string, bigint>();

/** Where the numbers of an object begin and end. */
export function rangeOf(object: ObjectModel): { at: bigint; from: string; to: string } {
  let at = ranges.get(object.name);
  if (at === undefined) {
    at = BigInt(`0x${hash('sha1', object.name, 'hex').slice(0, 4)}`) >> 1n;
    ranges.set(object.name, at);
  }
  return { at, from: (at << 48n).toString(), to: (((at + 1n) << 48n) - 1n).toString() };
}

/** How alike two records are in each field compared. */
export function levelsOf(object: ObjectModel, a: Values, b: Values): Levels {
  const levels: Levels = {};
  for (const [field, by] of comparedBy(object)) {
    const { alike, near } = comparisons[by]!;
    const [x, y] = [textOfValue(a[field] ?? null), textOfValue(b[field] ?? null)];
    levels[field] = x && y ? levelOf(alike(x.slice(0, 500), y.slice(0, 500)), near) : null;
  }
  return levels;
}

/** The rules that two records fulfil. */
export function rulesHeld(object: ObjectModel, levels: Levels, rules = rulesOf(object)): DuplicateRule[] {
  return rules.filter(({ same }) => Object.keys(same).every(field => (levels[field] ?? 0) >= 2));
}
