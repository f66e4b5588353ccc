/** Reading JSON values of fields without trusting them: what comes from the server may be newer than this page. */
import type { Json, MetaField } from '../engine/index.ts';

export interface Option {
  value: string;
  label: string;
  colour: string | null;
}

export function record(value: Json | undefined): { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

export function list(value: Json | undefined): Json[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export function str(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** A number as it was written, all its digits, for `Intl`: more than the browser's own numbers hold. */
export function numeral(value: Json | undefined): Intl.StringNumericLiteral {
  return (str(value) || 'NaN') as Intl.StringNumericLiteral;
}

/** A linked record, whether the server showed it with its title or only its id. */
export function reference(
  value: Json | undefined,
): { id: string; title: string; object: string | null } | null {
  if (typeof value === 'string') return { id: value, title: value, object: null };
  const { id, title, object } = record(value);
  return typeof id === 'string' ? { id, title: str(title), object: str(object) || null } : null;
}

function option(item: Json): Option | null {
  if (typeof item === 'string') return { value: item, label: sentenceCase(item), colour: null };
  const it = record(item);
  const value = str(it.value ?? it.name ?? it.id);
  return value
    ? { value, label: str(it.label) || sentenceCase(value), colour: str(it.colour ?? it.color) || null }
    : null;
}

/** The choices of a field: names, objects with labels and colours, or a map from name to label. */
export function optionsOf(field: MetaField): Option[] {
  const { choices } = field.options;
  if (Array.isArray(choices)) return choices.map(option).filter(o => o !== null);
  return Object.entries(record(choices)).map(([value, label]) =>
    typeof label === 'string'
      ? { value, label, colour: null }
      : {
          value,
          label: str(record(label).label) || sentenceCase(value),
          colour: str(record(label).colour ?? record(label).color) || null,
        },
  );
}

/** `closeDate` → "Close date" */
export function sentenceCase(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The point that a value names; null where it names none. */
export function pointIn(value: Json): { latitude: number; longitude: number } | null {
  const { latitude, longitude } = record(value);
  return typeof latitude === 'number' && typeof longitude === 'number' ? { latitude, longitude } : null;
}
