import { domainToUnicode } from 'node:url';
import { Type } from 'typebox';
import { type FieldType, fieldOf, refuse } from '../engine/index.ts';
import { counts, emptiness, equality, plainOrder, textual } from './operators.ts';
import { cleanText } from './reading.ts';

/** The address in full, or null when it is none of the web. */
function read(input: string): string | null {
  const text = cleanText(input);
  if (text.length > 2000 || /\s/.test(text)) return null;
  const hasScheme = /^[a-z][a-z0-9+.-]*:(?!\d+(\/|$))/i.test(text);
  const url = URL.parse(hasScheme ? text : `https://${text.replace(/^\/\//, '')}`);
  if (!url || !/^https?:$/.test(url.protocol) || !isHost(url.hostname)) return null;
  const bare = url.pathname === '/' && !url.search && !url.hash && !text.endsWith('/');
  return bare ? url.href.slice(0, -1) : url.href;
}

function isHost(name: string): boolean {
  if (name === 'localhost' || name.startsWith('[')) return true;
  return /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.?$/.test(name);
}

/** With the letters of its domain instead of their code (`xn--…`). */
function show(value: string): string {
  if (!value.includes('xn--')) return value;
  const { hostname } = new URL(value);
  return value.replace(hostname, domainToUnicode(hostname) || hostname);
}

/** A web address. */
export const urlType: FieldType<string> = {
  name: 'url',
  label: 'Web address',
  help: 'A page on the web; https:// is added where it is missing.',
  icon: 'world',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'text' }], put: value => [value] },
  schema: () => Type.String({ format: 'uri', maxLength: 8000 }),
  inputSchema: () => Type.String(),
  parse(input, field) {
    if (typeof input === 'string' && input.trim() === '') return null;
    const found = typeof input === 'string' ? read(input) : null;
    return (
      found ?? refuse('notAUrl', `${field.label} takes a web address, such as https://example.com/page.`)
    );
  },
  format: show,
  recognises: { rank: 3, test: text => /^(https?:\/\/|www\.)\S+\.\S+$/i.test(text) },
  operators: {
    ...equality<string>({ type: 'text', key: value => value }),
    ...textual<string>(value => value),
    ...emptiness(),
  },
  sort: plainOrder('text'),
  group: cell => cell(),
  aggregates: counts,
  vCard: value => [{ name: 'URL', value }],
  searchText: value => [
    show(value)
      .replace(/^https?:\/\/(www\.)?/, '')
      .replace(/\/$/, ''),
  ],
  cel: { type: 'string' },
  samples: [
    { input: 'Example.COM', value: 'https://example.com', text: 'https://example.com' },
    {
      input: 'http://example.com/Path?q=50%25_x',
      value: 'http://example.com/Path?q=50%25_x',
      text: 'http://example.com/Path?q=50%25_x',
    },
    {
      input: 'https://müller.example/',
      value: 'https://xn--mller-kva.example/',
      text: 'https://müller.example/',
    },
    { input: 'localhost:3000/x', value: 'https://localhost:3000/x', text: 'https://localhost:3000/x' },
  ],
  refused: [
    { input: 'javascript:alert(1)', code: 'notAUrl' },
    { input: 'not a page', code: 'notAUrl' },
    { input: 'acme', code: 'notAUrl' },
    { input: 'ftp://example.com', code: 'notAUrl' },
    { input: 5, code: 'notAUrl' },
  ],
};

/** A web address: `website: url()`. */
export const url = fieldOf(urlType);
