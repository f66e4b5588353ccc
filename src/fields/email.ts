import { Type } from 'typebox';
import { type FieldType, fieldOf, refuse, sql } from '../engine/index.ts';
import { counts, emptiness, equality, fold, textual } from './operators.ts';
import { cleanText } from './reading.ts';

const atom = "[\\p{L}\\p{N}\\p{M}!#$%&'*+/=?^_`{|}~-]+";
const quoted = '"(?:[ !#-\\[\\]-~]|\\\\[ -~])+"';
const label = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\p{M}-]{0,61}[\\p{L}\\p{N}\\p{M}])?';
const address = new RegExp(`^((?:${atom}(?:\\.${atom})*)|${quoted})@((?:${label}\\.)+${label})$`, 'u');
const plain = /^[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@[a-z0-9]+(?:\.[a-z0-9]+)*\.[a-z]{2,}$/;

/** The address with its domain in lower case, or null when it is none that mail can be sent to. */
export function readEmail(input: string): string | null {
  const text = input.trim();
  if (plain.test(text) && text.length <= 254 && text.indexOf('@') <= 64) return text;
  const clean = cleanText(text.replace(/^mailto:/i, '').replace(/^.*<([^<>]+)>$/, '$1'));
  const match = address.exec(clean);
  if (!match || clean.length > 254 || match[1]!.length > 64) return null;
  const domain = match[2]!.toLowerCase();
  // A top-level domain of digits alone does not exist: this is an IP address or a slip.
  return /\.\d+$/.test(domain) ? null : `${match[1]}@${domain}`;
}

/** An e-mail address. Letters before the @ are kept as written, but never tell two addresses apart. */
export const emailType: FieldType<string> = {
  name: 'email',
  label: 'E-mail',
  help: 'An e-mail address.',
  icon: 'mail',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'text' }], put: value => [value] },
  schema: () => Type.String({ maxLength: 254 }),
  inputSchema: () => Type.String(),
  parse(input, field) {
    if (typeof input === 'string' && input.trim() === '') return null;
    const found = typeof input === 'string' ? readEmail(input) : null;
    return found ?? refuse('notAnEmail', `${field.label} takes an e-mail address, such as anna@example.com.`);
  },
  format: value => value,
  vCard: value => [{ name: 'EMAIL', value: [value] }],
  key: cell => sql`lower(${cell()})`,
  recognises: { rank: 2, test: text => readEmail(text) !== null },
  operators: {
    ...equality<string>({ type: 'text', key: fold, sql: cell => sql`lower(${cell()})` }),
    ...textual<string>(value => value),
    ...emptiness(),
  },
  sort: cell => [{ sql: sql`lower(${cell()})`, type: 'text' }],
  group: cell => sql`lower(${cell()})`,
  aggregates: counts,
  equal: (a, b) => a === b,
  searchText: value => [value, ...value.split('@')],
  cel: { type: 'string' },
  samples: [
    { input: ' Anna.Bell@EXAMPLE.com ', value: 'Anna.Bell@example.com', text: 'Anna.Bell@example.com' },
    { input: 'anna.bell@example.com', value: 'anna.bell@example.com', text: 'anna.bell@example.com' },
    {
      input: 'Anna <anna+crm@mail.example.co.uk>',
      value: 'anna+crm@mail.example.co.uk',
      text: 'anna+crm@mail.example.co.uk',
    },
    {
      input: "o'brien_%x@müller.example",
      value: "o'brien_%x@müller.example",
      text: "o'brien_%x@müller.example",
    },
    {
      input: '"quoted name"@example.org',
      value: '"quoted name"@example.org',
      text: '"quoted name"@example.org',
    },
  ],
  refused: [
    { input: 'anna@', code: 'notAnEmail' },
    { input: 'anna@example', code: 'notAnEmail' },
    { input: 'anna..bell@example.com', code: 'notAnEmail' },
    { input: 'anna@-example.com', code: 'notAnEmail' },
    { input: 'a@b.com, c@d.com', code: 'notAnEmail' },
    { input: 12, code: 'notAnEmail' },
  ],
};

/** An e-mail address: `email: email({ unique: true })`. */
export const email = fieldOf(emailType);
