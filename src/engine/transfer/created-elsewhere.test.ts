/** Records that were made elsewhere are as old as they were there; what was filed here, and when, stays known. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createImporting } from '../../../test/importing.ts';
import type { Values } from '../object.ts';
import { feed, history } from '../records/history.ts';
import { find, list, rows } from '../records/read.ts';
import { rewind } from '../records/rewind.ts';
import { undo } from '../records/undo.ts';
import { create, update } from '../records/write.ts';

let at: Awaited<ReturnType<typeof createImporting>>;
beforeAll(async () => {
  at = await createImporting('created_elsewhere');
});
afterAll(() => at.close());

const file = `name,sector,made,by
Altmann,retail,2019-05-04 10:00,sina@kaffeehaus.example
Berger,media,2031-01-01 10:00,nobody@kaffeehaus.example
Czerny,energy,,
`;
const map = {
  match: 'name',
  fields: {
    name: 'name',
    sector: 'sector',
    createdAt: { column: 'made', date: 'YYYY-MM-DD HH:mm' },
    createdBy: { column: 'by', link: { by: 'email', missing: 'empty' as const } },
  },
};
const named = (name: string) => at.one('company', 'name', name);
const tick = () => at.world.clock.move(new Date(at.world.clock.now().getTime() + 60_000).toISOString());

test('what a file says of its beginning is taken over once, days to come are not, and the log tells when it was filed', async () => {
  const { ada, world } = at;
  const report = await at.load('company', file, map);
  expect(report).toMatchObject({ created: 3, failed: 0 });
  expect(report.warnings.map(({ message }) => message)).toEqual(
    expect.arrayContaining([expect.stringContaining('still to come'), expect.stringContaining('nobody@')]),
  );
  const [altmann, berger, czerny] = [await named('Altmann'), await named('Berger'), await named('Czerny')];
  expect(altmann).toMatchObject({
    createdAt: '2019-05-04T08:00:00.000Z',
    createdBy: { title: 'Sina Gruber' },
  });
  const now = world.clock.now().toISOString();
  for (const one of [berger, czerny])
    expect([one.createdAt, (one.createdBy as Values).id]).toEqual([now, ada.actor.userId]);
  const { data } = await history(ada, 'company', altmann.id as string);
  expect(data.map(entry => [entry.kind, entry.at])).toEqual([['created', now]]);
  tick();
  const again = await at.load('company', file.replace('2019', '2018').replace('retail', 'energy'), map);
  expect(again).toMatchObject({ updated: 1, unchanged: 2 });
  expect(await named('Altmann')).toMatchObject({ createdAt: '2019-05-04T08:00:00.000Z', sector: 'energy' });
});

test('only imports tell it: by the API it is left where it is', async () => {
  const id = await create(at.ada, 'company', {
    name: 'Dorn',
    createdAt: '2001-01-01T00:00:00Z',
    createdBy: at.world.sina.actor.userId,
  });
  const [company] = [await find(at.ada, 'company', id)];
  expect(company).toMatchObject({
    createdAt: at.world.clock.now().toISOString(),
    createdBy: { id: at.ada.actor.userId },
  });
  await update({ ...at.ada, via: 'import' }, 'company', id, {
    createdAt: '2001-01-01T00:00:00Z',
    name: 'Dorn & Co',
  });
  expect((await find(at.ada, 'company', id)).createdAt).toBe(company.createdAt);
});

test('a moment between shows the earliest that is known; lists and the feed go on by their own orders', async () => {
  const { ada } = at;
  const { id } = await named('Altmann');
  const asOf = '2020-01-01T00:00:00.000Z';
  expect(await find(ada, 'company', id as string, { asOf })).toMatchObject({
    sector: 'retail',
    name: 'Altmann',
    version: 1,
  });
  await expect(find(ada, 'company', id as string, { asOf: '2019-01-01T00:00:00.000Z' })).rejects.toThrow();
  const seen: string[] = [];
  for (let after: string | undefined, more = true; more; ) {
    const page = await list(ada, 'company', { sort: ['createdAt'], limit: 1, ...(after ? { after } : {}) });
    seen.push(...(JSON.parse(page.data) as Values[]).map(({ name }) => name as string));
    more = page.next !== null;
    after = page.next ?? undefined;
  }
  expect(seen[0]).toBe('Altmann');
  expect(new Set(seen).size).toBe(seen.length);
  const created = (await feed(ada, undefined, 1_000)).data.filter(
    ({ kind, object }) => kind === 'created' && object === 'company',
  );
  expect(created.map(({ at: filed }) => filed)).toEqual(created.map(({ at: filed }) => filed).toSorted());
});

test('going back to a moment between puts back the earliest that is known; what was filed since for good goes', async () => {
  const { ada } = at;
  const { id } = await named('Altmann');
  tick();
  const { changeSet } = await rewind(ada, 'company', { at: '2020-01-01T00:00:00.000Z' });
  expect(await named('Altmann')).toMatchObject({ id, sector: 'retail', deletedAt: null });
  expect(await at.find('company', 'name', 'Berger')).toEqual([]);
  tick();
  await undo(ada, changeSet!);
  expect(await named('Altmann')).toMatchObject({ sector: 'energy' });
});

test('an import that is undone was never there; done again, it was', async () => {
  const { ada } = at;
  const text = 'name,made,by\nEder,2015-03-01 09:00,sina@kaffeehaus.example\n';
  const { sector: _, ...fields } = map.fields;
  const { changeSet } = await at.load('company', text, { ...map, fields });
  const { id } = await named('Eder');
  const asOf = '2016-01-01T00:00:00.000Z';
  const then = async () =>
    (await rows(ada, 'company', { asOf, filter: { field: 'name', op: 'is', value: 'Eder' } })).length;
  expect(await then()).toBe(1);
  tick();
  const undone = await undo(ada, changeSet!);
  expect(await then()).toBe(0);
  tick();
  const { records } = await rewind(ada, 'company', { at: asOf, dryRun: true, keep: true });
  expect(records).toBeGreaterThan(0);
  await rewind(ada, 'company', { at: asOf, keep: true });
  expect(await at.find('company', 'name', 'Eder')).toEqual([]);
  tick();
  await undo(ada, undone.changeSet!, { keepLater: true });
  expect([await then(), (await named('Eder')).id]).toEqual([1, id]);
});

test('a file of Farley itself brings it along by its name', async () => {
  await at.load('company', 'Name,Created,Created by\nFuchs,2014-02-03T09:00:00Z,Tom Weber\n');
  expect((await named('Fuchs')).createdAt).toBe('2014-02-03T09:00:00.000Z');
});
