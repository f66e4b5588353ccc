/** The files of a Salesforce export: their contents lie in the archive, and become files of notes about what they were attached to. */
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { zipOf } from '../../../test/zip.ts';
import { declared } from '../../app.ts';
import { fileStore } from '../../engine/files/store.ts';
import { sweepJob } from '../../engine/files/sweep.ts';
import { newId } from '../../engine/id.ts';
import {
  importTables,
  keeper,
  openContents,
  openTables,
  propose,
  readPlan,
  rows,
  undo,
} from '../../engine/index.ts';
import { sql } from '../../engine/sql.ts';

const folder = mkdtempSync(join(tmpdir(), 'farley-contents-'));
const store = fileStore(join(folder, 'store'));
const importing = declared.modules.flatMap(module => module.importing ?? []);
let world: World;
beforeAll(async () => {
  world = await createWorld('contents');
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

const stamp = '2024-02-15 10:20:30';
const [hotel, deal, sina] = ['001bm00000AAAA1AAP', '006bm00000AAAA2AAP', '005bm00000AAAA1AAP'];
const [contract, photo, lost, orphan] = [
  '00Pbm00000AAAA1AAP',
  '00Pbm00000AAAA2AAP',
  '00Pbm00000AAAA3AAP',
  '00Pbm00000AAAA4AAP',
];
const [offer, draft] = ['068bm00000AAAA1AAP', '068bm00000AAAA2AAP'];
const minutes = '068bm00000AAAA9AAP';
const task = '00Tbm00000AAAA1AAP';
const document = '069bm00000AAAA1AAP';

const tables: [string, string][] = [
  ['Account.csv', `Id,IsDeleted,Name,OwnerId,SystemModstamp\n${hotel},0,Hotel Post,${sina},${stamp}\n`],
  [
    'Attachment.csv',
    `Id,IsDeleted,ParentId,Name,IsPrivate,ContentType,BodyLength,OwnerId,CreatedDate,CreatedById,SystemModstamp,Description
${contract},0,${hotel.slice(0, 15)},contract.txt,0,text/plain,8,${sina},${stamp},${sina},${stamp},
${photo},0,${task},photo.jpg,0,image/jpeg,5,${sina},${stamp},${sina},${stamp},
${lost},0,${hotel},lost.pdf,0,application/pdf,5,${sina},${stamp},${sina},${stamp},
${orphan},0,500bm00000AAAA1AAP,case.pdf,0,application/pdf,5,${sina},${stamp},${sina},${stamp},
`,
  ],
  [
    'ContentDocumentLink.csv',
    `Id,LinkedEntityId,ContentDocumentId,IsDeleted,SystemModstamp,ShareType,Visibility
06Abm00000AAAA1AAP,${deal},${document},0,${stamp},V,AllUsers
06Abm00000AAAA2AAP,${sina},${document},0,${stamp},I,AllUsers
`,
  ],
  [
    'ContentVersion.csv',
    `Id,ContentDocumentId,IsLatest,VersionNumber,Title,PathOnClient,FileType,FileExtension,ContentSize,OwnerId,FirstPublishLocationId,CreatedDate,CreatedById,IsDeleted,SystemModstamp
${draft},${document},0,1,The offer,offer.pdf,PDF,pdf,5,${sina},${hotel},${stamp},${sina},0,${stamp}
${minutes},069bm00000AAAA2AAP,1,1,Minutes of May,Minutes of May,SNOTE,snote,5,${sina},${hotel},${stamp},${sina},0,${stamp}
${offer},${document},1,2,The offer,C:\\fakepath\\offer final.pdf,PDF,pdf,5,${sina},${hotel},${stamp},${sina},0,${stamp}
`,
  ],
  [
    'Opportunity.csv',
    `Id,IsDeleted,AccountId,Name,StageName,CloseDate,OwnerId,SystemModstamp\n${deal},0,${hotel},Machines,Prospecting,2024-03-01,${sina},${stamp}\n`,
  ],
  [
    'Task.csv',
    `Id,IsDeleted,WhatId,Subject,Status,SystemModstamp\n${task},0,${deal},Look at it,Completed,${stamp}\n`,
  ],
  [
    'User.csv',
    `Id,Username,FirstName,LastName,Email,IsActive,SystemModstamp\n${sina},s@old.example,Sina,Old,sina@kaffeehaus.example,1,${stamp}\n`,
  ],
];

/** The first of two archives has all tables; contents are in both. */
function archives(contents = true): Record<string, Buffer> {
  if (!contents) return { 'export.zip': zipOf(tables) };
  return {
    'WE_1.zip': zipOf([
      ...tables,
      [`Attachments/${contract}`, 'a,b\n1,2\n'],
      [`Attachments/${orphan}`, 'x'],
      [`ContentVersion/${draft}`, 'draft'],
      [
        `ContentVersion/${minutes}`,
        '<p><b>Agreed</b> with R&amp;D:</p><ul><li>two <i>mills</i></li><li>see <a href="https://mill.example/a">the list</a></li></ul><p>Caf&#233;<br>at&nbsp;9</p><script>x()</script>',
      ],
    ]),
    'WE_2.zip': zipOf([
      [`Attachments/${photo}`, Buffer.from([0xff, 0xd8, 0xff, 0, 1])],
      [`ContentVersion/${offer.slice(0, 15)}`, 'offer'],
    ]),
  };
}

async function proposed(given: Record<string, Buffer>) {
  const files = Object.entries(given).map(([name, bytes]) => {
    writeFileSync(join(folder, name), bytes);
    return { name, path: join(folder, name) };
  });
  const contents = await openContents(files);
  const found = [];
  for (const { name, path } of files)
    for (const table of await openTables(path, name).catch(() => [])) found.push({ ...table, file: name });
  const proposal = await propose(world.ada, importing, found, contents.files.size > 0);
  const plan = {
    declared,
    tables: readPlan(JSON.parse(JSON.stringify(proposal))),
    files: files.map(({ name }) => name),
    pathOf: (file: string) => join(folder, file),
  };
  return { proposal, plan };
}

const titles = (links: unknown) =>
  (links as { title: string }[] | null)?.map(({ title }) => title).sort() ?? [];

let plan: Awaited<ReturnType<typeof proposed>>['plan'];
let reports: Awaited<ReturnType<typeof importTables>>;
const counts = (all: typeof reports) =>
  all
    .filter(({ object }) => object === 'note')
    .map(({ table, created, updated, skipped, failed, linked }) => [
      ...[table, created, updated, skipped, failed],
      linked,
    ]);

test('contents of all archives are taken in; what is missing refuses its row, and a check says so before', async () => {
  const { proposal, ...rest } = await proposed(archives());
  plan = rest.plan;
  expect(proposal.tables.map(({ table, object }) => [table, object]).slice(-3)).toEqual([
    ['Attachment.csv', 'note'],
    ['ContentVersion.csv', 'note'],
    ['ContentDocumentLink.csv', 'note'],
  ]);
  const dry = await importTables(world.ada, { ...plan, dryRun: true, keep: keeper(store) });
  expect(readdirSync(folder)).not.toContain('store');
  reports = await importTables(world.ada, { ...plan, keep: keeper(store) });
  expect(counts(reports)).toEqual([
    ['Attachment.csv', 2, 0, 0, 2, { file: 2 }],
    ['ContentVersion.csv', 2, 0, 1, 0, { file: 1 }],
    ['ContentDocumentLink.csv', 0, 1, 0, 0, {}],
  ]);
  expect(counts(dry)).toEqual(counts(reports));
  const attachments = reports.find(({ table }) => table === 'Attachment.csv')!;
  expect(attachments.failures.map(({ message }) => message).sort()).toEqual([
    `The files that were given hold no content of "${lost}".`,
    'There is no record with the external id "500bm00000AAAA1AAP".',
  ]);
  // That a user may see a file makes it no file about them, and is not told.
  expect(reports.find(({ table }) => table === 'ContentDocumentLink.csv')!.warnings).toEqual([]);
});

test('a file is a note about what it was attached to, as old as it was and made by who made it', async () => {
  const notes = await rows(world.ada, 'note', { sort: ['subject'] });
  expect(
    notes.map(({ subject, body, about, files }) => [subject, body, titles(about), titles(files)]),
  ).toEqual([
    ['contract.txt', 'contract.txt', ['Hotel Post'], ['contract.txt']],
    [
      'Minutes of May',
      '**Agreed** with R&D:\n\n- two *mills*\n- see [the list](https://mill.example/a)\n\nCafé\nat 9',
      ['Hotel Post'],
      [],
    ],
    ['photo.jpg', 'photo.jpg', ['Look at it'], ['photo.jpg']],
    ['The offer', 'The offer', ['Hotel Post', 'Machines'], ['offer final.pdf']],
  ]);
  for (const { createdAt, createdBy, owner } of notes)
    expect([createdAt, createdBy, owner]).toEqual([
      '2024-02-15T10:20:30.000Z',
      expect.objectContaining({ title: 'Sina Gruber' }),
      expect.objectContaining({ title: 'Sina Gruber' }),
    ]);
  const files = await rows(world.ada, 'file', {
    fields: ['name', 'mediaType', 'size', 'hash'],
    sort: ['name'],
  });
  expect(files.map(({ name, mediaType, size }) => [name, mediaType, size])).toEqual([
    ['contract.txt', 'text/plain', 8],
    ['offer final.pdf', 'application/pdf', 5],
    ['photo.jpg', 'image/jpeg', 5],
  ]);
  const { stream } = await store.open(files[0]!.hash as string);
  expect(await text(stream)).toBe('a,b\n1,2\n');
});

test('importing again doubles nothing, and the undo takes all of it back', async () => {
  const again = await importTables(world.ada, { ...plan, keep: keeper(store) });
  expect(counts(again).map(row => row.slice(0, 3))).toEqual([
    ['Attachment.csv', 0, 0],
    ['ContentVersion.csv', 0, 0],
    ['ContentDocumentLink.csv', 0, 0],
  ]);
  expect(await rows(world.ada, 'file', {})).toHaveLength(3);

  const third = '068bm00000AAAA3AAP';
  const newer = tables.map(([name, csv]) => [name, csv.replaceAll(offer, third)] as [string, string]);
  const next = await proposed({ 'next.zip': zipOf([...newer, [`ContentVersion/${third}`, 'better']]) });
  const later = await importTables(world.ada, { ...next.plan, keep: keeper(store) });
  const filter = { field: 'subject', op: 'is', value: 'The offer' };
  const [note] = await rows(world.ada, 'note', { filter });
  expect(note!.files).toEqual([expect.objectContaining({ title: 'offer final.pdf' })]);
  expect(titles(note!.about)).toEqual(['Hotel Post', 'Machines']);
  const [kept] = await rows(world.ada, 'file', { filter: { field: 'size', op: 'is', value: 6 } });
  expect((note!.files as { id: string }[])[0]!.id).toBe(kept!.id);
  await undo(world.ada, later.find(({ changeSet }) => changeSet)!.changeSet!);

  await undo(world.ada, reports[0]!.changeSet!);
  expect(await rows(world.ada, 'note', {})).toEqual([]);
  expect(await rows(world.ada, 'file', {})).toEqual([]);
});

test('without contents their tables stay out, and say why', async () => {
  const { proposal } = await proposed(archives(false));
  for (const table of proposal.tables.filter(({ table }) => /^(Attachment|Content)/.test(table)))
    expect(table).toMatchObject({
      map: null,
      reason: expect.stringContaining('contents are not in the archive'),
    });
});

async function allStored(): Promise<string[]> {
  const hashes = [];
  for await (const hash of store.stored(0)) hashes.push(hash);
  return hashes;
}

test('contents that nothing refers to are swept after a day; those of the trash, of waiting imports and the young stay', async () => {
  const put = async (content: string) => (await store.put(Readable.from([Buffer.from(content)]), 1_000)).hash;
  const [lone, waiting, young] = [await put('lone'), await put('waiting'), await put('young')];
  const old = new Date(Date.now() - 2 * 24 * 3_600_000);
  const hashes = await allStored();
  for (const hash of hashes) if (hash !== young) utimesSync(store.path(hash), old, old);
  await world.db.run(
    sql`insert into ${sql.id(world.ada.schema, 'job_run')} (id, job, label, state, payload)
      values (${newId()}::uuid, 'import', 'Import', 'queued', ${JSON.stringify({ files: { 'a.csv': waiting } })}::jsonb)`,
  );
  // All files are in the trash by now: their undo can be undone.
  expect(hashes.length).toBeGreaterThan(4);
  let result: unknown;
  const skipped: string[] = [];
  const report = {
    done: () => {},
    progress: () => {},
    checkpoint: async () => {},
    skipped: (what: string) => void skipped.push(what),
    result: async (value: unknown) => {
      result = value;
    },
  };
  await sweepJob(store).run(world.ada, {}, report, null, new AbortController().signal);
  expect(result).toEqual({ looked: hashes.length - 1, removed: 1, bytes: 4 });
  const left = await allStored();
  expect(left.sort()).toEqual(hashes.filter(hash => hash !== lone).sort());
  expect(await store.remove(young, 60_000)).toBeNull();
  expect(await text((await store.open(young)).stream)).toBe('young');
});
