/** Finding records as people look for them: misspelt, without accents, by phone in any form, within reach. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../test/world.ts';
import { declared } from '../../app.ts';
import { formula, link, text } from '../../fields/index.ts';
import type { Context } from '../context.ts';
import { workspaceMigrations } from '../db/migrations.ts';
import { defineModule } from '../module.ts';
import { defineObject } from '../object.ts';
import { rows } from '../records/read.ts';
import { create, inTransaction, update, write } from '../records/write.ts';
import { type Sql, sql } from '../sql.ts';
import { migrateWorkspace } from '../workspace.ts';
import { nearlyQuery } from './match.ts';
import { search } from './search.ts';

let world: World;
let anna: string;
beforeAll(async () => {
  world = await createWorld('search');
  const { ada, olga } = world;
  anna = await create(ada, 'person', {
    name: 'Anna Müller',
    email: 'anna.mueller@hotel-post.example',
    phone: '+43 1 2345678',
    jobTitle: 'Purchasing',
    description: `${'Long ago. '.repeat(30)}She prefers Yirgacheffe beans.`,
  });
  await create(ada, 'person', { name: 'Annabel Stein' });
  await create(ada, 'company', { name: 'Hôtel Żabiński', phone: '+43 512 9876' });
  await create(ada, 'company', { name: 'Straße & Søn' });
  await create(ada, 'company', { name: 'Kaffeerösterei Sacher' });
  await create(ada, 'company', { name: '東京株式会社' });
  await create(ada, 'company', { name: 'Order INV-202611' });
  await create(olga, 'company', { name: 'Geheimrösterei', revenue: '5 EUR' });
});
afterAll(() => world.close());

const titles = async (q: string, ctx: Context = world.ada) => (await search(ctx, q)).map(hit => hit.title);

test.each([
  ['müller', 'Anna Müller'],
  ['MUELLER', 'Anna Müller'],
  ['muller anna', 'Anna Müller'],
  ['Mulelr', 'Anna Müller'],
  ['Miller', 'Anna Müller'],
  ['anma muller', 'Anna Müller'],
  ['ana muler', 'Anna Müller'],
  ['Steyn', 'Annabel Stein'],
  ['cafferosterei', 'Kaffeerösterei Sacher'],
  ['hotel zabinski', 'Hôtel Żabiński'],
  ['Zabinsky', 'Hôtel Żabiński'],
  ['strasse', 'Straße & Søn'],
  ['soen', 'Straße & Søn'],
  ['kaffeeroesterei', 'Kaffeerösterei Sacher'],
  ['Kaffeerosterei Sachr', 'Kaffeerösterei Sacher'],
  ['anna.mueller@hotel-post.example', 'Anna Müller'],
  ['hotel-post', 'Anna Müller'],
  ['+43 1 234', 'Anna Müller'],
  ['0043 1 2345678', 'Anna Müller'],
  ['01/234', 'Anna Müller'],
  ['(01) 234-5678', 'Anna Müller'],
  ['2345678', 'Anna Müller'],
  ['0512 9876', 'Hôtel Żabiński'],
  ['5678', 'Anna Müller'],
  ['anna 5678', 'Anna Müller'],
  ['rösterei', 'Kaffeerösterei Sacher'],
  ['kaffe sach', 'Kaffeerösterei Sacher'],
  ['株式会社', '東京株式会社'],
  ['会社', '東京株式会社'],
  ['社', '東京株式会社'],
  ['INV-2026', 'Order INV-202611'],
])('%s finds %s', async (q, title) => {
  expect(await titles(q)).toContain(title);
});

test('who is called just so stands first', async () => {
  expect((await titles('anna'))[0]).toBe('Anna Müller');
  expect((await titles('annabel stein'))[0]).toBe('Annabel Stein');
});

test('a hit says which field matched, with the text around the word', async () => {
  const [hit] = await search(world.ada, 'yirgacheffe');
  expect(hit!.matched).toMatchObject({ field: 'description', label: 'Description' });
  expect(hit!.matched!.snippet).toMatch(/^….*Yirgacheffe beans\.$/);
  expect((await search(world.ada, '01/234'))[0]!.matched!.field).toBe('phone');
});

test('nothing, blanks, wildcards and U+0000 find nothing rather than everything', async () => {
  for (const q of ['', '  ', '%', '_____', '\u0000', '\\']) expect(await titles(q), q).toEqual([]);
});

test('only what is in reach is found, and what is in the trash is not', async () => {
  expect(await titles('geheimrösterei')).toEqual(['Geheimrösterei']);
  expect(await titles('geheimrösterei', world.sina)).toEqual([]);
  const id = await create(world.ada, 'company', { name: 'Flüchtig' });
  await write(world.ada, 'company', [{ op: 'delete', id }]);
  expect(await titles('fluchtig')).toEqual([]);
});

test('of more matches than are compared, those in reach are found all the same', async () => {
  const { ada, sina } = world;
  const crowd = Array.from({ length: 2_300 }, (_, n) => ({
    op: 'create' as const,
    values: { name: `Crowd ${n}`, owner: ada.actor.userId },
  }));
  for (let from = 0; from < crowd.length; from += 1_000)
    await write(ada, 'company', crowd.slice(from, from + 1_000));
  await create(sina, 'company', { name: 'Zz belongs to the crowd' });
  const own = withRights(sina, { objects: { '*': { read: 'own', create: true, edit: 'own' } } });
  expect(await titles('crowd', own)).toEqual(['Zz belongs to the crowd']);
  expect(await titles('crwod', own)).toEqual(['Zz belongs to the crowd']);
  expect((await titles('crowd 7'))[0]).toBe('Crowd 7');
});

test('a word stands in the vocabulary once, whoever brings it, and not if its record was never made', async () => {
  const counted = async (word: string) =>
    (await world.db.run(sql`select count(*) as n from ws_main.search_word where word = ${word}`))[0]!.n;
  await create(world.ada, 'company', { name: 'Quokkatown' });
  await create(world.ada, 'company', { name: 'Quokkatown' });
  expect(await counted('quokkatown')).toBe(1);
  await inTransaction(world.ada, async inside => {
    await create(inside, 'company', { name: 'Numbatville' });
    throw new Error('changed my mind');
  }).catch(() => {});
  expect(await counted('numbatville')).toBe(0);
  await create(world.ada, 'company', { name: 'Numbatville' });
  expect(await counted('numbatville')).toBe(1);
});

test('a hidden field neither finds a record nor explains a hit, in search and in lists', async () => {
  const grants = (field: string) =>
    ({ objects: { '*': { read: 'all' }, person: { read: 'all', fields: { [field]: 'none' } } } }) as const;
  const blind = withRights(world.max, grants('phone'));
  expect(await titles('01/2345678', blind)).toEqual([]);
  expect(await titles('anna 2345678', blind)).toEqual([]);
  expect(await rows(blind, 'person', { q: '2345678' })).toEqual([]);
  expect(await rows(world.max, 'person', { q: '2345678', fields: [] })).toHaveLength(1);
  expect(await titles('anna', blind)).toContain('Anna Müller');
  const nameless = await search(withRights(world.max, grants('name')), 'purchasing');
  expect(nameless).toMatchObject([{ id: anna, title: '', matched: { field: 'jobTitle' } }]);
  expect(JSON.stringify(nameless)).not.toContain('Anna M');
});

test('what a record is renamed to finds it, what it was called does not', async () => {
  const id = await create(world.ada, 'company', { name: 'Oldname' });
  await update(world.ada, 'company', id, { name: 'Newtitle' });
  expect(await titles('oldname')).toEqual([]);
  expect(await titles('newtitle')).toEqual(['Newtitle']);
});

test('a record that is named by a link, or by a formula, is found by that name', async () => {
  const seat = defineObject('seat', {
    label: 'Seat',
    plural: 'Seats',
    icon: 'armchair',
    description: 'Where someone sits.',
    title: 'guest',
    fields: { guest: link('person') },
  });
  const table = defineObject('table', {
    label: 'Table',
    plural: 'Tables',
    icon: 'table',
    description: 'Where seats are.',
    title: 'called',
    fields: {
      place: text(),
      called: formula({ expression: '"Table " + place', result: 'text' }),
    },
  });
  const extra = defineModule({ name: 'extra', objects: [seat, table] });
  const more = { ...declared, modules: [...declared.modules, extra] };
  const { model } = await migrateWorkspace(world.db, more, 'main');
  const ada = { ...world.ada, model };
  await create(ada, 'seat', { guest: anna });
  await create(ada, 'table', { place: 'Terrace' });
  expect((await search(ada, 'anna müller')).map(hit => [hit.object, hit.title])).toContainEqual([
    'seat',
    'Anna Müller',
  ]);
  expect((await search(ada, 'table terrace'))[0]).toMatchObject({ object: 'table', title: 'Table Terrace' });
});

test('entries of a Farley that kept text instead of words become what this one would have made', async () => {
  const { db, ada } = world;
  const [first, second, third] = workspaceMigrations('ws_old') as [Sql[], Sql[], Sql[]];
  await db.run(sql`create schema ws_old`);
  for (const statement of [...first, ...second]) await db.run(statement);
  const name = ['Anna Müller', 'anna muller'];
  const phone = ['+4312345678', '+4312345678 12345678'];
  await db.run(sql`insert into ws_old.search_entry (object, record_id, title, title_words, words, parts)
    values ('person', ${anna}::uuid, 'Anna Müller', 'anna muller', 'anna muller +4312345678 12345678', ${JSON.stringify({ name, phone })}::jsonb)`);
  for (const statement of third) await db.run(statement);
  const old = { ...ada, schema: 'ws_old' };
  const words = await db.run(sql`select word from ws_old.search_word order by word`);
  expect(words.map(({ word }) => word)).toEqual(['anna', 'muller']);
  for (const q of ['anna', '5678', 'mulelr', '431234'])
    expect(
      await db.run(sql`select title from ws_old.search_entry s where s.words @@ ${nearlyQuery(old, q)}`),
      q,
    ).toHaveLength(1);
});
