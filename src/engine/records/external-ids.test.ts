/** Ids of other systems are kept with the record and where they can be looked up; the two never part. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { declared } from '../../app.ts';
import { sql } from '../sql.ts';
import { migrateWorkspace } from '../workspace.ts';
import { rows } from './read.ts';
import { undo } from './undo.ts';
import { create, update, write } from './write.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('external_ids');
});
afterAll(() => world.close());

const found = async (source: string, id: string, asOf?: string) =>
  (
    await rows(world.ada, 'person', {
      filter: { field: 'externalIds', op: 'has', value: { source, id } },
      fields: ['name'],
      ...(asOf ? { asOf } : {}),
    })
  ).map(row => row.id);
const lookedUp = async () =>
  world.db.run(sql`select source, key, record_id from ws_main.external_id order by record_id, source, key`);

test('they follow every change, undo included, and old moments are read as they were', async () => {
  const { ada } = world;
  const id = await create(ada, 'person', { name: 'Ext', externalIds: { hubspot: '1', sap: 'A 7' } });
  expect(await found('hubspot', '1')).toEqual([id]);
  const before = world.clock.now().toISOString();
  world.clock.move(new Date(world.clock.now().getTime() + 60_000).toISOString());
  const changed = await update(ada, 'person', id, { externalIds: { hubspot: '2', sap: 'A 7' } });
  expect(await found('hubspot', '1')).toEqual([]);
  expect(await found('hubspot', '2')).toEqual([id]);
  expect(await found('sap', 'A 7')).toEqual([id]);
  expect(await found('hubspot', '1', before)).toEqual([id]);
  await undo(ada, changed.changeSet!);
  expect(await found('hubspot', '1')).toEqual([id]);
  await update(ada, 'person', id, { externalIds: null });
  expect(await found('sap', 'A 7')).toEqual([]);
  expect(await lookedUp()).toEqual([]);
});

test('a set of new and changed records', async () => {
  const { ada } = world;
  const id = await create(ada, 'person', { name: 'Old', externalIds: { crm: 'x' } });
  const { results } = await write(ada, 'person', [
    { op: 'update', id, values: { externalIds: { crm: 'y' } } },
    { op: 'create', values: { name: 'New', externalIds: { crm: 'x' } } },
  ]);
  expect(await found('crm', 'x')).toEqual([results[1]!.id]);
  expect(await found('crm', 'y')).toEqual([id]);
});

test('what an older Farley kept with the records only is looked up after the upgrade, and its dear keys are gone', async () => {
  const before = await lookedUp();
  expect(before.length).toBeGreaterThan(0);
  await world.db.run(sql`drop table ws_main.external_id`);
  await world.db.run(
    sql`alter table ws_main.deal_line add constraint deal_line_created_by_id_fkey foreign key (created_by_id) references ws_main."user" (id)`,
  );
  await world.db.run(
    sql`create index person_external_ids on ws_main.person using gin (external_ids jsonb_path_ops)`,
  );
  await world.db.run(sql`delete from ws_main.migration where number >= 4`);
  await migrateWorkspace(world.db, declared, 'main');
  expect(await lookedUp()).toEqual(before);
  const left = await world.db.run(
    sql`select conname as name from pg_constraint where conname = 'deal_line_created_by_id_fkey' union all
      select indexname from pg_indexes where indexname = 'person_external_ids' or indexname = 'person_company_id'`,
  );
  expect(left).toEqual([{ name: 'person_company_id' }]);
});
