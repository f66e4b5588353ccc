/** Every kind of page, on the cast's data, at a desk and on a phone, light and dark: nothing broken, nothing cut off, nothing that shuts people out (axe, WCAG 2.2 AA). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Boot, boot, endAll } from '../boot.ts';
import { barriers, expectNoComplaints, openBrowser, openPage, problemsOf, shoot } from '../browser.ts';
import { fillWelcome, looks, recordsOf, settled, signedIn, turn, welcomeOf } from '../every-page.ts';
import { cuts, jumps, motions, smallTargets, watchMoves } from '../sight.ts';

let folder: string;
let running: Boot;
let browser: Browser;
/** Path of a record by the object's path. */
let records: Record<string, string> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farley-e2e-'));
  running = await boot({ FARLEY_DATA: folder }, { args: ['--demo'] });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

test('the welcome page makes the first administrator', async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const watched = await openPage(context);
  await watched.page.goto(await welcomeOf(running));
  await fillWelcome(watched.page);
  expect(await barriers(watched.page)).toEqual([]);
  await shoot(watched.page, 'welcome');
  await watched.page.getByRole('button', { name: 'Create account' }).click();
  await watched.page.getByRole('heading', { name: /Good/ }).waitFor();
  records = await recordsOf(context, running.url);
  expectNoComplaints(watched);
  await context.close();
});

/** What is wrong with what is on the screen now, in both schemes and down to the smallest screen. */
async function faultsOf(page: Page, name: string, device: Device): Promise<string[]> {
  const { touch, viewport, smallest } = device;
  const faults = [...(await jumps(page)), ...(touch ? await motions(page) : []), ...(await barriers(page))];
  await shoot(page, `${device.name}-light-${name}`);
  faults.push(...(await cuts(page)), ...(await smallTargets(page, touch ? 44 : 28)));
  await page.setViewportSize(smallest);
  await page.waitForTimeout(100);
  for (const fault of await cuts(page)) faults.push(`at ${smallest.width} px: ${fault}`);
  await page.setViewportSize(viewport);
  // In the dark the page is the same but for its colours.
  await turn(page, 'dark');
  await shoot(page, `${device.name}-dark-${name}`);
  faults.push(...(await barriers(page, ['color-contrast'])));
  await page.emulateMedia({ colorScheme: 'light' });
  // How large targets are, axe tells by their boxes; `smallTargets` by what reacts.
  return [...new Set(faults)].filter(fault => !fault.startsWith('target-size:'));
}

const devices = [
  // 1440 px at 200 % zoom are 720.
  {
    name: 'desk',
    viewport: { width: 1440, height: 900 },
    smallest: { width: 720, height: 450 },
    touch: false,
  },
  {
    name: 'phone',
    viewport: { width: 390, height: 844 },
    smallest: { width: 360, height: 640 },
    touch: true,
  },
];
type Device = (typeof devices)[number];

// Both at once: much of the time is waiting for the page to come to rest.
test.concurrent.each(devices)(
  'every page holds at a $name, light and dark',
  async device => {
    const { touch, viewport } = device;
    const reducedMotion = touch ? 'reduce' : 'no-preference';
    const how = { viewport, hasTouch: touch, isMobile: touch, reducedMotion } as const;
    // Of its own: pages of one browser take turns in being drawn, and the one that waits stands still.
    const own = await openBrowser();
    const context = await signedIn(own, running.url, how);
    await watchMoves(context);
    const watched = await openPage(context);
    const { page } = watched;
    const found: Record<string, string[]> = {};
    for (const [name, { path, open, only, elsewhere }] of Object.entries(looks(records))) {
      if (elsewhere || (only && (only === 'touch') !== touch)) continue;
      try {
        await page.goto(running.url + path);
        await settled(page);
        if (open) {
          await open(page, touch);
          await settled(page);
        }
        const faults = await faultsOf(page, name, device);
        if (faults.length > 0) found[name] = faults;
      } catch (error) {
        found[name] = [String(error)];
      }
    }
    expect(found).toEqual({});
    // The record that is missing on purpose answers 404.
    expectNoComplaints(watched, /404/);
    await own.close();
  },
  600_000,
);

test('everyone reads their own language, from right to left where that is so', async () => {
  const context = await signedIn(browser, running.url, { viewport: { width: 1440, height: 900 } });
  const watched = await openPage(context);
  const { page } = watched;
  await page.goto(`${running.url}/settings/profile`);
  await page.getByRole('main').getByText('Language', { exact: true }).waitFor();
  await page.getByLabel('Language').click();
  await page.getByRole('option', { name: 'العربية' }).click();
  await page.getByRole('button', { name: 'Save profile' }).click();
  // Without a reload.
  await page.getByRole('heading', { name: 'الملف الشخصي' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
  const found: Record<string, string[]> = {};
  const looks = [
    [1440, 'list', '/companies'],
    [1440, 'deal', records.deals!],
    [390, 'home', '/'],
  ] as const;
  for (const [width, name, path] of looks) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto(running.url + path);
    await settled(page);
    await shoot(page, `arabic-${width}-${name}`);
    if (name === 'deal') await page.getByText('مسار المبيعات').first().waitFor();
    const problems = await problemsOf(page);
    if (problems.length > 0) found[name] = problems;
  }
  expect(found).toEqual({});
  const speak = (language: string | null) =>
    context.request.fetch(`${running.url}/api/me`, {
      method: 'PATCH',
      data: { language },
      headers: { 'Idempotency-Key': `language-${language}`, Origin: running.url },
    });
  expect((await speak('de')).status()).toBe(200);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${running.url}/companies`);
  await page.getByRole('button', { name: 'Unternehmen anlegen' }).waitFor();
  await settled(page);
  expect(await problemsOf(page)).toEqual([]);
  expect((await speak(null)).status()).toBe(200);
  expectNoComplaints(watched);
  await context.close();
});

test('a file is uploaded, kept with its note, and comes back as it was', async () => {
  const context = await signedIn(browser, running.url, { viewport: { width: 1440, height: 900 } });
  const watched = await openPage(context);
  const { page } = watched;
  await page.goto(`${running.url}/notes`);
  await page.getByRole('button', { name: 'New note' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Note' }).fill('The signed offer');
  await dialog.getByRole('button', { name: /more field/ }).click();
  await dialog
    .locator('input[type=file]')
    .setInputFiles({ name: 'Angebot März.txt', mimeType: 'text/plain', buffer: Buffer.from('Grüß Gott') });
  await dialog.getByText('Angebot März.txt').waitFor();
  await dialog.getByRole('button', { name: 'Create and open' }).click();
  const link = page.getByRole('link', { name: 'Angebot März.txt' });
  await link.waitFor();
  await shoot(page, 'upload');
  const answer = await context.request.get(running.url + (await link.getAttribute('href')));
  expect(await answer.text()).toBe('Grüß Gott');
  expectNoComplaints(watched);
  await context.close();
});
