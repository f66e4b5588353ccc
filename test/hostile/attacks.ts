/** What is tried, by the kind of place. Each line is something that has broken a program somewhere. */

const deep = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);

/** Letters that do not shrink when packed: a thousand of them are more than an index of PostgreSQL takes. */
export const unpackable = (length: number) => {
  let text = '';
  for (let n = 1; text.length < length; n = (n * 48_271) % 2_147_483_647)
    text += String.fromCodePoint(0x4e00 + (n % 20_000));
  return text;
};

/** Texts, for every place that takes one. */
export const texts: Record<string, string> = {
  empty: '',
  blank: ' ',
  quote: `'`,
  'double quote': `"`,
  'sql union': `' union select usename, passwd from pg_shadow --`,
  'sql stacked': `'; drop table farley.workspace; --`,
  'sql in quotes': `"); drop schema public cascade; --`,
  'sql dollar': '$$; select pg_sleep(20); $$',
  'sql parameter': '$1',
  'sql comment': '/* */ or 1=1',
  backslash: '\\',
  'backslash quote': `\\'; select pg_sleep(20) --`,
  'like all': '%',
  'like many': '%_'.repeat(200),
  'regex explodes': `^(a+)+$ ${'a'.repeat(40)}!`,
  'regex broken': '([a-z',
  'cel reach': 'record.role.grants',
  'cel list': '[1,2,3].map(x, [1,2,3].map(y, x*y))',
  'cel matches': `name.matches('(a+)+$')`,
  template: '{{constructor.constructor("return process")()}}#{7*7}',
  html: '<script>alert(1)</script><img src=x onerror=alert(1)>',
  formula: `=cmd|'/C calc'!A0`,
  proto: '__proto__',
  constructor: 'constructor',
  'proto path': '__proto__.polluted',
  'has own': 'hasOwnProperty',
  'to string': 'toString',
  traversal: '../../../../etc/passwd',
  'traversal windows': '..\\..\\windows\\win.ini',
  'file url': 'file:///etc/passwd',
  'line end': 'a\r\nX-Injected: 1\r\n\r\n',
  nul: 'a\0b',
  'nul alone': '\0',
  controls: '\u0001\u001b[31m\u007f\u0085',
  'lone surrogate': 'a\ud800b',
  'low surrogate': '\udc00',
  'right to left': '\u202egnp.exe',
  'zero width': '\u200b\ufeff',
  zalgo: `Z${'\u0301'.repeat(500)}`,
  'case trap': 'İıΣßſK',
  uuid: '00000000-0000-0000-0000-000000000000',
  'uuid nearly': '00000000-0000-0000-0000-00000000000g',
  'uuid braces': '{00000000-0000-7000-8000-000000000000}',
  'number text': '1e400',
  'not a number': 'NaN',
  infinity: 'Infinity',
  'minus infinity': '-infinity',
  'too big': '9223372036854775808',
  'many digits': '9'.repeat(400),
  'tiny number': '1e-400',
  hex: '0x1p-2',
  'year 0': '0000-01-01',
  'year minus': '-000001-01-01T00:00:00Z',
  'year far': '+275760-09-13T00:00:00.000Z',
  'year 999999': '999999-01-01',
  'year 5874898': '5874898-01-01T00:00:00Z',
  'feb 30': '2026-02-30',
  'hour 25': '2026-02-03T25:61:61Z',
  'leap second': '2026-06-30T23:59:60Z',
  epoch: 'epoch',
  'zone far': '2026-01-01T00:00:00+99:99',
  'json object': '{"a":1}',
  'json deep': deep(5_000, '[', ']'),
  null: 'null',
  undefined: 'undefined',
  long: 'x'.repeat(3_000),
  unpackable: unpackable(1_000),
};

/** Texts too large for an address. */
export const largeTexts: Record<string, string> = {
  megabyte: 'x'.repeat(1_000_000),
  'megabyte of blanks': `x${' '.repeat(1_000_000)}\u00e9`,
  'megabyte of digits': '1'.repeat(1_000_000),
  'megabyte of marks': '<'.repeat(500_000) + '>'.repeat(500_000),
  'megabyte of ats': 'a@'.repeat(500_000),
  'megabyte of dots': 'a.'.repeat(500_000),
  'megabyte of letters': unpackable(300_000),
};

/** Values of JSON, written as they go over the wire, so that what JavaScript cannot hold can be sent. */
export const values: Record<string, string> = {
  null: 'null',
  true: 'true',
  zero: '0',
  'minus zero': '-0',
  minus: '-1',
  'half a one': '0.5',
  huge: '1e308',
  'beyond doubles': '1e400',
  'below doubles': '1e-400',
  'beyond safe': '9007199254740993',
  'beyond bigint': '9223372036854775808',
  'beyond numeric': `1${'0'.repeat(140_000)}`,
  'empty list': '[]',
  'list of list': '[[]]',
  'list of null': '[null]',
  'list of text': '["a","a"]',
  'empty object': '{}',
  'object with id': '{"id":"00000000-0000-7000-8000-000000000000"}',
  'object with bad id': '{"id":{"id":1},"object":"user"}',
  'object like a record': '{"object":"__proto__","id":"constructor"}',
  'object with toString': '{"toString":1,"valueOf":null,"length":-1}',
  'object with then': '{"then":1}',
  'object with toJSON': '{"toJSON":1}',
  proto: '{"__proto__":{"polluted":true}}',
  'constructor prototype': '{"constructor":{"prototype":{"polluted":true}}}',
  'nested proto': '{"a":{"__proto__":{"polluted":true}}}',
  'escaped proto': '{"__pr\\u006fto__":{"polluted":true}}',
  'escaped nul': '"\\u0000"',
  'escaped surrogate': '"\\ud800"',
  'deep list': deep(100_000, '[', ']'),
  'deep object': `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
  'deepish list': deep(3_000, '[', ']'),
  'many keys': `{${Array.from({ length: 10_000 }, (_, n) => `"k${n}":${n}`).join()}}`,
  'many items': `[${Array.from({ length: 10_000 }, (_, n) => n).join()}]`,
  'many ids': `[${Array.from({ length: 5_000 }, () => '"00000000-0000-7000-8000-000000000000"').join()}]`,
  'key given twice': '{"a":1,"a":{"b":2}}',
};

/** Every text as JSON, and every value. Lone surrogates go as escapes. */
export const jsonAttacks: [string, string][] = [
  ...Object.entries(values),
  ...Object.entries(texts).map(([name, text]): [string, string] => [`text ${name}`, JSON.stringify(text)]),
];

export const largeAttacks: [string, string][] = Object.entries(largeTexts).map(([name, text]) => [
  `text ${name}`,
  JSON.stringify(text),
]);

/** Parts of an address as they go over the wire: encoded rightly, wrongly, and not at all. */
export const addressAttacks: [string, string][] = [
  ...Object.entries(texts)
    .filter(([, text]) => text.length < 3_000)
    .map(([name, text]): [string, string] => [name, encodeURIComponent(text.toWellFormed())]),
  ['encoded traversal', '..%2f..%2f..%2fetc%2fpasswd'],
  ['double encoded', '%252e%252e%252f'],
  ['encoded nul', '%00'],
  ['invalid utf-8', '%ff%fe'],
  ['overlong utf-8', '%c0%ae%c0%ae%c0%af'],
  ['encoded surrogate', '%ed%a0%80'],
  ['cut off', '%e2%82'],
  ['not hex', '%zz'],
  ['percent', '%'],
  ['semicolon', ';a=b'],
  ['longer than names', 'x'.repeat(600)],
];

/** Headers that a server might believe. */
export const headerAttacks: [string, Record<string, string>][] = [
  [
    'method override',
    { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE', 'x-http-method': 'PUT' },
  ],
  [
    'forwarded host',
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' },
  ],
  ['forwarded for', { 'x-forwarded-for': `127.0.0.1, ${'1.1.1.1,'.repeat(500)}`, 'x-real-ip': '::1' }],
  ['host', { host: 'evil.example' }],
  ['host nonsense', { host: '[::1]:99999 ' }],
  ['original url', { 'x-original-url': '/api/keys', 'x-rewrite-url': '/api/keys' }],
  [
    'cookie rubbish',
    { cookie: `farley.session_token=%ff%00; __proto__=1; =; ;;; farley.session_token=${'a'.repeat(4_000)}` },
  ],
  ['workspace path', { 'farley-workspace': '../main' }],
  ['workspace sql', { 'farley-workspace': `main' or '1'='1` }],
  ['workspace proto', { 'farley-workspace': '__proto__' }],
  ['idempotency long', { 'idempotency-key': 'k'.repeat(5_000) }],
  ['idempotency sql', { 'idempotency-key': `'; drop table idempotency; --` }],
  ['idempotency bytes', { 'idempotency-key': '\u00ff\u0080' }],
  ['if-match list', { 'if-match': '"1", "2"' }],
  ['if-match huge', { 'if-match': '"99999999999999999999"' }],
  ['if-match text', { 'if-match': '"1; drop"' }],
  ['if-match most', { 'if-match': '"999999999"' }],
  ['last event', { 'last-event-id': `${'9'.repeat(400)}'` }],
  ['range', { range: 'bytes=9999999999999-0,1-2' }],
  ['accept', { accept: `application/${'x'.repeat(2_000)};q=1e400, */*;q=-1` }],
  ['accept-language', { 'accept-language': '../../etc, *;q=NaN' }],
  ['expect', { 'x-expect': '100-continue', te: 'trailers' }],
  ['content-encoding', { 'content-encoding': 'gzip, br, deflate, x-rot13' }],
  ['content type', { 'content-type': 'application/json; charset=utf-7' }],
  ['content type list', { 'content-type': 'application/json, text/html' }],
  ['content type xml', { 'content-type': 'application/xml' }],
  ['content type plain', { 'content-type': 'text/plain' }],
  ['content type form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['content type multipart', { 'content-type': 'multipart/form-data; boundary=x' }],
  ['content type nonsense', { 'content-type': '\u00ff/;;;=' }],
  ['authorization', { authorization: `Bearer ${'a'.repeat(5_000)}` }],
  ['authorization sql', { authorization: `Bearer ' or 1=1 --` }],
  ['origin', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
];
