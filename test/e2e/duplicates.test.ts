/**
 * A day with duplicates: told while typing, scanned, reviewed and merged by the keyboard, the old link followed, taken
 * back; a rule that refuses; a record put back to a moment.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Boot, boot, endAll } from '../boot.ts';
import {
  callerOf,
  expectNoComplaints,
  firstSignedIn,
  openBrowser,
  openPage,
  problemsOf,
  shoot,
} from '../browser.ts';

let folder: string;
let running: Boot;
let browser: Browser;
let context: BrowserContext;
let api: ReturnType<typeof callerOf>;
/** Title → id. */
const ids: Record<string, string> = {};

const people = [
  { name: 'Anna Müller', email: 'anna.mueller@gmail.com', jobTitle: 'Buyer' },
  {
    name: 'A. Müller',
    email: 'annamueller+crm@googlemail.com',
    mobile: '+43 664 1234567',
    doNotCall: true,
    externalIds: { oldCrm: '17' },
  },
  { name: 'Robert Stone', phone: '+43 1 5550001' },
  { name: 'Bob Stone', phone: '+43 1 5550001', email: 'bob@stone.example' },
  { name: 'Lena Vogt', email: 'vogt@example.com' },
  { name: 'Lena Vogt-Berger', email: 'Vogt@example.com' },
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farley-e2e-'));
  running = await boot({ FARLEY_DATA: folder });
  browser = await openBrowser();
  context = await firstSignedIn(browser, running);
  api = callerOf(context, running.url);
  for (const values of people) ids[values.name] = (await api('POST', '/api/people', values)).id;
});
afterAll(async () => {
  await browser?.close();
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

const title = (page: Page) => page.getByRole('heading', { level: 1 });
const pairs = (page: Page) => page.getByRole('navigation', { name: /Pairs/ }).getByRole('listitem');

/** Nothing shuts people out, nothing is wider than the screen. */
async function look(page: Page, name: string) {
  await page.waitForTimeout(300);
  await shoot(page, name);
  expect(await problemsOf(page), name).toEqual([]);
}

/** From the list to the queue, and through a scan. */
async function scanned(page: Page) {
  await page.goto(`${running.url}/people`);
  await page.getByRole('button', { name: 'More list actions' }).click();
  await page.getByRole('menuitem', { name: /Duplicates \(\d\)/ }).click();
  await page.waitForURL(/\/duplicates\/people/);
  await page.getByRole('button', { name: 'Scan all now' }).click();
  await page.getByText(/Scanned 6 records, 3 pairs found/).waitFor();
  await expect.poll(() => pairs(page).count()).toBe(3);
}

test('pairs are scanned, reviewed and merged by the keyboard; the old link leads on, and undo splits again', async () => {
  const watched = await openPage(context);
  const { page } = watched;
  const gone = ids['A. Müller']!;
  const second = await openPage(context);
  await second.page.goto(`${running.url}/people/${gone}`);
  await expect.poll(() => title(second.page).textContent()).toContain('A. Müller');
  await scanned(page);

  const review = (a: string, b: string) => page.getByRole('region', { name: `${a} and ${b}` });
  const open = async (name: string) => {
    for (let at = 0; at < 3; at++) {
      if ((await page.getByRole('region', { name }).count()) > 0) return;
      await page.keyboard.press('j');
    }
  };
  await open('Anna Müller');
  const table = review('Anna Müller', 'A. Müller').getByRole('table').last();
  await table.getByRole('radio', { name: 'Anna Müller stays' }).check();
  await table.getByRole('radio', { name: /Take Mobile .* from A. Müller/, checked: true }).waitFor();
  await page.getByText('1 id of another system').waitFor();
  await table.getByRole('radio', { name: /Take Do not call .* from A. Müller/, checked: true }).waitFor();
  await page.getByText('Why').click();
  await page.getByText('Each point doubles the odds').waitFor();
  await look(page, 'duplicates-review');
  // Keys work from where a choice was just made.
  await table.getByRole('radio', { name: 'Anna Müller stays' }).focus();
  await page.keyboard.press('m');
  await page.getByText(/merged A. Müller into Anna Müller/).waitFor();
  await second.page.waitForURL(new RegExp(ids['Anna Müller']!));
  expectNoComplaints(second, /410/);
  await second.page.close();
  await expect.poll(() => pairs(page).count()).toBe(2);

  await page.keyboard.press('d');
  await page.getByText('Kept as two').waitFor();
  await expect.poll(() => pairs(page).count()).toBe(1);
  await page.keyboard.press('u');
  await expect.poll(() => pairs(page).count()).toBe(2);
  await page.keyboard.press('l');
  await page.getByRole('tab', { name: 'Later' }).click();
  await expect.poll(() => pairs(page).count()).toBe(1);

  await page.goto(`${running.url}/people/${gone}`);
  await page.waitForURL(new RegExp(ids['Anna Müller']!));
  await expect.poll(() => title(page).textContent()).toContain('Anna Müller');
  const entry = page.getByRole('listitem').filter({ hasText: 'merged A. Müller into Anna Müller' });
  await look(page, 'duplicates-merged');
  await entry.getByRole('button', { name: 'Undo' }).click();
  await entry.getByText('Taken back').waitFor();
  await page.goto(`${running.url}/people/${gone}`);
  await expect.poll(() => title(page).textContent()).toContain('A. Müller');
  expectNoComplaints(watched, /410/);
  await page.close();
});

test('whoever types is told, uses the one there is, and is kept from a second one where a rule refuses it', async () => {
  const watched = await openPage(context);
  const { page } = watched;
  const type = async (email: string) => {
    await page.goto(`${running.url}/people`);
    await page.getByRole('button', { name: 'New person' }).click();
    await page.getByRole('dialog').getByLabel('First name').fill('Lena');
    await page.getByRole('dialog').getByLabel('Phone').fill('+43 1 7770001');
    await page.getByRole('dialog').getByLabel('Email').fill(email);
  };
  const dialog = page.getByRole('dialog');
  await type('vogt@example.com');
  await dialog.getByText('May be the same person as').waitFor();
  await look(page, 'duplicates-told');
  await dialog.getByRole('button', { name: 'Add what I typed to it' }).click();
  await page.waitForURL(/\/people\/[0-9a-f-]{36}/);
  await page.getByText('+43 177 70001').first().waitFor();

  await page.goto(`${running.url}/settings/duplicates?object=person`);
  await page.getByLabel('What “Same e-mail address” does').selectOption('Refuse');
  await page.getByText('Rules changed').waitFor();
  await look(page, 'duplicates-rules');
  await type('VOGT@example.com');
  await dialog.getByText('There is such a person already').waitFor();
  expect(await dialog.getByRole('button', { name: 'Create person' }).isDisabled()).toBe(true);
  await look(page, 'duplicates-refused');
  await dialog.getByLabel('Email').fill('another@example.com');
  await expect.poll(() => dialog.getByRole('button', { name: 'Create person' }).isEnabled()).toBe(true);
  await page.keyboard.press('Escape');

  await page.goto(`${running.url}/people/${ids['Lena Vogt']}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Merge with …' }).click();
  await dialog.getByRole('button', { name: /Lena Vogt-Berger/ }).click();
  await dialog.getByRole('radio', { name: 'Lena Vogt-Berger stays' }).check();
  await dialog.getByRole('radio', { name: 'Take Name Lena Vogt from Lena Vogt', exact: true }).check();
  await look(page, 'duplicates-merge');
  await dialog.getByRole('button', { name: 'Merge 1 into Lena Vogt-Berger' }).click();
  await page.waitForURL(new RegExp(ids['Lena Vogt-Berger']!));
  await expect.poll(() => title(page).textContent()).toBe('LVLena Vogt');
  expectNoComplaints(watched, /410/);
  await page.close();
});

test('the review holds at a phone in the dark', async () => {
  const other = await browser.newContext({
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
    hasTouch: true,
    isMobile: true,
    storageState: await context.storageState(),
  });
  const watched = await openPage(other);
  const { page } = watched;
  const name = 'duplicates-phone-dark';
  await page.goto(`${running.url}/duplicates/people`);
  await page.getByRole('table').waitFor();
  await look(page, `${name}-review`);
  await page.goto(`${running.url}/people/${ids['Robert Stone']}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Merge with …' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Bob Stone/ })
    .click();
  await page.getByRole('dialog').getByRole('table').waitFor();
  await look(page, `${name}-merge`);
  for (const place of ['duplicates', 'data']) {
    await page.goto(`${running.url}/settings/${place}`);
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    await look(page, `${name}-${place}`);
  }
  expectNoComplaints(watched);
  await other.close();
});

test('a record goes back to a moment, and so does a whole object, after a look at what would change', async () => {
  const watched = await openPage(context);
  const { page } = watched;
  const id = ids['Robert Stone']!;
  await api('PATCH', `/api/people/${id}`, { jobTitle: 'Cook' });
  const between = new Date(Date.now() + 1_000);
  await page.waitForTimeout(2_000);
  await api('PATCH', `/api/people/${id}`, { jobTitle: 'Chef' });
  await page.goto(`${running.url}/people/${id}`);
  const entry = page.getByRole('listitem').filter({ hasText: 'set job title to Cook' });
  await entry.hover();
  await entry.getByRole('button', { name: 'Restore to here' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('row', { name: /Job title Chef Cook/ }).waitFor();
  await look(page, 'duplicates-restore');
  await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
  await page.getByText(/Restored to/).waitFor();
  await page.getByText('Cook').first().waitFor();
  await api('PATCH', `/api/people/${id}`, { jobTitle: 'Chef' });

  await page.goto(`${running.url}/settings/data`);
  await page.getByLabel('Object').selectOption('People');
  const local = new Date(between.getTime() - between.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  await page.getByLabel('Moment', { exact: true }).fill(local);
  await page.getByRole('button', { name: 'Show what would change' }).click();
  await page.getByText('1 record would go back').waitFor();
  await look(page, 'duplicates-data');
  await page.getByRole('button', { name: 'Put people back' }).click();
  await page.getByRole('button', { name: 'Yes, put 1 record back' }).click();
  await page.getByText('1 record put back').waitFor();
  expect((await api('GET', `/api/people/${id}`)).jobTitle).toBe('Cook');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone').waitFor();
  expect((await api('GET', `/api/people/${id}`)).jobTitle).toBe('Chef');
  expectNoComplaints(watched);
  await page.close();
});

test.each([
  { device: 'desk', viewport: { width: 1440, height: 900 }, scheme: 'light' as const },
  { device: 'phone', viewport: { width: 390, height: 844 }, scheme: 'dark' as const },
])(
  'what is as good as certain is merged at once after a look, and taken back at once, at a $device',
  async ({ device, viewport, scheme }) => {
    const twin = { name: 'Pia Zwilling', phone: '+43 1 8880001', mobile: '+43 664 8880001' };
    const twins = [];
    for (const jobTitle of [undefined, 'Twin'])
      twins.push((await api('POST', '/api/people', { ...twin, jobTitle })).id);
    const other = await browser.newContext({
      viewport,
      colorScheme: scheme,
      storageState: await context.storageState(),
    });
    const watched = await openPage(other);
    const { page } = watched;
    const open = page.getByRole('button', { name: /Merge all above 99 ?% \(\d+\)/ });
    // They meet the others a moment after they are saved.
    await vi.waitFor(async () => {
      await page.goto(`${running.url}/duplicates/people`);
      await open.waitFor({ timeout: 2_000 });
    }, 20_000);
    await look(page, `duplicates-all-${device}`);
    await open.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Pia Zwilling → Pia Zwilling').waitFor();
    await look(page, `duplicates-all-${device}-look`);
    await dialog.getByRole('button', { name: /^Merge \d+ records?$/ }).click();
    await page.getByText(/records? merged/).waitFor();
    expect((await api('GET', `/api/people/${twins[1]}`)).jobTitle).toBe('Twin');
    const gone = await context.request.get(`${running.url}/api/people/${twins[0]}`);
    expect(gone.status()).toBe(410);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone').waitFor();
    for (const id of twins)
      await context.request.delete(`${running.url}/api/people/${id}`, { headers: { origin: running.url } });
    expectNoComplaints(watched, /410/);
    await other.close();
  },
);
