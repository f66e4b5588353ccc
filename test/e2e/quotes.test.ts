/** From a deal to a quote that needs approval, is sent, read and accepted on a phone by someone who has the link, to order, contract and renewal. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Boot, boot, endAll } from '../boot.ts';
import { expectNoComplaints, openBrowser, openPage, problemsOf, shoot } from '../browser.ts';

let folder: string;
let running: Boot;
let browser: Browser;
let staff: BrowserContext;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farley-e2e-'));
  running = await boot({ FARLEY_DATA: folder });
  browser = await openBrowser();
  const linkOf = () => /\S+\/welcome\?token=\S+/.exec(running.output())?.[0];
  await vi.waitUntil(linkOf, { timeout: 20_000 });
  staff = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const { page } = await openPage(staff);
  await page.goto(linkOf()!);
  await page.getByLabel('Name').fill('Ada Baumann');
  await page.getByLabel('Email').fill('ada@kaffeehaus.example');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: /Good/ }).waitFor();
  await page.close();
});
afterAll(async () => {
  await browser?.close();
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

async function api(method: string, path: string, data?: object) {
  const answer = await staff.request.fetch(running.url + path, {
    method,
    data,
    headers: { origin: running.url },
  });
  expect(answer.ok(), `${method} ${path} ${answer.status()}`).toBe(true);
  return answer.json();
}

const make = async (path: string, values: object) => (await api('POST', `/api/${path}`, values)).id as string;
const act = async (path: string, id: string, verb: string, input = {}) =>
  (await api('POST', `/api/${path}/${id}/${verb}`, input)).result;

/** A deal with two products, and a quote of it that its approver has let through. */
async function sentQuote() {
  const me = (await api('GET', '/api/users')).data[0].id;
  const company = await make('companies', { name: 'Alpenhof', address: { city: 'Linz', country: 'AT' } });
  const contact = await make('people', { name: 'Katharina Moser', company });
  await make('taxRates', { name: 'VAT 20 %', country: 'AT', rate: 20 });
  await make('approvalRules', { name: 'More than 10 % off', aboveDiscount: 10, approver: me });
  const machine = await make('products', { name: 'Barista Pro', price: '1000 EUR', unit: 'piece' });
  const service = await make('products', { name: 'Service plan', price: '60 EUR', interval: 'month' });
  const deal = await make('deals', { name: 'Breakfast bar', company, contacts: [contact] });
  await make('dealLines', { deal, product: machine, quantity: '2' });
  const { id: quote } = await act('deals', deal, 'quote');
  const [line] = (
    await api('POST', '/api/quoteLines/search', { filter: { field: 'quote', op: 'is', value: quote } })
  ).data;
  await act('quotes', quote, 'write', {
    lines: [
      {
        key: line.id,
        product: machine,
        quantity: '2',
        adjustable: true,
        discountPercent: 20,
        section: 'Machines',
      },
      { key: 'b', product: service, quantity: '1', optional: true, section: 'Service' },
    ],
  });
  await act('quotes', quote, 'submit');
  await act('quotes', quote, 'approve', { reason: 'A reference' });
  const { link } = await act('quotes', quote, 'send', { mail: false });
  return { deal, quote, link: link as string };
}

test('a quote is accepted on a phone by someone who is not signed in, and becomes order, contract and renewal', async () => {
  const { deal, quote, link } = await sentQuote();
  const outside = await browser.newContext({
    viewport: { width: 360, height: 740 },
    hasTouch: true,
    locale: 'de-AT',
  });
  const watched = await openPage(outside);
  const { page } = watched;
  await page.goto(link);
  await page.getByRole('heading', { name: /Angebot Q-/ }).waitFor();
  await page.getByText('€ 1.920,00').first().waitFor();
  await shoot(page, 'quote-phone');
  expect(await problemsOf(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await problemsOf(page), 'in the dark').toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByRole('checkbox', { name: 'Service plan' }).check();
  await page.getByRole('spinbutton', { name: /Barista Pro/ }).fill('3');
  await page.getByText('€ 2.952,00').first().waitFor();
  await page.getByRole('button', { name: 'Angebot annehmen' }).click();
  await page.getByText('Das wird gebraucht.').waitFor();
  await page.getByLabel('Ihr Name').fill('Katharina Moser');
  const pad = page.getByRole('img', { name: /Unterschrift/ });
  await pad.scrollIntoViewIfNeeded();
  const box = (await pad.boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 20, { steps: 5 });
  await page.mouse.up();
  await shoot(page, 'quote-signing');
  await page.getByRole('button', { name: 'Angebot annehmen' }).click();
  await page.getByText(/Angenommen von Katharina Moser/).waitFor();
  const pdf = await outside.request.get(`${link.replace('/open/', '/api/open/')}/file`);
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  expectNoComplaints(watched);
  await outside.close();

  expect((await api('POST', '/api/reports/quote-link', { quote })).intact).toBe(true);
  const { id: order } = await act('quotes', quote, 'order');
  expect(await api('GET', `/api/orders/${order}`)).toMatchObject({
    net: { amount: '2460.00' },
    gross: { amount: '2952.00' },
  });
  expect((await api('GET', `/api/deals/${deal}`)).status).toBe('won');
  const { id: contract, subscription } = await act('orders', order, 'contract', { start: '2026-01-01' });
  expect((await api('GET', `/api/subscriptions/${subscription}`)).monthly.amount).toBe('60.00');
  await act('contracts', contract, 'renew');
  expect((await api('GET', `/api/contracts/${contract}`)).end).toBe('2028-01-01');

  const inside = await openPage(staff);
  await inside.page.goto(`${running.url}/quotes/${quote}`);
  await inside.page.getByRole('list', { name: 'Timeline' }).getByText('Katharina Moser accepted').waitFor();
  await shoot(inside.page, 'quote-accepted');
  expectNoComplaints(inside);
});
