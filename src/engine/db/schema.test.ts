import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { declared } from '../../app.ts';
import { create, rows, sql } from '../index.ts';
import { migrateWorkspace } from '../workspace.ts';
import { addField } from './custom.ts';
import { planSchema } from './schema.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld('schema');
});
afterAll(() => world.close());

test('a database that holds what is declared needs nothing', async () => {
  const { db, workspace } = world;
  expect(await planSchema(db, workspace.schema, workspace.model)).toEqual([]);
});

test('what is missing is added, with the data that is there kept', async () => {
  const { db, workspace, ada } = world;
  const id = await create(ada, 'company', { name: 'Hotel Sacher', employees: 400 });
  await db.run(sql`alter table ws_main.company drop column founded`);
  const plan = await planSchema(db, workspace.schema, workspace.model);
  expect(plan.map(step => step.what)).toEqual(['add column company.founded']);
  await migrateWorkspace(db, declared, 'main');
  expect(await planSchema(db, workspace.schema, workspace.model)).toEqual([]);
  expect(await rows(ada, 'company')).toMatchObject([{ id, employees: 400, founded: null }]);
});

test('links and indexes of a new field on a table in use are made without holding up writers, and checked', async () => {
  const { db, workspace, ada } = world;
  const model = await addField(ada, declared, 'company', {
    name: 'agency',
    type: 'link',
    options: { to: 'company', inverse: 'clients', index: true },
  });
  const [link] = await db.run(
    sql`select convalidated as valid from pg_constraint where conname = 'company_agency_id_fkey'`,
  );
  expect(link).toEqual({ valid: true });
  expect(await planSchema(db, workspace.schema, model)).toEqual([]);
});

test('what a crash left unfinished is finished at the next start', async () => {
  const { db, workspace } = world;
  await db.run(sql`alter table ws_main.deal drop constraint deal_company_id_fkey`);
  await db.run(
    sql`alter table ws_main.deal add constraint deal_company_id_fkey foreign key (company_id) references ws_main.company (id) not valid`,
  );
  await db.run(
    sql`update pg_index set indisvalid = false where indexrelid = 'ws_main.deal_company_id'::regclass`,
  );
  const { model } = await migrateWorkspace(db, declared, 'main');
  expect(await planSchema(db, workspace.schema, model)).toEqual([]);
  const [index] = await db.run(
    sql`select indisvalid as valid from pg_index where indexrelid = 'ws_main.deal_company_id'::regclass`,
  );
  expect(index).toEqual({ valid: true });
});

test('fields that are unique together no more lose their index, and nothing else does', async () => {
  const { db, workspace } = world;
  const indexes = async () =>
    (
      await db.run<{ name: string }>(
        sql`select indexname as name from pg_indexes where schemaname = 'ws_main' and tablename = 'deal' order by 1`,
      )
    ).map(({ name }) => name);
  const before = await indexes();
  await db.run(sql`create unique index deal_name_amount_unique on ws_main.deal (name, amount)`);
  await db.run(sql`create unique index hand_made on ws_main.deal (id, name)`);
  const plan = await planSchema(db, workspace.schema, workspace.model);
  expect(plan.map(step => step.what)).toEqual(['drop index deal_name_amount_unique']);
  await migrateWorkspace(db, declared, 'main');
  expect(await indexes()).toEqual([...before, 'hand_made'].sort());
  await db.run(sql`drop index ws_main.hand_made`);
});
