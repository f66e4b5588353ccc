/**
 * What comes in and goes out as a file: archives, bombs, files without end, maps that make no sense, names that are
 * paths; and exports that a spreadsheet opens without running anything, and that come back as they were.
 */
import { existsSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { create, update } from '../../src/engine/index.ts';
import { importFile } from '../../src/engine/transfer/import.ts';
import type { Json } from '../api/server.ts';
import { zipOf } from '../zip.ts';
import { buildHouse, finished, type House } from './house.ts';
import { sendRaw } from './send.ts';

let house: House;
beforeAll(async () => {
  house = await buildHouse('transfer');
});
afterAll(() => house.close());

const csv = { 'content-type': 'text/csv' };

/** Orders an import and waits for its end. */
async function imported(
  content: string | Buffer | ReadableStream,
  query = 'object=company',
  within = 90_000,
): Promise<Json> {
  return finished(house, await house.call(house.ada, 'POST', `/api/imports?${query}`, content, csv), within);
}

/** Failed at the first try, with words for people: an order that makes no sense is no defect to be tried five times. */
function expectClear(run: Json, words: RegExp) {
  expect([run.state, run.attempt], run.error).toEqual(['failed', 1]);
  expect(run.error).toMatch(words);
  expect(run.error.length).toBeLessThan(1_000);
  expect(run.error).not.toMatch(
    /undefined|Error:|node_modules|Invalid regular expression|Cannot read|is not a function/,
  );
}

const compound = Buffer.concat([
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
  Buffer.alloc(500),
]);
const picture = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  Buffer.alloc(500, 3),
]);
const row = 'name,website\nGood,good.test\n';

test.each<[string, Buffer, RegExp]>([
  [
    'a ZIP archive or Excel workbook that is rubbish',
    Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(500, 7)]),
    /ZIP archive that cannot be read/,
  ],
  ['an old Excel workbook that is rubbish', compound, /cannot be read as a workbook/],
  ['gzip that is cut off', gzipSync(Buffer.from(row.repeat(1_000))).subarray(0, 60), /cannot be unpacked/],
  ['a gzip bomb', gzipSync(Buffer.alloc(300_000_000, 0x0a)), /grows more than 250 times/],
  ['gzip within gzip', gzipSync(gzipSync(Buffer.from(row))), /archive within an archive/],
  ['a ZIP bomb', zipOf([['bomb.csv', Buffer.alloc(100_000_000, 0x0a)]]), /grows more than 250 times/],
  ['a ZIP within a ZIP', zipOf([['in.zip', zipOf([['a.csv', row]])]]), /archive within an archive/],
  ['a ZIP of pictures', zipOf([['a.png', picture]]), /nothing that can be imported.* a picture/],
  ['a ZIP without members', zipOf([]), /nothing that can be imported/],
  [
    'a workbook whose XML has entities',
    zipOf([
      ['[Content_Types].xml', '<Types/>'],
      ['xl/workbook.xml', '<!DOCTYPE x [<!ENTITY a "b">]><workbook><sheets>&a;</sheets></workbook>'],
    ]),
    /workbook is damaged/,
  ],
  ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj\n'), /a PDF.*Save the data as CSV/],
  ['a picture', picture, /a picture.*Save the data as CSV/],
  ['JSON without an end', Buffer.from('[{"name":"Good"},{"name":'), /no proper JSON/],
  ['JSON nested without end', Buffer.from('['.repeat(1_000_000)), /no proper JSON/],
])('%s is refused as what it is', async (_, content, words) => {
  expectClear(await imported(content), words);
});

test('the members of a ZIP are names, not paths', async () => {
  const run = await imported(zipOf([['../../../tmp/farley-slip.csv', row]]));
  expect([run.state, run.result?.created, run.result?.tables[0]?.table]).toEqual([
    'done',
    1,
    'farley-slip.csv',
  ]);
  expect(existsSync('/tmp/farley-slip.csv')).toBe(false);
});

/** A body that is made as it is sent. */
function stream(first: string, part: string, times: number): ReadableStream {
  let left = times;
  const chunk = new TextEncoder().encode(part);
  return new ReadableStream({
    start: controller => controller.enqueue(new TextEncoder().encode(first)),
    pull: controller => (left-- > 0 ? controller.enqueue(chunk) : controller.close()),
  });
}

const megabyte = 'x'.repeat(1_000_000);

test.each<[string, string, string, RegExp]>([
  ['a line of 120 MB', 'name', megabyte, /row 1 on: .*larger than 4 MiB/],
  ['a quote that never closes over 120 MB', 'name\n"', megabyte, /row 2 on: .*quotation mark/],
  ['a quote over many lines', 'name\nGood\n"', 'x\n'.repeat(500_000), /row 3 on: .*quotation mark/],
  ['a line of delimiters', 'name', ','.repeat(1_000_000), /columns|4 MiB/],
])('%s is refused, with memory bounded', async (_, first, part, words) => {
  const before = process.memoryUsage().rss;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss - before);
  }, 20);
  const run = await imported(stream(first, part, 120));
  clearInterval(watch);
  expectClear(run, words);
  expect(most).toBeLessThan(400_000_000);
});

test('a million columns are refused', async () => {
  expectClear(await imported(`${Array.from({ length: 400_000 }, (_, n) => n).join()}\n1,2\n`), /columns/);
});

test.each<[string, Json]>([
  ['a date form with a part twice', { fields: { name: { column: 'name', date: 'YYYY YYYY' } } }],
  ['a date form of brackets', { fields: { name: { column: 'name', date: '((((YYYY' } } }],
  ['an encoding called constructor', { file: { encoding: 'constructor' } }],
  ['an encoding called __proto__', { file: { encoding: '__proto__' } }],
  ['an encoding that is none', { file: { encoding: 'x'.repeat(5_000) } }],
  ['bytes as base64', { file: { encoding: 'base64' } }],
  ['a delimiter of two letters', { file: { delimiter: '||' } }],
  ['a quote as the delimiter', { file: { delimiter: '"' } }],
  ['a line end as the delimiter', { file: { delimiter: '\n' } }],
  ['a delimiter of no width', { file: { delimiter: '' } }],
  ['lines to skip without end', { file: { skipLines: 1e15 } }],
  ['a factor without measure', { fields: { employees: { column: 'n', number: { multiply: 1e300 } } } }],
  ['a factor below all', { fields: { employees: { column: 'n', number: { multiply: 1e-300 } } } }],
  ['a template of nothing but holes', { fields: { name: { template: '{name}'.repeat(150) } } }],
  [
    'parts called __proto__',
    { fields: { address: { parts: JSON.parse('{"__proto__":"name","constructor":"name"}') } } },
  ],
  [
    'a split into nothing known',
    { fields: { address: { split: { by: 'a', into: ['__proto__', 'toString'] } } } },
  ],
  [
    'a translation of toString',
    { fields: { name: { column: 'name', translate: { toString: null, constructor: 'x' } } } },
  ],
  ['a field called constructor', { fields: { constructor: 'name' } }],
  ['a match by __proto__', { match: '__proto__' }],
  [
    'a source of ids called __proto__',
    { externalId: { source: '__proto__', column: 'n' }, fields: { name: 'name' } },
  ],
  ['a link by toString', { fields: { owner: { column: 'name', link: { by: 'toString' } } } }],
  [
    'a link made of itself',
    {
      fields: { parent: { column: 'name', link: { create: true, values: { parent: { column: 'name' } } } } },
    },
  ],
])('a map with %s ends at once, in words', async (_, map) => {
  const query = `object=company&dryRun=true&map=${encodeURIComponent(JSON.stringify(map))}`;
  const reply = await house.call(
    house.ada,
    'POST',
    `/api/imports?${query}`,
    'name,n\ntoString,1\n__proto__,2\n',
    csv,
  );
  if (reply.status !== 202) return expect([400, 422], reply.text).toContain(reply.status);
  const run = (await finished(house, reply, 10_000)) as Json;
  expect([run.attempt, run.error ?? ''].join(' ')).toMatch(/^1 /);
  if (run.state === 'failed') expectClear(run, /\w/);
  expect(({} as Json).polluted).toBeUndefined();
});

test('numbers of a million digits are no numbers', async () => {
  const map = {
    fields: {
      name: { constant: 'Big' },
      employees: { column: 'n', number: { decimal: '.', multiply: 1000 } },
    },
  };
  const begun = performance.now();
  const run = await imported(
    `n\n${`${'9'.repeat(1_000_000)}\n`.repeat(20)}`,
    `object=company&map=${encodeURIComponent(JSON.stringify(map))}`,
  );
  expect([run.state, run.result.failed ?? run.result.refused], JSON.stringify(run).slice(0, 500)).toEqual([
    'done',
    20,
  ]);
  expect(performance.now() - begun).toBeLessThan(30_000);
});

/** What a spreadsheet would run; the number, the list and the phone number below are none. */
const runnable = /^[=@＝]|^[+-](?!5| a list|43 1)/;

const dangerous = [
  `=cmd|'/C calc'!A0`,
  '=1+1',
  '+1+cmd|x',
  '-2+3+cmd|x',
  '@SUM(1)',
  `'=already marked`,
  `''=twice`,
  `it's fine`,
  `'tis fine too`,
  'a;=1+1',
  'a; =1+1',
  'tab\t=1',
  '＝１＋１',
  '-5',
  '- a list',
  '+43 1 5880',
];

test('exports hold no cell that a spreadsheet would run, in any dialect, and come back as they were', async () => {
  const before = await create(house.system, 'company', { name: 'Marker' });
  for (const [index, text] of dangerous.entries())
    await create(house.system, 'company', {
      name: `Company ${index}`,
      description: `${text}\n${text}`,
      externalIds: { back: String(index) },
    });
  const file = await house.call(
    house.ada,
    'GET',
    '/api/exports/companies?fields=name,description,externalIds&filter[externalIds][notEmpty]=1',
  );
  const text = file.text.replace('\ufeff', '');
  const asOurs = parse(text) as string[][];
  const asTheirs = ['\t', ';'].flatMap(
    delimiter =>
      parse(text, { delimiter, relax_quotes: true, relax_column_count: true, quote: null }) as string[][],
  );
  const runs = [...asOurs, ...asTheirs].flat().filter(cell => runnable.test(cell));
  expect(runs).toEqual([]);
  for (const row of asOurs.slice(1)) {
    const id = row[0]!;
    // Not as a person, whose words an import keeps.
    await update(house.system, 'company', id, { description: 'overwritten' });
  }
  const run = await imported(text, 'object=company&match=id');
  expect(run.state, JSON.stringify(run)).toBe('done');
  const back = await house.call(
    house.ada,
    'GET',
    '/api/companies?filter[externalIds][notEmpty]=1&limit=1000&fields=description,externalIds',
  );
  const found = new Map((back.body.data as Json[]).map(each => [each.externalIds.back, each.description]));
  for (const [index, each] of dangerous.entries()) expect(found.get(String(index))).toBe(`${each}\n${each}`);
  expect(before).toBeDefined();
});

test('rows that come back from an import with their reason are safe to open, too', async () => {
  const rows = dangerous.map(text => `"${text.replaceAll('"', '""')}",not a website`);
  const run = await imported(`name,website\n${rows.join('\n')}\n`);
  const { text } = await house.call(house.ada, 'GET', `/api/imports/${run.id}/failures`);
  const cells = (parse(text) as string[][]).flat();
  expect(cells.length).toBeGreaterThan(dangerous.length);
  expect(cells.filter(cell => runnable.test(cell))).toEqual([]);
});

const names = [
  '../../../../etc/passwd',
  '..\\..\\x',
  '/etc/passwd',
  'a\r\nX-Injected: 1',
  'a"; filename="b.exe',
  'x\0.txt',
  '\u202egnp.exe',
  `${'n'.repeat(3_000)}.txt`,
  '😀'.repeat(130),
  "a'b(c)*!.txt",
  'ünïcode ".txt',
];

test.each(names)('a file called %j is kept under no other name than its content’s', async name => {
  const type = { 'content-type': 'text/plain' };
  const up = await house.call(
    house.ada,
    'POST',
    `/api/uploads?name=${encodeURIComponent(name)}`,
    `content of ${name.length}`,
    type,
  );
  expect([201, 422], up.text).toContain(up.status);
  if (up.status !== 201) return;
  const { status, headers, text } = await house.call(house.ada, 'GET', `/api/files/${up.body.id}/content`);
  expect([status, text]).toEqual([200, `content of ${name.length}`]);
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''[\w.%~!'()*-]+$/);
  expect(headers.get('x-injected')).toBeNull();
  expect(existsSync('/tmp/x-injected')).toBe(false);
});

test('a record that claims a content has none, and ids of files are no paths', async () => {
  const hash = '../../../../../../etc/passwd';
  const claimed = await house.call(house.ada, 'POST', '/api/files', { name: 'x', hash, size: 5 });
  expect(claimed.status).toBe(422);
  const empty = await house.call(house.ada, 'POST', '/api/files', { name: 'x' });
  expect(empty.status, empty.text).toBe(201);
  expect((await house.call(house.ada, 'GET', `/api/files/${empty.body.id}/content`)).status).toBe(404);
  const forged = await create(house.system, 'file', { name: 'x', hash, size: 5 });
  expect((await house.call(house.ada, 'GET', `/api/files/${forged}/content`)).status).toBe(404);
  const key = house.ada.headers().authorization!;
  for (const id of ['..%2f..%2fetc%2fpasswd', '%00', '../../etc/passwd', `${empty.body.id}/../../x`]) {
    const text = await sendRaw(
      house.url,
      `GET /api/files/${id}/content HTTP/1.1\r\nHost: x\r\nAuthorization: ${key}\r\nConnection: close\r\n\r\n`,
    );
    expect(text).toMatch(/^HTTP\/1\.1 404 /);
    expect(text).not.toMatch(/root:/);
  }
});

test('who may not write does not fill the disk', async () => {
  const content = 'x'.repeat(1_000_000);
  for (const path of ['/api/uploads?name=x', '/api/imports?object=company']) {
    const reply = await house.call(house.rita, 'POST', path, content, csv);
    expect([reply.status, reply.body.code], path).toEqual([403, 'forbidden']);
  }
});

test('a path given to the engine that is no file is refused in words', async () => {
  for (const path of ['/etc', '/nowhere/at/all', '/dev/null'])
    await expect(importFile(house.system, { path, object: 'company', name: 'x' })).rejects.toThrow(
      /no file|empty|cannot be read/,
    );
  expect(readdirSync('/etc').length).toBeGreaterThan(0);
});
