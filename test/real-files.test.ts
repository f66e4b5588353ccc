/** Files that programs really wrote go in as they are proposed, and what is refused says why. See SOURCE.md in each folder. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { declared } from '../src/app.ts';
import { FarleyError, importTables, openTables, propose, readPlan } from '../src/engine/index.ts';
import type { TableFile } from '../src/engine/transfer/table.ts';
import { importing } from './bare.ts';
import { createWorld, type World } from './world.ts';

const data = process.env.FARLEY_TEST_DATA ?? '../shared/data';
const folders = ['files-vcard', 'files-ical', 'files-csv', 'files-email', 'files-bounces'];

/** Below a folder, but for what tells of the files. */
function filesIn(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .map(path => join(folder, path))
    .filter(path => statSync(path).isFile() && !/(SOURCE|README|LICENSE|expected\.csv)/i.test(path))
    .sort();
}

// Not everyone has the test data: the folder is no part of the repository.
describe.skipIf(!existsSync(join(data, 'files-vcard')))('files from the world', () => {
  let world: World;
  // A proposal of fields that are new knows those there are already.
  beforeEach(async () => {
    world = await createWorld('realfiles');
  });
  afterEach(() => world.close());

  test.each(folders)('%s', async folder => {
    const paths = new Map<string, string>();
    const tables: (TableFile & { file: string })[] = [];
    let unreadable = 0;
    for (const path of filesIn(join(data, folder))) {
      const file = `${paths.size}-${basename(path)}`;
      paths.set(file, path);
      try {
        for (const table of await openTables(path, file)) tables.push({ ...table, file });
      } catch (error) {
        expect(error, path).toBeInstanceOf(FarleyError);
        expect((error as Error).message.length, path).toBeGreaterThan(20);
        unreadable++;
      }
    }
    const proposal = await propose(world.ada, importing, tables);
    // What nobody recognises becomes companies, as someone might choose: called by the first column.
    const chosen = proposal.tables.map(table => {
      const first = tables.find(each => each.file === table.file && each.name === table.table)?.columns[0];
      const map = { object: 'company', match: 'name', fields: { name: first ?? '' } };
      return { ...table, map: table.map ?? (first ? map : null) };
    });
    const planned = readPlan(JSON.parse(JSON.stringify({ tables: chosen })));
    const reports = await importTables(world.ada, {
      declared,
      tables: planned,
      pathOf: file => paths.get(file)!,
    });
    for (const { failures } of reports)
      for (const { message } of failures) expect(message.length).toBeGreaterThan(10);
    const sum = (of: (report: (typeof reports)[number]) => number) =>
      reports.reduce((total, report) => total + of(report), 0);
    const written = sum(report => report.created + report.updated);
    console.info(
      `${folder}: ${paths.size} files, ${unreadable} unreadable, ${planned.length} tables of ${tables.length}, ${written} written, ${sum(report => report.failed)} refused`,
    );
    expect(written).toBeGreaterThan(0);
  });
});
