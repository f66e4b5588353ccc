import { Type } from 'typebox';
import { type Field, type FieldType, type Refusal, refuse, sql } from '../engine/index.ts';
import { declared } from './declare.ts';
import { comparison, emptiness, equality, plainOrder } from './operators.ts';

export interface AutoNumberOptions {
  /** How the number reads: `D-{0000}` gives D-0042. Default: the number alone. */
  format?: string;
}

const placeholder = /\{(0+)\}/;

/** What stands before and after the number, and how many digits it has at least. */
function shapeOf(field: Field): { before: string; after: string; width: number } {
  const format = (field.options.format as string | undefined) ?? '{0}';
  const match = placeholder.exec(format);
  if (!match) return { before: format, after: '', width: 1 };
  return {
    before: format.slice(0, match.index),
    after: format.slice(match.index + match[0].length),
    width: match[1]!.length,
  };
}

function show(value: number, field: Field): string {
  const { before, after, width } = shapeOf(field);
  return before + String(value).padStart(width, '0') + after;
}

function parse(input: unknown, field: Field): number | Refusal {
  const { before, after } = shapeOf(field);
  const text = typeof input === 'string' ? input.trim() : '';
  const framed =
    text.startsWith(before) && text.endsWith(after) && text.length > before.length + after.length;
  const digits = framed ? text.slice(before.length, text.length - after.length) : text;
  const value = typeof input === 'number' ? input : /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= 1) return value;
  return refuse(
    'notANumber',
    `${field.label} is given by Farley; to find one, write it as ${show(42, field)}.`,
  );
}

const comparable = { type: 'bigint', key: (value: number) => value };

/** A number that Farley counts up for each new record. */
export const autoNumberType: FieldType<number> = {
  name: 'autoNumber',
  label: 'Auto number',
  help: 'A number that counts up with each new record, such as D-0042.',
  icon: 'hash',
  options: Type.Object({ format: Type.Optional(Type.String({ maxLength: 50, pattern: '\\{0+\\}' })) }),
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'bigint' }], put: value => [value] },
  schema: () => Type.Integer({ minimum: 1 }),
  parse,
  format: show,
  text: (cell, field) => {
    const { before, after, width } = shapeOf(field);
    const digits = sql`lpad(${cell()}::text, greatest(${width}::integer, length(${cell()}::text)), '0')`;
    return sql`${before}::text || ${digits} || ${after}::text`;
  },
  operators: { ...equality(comparable), ...comparison(comparable), ...emptiness() },
  sort: plainOrder('bigint'),
  generated: true,
  number: n => n,
  searchText: (value, field) => [...new Set([show(value, field), String(value)])],
  cel: { type: 'double', sql: cell => sql`(${cell()})::double precision` },
  samples: [
    { input: 42, value: 42, text: 'D-0042' },
    { input: 'D-0007', value: 7, text: 'D-0007' },
    { input: '123456', value: 123456, text: 'D-123456' },
  ],
  refused: [
    { input: 'X-0042', code: 'notANumber' },
    { input: 0, code: 'notANumber' },
    { input: 1.5, code: 'notANumber' },
  ],
  sampleOptions: { format: 'D-{0000}' },
};

/** A number that counts up: `number: autoNumber({ format: 'D-{0000}' })`. */
export const autoNumber = declared<AutoNumberOptions, number>(autoNumberType);
