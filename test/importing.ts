/** A world of its own for tests of imports: files from text, loaded as Ada, and what became of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { declared } from '../src/app.ts';
import type { Context, Values } from '../src/engine/index.ts';
import { importTables, openTables, propose, readPlan, rows } from '../src/engine/index.ts';
import { type ImportOptions, importFile } from '../src/engine/transfer/import.ts';
import { type ImportMap, readImportMap } from '../src/engine/transfer/map.ts';
import { importing } from './bare.ts';
import { createWorld } from './world.ts';

export async function createImporting(name: string) {
  const folder = mkdtempSync(join(tmpdir(), 'farley-import-'));
  const world = await createWorld(name);
  const { ada } = world;
  let files = 0;
  const fileOf = (content: string): string => {
    const path = join(folder, `${++files}.csv`);
    writeFileSync(path, content);
    return path;
  };
  const find = (object: string, field: string, value: string): Promise<Values[]> =>
    rows(ada, object, { filter: { field, op: 'is', value }, limit: 1_000 });
  return {
    world,
    ada,
    folder,
    fileOf,
    find,
    load: (
      object: string,
      content: string,
      map: ImportMap = {},
      options: Partial<ImportOptions> = {},
      ctx: Context = ada,
    ) => importFile(ctx, { path: fileOf(content), object, map: readImportMap(map), ...options }),
    /** Proposes files, by their names, and imports them as proposed. */
    bring: async (given: Record<string, string>, dryRun = false) => {
      const tables = [];
      for (const [file, text] of Object.entries(given)) {
        writeFileSync(join(folder, file), text);
        for (const table of await openTables(join(folder, file), file)) tables.push({ ...table, file });
      }
      const proposal = await propose(ada, importing, tables);
      const reports = await importTables(ada, {
        declared,
        tables: readPlan(JSON.parse(JSON.stringify(proposal))),
        pathOf: file => join(folder, file),
        dryRun,
      });
      return { proposal, reports };
    },
    one: async (object: string, field: string, value: string): Promise<Values> => {
      const found = await find(object, field, value);
      expect(found.length).toBe(1);
      return found[0]!;
    },
    close: async () => {
      await world.close();
      rmSync(folder, { recursive: true });
    },
  };
}
