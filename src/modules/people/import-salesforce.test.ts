/** A whole export of Salesforce, zipped: what it holds becomes records, what Farley has no place for stays out and says so. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../../../test/world.ts';
import { zipOf } from '../../../test/zip.ts';
import { declared } from '../../app.ts';
import { importTables, openTables, propose, readPlan, rows, undo } from '../../engine/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'farley-salesforce-'));
const importing = declared.modules.flatMap(module => module.importing ?? []);
let world: World;
let admin: World['ada'];
let reports: Awaited<ReturnType<typeof importTables>> = [];
beforeAll(async () => {
  world = await createWorld('salesforce');
  admin = world.ada;
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

/** As the weekly export writes them: every field quoted, empty links in zeros, booleans 0 and 1, clock times in UTC. */
function csv(header: string, ...lines: string[]): string {
  const quoted = (line: string) =>
    line
      .split('|')
      .map(cell => `"${cell}"`)
      .join(',');
  return `${[header.replaceAll(',', '|'), ...lines].map(quoted).join('\n')}\n`;
}

const none = '000000000000000AAA';
const sina = '005bm00000AAAAAAA1';
const gone = '005bm00000AAAAAAA2';
const [hotel, farm] = ['001bm00000AAAAAAA1', '001bm00000AAAAAAA2'];
const [anna, paul] = ['003bm00000AAAAAAA1', '003bm00000AAAAAAA2'];
const machines = '006bm00000AAAAAAA1';
const stamp = '2024-02-15 10:20:30';

function files(email: string): Record<string, string> {
  return {
    'User.csv': csv(
      'Id,Username,FirstName,LastName,Email,Phone,IsActive,ManagerId,SystemModstamp',
      `${sina}|sina@old.example|Sina|Old|${email}|+43 1 999|1|${gone}|${stamp}`,
      `${gone}|gone@old.example|Gone|Away|gone@old.example||0|${none}|${stamp}`,
    ),
    'Account.csv': csv(
      'Id,IsDeleted,MasterRecordId,Name,ParentId,BillingStreet,BillingCity,BillingStateCode,BillingCountryCode,BillingLatitude,BillingLongitude,OwnerId,CreatedDate,SystemModstamp',
      `${hotel}|0|${none}|Hotel Post|${none}|Markt 1|Graz|ST|AT|47.07|15.43|${sina}|${stamp}|${stamp}`,
      `${farm}|0|${none}|Müller Farm|${hotel}|||||||${gone}|${stamp}|${stamp}`,
      `001bm00000AAAAAAA3|1|${none}|In the trash|${none}|||||||${sina}|${stamp}|${stamp}`,
    ),
    'Contact.csv': csv(
      'Id,IsDeleted,AccountId,FirstName,LastName,Email,HasOptedOutOfEmail,ReportsToId,OwnerId,SystemModstamp',
      `${anna}|0|${hotel}|Anna|Bell|anna@post.example|1|${none}|${sina}|${stamp}`,
      `${paul}|0|${none}|Paul|Huber|paul@farm.example|0|${anna}|${sina}|${stamp}`,
    ),
    'Lead.csv': csv(
      'Id,IsDeleted,FirstName,LastName,Company,Email,Status,OwnerId,IsConverted,ConvertedDate,ConvertedAccountId,ConvertedContactId,ConvertedOpportunityId,SystemModstamp',
      `00Qbm00000AAAAAAA1|0|Anna|Bell|Hotel Post|anna@post.example|Working - Contacted|${sina}|1|2024-02-01 00:00:00|${hotel}|${anna}|${machines}|${stamp}`,
      `00Qbm00000AAAAAAA2|0|Eva|New|Neu|eva@neu.example|Working - Contacted|${sina}|0||${none}|${none}|${none}|${stamp}`,
    ),
    'Opportunity.csv': csv(
      'Id,IsDeleted,AccountId,Name,StageName,Amount,ExpectedRevenue,CloseDate,OwnerId,ContactId,SystemModstamp',
      `${machines}|0|${hotel}|Machines|Prospecting|15000|1500|2024-03-01 00:00:00|${sina}|${none}|${stamp}`,
    ),
    'OpportunityContactRole.csv': csv(
      'Id,OpportunityId,ContactId,Role,SystemModstamp,IsDeleted',
      `00Kbm00000AAAAAAA1|${machines}|${anna}|Decision Maker|${stamp}|0`,
      `00Kbm00000AAAAAAA2|${machines}|${paul}||${stamp}|0`,
      `00Kbm00000AAAAAAA3|${machines}|${paul}|User|${stamp}|1`,
    ),
    'OpportunityHistory.csv': csv(
      'Id,OpportunityId,StageName,Amount,CloseDate,Probability,SystemModstamp,IsDeleted',
      `008bm00000AAAAAAA1|${machines}|Prospecting|15000|2024-03-01 00:00:00|10|${stamp}|0`,
    ),
    'Campaign.csv': csv(
      'Id,IsDeleted,Name,Type,Status,StartDate,EndDate,Description,OwnerId,SystemModstamp',
      `701bm00000AAAAAAA1|0|Fair|Event|Planned|2024-03-01 00:00:00|2024-03-02 00:00:00||${sina}|${stamp}`,
    ),
    'Quote.csv': csv(
      'Id,OwnerId,IsDeleted,Name,OpportunityId,Status,BillingStreet,BillingCity,Email,Phone,SystemModstamp',
      `0Q0bm00000AAAAAAA1|${sina}|0|Offer|${machines}|Draft|Markt 1|Graz|||${stamp}`,
    ),
    'Invoice__c.csv': csv(
      'Id,OwnerId,IsDeleted,Name,Number__c,Due__c,Sum__c,Paid__c,SystemModstamp',
      `a00bm00000AAAAAAA1|${sina}|0|R-1|1|2024-03-01 00:00:00|100|1|${stamp}`,
    ),
    'Task.csv': csv(
      'Id,WhoId,WhatId,Subject,ActivityDate,Status,OwnerId,IsDeleted,ReminderDateTime,Rung_At__c,SystemModstamp',
      `00Tbm00000AAAAAAA1|${anna}|${machines}|Send quote|2024-02-03 00:00:00|Not Started|${sina}|0|${stamp}|${stamp}|${stamp}`,
    ),
    'EmailMessage.csv': csv(
      'Id,ParentId,Subject,TextBody,FromAddress,ToAddress,MessageDate,RelatedToId,IsDeleted,SystemModstamp',
      `02sbm00000AAAAAAA1|${none}|Offer|Here it is|sina@post.example|anna@post.example|${stamp}|${machines}|0|${stamp}`,
    ),
  };
}

async function proposed(ctx = world.ada) {
  const path = join(folder, 'export.zip');
  writeFileSync(path, zipOf(Object.entries(files('sina@kaffeehaus.example'))));
  const tables = (await openTables(path, 'export.zip')).map(table => ({ ...table, file: 'export.zip' }));
  return { path, proposal: await propose(ctx, importing, tables) };
}

async function one(object: string, field: string, value: string) {
  const [found] = await rows(admin, object, { filter: { field, op: 'is', value } });
  return found!;
}

test('tables become what they are; what Farley has no place for stays out, and says why', async () => {
  const { proposal } = await proposed();
  expect(proposal.system?.name).toBe('salesforce');
  const objects = Object.fromEntries(proposal.tables.map(({ table, object }) => [table, object]));
  expect(objects).toEqual({
    'User.csv': 'user',
    'Account.csv': 'company',
    'Contact.csv': 'person',
    'Lead.csv': 'lead',
    'Opportunity.csv': 'deal',
    'OpportunityContactRole.csv': 'deal',
    'OpportunityHistory.csv': null,
    'Campaign.csv': null,
    'Quote.csv': 'quote',
    'Invoice__c.csv': null,
    'Task.csv': 'task',
    'EmailMessage.csv': 'email',
  });
  const why = (name: string) => proposal.tables.find(({ table }) => table === name)!.reason;
  expect(why('Campaign.csv')).toBe(
    'Salesforce: campaigns. No records of Farley are made of them. Make an object of that name, or leave them out.',
  );
  expect(why('Invoice__c.csv')).toContain('no table of this name is known');
  const place = (name: string) => proposal.tables.findIndex(({ table }) => table === name);
  expect(place('User.csv')).toBeLessThan(place('Account.csv'));
  expect(place('Opportunity.csv')).toBeLessThan(place('OpportunityContactRole.csv'));
});

test('who may not administer imports no users, and keeps the rest', async () => {
  const { proposal } = await proposed(world.sina);
  const users = proposal.tables.find(({ table }) => table === 'User.csv')!;
  expect(users).toMatchObject({ object: null, map: null });
  expect(users.reason).toContain('administers');
});

/** Imports the export as it is proposed; later tests look at what came of it. */
async function bring() {
  const { path, proposal } = await proposed(admin);
  const plan = readPlan(JSON.parse(JSON.stringify(proposal)));
  let { model } = admin;
  const takeModel = async (made: typeof model) => {
    model = made;
  };
  reports = await importTables(admin, { declared, tables: plan, pathOf: () => path, takeModel });
  admin = { ...admin, model };
  return plan;
}

test('the whole export goes in as proposed; owners are found by the e-mail addresses of users', async () => {
  const before = (await rows(admin, 'user', {})).length;
  await bring();
  const counts = reports.map(({ object, created, updated, skipped, failed }) => [
    object,
    created,
    updated,
    skipped,
    failed,
  ]);
  expect(counts.sort()).toEqual([
    ['company', 2, 0, 1, 0],
    ['deal', 0, 2, 1, 0],
    ['deal', 1, 0, 0, 0],
    ['email', 1, 0, 0, 0],
    ['lead', 2, 0, 0, 0],
    ['person', 2, 0, 0, 0],
    ['quote', 1, 0, 0, 0],
    ['task', 1, 0, 0, 0],
    ['user', 0, 1, 1, 0],
  ]);

  const users = await rows(admin, 'user', {});
  expect(users).toHaveLength(before);
  const sinaHere = await one('user', 'email', 'sina@kaffeehaus.example');
  expect(sinaHere).toMatchObject({ name: { full: 'Sina Gruber' }, externalIds: { salesforce: sina } });
  const hotelHere = await one('company', 'name', 'Hotel Post');
  expect(hotelHere).toMatchObject({
    owner: { id: sinaHere.id },
    address: {
      street: 'Markt 1',
      city: 'Graz',
      region: 'ST',
      country: 'AT',
      latitude: 47.07,
      longitude: 15.43,
    },
  });
  // Who owned it is not here: it has no owner, and the report says so.
  expect((await one('company', 'name', 'Müller Farm')).parent).toMatchObject({ id: hotelHere.id });
  const companies = reports.find(({ object }) => object === 'company')!;
  expect(companies.warnings.some(({ message }) => message.includes('Owner was left empty'))).toBe(true);
});

test('who takes part in a deal does so in their role; converted leads know what they became', async () => {
  const hotelHere = await one('company', 'name', 'Hotel Post');
  const deal = await one('deal', 'name', 'Machines');
  const roles = (deal.contacts as { title: string; role?: string }[]).map(({ title, role }) => [title, role]);
  expect(roles.sort()).toEqual([
    ['Anna Bell', 'Decision Maker'],
    ['Paul Huber', undefined],
  ]);
  expect(deal.amount).toMatchObject({ amount: '15000.00' });
  expect(await one('lead', 'email', 'anna@post.example')).toMatchObject({
    status: 'converted',
    company: { id: hotelHere.id },
    person: { title: 'Anna Bell' },
    deal: { id: deal.id },
  });
  expect(await one('lead', 'email', 'eva@neu.example')).toMatchObject({ status: 'working', person: null });
  expect(await one('person', 'email', 'paul@farm.example')).toMatchObject({
    reportsTo: { title: 'Anna Bell' },
  });
  expect(await one('person', 'email', 'anna@post.example')).toMatchObject({ doNotEmail: true });
});

test('clock times are those of UTC; days are days', async () => {
  const [task] = await rows(admin, 'task', {});
  expect(task!.rungAt).toBe('2024-02-15T10:20:30.000Z');
  // Midnight where the workspace is.
  expect(task!.dueAt).toBe('2024-02-02T23:00:00.000Z');
  const mail = await one('email', 'subject', 'Offer');
  expect(mail.sentAt).toBe('2024-02-15T10:20:30.000Z');
});

test('importing again changes nothing; undone, all of it is gone', async () => {
  const { changeSet } = reports[0]!;
  await bring();
  expect(reports.filter(({ created, updated, failed }) => created + updated + failed > 0)).toEqual([]);
  await undo(admin, changeSet!);
  expect(await one('deal', 'name', 'Machines')).toBeUndefined();
  expect((await one('user', 'email', 'sina@kaffeehaus.example')).externalIds).toEqual({});
});
