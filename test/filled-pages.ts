/** Pages and states that need records of their own before they can be seen; part of `every-page.ts`. */
import { join } from 'node:path';
import type { Look } from './every-page.ts';
import { root } from './source.ts';

/** From the quote to what comes of it year after year, and the quote as its customer sees it. */
export function revenue(records: Record<string, string>): Record<string, Look> {
  return {
    quotes: { path: '/quotes' },
    quote: { path: records.quotes! },
    builder: { path: `${records.drafts!}?tab=builder` },
    order: { path: records.orders! },
    contract: { path: records.contracts! },
    subscription: { path: records.subscriptions! },
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
        await page.getByRole('dialog').getByRole('img').first().waitFor();
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
        await page.getByRole('button', { name: 'Undo' }).first().waitFor();
      },
    },
    bellFilled: {
      path: '/',
      async open(page) {
        await page.request.post(`${new URL(page.url()).origin}/api/tasks`, {
          data: { subject: 'Call the roastery back', due: new Date().toISOString() },
          headers: { 'Idempotency-Key': `told-${Math.random()}`, Origin: new URL(page.url()).origin },
        });
        await page
          .getByRole('button', { name: /^Notifications/ })
          .first()
          .click();
      },
    },
    print: {
      path: records.companies!,
      restless: true,
      open: page => page.emulateMedia({ media: 'print' }),
    },
  };
}
