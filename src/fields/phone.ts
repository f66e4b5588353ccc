import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { Type } from 'typebox';
import {
  type Field,
  type FieldType,
  fieldOf,
  type Json,
  type ParseScope,
  type Refusal,
  refuse,
  sql,
} from '../engine/index.ts';
import { counts, emptiness, equality, type Operators, plainOrder } from './operators.ts';

function read(text: string, country: string): PhoneNumber | undefined {
  const known = country && isSupportedCountry(country) ? (country as CountryCode) : undefined;
  // Numbers of the tel: form (RFC 3966) carry the extension as `;ext=`; `00` is how many countries write `+`.
  const plain = text.replace(/^tel:/i, '').replace(/^\s*00(?=[1-9])/, '+');
  return parsePhoneNumberFromString(plain, { ...(known ? { defaultCountry: known } : {}), extract: false });
}

/** Numbers read lately, by how they are kept: one that is written is read three times, by import, write and search. */
const recent = new Map<string, PhoneNumber>();
const remembered = 10_000;

function canonical(text: string, field: Field, scope: ParseScope): string | Refusal {
  if (recent.has(text)) return text;
  const found = read(text, scope.country);
  // By length, not by the list of allotted ranges: that changes faster than software does.
  if (found?.isPossible()) {
    const kept = found.ext ? `${found.number};ext=${found.ext}` : found.number;
    if (recent.size >= remembered) recent.clear();
    recent.set(kept, found);
    return kept;
  }
  const how = 'with its country, such as +43 664 1234567, or as dialled in the country of this workspace';
  return refuse('notAPhone', `${field.label} takes a phone number ${how}; an extension as "ext. 12".`);
}

function parse(input: unknown, field: Field, scope: ParseScope): string | null | Refusal {
  if (typeof input === 'string' && input.trim() === '') return null;
  return canonical(typeof input === 'string' || typeof input === 'number' ? String(input) : '', field, scope);
}

/** Digits to look for, without the ways of writing a prefix. */
function digitsOf(operand: unknown): Json | Refusal {
  const digits = String(typeof operand === 'object' ? '' : operand)
    .replace(/\D/g, '')
    .replace(/^0+/, '');
  return digits || refuse('wrongOperand', 'Give the digits to look for, at least one that is not 0.');
}

const looking: Operators<string> = {
  contains: {
    label: 'contains the digits',
    operand: 'text',
    parse: digitsOf,
    sql: (cell, operand) => sql`${cell()} like ${`%${operand}%`}::text`,
    test: (value, operand) => value.includes(operand as string),
  },
  startsWith: {
    label: 'starts with',
    operand: 'text',
    parse: digitsOf,
    sql: (cell, operand) => sql`${cell()} like ${`+${operand}%`}::text`,
    test: (value, operand) => value.startsWith(`+${operand}`),
  },
};

const international = (value: string) => read(value, '')?.formatInternational() ?? value;

/** A phone number in E.164 form, with its extension as in RFC 3966: `+4312345;ext=12`. */
export const phoneType: FieldType<string> = {
  name: 'phone',
  label: 'Phone',
  help: 'A phone number of any country.',
  icon: 'phone',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'text' }], put: value => [value] },
  schema: () => Type.String({ pattern: '^\\+[1-9]\\d{3,16}(;ext=\\d{1,20})?$' }),
  inputSchema: () => Type.String(),
  parse,
  format: international,
  recognises: {
    rank: 7,
    test: text => /^(\+|00|\(|0)[\d\s()/.-]{6,20}$/.test(text) && !/^\d+$/.test(text),
    called: {
      column: /\b(phone|telephone|tel|fax|mobile|cell|telefon|mobil|handy)\b/i,
      test: text => /^\+?[\d\s()/.-]{5,20}$/.test(text),
    },
  },
  operators: { ...equality<string>({ type: 'text', key: value => value }), ...looking, ...emptiness() },
  sort: plainOrder('text'),
  group: cell => cell(),
  aggregates: counts,
  vCard: value => [{ name: 'TEL;VALUE=uri', value: `tel:${value}` }],
  searchText(value) {
    const found = recent.get(value) ?? read(value, '');
    const national = found?.formatNational().split(' ext')[0]?.replace(/\D/g, '');
    return [value.split(';')[0]!, ...(national ? [national, found!.nationalNumber] : [])];
  },
  cel: { type: 'string' },
  samples: [
    { input: '0664 123 45 67', value: '+436641234567', text: '+43 664 1234567' },
    { input: '+1 (202) 555-0143 ext. 12', value: '+12025550143;ext=12', text: '+1 202 555 0143 ext. 12' },
    { input: '0043 1 58858-0', value: '+431588580', text: '+43 1 588580' },
    { input: 'tel:+49-30-901820;ext=7', value: '+4930901820;ext=7', text: '+49 30 901820 ext. 7' },
    { input: '+39 06 6982', value: '+39066982', text: '+39 06 6982' },
  ],
  refused: [
    { input: 'call me', code: 'notAPhone' },
    { input: '12', code: 'notAPhone' },
    { input: '+43 664 123456789012345', code: 'notAPhone' },
    { input: '0664 1234567 or 0664 7654321', code: 'notAPhone' },
    { input: true, code: 'notAPhone' },
  ],
};

/** A phone number: `mobile: phone()`. */
export const phone = fieldOf(phoneType);
