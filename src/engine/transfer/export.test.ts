import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { create, write } from '../index.ts';
import type { Query } from '../records/read.ts';
import { type ExportFormat, exportRecords } from './export.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('export');
  await create(world.ada, 'company', { name: '=1+1', employees: 7, website: 'https://example.com' });
  await create(world.ada, 'company', { name: 'Grüße, "Wien"\nzwei', employees: null });
  await create(world.ada, 'person', {
    name: { full: 'Anna; Bell', given: 'Anna', family: 'Bell, née Müller' },
    email: 'anna@example.com',
    phone: '+43 664 1234567',
  });
});
afterAll(() => world.close());

async function exported(
  object: string,
  format: ExportFormat,
  query: Query = {},
  raw = false,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of exportRecords(world.ada, object, format, query, raw))
    chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

test('a workbook has the columns, order and rows asked for; numbers are numbers, formulas are text', async () => {
  const query: Query = { fields: ['name', 'employees'], sort: ['employees'] };
  const { sheets } = await readXlsx(await exported('company', 'xlsx', query));
  const [header, first, second] = sheets[0]!.rows;
  expect(header).toEqual(['id', 'name', 'employees']);
  expect(first!.slice(1)).toEqual(['=1+1', 7]);
  expect(second![1]).toBe('Grüße, "Wien" zwei');
  const filter = { field: 'employees', op: 'is', value: 7 };
  expect(
    (await readXlsx(await exported('company', 'xlsx', { ...query, filter }))).sheets[0]!.rows.length,
  ).toBe(2);
});

test('a list of many pages is a whole workbook, and a whole file of raw values', async () => {
  const values = (n: number) => ({ op: 'create' as const, values: { name: `Tag ${n}` } });
  for (let from = 0; from < 2_500; from += 500)
    await write(
      world.ada,
      'tag',
      Array.from({ length: 500 }, (_, n) => values(from + n)),
    );
  const rows = (await readXlsx(await exported('tag', 'xlsx'))).sheets[0]!.rows;
  expect(new Set(rows.map(row => row[0])).size).toBe(2_501);
  expect((await exported('tag', 'csv', { fields: ['name', 'createdAt'] }, true)).toString()).toMatch(
    /,Tag 7,\d{4}-\d\d-\d\dT/,
  );
});

test('people leave as vCards, escaped and folded; what has nothing for one is refused', async () => {
  const card = (await exported('person', 'vcard')).toString();
  const unfolded = card.replaceAll('\r\n ', '');
  expect(unfolded).toContain('FN:Anna\\; Bell\r\n');
  expect(unfolded).toContain('N:Bell\\, née Müller;Anna;;;\r\n');
  expect(unfolded).toMatch(/^BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:/);
  expect(card.split('\r\n').every(line => Buffer.byteLength(line) <= 75)).toBe(true);
  await expect(exported('tag', 'vcard')).rejects.toThrow(/vCard/);
});
