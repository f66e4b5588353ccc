/**
 * The first day with Farley, as a user has it: start it, set the password, bring in a real sales team's pipeline, move a
 * deal, see it live in a second window, take it back.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Boot, boot, endAll, farley } from '../boot.ts';
import { expectNoComplaints, openBrowser, openPage, shoot } from '../browser.ts';
import { root } from '../source.ts';

const data = join(resolve(root, process.env.FARLEY_TEST_DATA ?? '../shared/data'), 'crm-maven-pipeline');
const maps = join(root, 'docs/guides/import-sales-team');
/** File and map of each step of the guide. */
const steps = [
  ['sales_teams.csv', '1-teams.json'],
  ['sales_teams.csv', '2-managers.json'],
  ['sales_teams.csv', '3-agents.json'],
  ['sales_teams.csv', '4-team-managers.json'],
  ['products.csv', '5-products.json'],
  ['accounts.csv', '6-accounts.json'],
  ['sales_pipeline.csv', '7-deals.json'],
  ['sales_pipeline.csv', '8-deal-lines.json'],
] as const;
const password = 'correct horse battery';

let folder: string;
let running: Boot;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farley-e2e-'));
  running = await boot({ FARLEY_DATA: join(folder, 'data') });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

async function setPassword(page: Page) {
  await page.getByLabel('Name').fill('Ada Baumann');
  await page.getByLabel('Email').fill('ada@kaffeehaus.example');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: /Good (morning|afternoon|evening), Ada/ }).waitFor();
}

/** The guide's commands, beside the running Farley. */
function importSalesTeam() {
  const failures = join(folder, 'failed.csv');
  for (const [file, map] of steps) {
    const args = ['import', join(data, file), '--map', join(maps, map), '--failures', failures];
    const env = { ...process.env, FARLEY_DATA: join(folder, 'data'), DATABASE_URL: '' };
    const done = spawnSync(process.execPath, [farley, ...args], { encoding: 'utf8', env });
    expect(done.status, done.stderr).toBe(0);
  }
}

const cards = (page: Page, column: string) =>
  page.getByRole('region', { name: column, exact: true }).getByRole('listitem');

// Skipped only where the real data is not at hand: it may not be part of the project.
test.skipIf(!existsSync(data))(
  'from the first start to a moved, seen and taken-back deal',
  async () => {
    const linkOf = () => /http\S+\/welcome\?token=\S+/.exec(running.output())?.[0];
    await expect.poll(linkOf, { message: 'the start prints a one-time link' }).toBeTruthy();
    const context = await browser.newContext({ viewport: { width: 1920, height: 1000 } });
    const first = await openPage(context);
    const { page } = first;

    await page.goto(linkOf()!);
    await setPassword(page);
    importSalesTeam();

    await page.getByRole('navigation').getByRole('link', { name: 'Deals' }).click();
    await page.waitForURL(/\/deals/);
    await page.goto(`${running.url}/deals?layout=board`);
    await expect.poll(() => cards(page, 'Engaging').count()).toBeGreaterThan(3);
    await shoot(page, 'first-day-board');

    const second = await openPage(context);
    await second.page.goto(`${running.url}/deals?layout=board`);
    const id = (await cards(page, 'Prospecting').first().getAttribute('data-card'))!;
    const card = page.locator(`[data-card="${id}"]`);
    const seenIn = (where: Page, column: string) =>
      cards(where, column)
        .and(where.locator(`[data-card="${id}"]`))
        .count();
    await expect.poll(() => seenIn(second.page, 'Prospecting')).toBe(1);

    const moved = page.waitForResponse(
      response => response.url().endsWith('/move') && response.request().method() === 'POST',
    );
    await card.dragTo(page.getByRole('region', { name: 'Negotiation', exact: true }));
    expect((await moved).status()).toBe(200);
    // What is pointed at stays, however long others take.
    const undo = page.getByRole('button', { name: 'Undo', exact: true });
    await undo.hover();
    await shoot(page, 'first-day-moved');
    await expect.poll(() => seenIn(page, 'Negotiation')).toBe(1);
    await expect.poll(() => seenIn(second.page, 'Negotiation'), { timeout: 30_000 }).toBe(1);
    await shoot(second.page, 'first-day-second-window');

    await undo.click();
    await expect.poll(() => seenIn(page, 'Prospecting')).toBe(1);
    await expect.poll(() => seenIn(second.page, 'Prospecting'), { timeout: 30_000 }).toBe(1);
    await expect.poll(() => seenIn(second.page, 'Negotiation')).toBe(0);

    expectNoComplaints(first);
    expectNoComplaints(second);
  },
  180_000,
);
