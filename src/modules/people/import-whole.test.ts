/** A whole Salesforce organisation, as it was exported, imported as it is proposed: counts and links, and one undo. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { declared } from '../../app.ts';
import { importTables, openTables, propose, readPlan, rows, undo } from '../../engine/index.ts';

const folder = '/work/shared/data/crm-salesforce-devorg';
const files = ['Opportunity.csv', 'Contact.csv', 'Account.csv', 'Lead.csv'];
let world: World;
beforeAll(async () => {
  world = await createWorld('whole');
});
afterAll(() => world.close());

// The files are beside the project, not in it.
test.skipIf(!existsSync(folder))(
  'accounts, contacts, leads and opportunities with their relations',
  async () => {
    const tables = [];
    for (const file of files)
      for (const table of await openTables(join(folder, file), file)) tables.push({ ...table, file });
    const importing = declared.modules.flatMap(module => module.importing ?? []);
    const proposal = await propose(world.ada, importing, tables);
    expect(proposal.system?.name).toBe('salesforce');
    const plan = {
      declared,
      tables: readPlan(JSON.parse(JSON.stringify(proposal))),
      pathOf: (file: string) => join(folder, file),
    };
    const dry = await importTables(world.ada, { ...plan, dryRun: true });
    const count = async (object: string) => (await rows(world.ada, object, { limit: 500 })).length;
    expect(await count('company')).toBe(0);
    const reports = await importTables(world.ada, plan);
    // Two e-mail addresses of the sample are none: `b.levy@expressl&t.net`.
    const refused = Object.fromEntries(reports.map(({ object, failed }) => [object, failed]));
    expect(refused).toEqual({ company: 0, person: 2, lead: 0, deal: 0 });
    expect(dry.map(({ object, created }) => [object, created])).toEqual(
      reports.map(({ object, created }) => [object, created]),
    );
    const read = (file: string) =>
      parse<Record<string, string>>(readFileSync(join(folder, file)), { columns: true, bom: true }).filter(
        row => !row.Email?.includes('&'),
      );
    for (const [object, file] of [
      ['company', 'Account.csv'],
      ['person', 'Contact.csv'],
      ['lead', 'Lead.csv'],
      ['deal', 'Opportunity.csv'],
    ] as const)
      expect([object, await count(object)]).toEqual([object, read(file).length]);
    const accounts = new Map(read('Account.csv').map(row => [row.Id, row.Name]));
    const linked = (file: string) =>
      read(file)
        .map(row => accounts.get(row.AccountId) ?? null)
        .sort();
    for (const [object, file] of [
      ['person', 'Contact.csv'],
      ['deal', 'Opportunity.csv'],
    ] as const) {
      const found = await rows(world.ada, object, { fields: ['company'], limit: 500 });
      expect(found.map(row => (row.company as { title: string } | null)?.title ?? null).sort()).toEqual(
        linked(file),
      );
    }
    await undo(world.ada, reports[0]!.changeSet!);
    expect(await Promise.all(['company', 'person', 'lead', 'deal'].map(count))).toEqual([0, 0, 0, 0]);
  },
);
