/**
 * The app around the records: first steps of an empty workspace, sample data in and out, keys of one's own, commands that
 * learn, something shared from another app, and the start without a connection.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Boot, boot, endAll } from '../boot.ts';
import {
  barriers,
  expectNoComplaints,
  openBrowser,
  openPage,
  problemsOf,
  shoot,
  type Watched,
} from '../browser.ts';

let folder: string;
let running: Boot;
let browser: Browser;
let context: BrowserContext;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farley-e2e-'));
  running = await boot({ FARLEY_DATA: join(folder, 'data') });
  browser = await openBrowser();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  watched = await openPage(context);
  page = watched.page;
});
afterAll(async () => {
  await browser?.close();
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

const steps = () => page.getByRole('region', { name: 'First steps' });

test('an empty workspace shows its first steps, and takes sample data in', async () => {
  const linkOf = () => /http\S+\/welcome\?token=\S+/.exec(running.output())?.[0];
  await expect.poll(linkOf, { message: 'the start prints a one-time link' }).toBeTruthy();
  await page.goto(linkOf()!);
  await page.getByLabel('Name').fill('Ada Baumann');
  await page.getByLabel('Email').fill('ada@kaffeehaus.example');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();

  await steps().getByText('0 of 5 done').waitFor();
  expect(await problemsOf(page)).toEqual([]);
  await shoot(page, 'app-first-steps');

  // Sample data: offered by an empty list too, loaded by a click; the deals it made are not one's own first.
  await steps().getByRole('button', { name: 'Load sample data' }).waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'People' }).click();
  await page.getByRole('button', { name: 'Load sample data' }).click();
  await page.getByText('Katharina Moser').first().waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Home' }).click();
  await page.getByText('to try things with').waitFor();
  await steps().getByText('Make your first deal').waitFor();
  expect(await problemsOf(page)).toEqual([]);
  await shoot(page, 'app-sample');
});

test('keys are chosen for oneself, on every device; a taken one is told', async () => {
  await page.goto(`${running.url}/settings/keyboard`);
  const key = page.getByRole('button', { name: 'Change the key of “Collapse the sidebar”' });
  await key.click();
  await page.keyboard.press('b');
  await page.getByText('already does “Open notifications”').waitFor();
  await page.keyboard.press('g');
  await page.getByText('Keys saved').waitFor();
  await expect.poll(() => key.textContent()).toMatch(/G$/);
  expect(await problemsOf(page)).toEqual([]);
  await shoot(page, 'app-keyboard');
  await page.reload();
  await expect.poll(() => key.textContent()).toMatch(/G$/);
  await page.keyboard.press('g');
  await page.getByRole('button', { name: 'Expand sidebar' }).waitFor();
  await page.keyboard.press('g');
});

test('commands that were used come first, and change settings', async () => {
  await page.keyboard.press('Control+k');
  const line = page.getByRole('combobox', { name: 'Search and commands' });
  await line.fill('alpenhof');
  await page
    .getByRole('option', { name: /Alpenhof/ })
    .first()
    .waitFor();
  // What was found before stands there until the search answers; who presses Enter means what they have typed.
  await page.route('**/api/search*', async route => {
    await new Promise(resolve => setTimeout(resolve, 500));
    await route.continue();
  });
  await line.fill('appearance dark');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
  await page.keyboard.press('Control+k');
  await page.getByText('Often used').waitFor();
  await page.unroute('**/api/search*');
  await page.getByRole('option').first().getByText('Appearance: Dark').waitFor();
  await shoot(page, 'app-palette-dark');
  await page.keyboard.press('Escape');
});

test('what another app shares becomes a note and a file on a record', async () => {
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/worker.js');
    await navigator.serviceWorker.ready;
  });
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await page.evaluate(() => {
    const form = Object.assign(document.createElement('form'), {
      method: 'POST',
      action: '/share',
      enctype: 'multipart/form-data',
    });
    const input = (name: string, value: string) =>
      form.append(Object.assign(document.createElement('input'), { name, value }));
    input('title', 'Menu of the Alpenhof');
    input('url', 'https://alpenhof.example/menu');
    const files = Object.assign(document.createElement('input'), { type: 'file', name: 'files' });
    const data = new DataTransfer();
    data.items.add(new File(['Melange 4.20'], 'menu.txt', { type: 'text/plain' }));
    files.files = data.files;
    form.append(files);
    document.body.append(form);
    form.submit();
  });
  await page.getByText('menu.txt').waitFor();
  await expect.poll(() => page.getByLabel('Note').inputValue()).toContain('https://alpenhof.example/menu');
  expect(await problemsOf(page)).toEqual([]);
  await shoot(page, 'app-share-dark');
  await page.getByPlaceholder('Find a record').fill('Alpenhof Hotels');
  await page
    .getByRole('option', { name: /Alpenhof Hotels/ })
    .first()
    .click();
  await page.waitForURL(/\/companies\/[\w-]{36}/);
  await page.getByText('Menu of the Alpenhof').first().waitFor();
});

test('without a connection the page says so, keeps what is changed, and starts in the frame that was kept', async () => {
  const website = page.getByRole('button', { name: 'Edit Website' });
  await website.waitFor();
  await context.setOffline(true);
  await website.press('Enter');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('https://alpenhof.example');
  await page.keyboard.press('Enter');
  await page.getByText('1 change is saved as soon as it is back.').waitFor();
  expect(await barriers(page, ['color-contrast'])).toEqual([]);
  await shoot(page, 'app-waiting-dark');
  await context.setOffline(false);
  await page.getByText('Website changed').waitFor();
  const { data } = await page.evaluate(
    async path => (await fetch(`/api${path}/history`)).json() as Promise<{ data: object[] }>,
    new URL(page.url()).pathname,
  );
  expect(data.filter(entry => JSON.stringify(entry).includes('/alpenhof.example'))).toHaveLength(1);
  await context.setOffline(true);
  await page.reload();
  await page.getByText('No connection').waitFor();
  await shoot(page, 'app-offline-dark');
  await context.setOffline(false);
  await page.getByText('Menu of the Alpenhof').first().waitFor();
});

test('sample data goes by one click, and first steps hide', async () => {
  await page.goto(running.url);
  await page.getByRole('button', { name: 'Remove sample data' }).click();
  const sure = page.getByRole('dialog');
  await sure.getByText('go to the trash').waitFor();
  await shoot(page, 'app-remove-dark');
  await sure.getByRole('button', { name: 'Remove sample data' }).click();
  await page.getByText(/sample records were removed/).waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('button', { name: 'Hide first steps' }).waitFor();
  expect(await problemsOf(page)).toEqual([]);
  await shoot(page, 'app-first-steps-phone');
  await page.getByRole('button', { name: 'Hide first steps' }).click();
  await expect.poll(() => steps().count()).toBe(0);
  expectNoComplaints(watched, /ERR_INTERNET_DISCONNECTED|Failed to fetch|Failed to load resource/);
});
