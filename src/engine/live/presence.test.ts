/** Who looks at a record: across processes, gone when silent, and nothing of it stored. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { newId } from '../id.ts';
import { forgottenAfter, type Place, Presence } from './presence.ts';

let db: TestDatabase;
let here: Presence;
let there: Presence;
let time = 0;
const met: [string, string[]][] = [];

beforeAll(async () => {
  db = await createTestDatabase('presence');
  const told = (which: string) => (_: Place, users: Set<string>) => void met.push([which, [...users].sort()]);
  here = new Presence(db, told('here'), () => time);
  there = new Presence(db, told('there'), () => time);
});
afterAll(async () => {
  await here.stop();
  await there.stop();
  await db.close();
});

const place = (): Place => ({ schema: 'ws_main', object: 'company', id: newId() });
const ada = { user: 'a', name: 'Ada', field: null };
const tom = { user: 't', name: 'Tom', field: null };
const names = (presence: Presence, at: Place, user: string) =>
  presence.others(at, user).map(({ name, field }) => [name, field]);

test('two processes see each other’s readers, whoever came first, and what they change', async () => {
  const at = place();
  await here.say(at, 'tab-ada-1', ada);
  await there.say(at, 'tab-tom-1', tom);
  await vi.waitUntil(() => names(here, at, 'a').length === 1 && names(there, at, 't').length === 1);
  expect(names(here, at, 'a')).toEqual([['Tom', null]]);
  expect(names(there, at, 't')).toEqual([['Ada', null]]);
  await there.say(at, 'tab-tom-1', { ...tom, field: 'phone' });
  await vi.waitUntil(() => names(here, at, 'a')[0]?.[1] === 'phone');
  // Whoever listens here is told to ask again.
  await vi.waitUntil(() => met.some(([which, users]) => which === 'here' && users.join() === 'a,t'));
  await there.say(at, 'tab-tom-1', tom, true);
  await vi.waitUntil(() => names(here, at, 'a').length === 0);
});

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
