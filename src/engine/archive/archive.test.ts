import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { makeEverything } from '../../../test/everything.ts';
import { settings, today } from '../../../test/world.ts';
import { declared } from '../../app.ts';
import { createAccount, createAuth, createKey } from '../auth/auth.ts';
import { stoppedClock } from '../clock.ts';
import { changeRules } from '../duplicates/settings.ts';
import { fileStore } from '../files/store.ts';
import {
  actorOf,
  type Context,
  contextOf,
  create,
  newId,
  systemActor,
  undo,
  update,
  write,
} from '../index.ts';
import { migrateQueue } from '../jobs/runner.ts';
import { list } from '../records/read.ts';
import { search } from '../search/search.ts';
import { sql } from '../sql.ts';
import { createWorkspace, loadWorkspace, migrateInstallation } from '../workspace.ts';
import { exportArchive } from './export.ts';
import { importArchive, isArchive, verifyArchive } from './import.ts';
import { readTar, tarEnd, tarHeader, tarPadding } from './tar.ts';

const clock = stoppedClock(today);
const folder = mkdtempSync(join(tmpdir(), 'farley-archive-'));
const files = fileStore(join(folder, 'files'));
const path = join(folder, 'whole.tar.gz');
let world: { db: TestDatabase; system: Context; ada: Context };
let thing: string;
const others: TestDatabase[] = [];

beforeAll(async () => {
  const db = await emptyFarley('archive');
  world = {
    db,
    system: {
      ...contextOf(db, await loadWorkspace(db, declared, 'main'), systemActor('tests'), 'api', clock),
    },
  } as typeof world;
  const ctx = world.system;
  await db.transaction(async tx => {
    for (const module of declared.modules) await module.demo?.({ ...ctx, tx, changeSet: newId() });
  });
  const auth = createAuth({
    db,
    secret: 'a secret for tests, thirty-two bytes long',
    url: 'http://farley.test',
  });
  const nora = { name: 'Nora Haas', email: 'nora@kaffeehaus.example', password: 'correct horse battery' };
  const userId = await createAccount(ctx, auth, nora, 'administrator');
  await createKey(ctx, auth, 'Robot', 'member');
  world.ada = { ...ctx, actor: (await actorOf(db, ctx.schema, userId, 'person'))! };
  await fillWithEverything(world.ada);
  await exportArchive({ db, files, path, accounts: 'people' });
}, 120_000);

afterAll(async () => {
  for (const db of others) await db.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A field of every type, files, trash, what was undone, an own field of a declared object, a rule about duplicates. */
async function fillWithEverything(ctx: Context) {
  const everything = await makeEverything(ctx);
  const inside = everything.ctx;
  thing = everything.object.name;
  const samples = fc.sample(everything.values(), { numRuns: 40, seed: 7 });
  const made = await write(
    inside,
    thing,
    samples.map((values, i) => ({ op: 'create' as const, values: { ...values, name: `Thing ${i}` } })),
    { perItem: true, trusted: true },
  );
  const ids = made.results.filter(({ kind }) => kind === 'created').map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(10);
  await write(
    inside,
    thing,
    ids.slice(0, 3).map(id => ({ op: 'delete' as const, id })),
  );
  const company = await create(inside, 'company', {
    name: 'Grüße "quoted", \\slashed\n日本語 🎉',
    externalIds: { old: '007' },
  });
  const { changeSet } = await update(inside, 'company', company, { name: 'Changed for a moment' });
  await undo(inside, changeSet!);
  const own = { name: 'ticker', label: 'Same ticker', mode: 'block', same: { tickerSymbol: 'exact' } };
  await changeRules(ctx, declared, ctx.model.objects.get('company')!, { rules: [own] });
  const { hash, size } = await files.put(Readable.from([Buffer.from('content of a file')]), 1_000);
  await create(inside, 'file', { name: 'note.txt', mediaType: 'text/plain', size, hash }, { trusted: true });
}

async function emptyFarley(name: string): Promise<TestDatabase> {
  const db = await createTestDatabase(name);
  others.push(db);
  await migrateInstallation(db);
  await migrateQueue(db);
  await createWorkspace(db, declared, settings, clock);
  return db;
}

async function importInto(db: TestDatabase, from: string, into = join(folder, newId())) {
  return importArchive({ db, declared, files: fileStore(into), path: from, clock });
}

/** The archive with its files as `change` makes them, and right checksums. */
async function changed(change: (name: string, text: string) => string | null): Promise<string> {
  const to = join(folder, `${newId()}.tar`);
  const parts: Buffer[] = [];
  const sums: string[] = [];
  for await (const { name, content } of readTar(Readable.from([gunzipSync(readFileSync(path))]))) {
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk);
    const text = name === 'SHA256SUMS' ? sums.join('') : change(name, Buffer.concat(chunks).toString());
    if (text === null) continue;
    const bytes = Buffer.from(text);
    if (!name.startsWith('files/'))
      sums.push(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
    parts.push(tarHeader(name, bytes.length), bytes, tarPadding(bytes.length));
  }
  writeFileSync(to, Buffer.concat([...parts, tarEnd]));
  return to;
}

test('export → import → export is byte-equal, and the imported system works on', async () => {
  const db = await emptyFarley('archive_import');
  const there = join(folder, 'there');
  const contents = await importInto(db, path, there);
  expect(contents.rows['workspaces/main/company']).toBeGreaterThan(1);
  expect(contents.files.count).toBeGreaterThan(0);
  const again = join(folder, 'again.tar.gz');
  await exportArchive({ db, files: fileStore(there), path: again, accounts: 'people' });
  expect(readFileSync(again).equals(readFileSync(path))).toBe(true);

  const workspace = await loadWorkspace(db, declared, 'main');
  const ctx = contextOf(db, workspace, systemActor('tests'), 'test', clock);
  const [before, after] = await Promise.all(
    [world.system, ctx].map(async each =>
      JSON.parse((await list({ ...each, model: workspace.model }, thing, { limit: 100 })).data),
    ),
  );
  expect(after).toEqual(before);
  expect(ctx.model.objects.get('company')!.spec.duplicates!.map(({ name }) => name)).toEqual(['ticker']);
  expect((await search(ctx, 'grusse'))[0]?.title).toContain('Grüße');
  expect(await search(ctx, 'grusse')).toEqual(await search(world.system, 'grusse'));
  const entries = sql`select string_agg(e::text, chr(10) order by object, record_id) as all from ws_main.search_entry e`;
  expect(await db.run(entries)).toEqual(await world.db.run(entries));
  // Numbers go on where they stood, and what was done before can be undone.
  const deal = await create(ctx, 'company', { name: 'New after the import' });
  expect(deal).toBeTruthy();
  const [set] = await db.run<{ id: string }>(
    sql`select id from ws_main.change_set where undone_by is not null`,
  );
  expect(set).toBeTruthy();
});

test('accounts of people travel with their passwords, keys and sessions do not', async () => {
  const db = others[1]!;
  expect(await db.run(sql`select email from farley."user"`)).toEqual([{ email: 'nora@kaffeehaus.example' }]);
  const auth = createAuth({
    db,
    secret: 'another secret for tests, thirty-two bytes',
    url: 'http://farley.test',
  });
  const signedIn = await auth.api.signInEmail({
    body: { email: 'nora@kaffeehaus.example', password: 'correct horse battery' },
  });
  expect(signedIn.user.name).toBe('Nora Haas');
  expect(await db.run(sql`select 1 from farley.apikey`)).toEqual([]);
  const none = join(folder, 'none.tar');
  await exportArchive({ db: world.db, files, path: none, accounts: 'none' });
  expect(readFileSync(none).includes('correct')).toBe(false);
  expect(readFileSync(none).includes('"password"')).toBe(false);
});

test('a Farley in which there is something, and one that serves, take no archive', async () => {
  await expect(importInto(others[1]!, path)).rejects.toThrow(/not empty/);
  const serving = await emptyFarley('archive_serving');
  await serving.run(sql`insert into farley.worker (id, seen) values ('w', now())`);
  await expect(importInto(serving, path)).rejects.toThrow(/Stop it/);
});

test('a damaged, cut or newer archive is refused, and nothing is half done', async () => {
  const db = await emptyFarley('archive_damaged');
  const dump = sql`select (select count(*) from ws_main.change) as changes, (select count(*) from pg_class) as tables, (select count(*) from farley."user") as accounts`;
  const before = await db.run(dump);
  const bytes = readFileSync(path);
  const plain = gunzipSync(bytes);
  const at = plain.indexOf('Changed for a moment');
  const flipped = Buffer.from(plain);
  flipped.write('X', at);
  const wrong: [string, Buffer, RegExp][] = [
    ['half.tar.gz', bytes.subarray(0, bytes.length / 2), /damaged/],
    ['endless.tar', plain.subarray(0, plain.length - 1024), /damaged: its end/],
    ['cut.tar', plain.subarray(0, Math.floor(plain.length / 1024) * 512), /damaged/],
    ['flipped.tar', flipped, /checksums are others/],
    [
      'bit.tar.gz',
      Buffer.concat([bytes.subarray(0, 2000), Buffer.from('oops'), bytes.subarray(2004)]),
      /damaged/,
    ],
  ];
  for (const [name, content, words] of wrong) {
    writeFileSync(join(folder, name), content);
    await expect(importInto(db, join(folder, name)), name).rejects.toThrow(words);
    await expect(verifyArchive(join(folder, name)), name).rejects.toThrow(words);
  }
  const newer = await changed((name, text) =>
    name === 'manifest.json' ? text.replace('"format": 1', '"format": 2') : text,
  );
  await expect(importInto(db, newer)).rejects.toThrow(/newer Farley/);
  const lost = await changed((name, text) => (name.startsWith('files/') ? null : text));
  await expect(importInto(db, lost)).rejects.toThrow(/files instead of/);
  const fewer = await changed((name, text) =>
    /\/company\//.test(name) ? text.slice(text.indexOf('\n') + 1) : text,
  );
  await expect(importInto(db, fewer)).rejects.toThrow(/damaged/);
  expect(await db.run(dump)).toEqual(before);
  expect(await isArchive(newer)).toBe(true);
  writeFileSync(join(folder, 'list.csv'), 'name\nAcme\n');
  expect(await isArchive(join(folder, 'list.csv'))).toBe(false);
});

test('an archive of an older model is migrated: steps it lacks are run, new columns added, old ones kept', async () => {
  const older = await changed((name, text) => {
    if (/\/(external_id|duplicate_rules)\//.test(name)) return null;
    if (name === 'contents.json')
      return text.replace(/ +"workspaces\/main\/(external_id|duplicate_rules)": \d+,\n/g, '');
    if (name === 'manifest.json') {
      const manifest = JSON.parse(text);
      manifest.steps.workspace = 3;
      const { tables } = manifest.workspaces[0];
      delete tables.external_id;
      delete tables.duplicate_rules;
      delete tables.custom_field.set_id;
      delete tables.custom_field.undone_by;
      delete tables.company.website;
      tables.company.old_colour = 'text';
      return `${JSON.stringify(manifest)}\n`;
    }
    if (/\/company\//.test(name)) return text.replace(/^\{/gm, '{"old_colour": "blue", ');
    return text;
  });
  const db = await emptyFarley('archive_older');
  await importInto(db, older);
  const [row] = await db.run(
    sql`select c.old_colour, c.website, (select max(number) from ws_main.migration) as step from ws_main.external_id e join ws_main.company c on c.id = e.record_id where e.key = '007'`,
  );
  const [here] = await world.db.run(sql`select max(number) as step from ws_main.migration`);
  expect(row).toEqual({ old_colour: 'blue', website: null, step: here!.step });
});

test('an export sees one moment, whoever writes meanwhile', async () => {
  const during = join(folder, 'during.tar');
  const writing = { on: true };
  const writer = (async () => {
    while (writing.on) await create(world.ada, 'company', { name: `While exporting ${newId()}` });
  })();
  await exportArchive({ db: world.db, files, path: during, accounts: 'people' });
  writing.on = false;
  await writer;
  const contents = await importInto(await emptyFarley('archive_during'), during);
  const db = others.at(-1)!;
  // Each company with its creation in the log, and each creation with its company.
  const [odd] = await db.run<{ n: number }>(
    sql`select count(*) as n from ws_main.company c full join (select record_id from ws_main.change where object = 'company' and kind = 'created') k
      on k.record_id = c.id where c.id is null or k.record_id is null`,
  );
  expect(odd!.n).toBe(0);
  expect(contents.rows['workspaces/main/company']).toBeGreaterThan(0);
});
