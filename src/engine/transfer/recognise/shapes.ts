/** What the values of a column look like, told from all that were read of it. */
import { Refusal } from '../../errors.ts';
import type { Field, FieldType, ParseScope } from '../../field.ts';
import type { Model } from '../../model.ts';
import { dateReader, readNumber } from '../cells.ts';

export interface Shape {
  filled: number;
  /** Different values, some. */
  distinct: string[];
  /** The forms that all values can be read by as dates, the likeliest first; empty where they are none. */
  dates: string[];
  /** The decimal mark that all values agree with; null where they are no numbers, or all whole. */
  decimal: '.' | ',' | null;
}

const days = [
  'YYYY-MM-DD',
  'YYYY/M/D',
  'M/D/YYYY',
  'D/M/YYYY',
  'M/D/YY',
  'D/M/YY',
  'D.M.YYYY',
  'D.M.YY',
  'D-M-YYYY',
  'M-D-YYYY',
  'D MMM YYYY',
  'MMM D, YYYY',
  'D-MMM-YYYY',
  'YYYY年M月D日',
];
const times = ['', ' H:mm', ' H:mm:ss', ' h:mm A', ', h:mm A', 'THH:mm:ss'];
const forms = days.flatMap(day => times.map(time => `${day}${time}`));
const readers = new Map(forms.map(form => [form, dateReader(form)]));

/** As many different values are looked at. */
const most = 2_000;

/** Takes in the values of one column. */
export class ShapeFinder {
  #filled = 0;
  readonly #distinct = new Set<string>();

  add(cell: string) {
    const text = cell.trim();
    if (text === '') return;
    this.#filled++;
    if (this.#distinct.size < most && text.length <= 2_000) this.#distinct.add(text);
  }

  /** `dayFirst`: whether 3/4 is the third of April, where the values leave it open. */
  shape(dayFirst: boolean): Shape {
    const distinct = [...this.#distinct];
    const dates = distinct.length === 0 || !/\d/.test(distinct[0]!) ? [] : datesOf(distinct);
    const preferred = dates.sort((a, b) => Number(foreign(a, dayFirst)) - Number(foreign(b, dayFirst)));
    return { filled: this.#filled, distinct, dates: preferred, decimal: decimalOf(distinct) };
  }
}

const foreign = (form: string, dayFirst: boolean) => form.startsWith(dayFirst ? 'M' : 'D');

function datesOf(values: string[]): string[] {
  return forms.filter(form => values.every(value => readers.get(form)!(value) !== null));
}

/** Amounts as 1.234,50 or 1,234.50; where only thousands are set apart, the mark between them is not the decimal one. */
function decimalOf(values: string[]): Shape['decimal'] {
  if (values.some(value => /\p{L}{4,}/u.test(value) || !/\d/.test(value))) return null;
  const marks = values.map(decimalMark);
  const comma = marks.filter(mark => mark === ',').length;
  const point = marks.filter(mark => mark === '.').length;
  if (comma === point) return null;
  return comma > point ? ',' : '.';
}

function decimalMark(value: string): '.' | ',' | null {
  const [last] = /[.,](?=\d*\D*$)/.exec(value) ?? [];
  if (!last) return null;
  const [own, other] = last === '.' ? (['.', ','] as const) : ([',', '.'] as const);
  if (value.split(last).length > 2) return other;
  return !value.includes(other) && /[.,]\d{3}\D*$/.test(value) ? other : own;
}

/** Whether a field takes anything at all, as texts do. */
const nonsense = '¬ ¦';

/** How a field can be given the values of a column: the form of its dates or numbers, and the share it takes. */
export function formOf(
  field: Field,
  shape: Shape,
  scope: ParseScope,
): { date?: string; number?: { decimal: '.' | ',' }; share: number; refused: string[] } {
  const { type } = field;
  const takes = (text: string) => {
    const value = type.parseText ? type.parseText(text, field, scope) : type.parse(text, field, scope);
    return !(value instanceof Refusal);
  };
  if (shape.distinct.length === 0 || takes(nonsense)) return { share: 1, refused: [] };
  for (const form of shape.dates) {
    const read = readers.get(form)!;
    // Days for clock times are read as people write them, as the import does.
    const machine = (text: string) => !(type.parse(text, field, scope) instanceof Refusal) || takes(text);
    if (shape.distinct.every(value => machine(read(value)!))) return { date: form, share: 1, refused: [] };
    const day = form.replace(/(,? h|,? H|T).*$/, '');
    if (day !== form && shape.distinct.every(value => machine(read(value)!.slice(0, 10))))
      return { date: `${day}…`, share: 1, refused: [] };
  }
  const refused = shape.distinct.filter(value => !takes(value));
  // Moments as machines write them, for a day.
  const machines = refused.length > 0 && shape.distinct.every(value => /^\d{4}-\d\d-\d\dT/.test(value));
  if (machines && shape.distinct.every(value => takes(value.slice(0, 10))))
    return { date: 'YYYY-MM-DD…', share: 1, refused: [] };
  const { decimal } = shape;
  if (decimal && shape.dates.length === 0) {
    const left = shape.distinct.filter(value => {
      const number = readNumber(value, { decimal });
      return number === null || type.parse(number, field, scope) instanceof Refusal;
    });
    // Currencies written beside amounts are read by the type, not by the form.
    if (left.length === 0) return { number: { decimal }, share: 1, refused: [] };
  }
  return { share: 1 - refused.length / shape.distinct.length, refused };
}

/** Types that are told from texts, the most particular first. */
function tellable(model: Model): FieldType[] {
  const known = [...model.types.values()].filter(type => type.recognises);
  return known.sort((a, b) => a.recognises!.rank - b.recognises!.rank);
}

/** The type that takes any line of words. */
export function plainType(model: Model): FieldType {
  const known = tellable(model);
  return known.at(-2) ?? known.at(-1)!;
}

/** The type of a field made for a column, told from its name and values: of all that recognise each the most particular. */
export function typeFor(model: Model, shape: Shape, column: string): { type: FieldType; date?: string } {
  const known = tellable(model);
  const called = known.find(({ recognises }) => {
    const { column: name, test } = recognises!.called ?? {};
    return name?.test(column) && shape.distinct.length > 0 && shape.distinct.every(value => test!(value));
  });
  if (called) return { type: called };
  const [date] = shape.dates;
  const read = date ? readers.get(date)! : (text: string) => text;
  const values = shape.distinct.map(value => read(value)!);
  const found = known.find(type => values.length > 0 && values.every(value => type.recognises!.test(value)));
  const type = found ?? plainType(model);
  return { type, ...(date && found ? { date } : {}) };
}
