/** Who looks at a record: across processes, gone when silent, and nothing of it kept. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { newId } from '../id.ts';
import { migrateInstallation } from '../workspace.ts';
import { forgottenAfter, type Place, Presence } from './presence.ts';

let db: TestDatabase;
let here: Presence;
let time = 0;
const met: [string, string[]][] = [];

beforeAll(async () => {
  db = await createTestDatabase('presence');
  await migrateInstallation(db);
  here = of('here', false);
});
afterAll(async () => {
  await here.stop();
  await db.close();
});

const of = (which: string, byTable: boolean) =>
  new Presence(
    db,
    (_, users) => void met.push([which, [...users].sort()]),
    () => time,
    byTable,
  );
const place = (): Place => ({ schema: 'ws_main', object: 'company', id: newId() });
const ada = { user: 'a', name: 'Ada', field: null };
const tom = { user: 't', name: 'Tom', field: null };
const names = (presence: Presence, at: Place, user: string) =>
  presence.others(at, user).map(({ name, field }) => [name, field]);

test.each([
  ['by what they hear', false],
  ['by a table, where a pooler lets nothing be heard', true],
])(
  'two processes see each other’s readers, whoever came first, and what they change: %s',
  async (_, byTable) => {
    met.length = 0;
    const at = place();
    const [one, other] = [of('here', byTable), of('there', byTable)];
    await one.say(at, 'tab-ada-1', ada);
    await other.say(at, 'tab-tom-1', tom);
    await vi.waitUntil(() => names(one, at, 'a').length === 1 && names(other, at, 't').length === 1, 10_000);
    expect(names(one, at, 'a')).toEqual([['Tom', null]]);
    expect(names(other, at, 't')).toEqual([['Ada', null]]);
    await other.say(at, 'tab-tom-1', { ...tom, field: 'phone' });
    await vi.waitUntil(() => names(one, at, 'a')[0]?.[1] === 'phone', 10_000);
    // Whoever listens here is told to ask again.
    await vi.waitUntil(
      () => met.some(([which, users]) => which === 'here' && users.join() === 'a,t'),
      10_000,
    );
    await other.say(at, 'tab-tom-1', tom, true);
    await vi.waitUntil(() => names(one, at, 'a').length === 0, 10_000);
    await Promise.all([one.stop(), other.stop()]);
  },
);

test('other records and workspaces are told nothing, and nobody sees oneself', async () => {
  const at = place();
  await here.say(at, 'tab-ada-2', ada);
  await here.say(at, 'tab-ada-3', { ...ada, field: 'name' });
  expect(names(here, at, 'a')).toEqual([]);
  expect(names(here, at, 't')).toEqual([['Ada', 'name']]);
  expect(names(here, { ...at, schema: 'ws_other' }, 't')).toEqual([]);
  expect(names(here, place(), 't')).toEqual([]);
});

test('whoever says nothing is gone within half a minute', async () => {
  const at = place();
  await here.say(at, 'tab-ada-4', ada);
  expect(forgottenAfter).toBeLessThan(30_000);
  time += forgottenAfter - 1;
  expect(names(here, at, 't')).toEqual([['Ada', null]]);
  time += 1;
  expect(names(here, at, 't')).toEqual([]);
  met.length = 0;
  here.sweep();
  expect(met).toContainEqual(['here', []]);
});

test('nobody speaks for another’s window, and nobody fills the memory', async () => {
  const at = place();
  await here.say(at, 'tab-ada-5', ada);
  await here.say(at, 'tab-ada-5', tom, true);
  expect(names(here, at, 't')).toEqual([['Ada', null]]);
  for (let n = 0; n < 40; n++) await here.say(at, `tab-tom-many-${n}`, tom);
  expect(names(here, at, 'a')).toEqual([['Tom', null]]);
});
