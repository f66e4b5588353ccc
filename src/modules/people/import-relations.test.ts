/** Files of other systems keep their relations: several per row, ids in two forms, companies by domain, rows in the trash. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { declared } from '../../app.ts';
import {
  create,
  importFile,
  importTables,
  type KeepFile,
  openTables,
  propose,
  readPlan,
  rows,
  undo,
} from '../../engine/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'farley-relations-'));
const importing = declared.modules.flatMap(module => module.importing ?? []);
let world: World;
beforeAll(async () => {
  world = await createWorld('relations');
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

/** Proposes files, and imports them as proposed. Answers the maps and reports by object. */
async function bring(files: Record<string, string>, keep?: KeepFile) {
  const tables = [];
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(folder, file), text);
    for (const table of await openTables(join(folder, file), file)) tables.push({ ...table, file });
  }
  const plan = readPlan(JSON.parse(JSON.stringify(await propose(world.ada, importing, tables))));
  const pathOf = (file: string) => join(folder, file);
  const reports = await importTables(world.ada, {
    declared,
    tables: plan,
    pathOf,
    ...(keep ? { keep } : {}),
  });
  const maps = Object.fromEntries(plan.map(({ map }) => [map.object!, map]));
  return { maps, reports: Object.fromEntries(reports.map(report => [report.object, report])) };
}

const titles = (links: unknown) =>
  (links as { title: string }[] | null)?.map(({ title }) => title).sort() ?? [];

async function one(object: string, field: string, value: string) {
  const [found] = await rows(world.ada, object, { filter: { field, op: 'is', value } });
  return found!;
}

test('a task of Salesforce is about whom and what it names, however their ids are written; what is in the trash stays there', async () => {
  const { maps, reports } = await bring({
    'Account.csv':
      'Id,IsDeleted,Name,OwnerId,SystemModstamp\n001bm00001ZL8U9AAL,0,Bell Ltd,005bm00000NCJmQAAX,2024-01-01\n001bm00001ZL8U8AAL,1,Gone Ltd,,2024-01-01\n',
    'Contact.csv':
      'Id,IsDeleted,AccountId,FirstName,LastName,SystemModstamp\n003bm00000zaPtHAAU,0,001bm00001ZL8U9,Anna,Bell,2024-01-01\n',
    'Opportunity.csv':
      'Id,IsDeleted,AccountId,Name,StageName,CloseDate,SystemModstamp\n006bm00000AbCdE,0,001bm00001ZL8U9AAL,Machines,Prospecting,2024-03-01,2024-01-01\n',
    'Task.csv':
      'Id,IsDeleted,WhoId,WhatId,Subject,Status,SystemModstamp\n00Tbm00000abcde,0,003bm00000zaPtH,006bm00000AbCdEAAV,Send quote,Not Started,2024-01-01\n00Tbm00000abcdf,0,000000000000000AAA,001bm00001ZL8U9,Call,Completed,2024-01-01\n',
  });
  expect(maps.task!.fields!.about).toMatchObject({
    column: 'WhoId',
    take: 'longId',
    link: { by: 'externalId', source: 'salesforce' },
    also: [{ column: 'WhatId', link: { by: 'externalId' } }],
  });
  expect(reports.company).toMatchObject({ created: 1, skipped: 1 });
  expect(reports.task).toMatchObject({ created: 2, failed: 0 });
  expect(titles((await one('task', 'subject', 'Send quote')).about)).toEqual(['Anna Bell', 'Machines']);
  expect(titles((await one('task', 'subject', 'Call')).about)).toEqual(['Bell Ltd']);
  const anna = await one('person', 'name', 'Anna Bell');
  expect(anna).toMatchObject({
    company: { title: 'Bell Ltd' },
    externalIds: { salesforce: '003bm00000zaPtHAAU' },
  });
});

test('a note of HubSpot is about all that it is associated with', async () => {
  const { maps, reports } = await bring({
    'hubspot-companies.csv': 'Record ID,Company name,Company owner\n900,Fox Ltd,\n',
    'hubspot-contacts.csv':
      'Record ID,First Name,Last Name,Lifecycle Stage,Associated Company IDs\n900,Tom,Fox,Lead,900;901\n901,Ida,Fox,Lead,900\n',
    'hubspot-notes.csv':
      'Record ID,Note body,Associated Contact IDs,Associated Company IDs\n7,They met,900;901,900\n',
  });
  expect(maps.note!.fields!.about).toMatchObject({ also: [expect.anything()] });
  expect(reports.note).toMatchObject({ created: 1, failed: 0 });
  expect(titles((await one('note', 'subject', 'They met')).about)).toEqual(['Fox Ltd', 'Ida Fox', 'Tom Fox']);
  expect((await one('person', 'name', 'Tom Fox')).company).toMatchObject({ title: 'Fox Ltd' });
});

test('who has no company in the file belongs to that of the address, unless everyone may have such a one', async () => {
  await create(world.ada, 'company', { name: 'Owl Ltd', domain: 'owl.example' });
  const { reports } = await bring({
    'contacts.csv':
      'First Name,Last Name,Email,Phone\nUla,Owl,ula@owl.example,\nUwe,Owl,uwe@gmail.com,\nUdo,Owl,udo@nowhere.example,\n',
  });
  expect(reports.person).toMatchObject({ created: 3, warnings: [] });
  expect((await one('person', 'name', 'Ula Owl')).company).toMatchObject({ title: 'Owl Ltd' });
  expect((await one('person', 'name', 'Uwe Owl')).company).toBeNull();
});

test('clock times are read in the zone that the file is said to be of', async () => {
  const path = join(folder, 'calls.csv');
  writeFileSync(path, 'Subject,When\nRang,2026-01-05 09:00\n');
  const fields = { subject: 'Subject', startedAt: 'When' };
  const map = { object: 'call', fields, file: { timeZone: 'America/New_York' } };
  await importFile(world.ada, { path, map });
  expect((await one('call', 'subject', 'Rang')).startedAt).toBe('2026-01-05T14:00:00.000Z');
  const wrong = { ...map, file: { timeZone: 'Mars/Base' } };
  await expect(importFile(world.ada, { path, map: wrong })).rejects.toThrow('There is no time zone');
});

const mailbox = [
  'From mia.mail@post.example Mon Jan  5 10:00:00 2026',
  'Message-ID: <1@post.example>',
  'Date: Mon, 5 Jan 2026 10:00:00 +0100',
  'From: Mia Mail <Mia.Mail@post.example>',
  'To: Max Mail <max.mail@post.example>, Someone <someone@else.example>',
  'Subject: Offer',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="b"',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'Please find it attached.',
  '--b',
  'Content-Type: text/csv; name="offer.csv"',
  'Content-Disposition: attachment; filename="offer.csv"',
  '',
  'a,b',
  '--b--',
  '',
  'From max.mail@post.example Mon Jan  5 11:00:00 2026',
  'Message-ID: <2@post.example>',
  'In-Reply-To: <1@post.example>',
  'Date: Mon, 5 Jan 2026 11:00:00 +0100',
  'From: max.mail@post.example',
  'To: mia.mail@post.example',
  '',
  'Thanks a lot.',
  '',
].join('\n');

test('a mailbox becomes e-mails on the timelines of the people it names, with what was attached', async () => {
  for (const name of ['Mia Mail', 'Max Mail'])
    await create(world.ada, 'person', {
      name,
      email: `${name.replace(' ', '.').toLowerCase()}@post.example`,
    });
  const kept: string[] = [];
  const keep: KeepFile = async given => {
    const content = Buffer.isBuffer(given) ? given : await buffer(given);
    kept.push(content.toString());
    return { hash: createHash('sha256').update(content).digest('hex'), size: content.length };
  };
  const { reports } = await bring({ 'inbox.mbox': mailbox }, keep);
  expect(reports.email).toMatchObject({
    created: 2,
    failed: 0,
    linked: { file: 1 },
    warnings: [],
    notes: [],
  });
  expect(kept).toEqual(['a,b\n']);
  const offer = await one('email', 'subject', 'Offer');
  expect(offer).toMatchObject({
    sender: 'Mia.Mail@post.example',
    recipients: 'max.mail@post.example;someone@else.example',
    sentAt: '2026-01-05T09:00:00.000Z',
    text: 'Please find it attached.',
    externalIds: { message: '<1@post.example>' },
  });
  expect(titles(offer.about)).toEqual(['Max Mail', 'Mia Mail']);
  expect(titles(offer.attachments)).toEqual(['offer.csv']);
  expect(await one('email', 'subject', 'Thanks a lot.')).toMatchObject({ replyTo: '<1@post.example>' });
  const again = await bring({ 'inbox.mbox': mailbox }, keep);
  expect(again.reports.email).toMatchObject({ created: 0, unchanged: 2, linked: {} });
  await undo(world.ada, reports.email!.changeSet!);
  expect(await rows(world.ada, 'file', {})).toEqual([]);
});
