/** Pages and states that need records of their own before they can be seen; part of `every-page.ts`. */
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { Look } from './every-page.ts';
import { root } from './source.ts';

/** From the quote to what comes of it year after year, and the quote as its customer sees it. */
export function revenue(records: Record<string, string>): Record<string, Look> {
  return {
    quotes: { path: '/quotes' },
    quote: { path: records.quotes! },
    builder: { path: `${records.drafts!}?tab=builder` },
    priceWhy: {
      path: `${records.drafts!}?tab=builder`,
      async open(page) {
        await page.getByRole('button', { name: 'Why this price' }).first().click();
        // By key: what follows from it is no jump.
        await page.getByText('Other price books').focus();
        await page.keyboard.press('Enter');
        await page.locator('details[open] table').waitFor();
      },
    },
    template: { path: `${records.templates!}?tab=preview` },
    order: { path: records.orders! },
    contract: { path: records.contracts! },
    briefing: { path: `${records.briefed!}?tab=briefing` },
    stakeholders: { path: `${records.briefed!}?tab=stakeholders` },
    subscription: { path: records.subscriptions! },
    recurring: { path: '/revenue' },
    renewals: { path: '/revenue?tab=renewals' },
    customer: {
      path: records.quotes!,
      async open(page) {
        const { origin } = new URL(page.url());
        const answer = await page.request.post(`${origin}/api/reports/quote-link`, {
          data: { quote: records.quotes!.split('/').at(-1) },
          headers: { Origin: origin },
        });
        await page.goto(((await answer.json()) as { link: string }).link);
        await page.getByRole('heading').first().waitFor();
      },
    },
  };
}

/** A lead with its origin and why it is whose it is, a form as it is made, where letters are handed in, and as visitors see it. */
export function asked(records: Record<string, string>): Record<string, Look> {
  return {
    lead: { path: records.asked! },
    whyOwner: {
      path: records.asked!,
      only: 'mouse',
      open: page => page.getByText('Why this owner').click(),
    },
    leadForm: { path: `${records.forms!}?tab=form` },
    leadFormWords: {
      path: `${records.forms!}?tab=form`,
      // By key: what follows from typing is no jump.
      async open(page) {
        await page.getByLabel('Language', { exact: true }).focus();
        await page.keyboard.press('D');
        await page.getByRole('group', { name: 'Texts' }).waitFor();
      },
    },
    leadAddress: { path: `${records.addresses!}?tab=letters` },
    visitor: { path: '/f/main.contact', stranger: true },
  };
}

/** What comes in: cells, files, news. */
function arriving(): Record<string, Look> {
  return {
    paste: {
      path: '/companies',
      only: 'mouse',
      async open(page) {
        await page.getByRole('grid').focus();
        await page.keyboard.press('ArrowDown');
        await page.getByRole('grid').evaluate(grid => {
          const data = new DataTransfer();
          data.setData('text/plain', 'Alpenhof Gastein\tHospitality\nAlpenhof Group\tno such industry');
          grid.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
        });
        await page.getByRole('dialog').waitFor();
      },
    },
    imported: {
      path: '/import',
      async open(page) {
        const file = join(root, 'test/fixtures/hubspot/companies.csv');
        await page.locator('input[type=file]').first().setInputFiles(file);
        await page.getByRole('button', { name: 'Import without a check' }).click();
        await page.getByRole('button', { name: 'Import more' }).waitFor();
      },
    },
    bellFilled: {
      path: '/',
      async open(page) {
        await beTold(page);
        await page.reload();
        await page
          .getByRole('button', { name: /^Notifications/ })
          .first()
          .click();
        await page.getByRole('dialog').getByRole('listitem').first().waitFor();
      },
    },
  };
}

/** What needs records of its own before it can be seen. */
export function filled(records: Record<string, string>): Record<string, Look> {
  return {
    viewer: {
      path: records.companies!,
      async open(page, touch) {
        if (touch) await page.getByRole('tab', { name: 'Related' }).click();
        const picture = join(root, 'docs/pictures/board.webp');
        await page.locator('input[type=file]').first().setInputFiles(picture);
        await page.getByRole('button', { name: 'board.webp' }).first().click();
        await page.getByRole('dialog').getByText('Download').waitFor();
      },
    },
    mergeTable: {
      path: records.people!,
      async open(page) {
        await page.getByRole('button', { name: 'More actions' }).click();
        await page.getByRole('menuitem', { name: 'Merge with …' }).click();
        await page.getByRole('dialog').getByRole('option').first().click();
        await page.getByRole('dialog').getByRole('table').waitFor();
      },
    },
    ...arriving(),
    print: {
      path: records.companies!,
      only: 'mouse',
      restless: true,
      open: page => page.emulateMedia({ media: 'print' }),
    },
  };
}

/** A colleague hands over a deal and mentions the reader. */
async function beTold(page: Page) {
  const { origin } = new URL(page.url());
  const as = (context: BrowserContext) => ({
    get: async (path: string) => (await context.request.get(`${origin}/api/${path}`)).json(),
    send: async (path: string, data: object, method = 'POST') =>
      (
        await context.request.fetch(`${origin}/api/${path}`, {
          method,
          data,
          headers: { 'Idempotency-Key': `told-${Math.random()}`, Origin: origin },
        })
      ).json(),
  });
  const email = `theo-${Math.random().toString(36).slice(2, 8)}@kaffeehaus.example`;
  const mine = as(page.context());
  const { user } = (await mine.get('me')) as { user: { id: string } };
  const { link } = (await mine.send('invitations', {
    role: 'administrator',
    email: email,
  })) as {
    link: string;
  };
  const other = await page.context().browser()!.newContext();
  const theirs = await other.newPage();
  await theirs.goto(link);
  await theirs.getByLabel('Name').fill('Theo Brandt');
  const address = theirs.getByLabel('Email');
  if (await address.isEditable()) await address.fill(email);
  await theirs.getByLabel('Password').fill('correct horse battery');
  await theirs.getByRole('button', { name: 'Create account' }).click();
  await theirs.getByRole('heading', { name: /Good/ }).waitFor();
  const { data } = (await as(other).get('deals?limit=2&fields=name')) as { data: { id: string }[] };
  await as(other).send(`deals/${data[0]!.id}`, { owner: user.id }, 'PATCH');
  await as(other).send('notes', {
    body: `[@Ada Baumann](user:${user.id}) can you look at the terms before Friday?`,
    about: [{ object: 'deal', id: data[1]!.id }],
  });
  await other.close();
  await page.waitForTimeout(3_000);
}
