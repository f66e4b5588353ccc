/** The guides cannot lie: their snippets are compiled where they say they stand, and work. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { declared } from '../src/app.ts';
import {
  carryOut,
  contextOf,
  create,
  createWorkspace,
  type Declared,
  type FieldType,
  find,
  type ModuleSpec,
  Refusal,
  systemActor,
  systemClock,
} from '../src/engine/index.ts';
import { migrateQueue } from '../src/engine/jobs/runner.ts';
import { migrateInstallation } from '../src/engine/workspace.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { settings } from './world.ts';

const root = resolve(import.meta.dirname, '..');
const guides = join(root, 'docs/guides');
/** A copy of the house, with the snippets moved in. Under the root, so that packages are found. */
const house = join(root, 'node_modules/.cache/farley-guides');
const snippets = readdirSync(guides)
  .filter(name => name.endsWith('.md'))
  .flatMap(name =>
    [...readFileSync(join(guides, name), 'utf8').matchAll(/```tsx? file=(\S+)\n([\s\S]*?)```/g)].map(
      ([, file, code]) => ({ guide: name, file: file!, code: code! }),
    ),
  );

let db: TestDatabase;
beforeAll(async () => {
  rmSync(house, { recursive: true, force: true });
  mkdirSync(join(house, 'src/modules'), { recursive: true });
  mkdirSync(join(house, 'src/fields'));
  for (const part of ['engine', 'kit', 'web']) symlinkSync(join(root, 'src', part), join(house, 'src', part));
  for (const part of ['fields', 'modules'])
    for (const name of readdirSync(join(root, 'src', part)))
      symlinkSync(join(root, 'src', part, name), join(house, 'src', part, name));
  for (const { file, code } of snippets) {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), code);
  }
  db = await createTestDatabase('guides');
});
afterAll(async () => {
  await db.close();
  rmSync(house, { recursive: true, force: true });
});

const load = async <T>(file: string, name: string) =>
  ((await import(/* @vite-ignore */ pathToFileURL(join(house, file)).href)) as Record<string, T>)[name]!;

test('each guide that adds something shows it', () => {
  expect([...new Set(snippets.map(snippet => snippet.guide))].sort()).toEqual([
    'add-a-field-type.md',
    'add-a-module.md',
    'add-a-verb.md',
    'add-an-object.md',
  ]);
});

test('the snippets compile where they stand', () => {
  writeFileSync(
    join(house, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      include: ['src/vite-env.d.ts', ...snippets.map(snippet => snippet.file)],
    }),
  );
  cpSync(join(root, 'tsconfig.json'), join(house, basename('tsconfig.base.json')));
  const tsc = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', house], {
    encoding: 'utf8',
  });
  expect(tsc.stdout).toBe('');
  expect(tsc.status).toBe(0);
}, 120_000);

test('the field type of the guide keeps its promises', async () => {
  const type = await load<FieldType>('src/fields/iban.ts', 'ibanType');
  for (const { input, value, text } of type.samples) {
    expect(type.parse(input, {} as never, {} as never)).toEqual(value);
    expect(type.format(value, {} as never, {} as never)).toBe(text);
  }
  for (const { input, code } of type.refused) {
    const refusal = type.parse(input, {} as never, {} as never);
    expect(refusal).toBeInstanceOf(Refusal);
    expect((refusal as Refusal).code).toBe(code);
  }
});

test('the module of the guides works in a new workspace', async () => {
  const visits = await load<ModuleSpec>('src/modules/visits/module.ts', 'visits');
  const all: Declared = { ...declared, modules: [...declared.modules, visits] };
  await migrateInstallation(db);
  await migrateQueue(db);
  const workspace = await createWorkspace(db, all, settings, systemClock);
  const ctx = contextOf(db, workspace, systemActor('guides'), 'test', systemClock);
  const company = await create(ctx, 'company', { name: 'Hotel Seeblick' });
  const visit = await create(ctx, 'visit', { purpose: 'Tasting', company });
  await carryOut(ctx, 'visit', 'checkIn', visit, { note: 'Second floor' });
  expect(await find(ctx, 'visit', visit)).toMatchObject({
    notes: 'Second floor',
    company: { title: 'Hotel Seeblick' },
  });
  await expect(carryOut(ctx, 'visit', 'checkIn', visit, {})).rejects.toThrow(
    'checked in to this visit already',
  );
});
