/** Saved views as a user has them: filter, save, reload; others see what is shared and nothing else; change, discard, keep. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Boot, boot, endAll } from '../boot.ts';
import { expectNoComplaints, openBrowser, openPage, problemsOf, shoot, type Watched } from '../browser.ts';

const password = 'correct horse battery';
/** The machine may have other things to do. */
const patient = { timeout: 30_000 };
const desk = { viewport: { width: 1440, height: 900 } };

let folder: string;
let running: Boot;
let browser: Browser;
let ada: BrowserContext;
let sina: BrowserContext;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farley-e2e-'));
  running = await boot({ FARLEY_DATA: folder });
  browser = await openBrowser();
  const tokenOf = () => /\/welcome\?token=(\S+)/.exec(running.output())?.[1];
  await vi.waitUntil(tokenOf, { timeout: 20_000 });
  ada = await newcomer('Ada Baumann', 'ada@kaffeehaus.example', tokenOf()!);
  const { link } = await api(ada, 'POST', '/api/invitations', { role: 'member' });
  sina = await newcomer('Sina Gruber', 'sina@kaffeehaus.example', new URL(link!).searchParams.get('token')!);
  for (const name of ['Hotel Sacher', 'Hotel Post', 'Café Museum', 'Bäckerei Felber'])
    await api(ada, 'POST', '/api/companies', { name, website: 'https://kaffeehaus.example' });
});
afterAll(async () => {
  await browser?.close();
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

async function newcomer(name: string, email: string, token: string): Promise<BrowserContext> {
  const context = await browser.newContext(desk);
  await api(context, 'POST', '/api/welcome', { token, name, email, password });
  return context;
}

async function api(context: BrowserContext, method: string, path: string, data?: object) {
  const headers = { origin: running.url };
  const answer = await context.request.fetch(running.url + path, { method, data, headers });
  expect(answer.ok(), `${method} ${path} ${answer.status()} ${await answer.text()}`).toBe(true);
  return (await answer.json()) as Record<string, string>;
}

const tabs = (page: Page) => page.getByRole('navigation', { name: 'Views' });
const tab = (page: Page, name: string) => tabs(page).getByRole('link', { name });
const rows = (page: Page) => page.getByRole('rowgroup').getByRole('row');
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function holds(page: Page, name: string) {
  await page.waitForTimeout(250);
  await shoot(page, name);
  expect(await problemsOf(page), name).toEqual([]);
}

async function open(context: BrowserContext, path: string): Promise<Watched> {
  const watched = await openPage(context);
  await watched.page.goto(running.url + path);
  return watched;
}

async function saveAs(page: Page, name: string, visibility: string) {
  await button(page, 'Save as view').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByLabel('Who sees it').click();
  await page.getByRole('option', { name: visibility }).click();
  await shoot(page, `views-save-${visibility}`);
  await dialog.getByRole('button', { name: 'Save view' }).click();
  await tab(page, name).waitFor();
}

const hotels = encodeURIComponent(JSON.stringify({ field: 'name', op: 'contains', value: 'Hotel' }));
const inVienna = encodeURIComponent(JSON.stringify({ field: 'name', op: 'contains', value: 'Museum' }));

test('a filter becomes a view, for oneself or for everyone, and outlives the page', async () => {
  const first = await open(ada, `/companies?filter=${hotels}`);
  const { page } = first;
  await expect.poll(() => rows(page).count(), patient).toBe(2);
  await saveAs(page, 'Hotels', 'Everyone');
  await page.waitForURL(/view=/);
  expect(page.url()).not.toContain('filter');
  await page.goto(`${running.url}/companies?filter=${inVienna}`);
  await saveAs(page, 'Mine alone', 'Only me');
  await page.reload();
  await tab(page, 'Mine alone').waitFor();
  await expect.poll(() => rows(page).count(), patient).toBe(1);
  await page.keyboard.press('2');
  await expect.poll(() => rows(page).count(), patient).toBe(2);
  await holds(page, 'views-desk-light');

  const other = await open(sina, '/companies');
  await tab(other.page, 'Hotels').waitFor();
  expect(await tabs(other.page).getByRole('link').allTextContents()).toEqual(['All', 'Hotels']);
  await other.page.goto(`${running.url}/companies?view=019a0000-0000-7000-8000-000000000000`);
  await other.page.getByText('This view is gone').waitFor();
  expectNoComplaints(first);
  expectNoComplaints(other);
  await page.close();
  await other.page.close();
});

test('what is changed in a view is told, thrown away or kept', async () => {
  const watched = await open(ada, '/companies');
  const { page } = watched;
  await tab(page, 'Hotels').click();
  await expect.poll(() => rows(page).count(), patient).toBe(2);
  await button(page, 'Clear').click();
  await expect.poll(() => rows(page).count(), patient).toBe(4);
  await tabs(page).getByRole('img', { name: 'Changed' }).waitFor();
  await holds(page, 'views-changed');
  await button(page, 'Discard changes').click();
  await expect.poll(() => rows(page).count(), patient).toBe(2);

  // A column is pulled wider, another carried to the front, and both are kept.
  const heads = page.getByRole('columnheader');
  const before = await heads.allTextContents();
  const edge = await page.getByRole('separator', { name: `Width of ${before[2]}` }).boundingBox();
  const width = (await heads.nth(2).boundingBox())!.width;
  await page.mouse.move(edge!.x + 4, edge!.y + 10);
  await page.mouse.down();
  await page.mouse.move(edge!.x + 84, edge!.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect
    .poll(async () => (await heads.nth(2).boundingBox())!.width, patient)
    .toBeCloseTo(width + 80, -1);
  await heads
    .nth(3)
    .getByRole('button')
    .dragTo(heads.nth(2).getByRole('button'), {
      targetPosition: { x: 14, y: 8 },
    });
  await expect.poll(async () => (await heads.allTextContents())[2], patient).toBe(before[3]);
  const sent = page.waitForResponse(response => response.request().method() === 'PATCH');
  await button(page, 'Save changes').click();
  expect((await sent).status()).toBe(200);
  await button(page, 'Save changes').waitFor({ state: 'detached' });
  await page.reload();
  await expect.poll(async () => (await heads.allTextContents())[2], patient).toBe(before[3]);
  await expect
    .poll(async () => (await heads.nth(3).boundingBox())!.width, patient)
    .toBeCloseTo(width + 80, -1);

  await button(page, 'Actions for view Hotels').click();
  await page.getByRole('menuitem', { name: 'Pin to sidebar' }).click();
  const rail = page.getByRole('navigation', { name: 'Main navigation' });
  await rail.getByRole('link', { name: 'Hotels' }).waitFor();
  await button(page, 'Actions for view Hotels').click();
  await holds(page, 'views-menu');
  await page.keyboard.press('Escape');
  expectNoComplaints(watched);
  await page.close();
});

test('what is typed is understood, and becomes filters', async () => {
  const watched = await open(ada, '/companies');
  const { page } = watched;
  const find = page.getByRole('searchbox', { name: 'Find in companies' });
  await find.fill('Felber created today');
  const offered = page.getByRole('list', { name: 'Filter by what you typed' }).getByRole('button');
  await expect.poll(() => offered.first().textContent(), patient).toMatch(/Created.*today/);
  await holds(page, 'views-wish');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  // What was not understood stays a text to look for.
  await expect.poll(() => find.inputValue(), patient).toBe('Felber');
  await page
    .getByRole('button', { name: /^Created.*today/ })
    .last()
    .waitFor();
  await expect.poll(() => rows(page).count(), patient).toBe(1);
  expectNoComplaints(watched);
  await page.close();
});

test('conditions stand in groups and follow links, and the count follows', async () => {
  const watched = await open(ada, `/companies?filter=${hotels}&view=all`);
  const { page } = watched;
  await page.getByRole('button', { name: /^Name contains/ }).click();
  await button(page, 'Add an alternative').click();
  await page
    .getByRole('dialog')
    .or(page.locator('[data-position]'))
    .getByRole('textbox')
    .last()
    .fill('Felber');
  await expect.poll(() => rows(page).count(), patient).toBe(3);
  await page.getByRole('group', { name: 'Group of conditions' }).waitFor();
  await holds(page, 'views-group');
  await page.keyboard.press('Escape');
  await button(page, 'Add filter').last().click();
  await page.getByRole('combobox', { name: 'Filter by …' }).fill('Owner → ');
  await page.getByRole('option', { name: 'Owner → Email' }).click();
  await page.getByRole('button', { name: /^Owner → Email/ }).waitFor();
  await holds(page, 'views-path');
  expectNoComplaints(watched);
  await page.close();
});

/** What a spreadsheet would hand over. */
async function pasteText(page: Page, text: string) {
  await page.getByRole('grid').evaluate((grid, given) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', given);
    grid.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Moves deals of the tenth by keys and by hand, while others change one of them. */
async function onCalendar(page: Page, month: string, machine: string) {
  await page.goto(`${running.url}/deals?layout=calendar`);
  const on = (day: number) =>
    page.locator('main ol > li').filter({ has: page.locator(`time[datetime="${month}-${day}"]`) });
  // What others change is told while one's own is on its way: nothing jumps back, and both are there in the end.
  const { promise: arrived, resolve: letThrough } = Promise.withResolvers<void>();
  await page.route('**/api/deals/*', async route => {
    if (route.request().method() === 'PATCH') await arrived;
    await route.continue();
  });
  await on(10).getByRole('button', { name: 'Beans' }).focus();
  await page.keyboard.press('Alt+ArrowRight');
  await on(11).getByRole('button', { name: 'Beans' }).waitFor();
  await api(ada, 'PATCH', `/api/deals/${machine}`, { name: 'Mill' });
  await new Promise(resolve => setTimeout(resolve, 1_000));
  expect(await on(11).getByRole('button', { name: 'Beans' }).count()).toBe(1);
  letThrough();
  await on(10).getByRole('button', { name: 'Mill' }).waitFor();
  await page.unroute('**/api/deals/*');
  await on(10).getByRole('button', { name: 'Grinder' }).dragTo(on(12));
  await on(12).getByRole('button', { name: 'Grinder' }).waitFor();
  await button(page, 'Undo').first().click();
}

test('one list in groups, on a calendar, as a chart that leads to its records, and beside a record', async () => {
  const today = new Date().toISOString().slice(0, 10);
  const closeDate = `${today.slice(0, 7)}-10`;
  for (const name of ['Beans', 'Grinder'])
    await api(ada, 'POST', '/api/deals', { name, amount: '100 EUR', closeDate });
  const machine = await api(ada, 'POST', '/api/deals', { name: 'Machine', amount: '100 EUR', closeDate });
  const watched = await open(ada, '/deals?layout=table&group=stage&totals=amount:sum');
  const { page } = watched;
  await page.getByRole('link', { name: 'Machine' }).waitFor();
  expect(await rows(page).first().textContent()).toContain('3');
  await page.getByRole('button', { name: /^Sum/ }).getByText('€300').waitFor();
  await button(page, 'Hide rows of Prospecting').click();
  await expect.poll(() => rows(page).count(), patient).toBe(1);
  await button(page, 'Show rows of Prospecting').click();
  await holds(page, 'layouts-groups');

  // Over the cells of two amounts; one of them is none.
  await page
    .getByRole('gridcell', { name: '€100' })
    .nth(1)
    .click({ position: { x: 4, y: 4 } });
  await pasteText(page, '250\nplenty\n');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 cannot be taken').waitFor();
  await holds(page, 'layouts-paste');
  await dialog.getByRole('button', { name: 'Change 1 cell' }).click();
  await page.getByRole('button', { name: /^Sum/ }).getByText('€450').waitFor();
  await button(page, 'Undo').first().click();
  await page.getByRole('button', { name: /^Sum/ }).getByText('€300').waitFor();

  await onCalendar(page, today.slice(0, 7), machine.id as string);

  await page.goto(`${running.url}/deals?layout=chart&measure=amount:sum`);
  await page.getByRole('link', { name: 'Prospecting €300' }).click();
  await page.getByRole('grid').waitFor();
  await expect.poll(() => rows(page).count(), patient).toBe(3);

  await page.goto(`${running.url}/deals?layout=split&sort=name`);
  await page.getByRole('heading', { name: 'Beans' }).waitFor();
  await page.keyboard.press('j');
  await page.getByRole('heading', { name: 'Grinder' }).waitFor();
  await holds(page, 'layouts-split');
  expectNoComplaints(watched);
  await page.close();
});

test('a deal walks its way through the pipeline from its page', async () => {
  const answer = await ada.request.get(`${running.url}/api/deals?limit=1&fields=name`);
  const { data } = (await answer.json()) as { data: { id: string }[] };
  const watched = await open(ada, `/deals/${data[0]!.id}`);
  const { page } = watched;
  const way = page.getByRole('region', { name: 'Stages' });
  await way.getByRole('button', { name: 'Move to Proposal' }).click();
  await way.getByRole('button', { name: 'Now in Proposal' }).waitFor();
  await page.getByText('Here since today').waitFor();
  await holds(page, 'deal-path');
  expectNoComplaints(watched);
  await page.close();
});

test('all that match are changed by one command, which is taken back by one', async () => {
  const operations = Array.from({ length: 120 }, (_, n) => ({ op: 'create', values: { name: `Mill ${n}` } }));
  await api(ada, 'POST', '/api/companies/batch', { operations });
  const mills = encodeURIComponent(JSON.stringify({ field: 'name', op: 'startsWith', value: 'Mill' }));
  const watched = await open(ada, `/companies?filter=${mills}&view=all`);
  const { page } = watched;
  await page.getByText('120 records').waitFor();
  await page.getByRole('checkbox', { name: 'Select all loaded rows' }).check();
  await button(page, 'Select all 120').click();
  await holds(page, 'layouts-bulk');
  await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('120 records changed').waitFor();
  await page.getByText('No companies match').waitFor();
  await button(page, 'Undo').last().click();
  await page.getByText('120 records', { exact: true }).waitFor();

  // The palette acts on what is chosen.
  for (const row of [0, 1])
    await page
      .getByRole('checkbox', { name: /^Select Mill/ })
      .nth(row)
      .check();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('delete');
  await page
    .getByRole('option', { name: /^Delete/ })
    .first()
    .click();
  await page.getByText('118 records', { exact: true }).waitFor();
  await button(page, 'Undo').last().click();
  await page.getByText('120 records', { exact: true }).waitFor();
  expectNoComplaints(watched);
  await page.close();
});

test.each([
  ['phone-light', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, 'light'],
  ['phone-dark', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, 'dark'],
  ['desk-dark', desk, 'dark'],
] as const)('views hold at %s', async (name, device, colorScheme) => {
  const context = await browser.newContext({
    ...device,
    colorScheme,
    storageState: await ada.storageState(),
  });
  const watched = await open(context, '/companies');
  await tab(watched.page, 'Hotels').click();
  await watched.page.getByText('Hotel Post').first().waitFor();
  await holds(watched.page, `views-${name}`);
  expectNoComplaints(watched);
  await context.close();
});
