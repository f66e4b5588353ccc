/**
 * Moving in: a HubSpot-shaped and a Salesforce-shaped export, as users have them, from the drop to the lists, with a look
 * at every step, a refused row fetched, duplicates merged, all of it taken back, and a list taken away again.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Boot, boot, endAll } from '../boot.ts';
import { expectNoComplaints, firstSignedIn, openBrowser, openPage, problemsOf, shoot } from '../browser.ts';
import { root } from '../source.ts';
import { zipOf } from '../zip.ts';

const _account = { name: 'Ada Baumann', email: 'ada@kaffeehaus.example', password: 'correct horse battery' };

let folder: string;
let running: Boot;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farley-e2e-'));
  running = await boot({ FARLEY_DATA: folder });
  browser = await openBrowser();
  context = await firstSignedIn(browser, running, { acceptDownloads: true });
});
afterAll(async () => {
  await browser?.close();
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

interface Given {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const fixture = (system: string, name: string): Given => ({
  name,
  mimeType: 'text/csv',
  buffer: readFileSync(join(root, 'test/fixtures', system, name)),
});

/** Drops files as a mouse does: the browser makes them, the page hears of them. */
async function drop(target: Locator, files: Given[]) {
  const data = await target.page().evaluateHandle(
    given => {
      const transfer = new DataTransfer();
      for (const { name, mimeType, text } of given)
        transfer.items.add(
          new File([Uint8Array.from(atob(text), letter => letter.charCodeAt(0))], name, { type: mimeType }),
        );
      return transfer;
    },
    files.map(({ name, mimeType, buffer }) => ({ name, mimeType, text: buffer.toString('base64') })),
  );
  for (const type of ['dragenter', 'dragover', 'drop'])
    await target.dispatchEvent(type, { dataTransfer: data });
}

/** A picture of the step and what shuts people out of it, at a desk in daylight and on a phone in the dark. */
async function look(page: Page, name: string) {
  const desk = { width: 1440, height: 900 };
  for (const [device, size, colorScheme] of [
    ['phone', { width: 390, height: 844 }, 'dark'],
    ['desk', desk, 'light'],
  ] as const) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    // Until what floats has faded and colours have changed.
    await page.waitForTimeout(300);
    await shoot(page, `import-${name}-${device}`);
    expect(await problemsOf(page), `${name} (${device})`).toEqual([]);
  }
}

const card = (page: Page, table: string) => page.getByRole('region', { name: table, exact: true });

async function openCard(page: Page, table: string) {
  const opener = card(page, table).getByRole('button').first();
  if ((await opener.getAttribute('aria-expanded')) === 'false') await opener.click();
}

/** Chooses by typing what a column becomes. */
async function choose(page: Page, table: string, column: string, words: string) {
  await openCard(page, table);
  const mapped = page.waitForResponse(response => response.url().endsWith('/api/imports/map'));
  await card(page, table)
    .getByRole('button', { name: new RegExp(`^What ${column} becomes`) })
    .click();
  await page.getByRole('combobox', { name: `What ${column} becomes` }).fill(words);
  await page.keyboard.press('Enter');
  expect((await mapped).status()).toBe(200);
}

/** The figures of a row of the report. */
async function figures(page: Page, objects: string): Promise<string[]> {
  return page
    .getByRole('row', { name: new RegExp(`^${objects} `) })
    .getByRole('cell')
    .allInnerTexts();
}

async function leadTo(page: Page, objects: string) {
  await page.getByRole('navigation').first().getByRole('link', { name: objects, exact: true }).click();
}

test('a HubSpot export: dropped on a list, a column changed, checked, imported, a refused row fetched, taken back', async () => {
  const watched = await openPage(context);
  const { page } = watched;
  await page.goto(`${running.url}/companies`);
  await page.getByText('No companies yet').waitFor();
  await drop(page.getByText('No companies yet'), [
    fixture('hubspot', 'deals.csv'),
    fixture('hubspot', 'contacts.csv'),
    fixture('hubspot', 'companies.csv'),
  ]);

  await page.getByRole('heading', { name: 'HubSpot export 3 tables, 15 rows' }).waitFor();
  await look(page, 'columns');
  await choose(page, 'contacts.csv', 'WhatsApp Phone Number', 'Mobile');
  await card(page, 'contacts.csv').getByText('Your choice').waitFor();
  await page.getByRole('button', { name: 'Check the import' }).click();

  await page.getByRole('heading', { name: '1 row would be refused' }).waitFor();
  expect(await figures(page, 'People')).toEqual(['5', '1']);
  await look(page, 'check');
  const api = context.request;
  expect((await (await api.get(`${running.url}/api/people?count=exact`)).json()).count).toBe(0);

  await page.getByRole('button', { name: 'Import 15 rows' }).click();
  await page.getByRole('heading', { name: 'Imported, with refused rows' }).waitFor();
  expect(await figures(page, 'Companies')).toEqual(['5', '0']);
  expect(await figures(page, 'People')).toEqual(['5', '1']);
  expect(await figures(page, 'Deals')).toEqual(['4', '0']);
  await look(page, 'done');

  const fetched = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download 1 refused row' }).click();
  const refused = readFileSync(await (await fetched).path(), 'utf8');
  const [row] = parse<Record<string, string>>(refused, { columns: true, bom: true });
  expect(row).toMatchObject({ 'First Name': '', Email: 'priya at harbour', _row: '6' });

  await leadTo(page, 'Deals');
  await page.getByText('Lumière studio espresso bar').first().waitFor();
  await page.getByText('Atelier Lumière, Architectes').first().waitFor();
  const found = await api.get(`${running.url}/api/people?fields=name,mobile,company&q=Halász`);
  expect((await found.json()).data).toMatchObject([
    { mobile: '+36205550116', company: { title: 'Pannonia Logistik Kft.' } },
  ]);

  await page.goBack();
  await page.getByRole('button', { name: 'Undo import' }).click();
  await page.getByRole('heading', { name: 'Taken back' }).waitFor();
  await leadTo(page, 'Companies');
  await page.getByText('No companies yet').waitFor();
  await page.goto(`${running.url}/import`);
  await page.getByText('Import of companies.csv and 2 more').waitFor();
  await page.getByText('Taken back').waitFor();
  await look(page, 'earlier');
  expectNoComplaints(watched);
  await page.close();
});

const records = (name: string) =>
  parse<Record<string, string>>(fixture('salesforce', name).buffer, { columns: true });

test('a Salesforce export as a ZIP: imported with its relations, duplicates merged and split, a list taken away again', async () => {
  const watched = await openPage(context);
  const { page } = watched;
  const api = context.request;
  const answer = async (path: string) => (await (await api.get(`${running.url}/api/${path}`)).json()).data;
  const names = ['Task.csv', 'Opportunity.csv', 'Contact.csv', 'Account.csv'];
  const zip = zipOf(names.map(name => [name, fixture('salesforce', name).buffer]));
  await page.goto(`${running.url}/import`);
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'WE_00D.zip', mimeType: 'application/zip', buffer: zip });
  await page.getByRole('heading', { name: 'Salesforce export 4 tables, 13 rows' }).waitFor();
  await page.getByRole('button', { name: 'Check the import' }).click();
  await page.getByRole('heading', { name: 'Ready to import' }).waitFor();
  await page.getByRole('button', { name: 'Import 13 rows' }).click();
  await page.getByRole('heading', { name: 'Imported', exact: true }).waitFor();
  expect(await figures(page, 'Tasks')).toEqual(['3']);
  const [task] = await answer('tasks?q=sample&fields=subject,about,dueAt');
  expect(task.about.map((one: { title: string }) => one.title).sort()).toEqual([
    'Ms. Margaret Okafor',
    'Summit spring season',
  ]);
  const [deal] = await answer('deals?q=canteen&fields=name,company,contacts,stage');
  expect(deal).toMatchObject({
    company: { title: 'Quincy Paper Company' },
    contacts: [{ title: 'Mr. Declan Murphy' }],
  });

  await page.getByRole('link', { name: 'Review 1 pair of people that may be the same' }).click();
  await page.getByRole('heading', { name: /the same/ }).waitFor();
  await page
    .getByRole('button', { name: /^Merge(?! all)/ })
    .and(page.locator(':enabled'))
    .waitFor();
  await page.keyboard.press('m');
  await page.getByText('Nothing to review').waitFor();
  expect(await answer('people?q=Okafor')).toHaveLength(1);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(async () => (await answer('people?q=Okafor')).length).toBe(2);

  await leadTo(page, 'People');
  await page.getByRole('button', { name: 'More list actions' }).click();
  const fetched = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export CSV' }).click();
  const rows = parse<Record<string, string>>(readFileSync(await (await fetched).path(), 'utf8'), {
    columns: true,
    bom: true,
  });
  const accounts = new Map(records('Account.csv').map(({ Id, Name }) => [Id, Name]));
  const given = records('Contact.csv').map(({ Email, Title, AccountId }) => [
    Email,
    Title,
    accounts.get(AccountId),
  ]);
  expect(rows.map(row => [row.email, row.jobTitle, row.company]).sort()).toEqual(given.sort());
  expectNoComplaints(watched);
  await page.close();
});

test('an upload that broke off goes on, and an import whatever page is open: it says what came of it, and is taken back', async () => {
  const watched = await openPage(context);
  const { page } = watched;
  const rows = Array.from({ length: 4000 }, (_, i) => (i === 7 ? ',7' : `Imported ${i},${i}`));
  await page.goto(`${running.url}/companies`);
  await page.getByRole('button', { name: 'More list actions' }).click();
  await page.getByRole('menuitem', { name: 'Import file' }).click();
  await page.getByText('Drop files here').waitFor();
  // First the disk is full, then the connection breaks: the one is for people to mend, the other mends itself.
  const full = { status: 507, json: { code: 'diskFull', detail: 'The disk is full.' } };
  await page.route('**/api/uploads*', route => route.abort(), { times: 1 });
  await page.route('**/api/uploads*', route => route.fulfill(full), { times: 1 });
  await page.locator('input[type=file]').setInputFiles({
    name: 'firms.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['Company name,Employees', ...rows].join('\n')),
  });
  await page.getByText('The disk is full').first().waitFor();
  await look(page, 'broken');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Import without a check' }).click();
  await page.waitForURL(/job=/);
  await leadTo(page, 'People');
  await page.getByText('3,999 created, 1 refused').waitFor({ timeout: 60_000 });
  const refused = await page.getByRole('link', { name: 'Rows refused' }).getAttribute('href');
  expect(await (await context.request.get(running.url + refused)).text()).toContain('needed');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByText('Undone').waitFor({ timeout: 60_000 });
  expectNoComplaints(watched, /ERR_FAILED|507/);
  await page.close();
});
