/** Every kind of page, on the cast's data, at a desk and on a phone, light and dark: nothing broken, nothing cut off, nothing that shuts people out (axe, WCAG 2.2 AA). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Boot, boot, endAll } from '../boot.ts';
import { barriers, expectNoComplaints, openBrowser, openPage, problemsOf, shoot } from '../browser.ts';

const account = { name: 'Ada Baumann', email: 'ada@kaffeehaus.example', password: 'correct horse battery' };

let folder: string;
let running: Boot;
let browser: Browser;
let welcome: string;
/** Path of a record by the object's path. */
const records: Record<string, string> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farley-e2e-'));
  running = await boot({ FARLEY_DATA: folder }, { args: ['--demo'] });
  const linkOf = () => /\/welcome\?token=(\S+)/.exec(running.output())?.[1];
  while (!linkOf()) await new Promise(resolve => setTimeout(resolve, 50));
  welcome = `${running.url}/welcome?token=${linkOf()}`;
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

async function signedIn(options: Parameters<Browser['newContext']>[0]): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  const { email, password } = account;
  const answer = await context.request.post(`${running.url}/api/auth/sign-in/email`, {
    data: { email, password },
  });
  expect(answer.status()).toBe(200);
  return context;
}

async function settled(page: Page) {
  await page.waitForLoadState('domcontentloaded');
  await page.locator('main, [role=main], form').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true], [data-skeleton]'));
  await page.waitForTimeout(300);
  // Colours that are still on their way to those of the scheme are nobody's to judge, however slow the machine is.
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter(animation => animation.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    await Promise.all(ending.map(animation => animation.finished.catch(() => undefined)));
  });
}

/** Light or dark, once the page has heard of it and no colour is on its way any more. */
async function turn(page: Page, colorScheme: 'light' | 'dark') {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction(
    wanted =>
      document.documentElement.dataset.mantineColorScheme === wanted &&
      document.getAnimations().every(({ playState, effect }) => {
        const endless = effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY;
        return endless || playState !== 'running';
      }),
    colorScheme,
  );
}

test('the welcome page makes the first administrator', async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const watched = await openPage(context);
  await watched.page.goto(welcome);
  for (const [label, value] of [
    ['Name', account.name],
    ['Email', account.email],
    ['Password', account.password],
  ] as const)
    await watched.page.getByLabel(label).fill(value);
  expect(await barriers(watched.page)).toEqual([]);
  await shoot(watched.page, 'welcome');
  await watched.page.getByRole('button', { name: 'Create account' }).click();
  await watched.page.getByRole('heading', { name: /Good/ }).waitFor();
  for (const path of ['deals', 'companies', 'people', 'tasks']) {
    const answer = await context.request.get(`${running.url}/api/${path}?limit=1&fields=createdAt`);
    records[path] = `/${path}/${((await answer.json()) as { data: { id: string }[] }).data[0]!.id}`;
  }
  expectNoComplaints(watched);
  await context.close();
});

function pages(): Record<string, string> {
  const nothing = JSON.stringify({ field: 'subject', op: 'contains', value: 'nothing like it' });
  return {
    home: '/',
    list: '/companies',
    people: '/people',
    board: '/deals?layout=board',
    groups: '/deals?layout=table&group=stage&totals=amount:sum',
    calendar: '/deals?layout=calendar',
    chart: '/deals?layout=chart&measure=amount:sum',
    schedule: '/deals?layout=schedule',
    map: '/companies?layout=map',
    empty: `/calls?filter=${encodeURIComponent(nothing)}`,
    deal: records.deals!,
    company: records.companies!,
    person: records.people!,
    task: records.tasks!,
    profile: '/settings/profile',
    security: '/settings/security',
    members: '/settings/members',
    keys: '/settings/keys',
    workspace: '/settings/workspace',
    objects: '/settings/objects',
    changes: '/changes',
    duplicates: '/duplicates/companies',
    duplicateRules: '/settings/duplicates',
    quality: '/quality/companies',
    forecast: `/forecast?unit=year&compare=${new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)}`,
    data: '/settings/data',
    import: '/import',
    trash: '/companies?trash=only',
    missing: '/deals/019a0000-0000-7000-8000-000000000000',
  };
}

interface State {
  path: string;
  open(page: Page): Promise<void>;
}

/** What floats over a page, or changes it, once something has been touched. */
function states(touch: boolean): Record<string, State> {
  const filter = encodeURIComponent(JSON.stringify({ field: 'name', op: 'contains', value: 'a' }));
  const both: Record<string, State> = {
    palette: {
      path: '/',
      async open(page) {
        if (touch) await page.getByRole('button', { name: 'Search', exact: true }).click();
        else await page.keyboard.press('Control+k');
        await page.getByRole('combobox').fill('a');
        await page.getByRole('option').first().waitFor();
      },
    },
    create: {
      path: '/deals',
      async open(page) {
        await page.getByRole('button', { name: 'New deal' }).click();
        await page.getByRole('dialog').getByLabel('Name').first().waitFor();
      },
    },
    filter: {
      path: `/companies?filter=${filter}`,
      async open(page) {
        await page.getByRole('button', { name: /^Name/, expanded: false }).first().click();
        await page.getByRole('combobox', { name: 'Condition' }).waitFor();
      },
    },
  };
  both.listMenu = {
    path: '/companies',
    async open(page) {
      await page.getByRole('button', { name: 'More list actions' }).click();
      await page.getByRole('menuitem', { name: 'Export CSV' }).waitFor();
    },
  };
  both.newField = {
    path: '/settings/objects',
    async open(page) {
      await page.getByRole('button', { name: 'Add a field' }).click();
      await page.getByLabel('Help').waitFor();
    },
  };
  if (touch) {
    both.menu = {
      path: '/',
      open: page => page.getByRole('button', { name: 'More', exact: true }).click(),
    };
    return both;
  }
  both.peek = {
    path: '/companies',
    async open(page) {
      await page.getByRole('grid').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press(' ');
      await page.getByRole('complementary').getByRole('heading').first().waitFor();
    },
  };
  return both;
}

// Both at once: much of the time is waiting for the page to come to rest.
test.concurrent.each([
  { device: 'desk', viewport: { width: 1440, height: 900 }, touch: false },
  { device: 'phone', viewport: { width: 390, height: 844 }, touch: true },
])(
  'every page holds at a $device, light and dark',
  async ({ device, viewport, touch }) => {
    const context = await signedIn({ viewport, hasTouch: touch, isMobile: touch });
    const watched = await openPage(context);
    const { page } = watched;
    const found: Record<string, string[]> = {};
    const look = async (name: string) => {
      await settled(page);
      const problems: string[] = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        await turn(page, colorScheme);
        await shoot(page, `${device}-${colorScheme}-${name}`);
        // In the dark the page is the same but for its colours.
        problems.push(
          ...(colorScheme === 'light' ? await problemsOf(page) : await barriers(page, ['color-contrast'])),
        );
      }
      await turn(page, 'light');
      if (problems.length > 0) found[name] = problems;
    };
    for (const [name, path] of Object.entries(pages())) {
      await page.goto(running.url + path);
      await look(name);
    }
    for (const [name, { path, open }] of Object.entries(states(touch))) {
      await page.goto(running.url + path);
      await settled(page);
      await open(page);
      await look(name);
    }
    expect(found).toEqual({});
    // The record that is missing on purpose answers 404.
    expectNoComplaints(watched, /404/);
    await context.close();
  },
  240_000,
);

test('everyone reads their own language, from right to left where that is so', async () => {
  const context = await signedIn({ viewport: { width: 1440, height: 900 } });
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
  const context = await signedIn({ viewport: { width: 1440, height: 900 } });
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
