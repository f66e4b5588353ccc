/** Reading what people and programs send: text made clean, numerals, and "did you mean". */

const plain = /^[\x20-\x7e]*$/;

/**
 * Text that PostgreSQL can hold and that compares as it looks: composed letters (NFC), no NUL, no halves of surrogate
 * pairs, no blanks around it.
 */
export function cleanText(text: string): string {
  if (plain.test(text)) return text.trim();
  return text.toWellFormed().replaceAll('\0', '').normalize('NFC').trim();
}

/** Clean text on one line: line breaks and tabs become blanks. */
export function cleanLine(text: string): string {
  const clean = cleanText(text);
  return plain.test(clean) ? clean : clean.replace(/\s+/g, blanks => (lineEnd.test(blanks) ? ' ' : blanks));
}

const lineEnd = /[\r\n\t\v\f\u2028\u2029]/;

/** No number, amount or time is written longer; patterns that try many ways to read a text are not tried on more. */
export const longestNumeral = 500;

/** Lower case without accents and punctuation, to look names up by. */
export function lookupKey(text: string): string {
  const ascii = plain.test(text) ? text : text.normalize('NFD').replace(/\p{M}/gu, '');
  return ascii
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const marks = new Map<string, { decimal: string; group: string }>();

/** The decimal and grouping marks of a locale. */
export function marksOf(locale: string): { decimal: string; group: string } {
  let found = marks.get(locale);
  if (!found) {
    const parts = new Intl.NumberFormat(locale, { useGrouping: true, numberingSystem: 'latn' }).formatToParts(
      1234567.5,
    );
    const part = (type: string) => parts.find(each => each.type === type)?.value ?? '';
    found = { decimal: part('decimal') || '.', group: part('group') || ',' };
    marks.set(locale, found);
  }
  return found;
}

const machine = /^-?\d+(\.\d+)?$/;

/** A numeral as programs write it (`-1234.50`); null when it is none. */
export function machineNumeral(text: string): string | null {
  const trimmed = text.trim();
  return machine.test(trimmed) ? bare(trimmed) : null;
}

/** Digits and marks of Arabic and Persian as those of Latin scripts, without marks of direction. */
function inLatin(text: string): string {
  if (plain.test(text)) return text;
  return text
    .replace(/[٠-٩]/g, digit => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, digit => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/٬|[\u061c\u200e\u200f]/g, '')
    .replace('٫', '.');
}

/**
 * A numeral as people write it: `1,234.50`, `1.234,50`, `1 234,50`, `1'234.50`, `12,34,567.50`, `١٬٢٣٤٫٥٠`, `(12)` for minus
 * twelve. Where one mark could be either, as in `1.234`, the locale decides. Returns it as programs write it, or null when
 * it is none.
 */
export function readNumeral(text: string, locale: string): string | null {
  let rest = inLatin(text).trim().replace(/^[−–]/, '-');
  if (/^\(.*\)$/.test(rest)) rest = `-${rest.slice(1, -1).trim()}`;
  rest = rest.replace(/^\+/, '').replace(/(?<=\d)[\s\u00a0\u202f'’](?=\d{3}(\D|$))/g, '');
  if (/^-?\d{1,2}(,\d{2})+,\d{3}(\.\d+)?$/.test(rest)) rest = rest.replaceAll(',', '');
  if (/^-?\d+$/.test(rest)) return bare(rest);
  const match = /^(-?)(\d{1,3}(?:([.,])\d{3}(?:\3\d{3})*)?|\d+|(?=[.,]\d))(?:([.,])(\d*))?$/.exec(rest);
  if (!match) return null;
  const [, sign = '', whole = '', group, point, fraction = ''] = match;
  if (group && point && group === point) return null;
  const digits = whole.replace(/[.,]/g, '');
  if (point || !group) return bare(`${sign}${digits || '0'}${fraction && `.${fraction}`}`);
  const groups = whole.split(group).length - 1;
  const isDecimal = groups === 1 && (whole.startsWith('0') || marksOf(locale).decimal === group);
  return bare(isDecimal ? `${sign}${whole.replace(group, '.')}` : `${sign}${digits}`);
}

/** Without needless zeros in front, and without a sign for nought. */
function bare(numeral: string): string {
  const short = numeral.replace(/^(-?)0+(?=\d)/, '$1');
  return /^-0(\.0*)?$/.test(short) ? short.slice(1) : short;
}

/** A numeral of ours with the locale's decimal mark and no grouping, so that it can be read back without doubt. */
export function showNumeral(numeral: string, locale: string): string {
  const { decimal } = marksOf(locale);
  return decimal === '.' ? numeral : numeral.replace('.', decimal);
}

/** A number as a numeral without exponent. */
export function numeralOf(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(20).replace(/0+$/, '');
}

/** Order of two numerals, exact at any length. */
export function compareNumerals(a: string, b: string): number {
  const [aWhole, aFraction] = a.split('.') as [string, string?];
  const [bWhole, bFraction] = b.split('.') as [string, string?];
  const scale = Math.max(aFraction?.length ?? 0, bFraction?.length ?? 0);
  const left = BigInt(aWhole + (aFraction ?? '').padEnd(scale, '0'));
  const right = BigInt(bWhole + (bFraction ?? '').padEnd(scale, '0'));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The most similar of `names`, where one is similar enough to be meant. */
export function didYouMean(text: string, names: Iterable<string>): string | null {
  const wanted = lookupKey(text);
  let best: string | null = null;
  let least = Math.max(1, Math.floor(wanted.length / 4)) + 1;
  for (const name of names) {
    const distance = editDistance(wanted, lookupKey(name), least);
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** Letters to add, drop or change; counting stops at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(change, row[j]! + 1, next[j - 1]! + 1);
    }
    row = next;
  }
  return row[b.length]!;
}
