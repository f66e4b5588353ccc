/** Every page and state of the interface as one list: the browser test walks it, and `npm run pictures` draws it. */
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Boot } from './boot.ts';
import { asked, filled, revenue } from './filled-pages.ts';
import { root } from './source.ts';

export const account = {
  name: 'Ada Baumann',
  email: 'ada@kaffeehaus.example',
  password: 'correct horse battery',
};

export interface Look {
  path: string;
  /** What is done before one looks. */
  open?(page: Page, touch: boolean): Promise<unknown>;
  /** Only where people point with a mouse, or only by touch. */
  only?: 'mouse' | 'touch';
  /** A journey goes through it anyway, so that only pictures are taken of it. */
  elsewhere?: true;
  /** It never comes to rest, as what it waits for does not come. */
  restless?: true;
  /** For someone who has not signed in. */
  stranger?: true;
}

/** The link for the first administrator, as a started Farley prints it. */
export async function welcomeOf(running: Boot): Promise<string> {
  const linkOf = () => /\/welcome\?token=(\S+)/.exec(running.output())?.[1];
  while (!linkOf()) {
    if (running.code() !== null) throw new Error(running.output());
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return `${running.url}/welcome?token=${linkOf()}`;
}

/** Fills in the form of the welcome page, but does not send it. */
export async function fillWelcome(page: Page): Promise<void> {
  await page.getByLabel('Name').fill(account.name);
  await page.getByLabel('Email').fill(account.email);
  await page.getByLabel('Password').fill(account.password);
}

export async function signedIn(
  browser: Browser,
  url: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  const { email, password } = account;
  const answer = await context.request.post(`${url}/api/auth/sign-in/email`, { data: { email, password } });
  if (!answer.ok()) throw new Error(`Nobody could sign in: ${answer.status()} ${await answer.text()}`);
  return context;
}

/** The path of one record of each object that has a page worth looking at. */
export async function recordsOf(context: BrowserContext, url: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const paths = ['deals', 'companies', 'people', 'tasks', 'orders', 'contracts', 'subscriptions'];
  const wanted: [name: string, path: string, query: string][] = [
    ...paths.map((path): [string, string, string] => [path, path, '']),
    ['forms', 'leadForms', ''],
    ['addresses', 'leadAddresses', ''],
    ['asked', 'leads', `&${filterOf({ field: 'contactState', op: 'notEmpty' })}`],
    ['quotes', 'quotes', `&${filterOf({ field: 'status', op: 'is', value: 'sent' })}`],
    ['briefed', 'deals', `&${filterOf({ field: 'name', op: 'is', value: 'Machines for 14 hotels' })}`],
    ['templates', 'quoteTemplates', ''],
    ['drafts', 'quotes', `&${filterOf({ field: 'status', op: 'is', value: 'draft' })}`],
  ];
  for (const [name, path, query] of wanted) {
    const answer = await context.request.get(`${url}/api/${path}?limit=1&fields=createdAt${query}`);
    found[name] = `/${path}/${((await answer.json()) as { data: { id: string }[] }).data[0]!.id}`;
  }
  return found;
}

/** Waits until nothing loads or moves any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('domcontentloaded');
  await page.locator('main, [role=main], form').first().waitFor();
  // By the clock, and patiently: on a busy machine frames and answers are late.
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true], [data-skeleton]'), null, {
    polling: 100,
    timeout: 45_000,
  });
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
export async function turn(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction(
    wanted => {
      if (document.documentElement.dataset.mantineColorScheme !== wanted) return false;
      if (matchMedia('(prefers-reduced-motion: reduce)').matches) return true;
      return document.getAnimations().every(({ playState, effect }) => {
        const endless = effect?.getComputedTiming().iterations === Number.POSITIVE_INFINITY;
        return endless || playState !== 'running';
      });
    },
    colorScheme,
    // By the clock: on a busy machine frames are late.
    { polling: 100 },
  );
}

const filterOf = (filter: object) => `filter=${encodeURIComponent(JSON.stringify(filter))}`;
const yesterday = () => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

function lists(): Record<string, Look> {
  return {
    home: { path: '/' },
    list: { path: '/companies' },
    people: { path: '/people' },
    board: { path: '/deals?layout=board' },
    groups: { path: '/deals?layout=table&group=stage&totals=amount:sum' },
    calendar: { path: '/deals?layout=calendar' },
    chart: { path: '/deals?layout=chart&measure=amount:sum' },
    schedule: { path: '/deals?layout=schedule' },
    map: { path: '/companies?layout=map' },
    empty: { path: `/calls?${filterOf({ field: 'subject', op: 'contains', value: 'nothing like it' })}` },
    trash: { path: '/companies?trash=only' },
    day: { path: '/calendar' },
    scoring: { path: '/scoring' },
    learned: { path: '/scoring?object=deal&tab=learned' },
    scoringRule: {
      path: '/scoring',
      open: page => page.getByRole('button', { name: 'Add rule' }).first().click(),
    },
    scoringLimits: {
      path: '/scoring',
      open: page => page.getByRole('button', { name: 'Change limits' }).click(),
    },
    forecast: { path: `/forecast?unit=year&compare=${yesterday()}` },
    dashboards: { path: '/dashboards' },
    targets: { path: '/targets' },
    territories: { path: '/territories' },
    callLists: { path: '/calling?object=person' },
    calling: {
      path: '/calling',
      async open(page) {
        await page
          .getByRole('link', { name: /Hotels without/ })
          .first()
          .click();
        await page.getByRole('button', { name: /^Reached/ }).waitFor();
      },
    },
    changes: { path: '/changes' },
    duplicates: { path: '/duplicates/companies' },
    quality: { path: '/quality/companies' },
    import: { path: '/import' },
    missing: { path: '/deals/019a0000-0000-7000-8000-000000000000' },
  };
}

function settings(): Record<string, Look> {
  return {
    profile: { path: '/settings/profile' },
    security: { path: '/settings/security' },
    told: { path: '/settings/notifications' },
    keyboard: { path: '/settings/keyboard' },
    members: { path: '/settings/members' },
    keys: { path: '/settings/keys' },
    workspace: { path: '/settings/workspace' },
    objects: { path: '/settings/objects' },
    duplicateRules: { path: '/settings/duplicates' },
    data: { path: '/settings/data' },
    newField: {
      path: '/settings/objects',
      async open(page) {
        await page.getByRole('button', { name: 'Add a field' }).click();
        await page.getByLabel('Help').waitFor();
      },
    },
  };
}

/** What floats over a page, or changes it, once something has been touched. */
function floating(): Record<string, Look> {
  return {
    palette: {
      path: '/',
      async open(page, touch) {
        if (touch) await page.getByRole('button', { name: 'Search', exact: true }).click();
        else await page.keyboard.press('Control+k');
        // By key: what follows from typing is no jump.
        await page.getByRole('combobox').press('a');
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
      path: `/companies?${filterOf({ field: 'name', op: 'contains', value: 'a' })}`,
      async open(page) {
        await page.getByRole('button', { name: /^Name/, expanded: false }).first().click();
        await page.getByRole('combobox', { name: 'Condition' }).waitFor();
      },
    },
    listMenu: {
      path: '/companies',
      async open(page) {
        await page.getByRole('button', { name: 'More list actions' }).click();
        await page.getByRole('menuitem', { name: 'Export CSV' }).waitFor();
      },
    },
    menu: {
      path: '/',
      only: 'touch',
      open: page => page.getByRole('button', { name: 'More', exact: true }).click(),
    },
    peek: {
      path: '/companies',
      only: 'mouse',
      async open(page) {
        await page.getByRole('grid').focus();
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press(' ');
        await page.getByRole('complementary').getByRole('heading').first().waitFor();
      },
    },
  };
}

/** Lays a path open from the menu of a record. */
const fromMenu = (path: string, item: string): Look => ({
  path,
  async open(page) {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  },
});

function onRecords(records: Record<string, string>): Record<string, Look> {
  return {
    moment: {
      path: records.deals!,
      async open(page) {
        await page.getByRole('button', { name: 'See how it was' }).click();
        await page.getByRole('slider', { name: 'Moment', exact: true }).waitFor();
      },
    },
    compare: { path: `${records.companies!}?asOf=${new Date().toISOString()}&with=${yesterday()}` },
    before: { path: `${records.companies!}?asOf=${yesterday()}` },
    why: fromMenu(records.people!, 'Why can I see this'),
    merge: fromMenu(records.people!, 'Merge with …'),
    arrangePage: fromMenu(records.companies!, 'Arrange this page'),
    verb: {
      path: records.deals!,
      open: page => page.getByRole('button', { name: 'Win deal' }).click(),
    },
    meeting: {
      path: records.people!,
      open: page => page.getByRole('tab', { name: 'Meeting' }).click(),
    },
    facts: {
      path: records.deals!,
      only: 'touch',
      open: page => page.getByRole('tab', { name: 'Details' }).click(),
    },
    related: {
      path: records.companies!,
      only: 'touch',
      open: page => page.getByRole('tab', { name: 'Related' }).click(),
    },
    conflict: {
      path: records.people!,
      only: 'mouse',
      async open(page) {
        await page.route('**/api/live*', route => route.abort());
        await page.reload();
        await page.getByRole('button', { name: 'Edit Job title' }).click();
        const title = `Head of ${Math.random().toString(36).slice(2, 7)}`;
        await page.request.patch(`${new URL(page.url()).origin}/api${records.people}`, {
          data: { jobTitle: title },
          headers: { 'Idempotency-Key': title, Origin: new URL(page.url()).origin },
        });
        await page.keyboard.press('Control+a');
        await page.keyboard.type('Partner');
        await page.keyboard.press('Enter');
        await page.getByRole('button', { name: 'Use yours' }).waitFor();
      },
    },
  };
}

function onLists(): Record<string, Look> {
  return {
    display: {
      path: '/companies',
      open: page => page.getByRole('button', { name: 'Display', exact: true }).click(),
    },
    sort: {
      path: '/companies',
      open: page =>
        page
          .getByRole('button', { name: /^Sort|^Name$/ })
          .first()
          .click(),
    },
    addFilter: {
      path: '/companies',
      open: page => page.getByRole('button', { name: 'Filter', exact: true }).click(),
    },
    groupsOfFilters: {
      path: `/deals?layout=table&${filterOf({
        and: [
          { field: 'amount', op: 'gt', value: { amount: '1000', currency: 'EUR' } },
          {
            or: [
              { field: 'name', op: 'contains', value: 'a' },
              { field: 'nextStep', op: 'empty' },
            ],
          },
        ],
      })}`,
    },
    selection: {
      path: '/companies',
      only: 'mouse',
      open: page => page.getByRole('checkbox', { name: 'Select all loaded rows' }).check(),
    },
    saveView: {
      path: '/deals?layout=calendar',
      open: page => page.getByRole('button', { name: 'Save as view' }).click(),
    },
    undo: {
      path: '/changes',
      open: page => page.getByRole('button', { name: 'Undo' }).first().click(),
    },
  };
}

function onPages(): Record<string, Look> {
  return {
    bell: {
      path: '/',
      open: page =>
        page
          .getByRole('button', { name: /^Notifications/ })
          .first()
          .click(),
    },
    shortcuts: { path: '/', only: 'mouse', open: page => page.keyboard.press('?') },
    add: {
      path: '/',
      async open(page, touch) {
        if (!touch) return page.keyboard.press('c');
        await page.getByRole('button', { name: 'More', exact: true }).click();
        await page.getByRole('button', { name: 'Add', exact: true }).click();
      },
    },
    arrangeHome: {
      path: '/',
      open: page => page.getByRole('button', { name: 'Arrange home' }).click(),
    },
    shared: { path: '/share?title=Menu&text=From%20the%20road&url=https%3A%2F%2Falpenhof.example' },
    toast: {
      path: '/tasks',
      async open(page) {
        await page.getByRole('button', { name: 'New task' }).click();
        await page.getByRole('dialog').getByLabel('Subject').fill('Order beans for the tasting in Graz');
        await page.keyboard.press('Control+Enter');
        await page.getByRole('button', { name: 'Undo', exact: true }).waitFor();
      },
    },
  };
}

function wizard(): Record<string, Look> {
  const toColumns = async (page: Page) => {
    const files = ['companies.csv', 'contacts.csv', 'deals.csv'];
    const paths = files.map(name => join(root, 'test/fixtures/hubspot', name));
    await page.locator('input[type=file]').first().setInputFiles(paths);
    await page.getByRole('button', { name: 'Check the import' }).waitFor();
  };
  return {
    columns: { path: '/import', open: toColumns },
    check: {
      path: '/import',
      async open(page) {
        await toColumns(page);
        await page.getByRole('button', { name: 'Check the import' }).click();
        await page.getByRole('heading', { name: /would be refused/ }).waitFor();
      },
    },
  };
}

/** What a page asks for itself, beyond what its frame needs. */
const beyondFrame = /\/api\/(?!objects(\?brief=true)?$|me\b|auth)/;

/** When something is slow, broken or unknown. */
function troubles(records: Record<string, string>): Record<string, Look> {
  const slow = (path: string): Look => ({
    path,
    restless: true,
    async open(page) {
      await page.route(beyondFrame, () => undefined);
      await page.reload({ waitUntil: 'domcontentloaded' });
      await page.waitForTimeout(1_500);
    },
  });
  const broken = (path: string): Look => ({
    path,
    restless: true,
    async open(page) {
      const body = { title: 'Something went wrong', status: 500, code: 'internal', requestId: 'req-7f3a' };
      await page.route(beyondFrame, route =>
        route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(body) }),
      );
      await page.reload({ waitUntil: 'domcontentloaded' });
      await page.getByRole('alert').first().waitFor();
    },
  });
  return {
    slowHome: slow('/'),
    slowList: slow('/companies'),
    slowBoard: slow('/deals?layout=board'),
    slowRecord: slow(records.companies!),
    brokenList: broken('/companies'),
    brokenRecord: broken(records.companies!),
    signIn: { path: '/', stranger: true },
    signInWrong: {
      path: '/',
      stranger: true,
      async open(page) {
        await page.getByLabel('Email').fill(account.email);
        await page.getByLabel('Password').fill('not the password');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('alert').waitFor();
      },
    },
    forgotten: {
      path: '/',
      stranger: true,
      open: page => page.getByText('Forgotten your password?').click(),
    },
    resetOld: { path: '/reset?token=old', stranger: true },
    welcomeOld: { path: '/welcome?token=old', stranger: true },
  };
}

/** What journeys of their own go through; see `elsewhere`. */
function journeys(records: Record<string, string>): Record<string, Look> {
  const all = {
    ...onRecords(records),
    ...onPages(),
    ...onLists(),
    ...wizard(),
    ...filled(records),
    ...troubles(records),
  };
  return Object.fromEntries(Object.entries(all).map(([name, look]) => [name, { ...look, elsewhere: true }]));
}

/** All of them by a short name. */
export function looks(records: Record<string, string>): Record<string, Look> {
  return {
    ...lists(),
    deal: { path: records.deals! },
    company: { path: records.companies! },
    person: { path: records.people! },
    task: { path: records.tasks! },
    ...settings(),
    ...floating(),
    ...revenue(records),
    ...asked(records),
    ...journeys(records),
  };
}
