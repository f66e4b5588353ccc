/** From the cells of a row to one value of a field: compose, translate, read numbers and dates, parse. */
import { domainOf } from '../duplicates/compare.ts';
import { FarleyError, Refusal, refuse } from '../errors.ts';
import type { Field, Json, ParseScope } from '../field.ts';
import { unmarkFormulas } from './formulas.ts';
import { type FieldMap, longForm, placeholder, type TextMap, templateColumns } from './map.ts';

/** What is told of a row besides its values: aggregated in the report. */
export type Note = (message: string, example: string) => void;

/** Reads the text for one field, or one part of it, out of a row. */
export type TextReader = (cells: string[], note: Note) => string | Refusal;

/** Reads the value of one field out of a row; undefined where the file says nothing. */
export type ValueReader = (cells: string[], note: Note) => Json | undefined | Refusal;

/** Position of each column. */
export type Columns = Map<string, number>;

/** Prepares the reading of a text. */
export function textReader(map: TextMap, columns: Columns, label: string): TextReader {
  const source = sourceReader(map, columns);
  const translations = map.translate && new Map(Object.entries(map.translate));
  const readDate = map.date ? dateReader(map.date) : null;
  return (cells, note) => {
    let text = unmarkFormulas(source(cells).trim());
    const meant = translations?.get(text);
    if (meant !== undefined) {
      note(`${label}: "${text}" was read as ${meant === null ? 'no value' : `"${meant}"`}.`, text);
      text = meant ?? '';
    }
    if (map.take && text !== '') text = takers[map.take](text);
    if (text === '') return map.default ?? '';
    if (readDate)
      return (
        readDate(text) ??
        refuse('notADate', `${label}: "${text}" is not written as ${map.date}, or is no such day.`)
      );
    if (map.number)
      return readNumber(text, map.number) ?? refuse('notANumber', `${label}: "${text}" is not a number.`);
    return text;
  };
}

const takers: Record<NonNullable<TextMap['take']>, (text: string) => string> = {
  domain: domainOf,
  longId: longIdOf,
};

const suffixes = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * Ids of 15 letters and digits in which case counts, with the three that make it not count: each stands for five of
 * them, a bit for every capital (Salesforce, "What is the difference between the 15-character and 18-character ids").
 */
function longIdOf(text: string): string {
  if (!/^[A-Za-z0-9]{15}$/.test(text)) return text;
  const parts = [text.slice(0, 5), text.slice(5, 10), text.slice(10)];
  const bits = parts.map(part =>
    [...part].reduce((sum, letter, at) => sum + (/[A-Z]/.test(letter) ? 2 ** at : 0), 0),
  );
  return text + bits.map(bit => suffixes[bit]).join('');
}

function sourceReader(map: TextMap, columns: Columns): (cells: string[]) => string {
  if (map.column !== undefined) {
    const index = columns.get(map.column)!;
    return cells => cells[index] ?? '';
  }
  if (map.template !== undefined) {
    const { template } = map;
    const used = templateColumns(template).map(name => columns.get(name)!);
    return cells => {
      if (used.length > 0 && used.every(index => !cells[index]?.trim())) return '';
      const text = template.replace(placeholder, (_, name: string, fallback = '') => {
        return cells[columns.get(name)!]?.trim() || fallback;
      });
      return text.replace(/\s+/g, ' ');
    };
  }
  const constant = typeof map.constant === 'string' ? map.constant : '';
  return () => constant;
}

/** Prepares the reading of a field's value, its links aside. */
export function valueReader(field: Field, map: FieldMap, columns: Columns, scope: ParseScope): ValueReader {
  const { type } = field;
  const within = map.currency ? { ...scope, currency: map.currency } : scope;
  if (map.constant !== undefined && typeof map.constant !== 'string') {
    const { constant } = map;
    return () => constant;
  }
  if (map.parts) return partsReader(field, map.parts, columns, within);
  if (map.plus) {
    const { plus, ...start } = map;
    return laterReader(field, plus, columns, valueReader(field, start, columns, scope));
  }
  const read = textReader(map, columns, field.label);
  return (cells, note) => {
    const text = read(cells, note);
    if (text instanceof Refusal) return text;
    if (text === '') return undefined;
    if (map.split) return type.parse(splitText(text, map.split), field, within);
    const people = type.parseText?.bind(type);
    if (!(map.number || map.date) && people) return people(text, field, within);
    // A number or date that the map has made readable is in the form of machines, whatever people write here.
    const value = type.parse(text, field, within);
    // But for clock times, which files say without a zone: they are the workspace's.
    return value instanceof Refusal && map.date && people ? people(text, field, within) : value;
  };
}

function partsReader(
  field: Field,
  parts: NonNullable<FieldMap['parts']>,
  columns: Columns,
  scope: ParseScope,
): ValueReader {
  const readers = Object.entries(parts).map(
    ([name, part]) => [name, textReader(longForm(part), columns, `${field.label} (${name})`)] as const,
  );
  const { properties = {} } = field.type.schema(field) as { properties?: Record<string, { type?: string }> };
  const constants = new Set(Object.keys(parts).filter(name => longForm(parts[name]!).constant !== undefined));
  const numbers = Object.keys(properties).filter(name => properties[name]?.type === 'number');
  // Numbers beside the words, such as half a coordinate, cost neither the words nor the row.
  const parse = (value: Record<string, string | number>, note: Note): Json | undefined | Refusal => {
    const parsed = field.type.parse(value, field, scope);
    if (!(parsed instanceof Refusal)) return parsed;
    // An empty cell of what matters, beside a currency or the like: there is no value.
    const at = parsed.at.slice(1);
    const empty =
      at in parts && !(at in value) && field.type.parse({ ...value, [at]: '' }, field, scope) === null;
    if (empty) return undefined;
    if (!numbers.includes(at)) return parsed;
    note(`${parsed.message} It was left out.`, numbers.map(name => value[name] ?? '').join(' '));
    const rest = Object.entries(value).filter(([name]) => !numbers.includes(name));
    return rest.length > 0 ? field.type.parse(Object.fromEntries(rest), field, scope) : undefined;
  };
  return (cells, note) => {
    const value: Record<string, string | number> = {};
    let stated = false;
    for (const [name, read] of readers) {
      const text = read(cells, note);
      if (text instanceof Refusal) return text;
      if (text === '') continue;
      const number = properties[name]?.type === 'number' ? Number(text) : Number.NaN;
      value[name] = Number.isNaN(number) ? text : number;
      // A currency or country that is the same in every row is no value by itself.
      stated ||= !constants.has(name);
    }
    return stated ? parse(value, note) : undefined;
  };
}

const lengths = { seconds: 1_000, minutes: 60_000, hours: 3_600_000 };

/** Milliseconds of `90`, in the unit, or of `1:30`, which is hours and minutes; null where it is no length of time. */
function lengthOf(text: string, unit: keyof typeof lengths): number | null {
  const clock = /^(\d{1,4}):(\d\d)(?::(\d\d))?$/.exec(text);
  if (clock) {
    const [hours, minutes, seconds] = clock.slice(1).map(part => Number(part ?? 0)) as [
      number,
      number,
      number,
    ];
    return hours * lengths.hours + minutes * lengths.minutes + seconds * lengths.seconds;
  }
  const number = Number(text);
  return text !== '' && number >= 0 && number < 1e7 ? number * lengths[unit] : null;
}

/** A moment, and so much time after it. What is no length of time is told, and nothing is said. */
function laterReader(
  field: Field,
  plus: NonNullable<FieldMap['plus']>,
  columns: Columns,
  start: ValueReader,
): ValueReader {
  const parts = plus.map(({ column, unit = 'minutes' }) => ({
    read: textReader({ column }, columns, field.label),
    unit,
  }));
  return (cells, note) => {
    const texts = parts.map(({ read }) => read(cells, note) as string);
    const stated = texts.map((text, index) => (text === '' ? 0 : lengthOf(text, parts[index]!.unit)));
    if (texts.every(text => text === '')) return undefined;
    if (stated.includes(null)) {
      note(`${field.label}: "${texts.join(' ')}" is no length of time. It was left out.`, texts.join(' '));
      return undefined;
    }
    const from = start(cells, note);
    if (typeof from !== 'string') return from;
    return new Date(
      Date.parse(from) + (stated as number[]).reduce((sum, each) => sum + each, 0),
    ).toISOString();
  };
}

function splitText(text: string, { by, into }: { by: string; into: string[] }): Record<string, string> {
  const pieces = text.split(by);
  const rest = pieces.splice(into.length - 1).join(by);
  return Object.fromEntries([...pieces, rest].map((piece, index) => [into[index]!, piece.trim()]));
}

/** Digits beyond this are none of a number, and would take long to multiply. */
const longestNumber = 500;

/** A number as machines write it: `1.234,50` with decimal `,` is `1234.50`. Multiplied exactly. */
export function readNumber(
  text: string,
  { decimal = '.', multiply }: NonNullable<TextMap['number']>,
): string | null {
  if (text.length > longestNumber) return null;
  const negative = /^\(.*\)$|^[-−]|[-−]$/.test(text);
  const plain = text.replace(/[^\d.,]/g, '').replaceAll(decimal === '.' ? ',' : '.', '');
  if (!/^\d*[.,]?\d*$/.test(plain) || !/\d/.test(plain) || /[\p{L}]/u.test(text)) return null;
  const number = `${negative ? '-' : ''}${plain.replace(',', '.').replace(/^\./, '0.').replace(/\.$/, '')}`;
  return multiply === undefined ? number : product(number, String(multiply));
}

/** Product of two decimal texts, without rounding. */
function product(a: string, b: string): string {
  const scaled = (text: string): [bigint, number] => {
    const [mantissa = '', exponent = '0'] = text.split('e');
    const [whole, fraction = ''] = mantissa.split('.');
    return [BigInt(whole + fraction), fraction.length - Number(exponent)];
  };
  const [[x, scaleX], [y, scaleY]] = [scaled(a), scaled(b)];
  const scale = scaleX + scaleY;
  const value = x * y;
  if (scale <= 0) return String(value * 10n ** BigInt(-scale));
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}${fraction && `.${fraction}`}`;
}

const tokens: Record<string, [name: string, pattern: string]> = {
  YYYY: ['year', '\\d{4}'],
  YY: ['shortYear', '\\d{2}'],
  MMM: ['monthName', '[A-Za-z]{3,9}\\.?'],
  MM: ['month', '\\d{2}'],
  M: ['month', '\\d{1,2}'],
  DD: ['day', '\\d{2}'],
  D: ['day', '\\d{1,2}'],
  HH: ['hour', '\\d{2}'],
  H: ['hour', '\\d{1,2}'],
  hh: ['hour12', '\\d{2}'],
  h: ['hour12', '\\d{1,2}'],
  mm: ['minute', '\\d{2}'],
  ss: ['second', '\\d{2}'],
  A: ['half', '[AaPp][Mm]'],
};
const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** Reads dates and times in a stated form (`…`: whatever follows is left out) into ISO 8601; null where the text does not fit or there is no such day. */
export function dateReader(format: string): (text: string) => string | null {
  const pattern = format.replace(/YYYY|YY|MMM|MM|M|DD|D|HH|H|hh|h|mm|ss|A|[^A-Za-z\d\s]/g, token => {
    const known = tokens[token];
    if (token === '…') return '.*';
    return known ? `(?<${known[0]}>${known[1]})` : `\\${token}`;
  });
  const names = [...pattern.matchAll(/\(\?<(\w+)>/g)].map(match => match[1]);
  if (new Set(names).size < names.length)
    throw new FarleyError('invalidInput', `The date form ${format} names a part of the date twice.`);
  const expression = new RegExp(`^${pattern.replace(/\s+/g, '\\s+')}$`);
  return text => {
    const groups = expression.exec(text)?.groups;
    return groups ? isoOf(groups) : null;
  };
}

function isoOf(groups: Record<string, string | undefined>): string | null {
  const two = (value: string | number | undefined) => String(value ?? 0).padStart(2, '0');
  const short = Number(groups.shortYear);
  const year = groups.year ?? String(short + (short < 70 ? 2000 : 1900));
  const month = groups.month ?? months.indexOf((groups.monthName ?? '').slice(0, 3).toLowerCase()) + 1;
  const date = `${year}-${two(month)}-${two(groups.day ?? 1)}`;
  const time = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date) return null;
  const hour = hourOf(groups);
  if (hour === null) return date;
  if (hour > 23 || Number(groups.minute ?? 0) > 59 || Number(groups.second ?? 0) > 59) return null;
  return `${date}T${two(hour)}:${two(groups.minute)}:${two(groups.second)}`;
}

function hourOf({ hour, hour12, half }: Record<string, string | undefined>): number | null {
  if (hour !== undefined) return Number(hour);
  if (hour12 === undefined) return null;
  return (Number(hour12) % 12) + (half?.toLowerCase() === 'pm' ? 12 : 0);
}
