/**
 * Someone's account: at work in two workspaces, another address to sign in with, another language; and, in that
 * language and on a phone, a series is put together and a clash is told.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { declared } from '../../src/app.ts';
import { createWorkspace, systemClock } from '../../src/engine/index.ts';
import ar from '../../src/web/locales/ar/labels.json' with { type: 'json' };
import { type Boot, boot, endAll, farley } from '../boot.ts';
import {
  callerOf,
  expectNoComplaints,
  firstSignedIn,
  openBrowser,
  openPage,
  problemsOf,
  shoot,
} from '../browser.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { account } from '../every-page.ts';
import { catchLetters, type LetterBox } from '../letters.ts';
import { settings } from '../world.ts';

let folder: string;
let db: TestDatabase;
let env: Record<string, string>;
let running: Boot;
let chromium: Browser;
let context: BrowserContext;
let post: LetterBox;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farley-e2e-'));
  db = await createTestDatabase('account');
  post = await catchLetters();
  env = {
    FARLEY_DATA: folder,
    DATABASE_URL: db.connectionString,
    ...post.env,
  };
  running = await boot(env);
  chromium = await openBrowser();
  context = await firstSignedIn(chromium, running);
});
afterAll(async () => {
  await chromium?.close();
  await endAll();
  await db?.close();
  await post?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('who is asked into a second workspace joins it with the account there is, and changes between them', async () => {
  const api = callerOf(context, running.url);
  await api('POST', '/api/companies', { name: 'Hotel Sacher' });
  const { workspace } = await api('GET', '/api/me');
  await createWorkspace(db, declared, { ...settings, name: 'second', label: 'Rösterei' }, systemClock);
  const wanted = [
    'user',
    'create',
    '--workspace',
    'second',
    '--name',
    account.name,
    '--email',
    account.email,
  ];
  const link = execFileSync(process.execPath, [farley, ...wanted, '--role', 'administrator'], {
    env: { PATH: process.env.PATH, PORT: String(running.port), ...env },
    encoding: 'utf8',
  }).trim();

  const watched = await openPage(context);
  const { page } = watched;
  await page.goto(`${running.url}${new URL(link).pathname}${new URL(link).search}`);
  await page.getByText('Rösterei').first().waitFor();
  await page.getByLabel('Name').fill(account.name);
  await page.getByLabel('Email').fill(account.email);
  await page.getByLabel('Password').fill('not that one at all');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('alert').first().waitFor();
  await page.getByLabel('Password').fill(account.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: /Good/ }).waitFor();
  await page.goto(`${running.url}/companies`);

  await page.getByText('No companies yet').waitFor();

  await page.getByRole('button', { name: account.name }).click();
  await shoot(page, 'account-workspaces');
  await page.getByRole('menuitem', { name: `Work in ${workspace.label}` }).click();
  await page.getByRole('heading', { name: /Good/ }).waitFor();
  await page.goto(`${running.url}/companies`);
  await page.getByText('Hotel Sacher').first().waitFor();
  expectNoComplaints(watched, /422/);
  await page.close();
});

test('another address to sign in with holds once the link that was sent to it was followed', async () => {
  const email = 'ada.new@kaffeehaus.example';
  const watched = await openPage(context);
  const { page } = watched;
  await page.goto(`${running.url}/settings/security`);
  await page.getByLabel('New address').fill(email);
  const form = page.locator('form').filter({ hasText: 'Send confirmation' });
  await form.getByLabel('Current password').fill(account.password);
  await form.getByRole('button', { name: 'Send confirmation' }).click();
  await page.getByText(`A link is on its way to ${email}.`).waitFor();
  const letter = await post.letter(email);
  const address = /http\S+\/api\/links\/\S+/.exec(letter.text ?? '')![0];

  const elsewhere = await chromium.newContext();
  const other = await openPage(elsewhere);
  await other.page.goto(address);
  await other.page.getByText(email).first().waitFor();
  expect(await problemsOf(other.page)).toEqual([]);
  await shoot(other.page, 'account-address');
  await other.page.getByRole('button').click();
  await other.page.getByText(email).first().waitFor();
  for (const [as, said] of [
    [account.email, 'alert'],
    [email, 'heading'],
  ] as const) {
    await other.page.goto(running.url);
    await other.page.getByLabel('Email').fill(as);
    await other.page.getByLabel('Password').fill(account.password);
    await other.page.getByRole('button', { name: 'Sign in' }).click();
    await other.page
      .getByRole(said, said === 'heading' ? { name: /Good/ } : {})
      .first()
      .waitFor();
  }
  expectNoComplaints(watched);
  await elsewhere.close();
  await page.close();
});

test('on a phone, from right to left: a series is put together, and a meeting says who has something else then', async () => {
  const api = callerOf(context, running.url);
  await api('PATCH', '/api/me', { language: 'ar' });
  const at = (hour: number) => `2027-03-02T${hour}:00:00.000Z`;
  const times = { startsAt: at(10), endsAt: at(11) };
  await api('POST', '/api/meetings', { subject: 'Roastery visit', ...times });
  const { id } = await api('POST', '/api/meetings', {
    subject: 'Cupping',
    otherGuests: 'guest@alpenhof.example',
    ...times,
  });
  const phone = await chromium.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    storageState: await context.storageState(),
  });
  const watched = await openPage(phone);
  const { page } = watched;
  await page.goto(`${running.url}/meetings/${id}`);
  await page.getByRole('tab', { name: 'التفاصيل' }).tap();
  await page.getByText('ارتباط آخر').first().waitFor();
  expect(await problemsOf(page)).toEqual([]);
  await shoot(page, 'account-clash-ar');
  await page.goto(`${running.url}/meetings`);
  await page.getByText('Cupping').first().waitFor();
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(ar.Repeats).tap();
  const form = page.getByRole('dialog', { name: ar.Repeats });
  await form.getByRole('spinbutton').first().fill('2');
  expect(await problemsOf(page)).toEqual([]);
  await shoot(page, 'account-repeats-ar');
  expectNoComplaints(watched);
  await phone.close();
});
