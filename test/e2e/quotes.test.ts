/**
 * From a form on somebody's website to a lead, its first contact and a deal; to a quote that someone else approves, is read and
 * signed on a phone by whoever has the link; to order, contract, subscription and the offer of its renewal.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Boot, boot, endAll } from '../boot.ts';
import { barriers, expectNoComplaints, openBrowser, openPage, problemsOf, shoot } from '../browser.ts';
import { catchLetters, type LetterBox } from '../letters.ts';

let folder: string;
let running: Boot;
let browser: Browser;
let staff: BrowserContext;
let colleague: BrowserContext;
let post: LetterBox;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farley-e2e-'));
  post = await catchLetters();
  running = await boot({
    FARLEY_DATA: folder,
    ...post.env,
  });
  browser = await openBrowser();
  const linkOf = () => /\S+\/welcome\?token=\S+/.exec(running.output())?.[0];
  await vi.waitUntil(linkOf, { timeout: 20_000 });
  staff = await welcome(linkOf()!, 'Ada Baumann');
  const { link } = await api('POST', '/api/invitations', { role: 'administrator' });
  colleague = await welcome(link, 'Max Wieser');
});
afterAll(async () => {
  await browser?.close();
  await endAll();
  await post?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A browser of someone who has just set their password. */
async function welcome(link: string, name: string): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const { page } = await openPage(context);
  await page.goto(link);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email').fill(`${name.split(' ')[0]!.toLowerCase()}@kaffeehaus.example`);
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: /Good/ }).waitFor();
  await page.close();
  return context;
}

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

/** A website of somebody else that shows the form. */
async function website() {
  let body = '';
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end(body),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    show: (script: string) => {
      body = `<!doctype html><html lang="en"><title>Hotel</title><h1>Write to us</h1>${script}</html>`;
    },
    close: () => server.close(),
  };
}

/** Somebody writes by the form, and confirms it. */
async function visitForm(me: string) {
  const site = await website();
  const form = await make('leadForms', {
    name: 'Contact',
    consent: 'You may write to me.',
    doubleOptIn: true,
    websites: site.origin,
  });
  const rule = await make('assignmentRules', { name: 'All', contactWithin: 7_200, withinHours: false });
  await make('assignmentMembers', { rule, user: me });
  const { embed, address } = await api('POST', '/api/reports/form-link', { form });
  site.show(embed);
  const visitors = await browser.newContext({ viewport: { width: 390, height: 800 }, locale: 'en' });
  const visitor = await openPage(visitors);
  await visitor.page.goto(`${site.origin}/?utm_source=guide`);
  const frame = visitor.page.frameLocator('iframe');
  await frame.getByLabel('Name').fill('Rosa Hofer');
  await frame.getByLabel('Email').fill('rosa@hotel-post.example');
  await frame.getByRole('checkbox').check();
  await frame.getByRole('button', { name: 'Send' }).click();
  await frame.getByText('open the link in the letter').waitFor();
  const letter = await post.letter();
  await visitor.page.goto(/http\S+api\/links\S+/.exec(letter.text!)![0]);
  await visitor.page.getByRole('button', { name: 'Confirm' }).click();
  await visitor.page.getByText('Your message has come in.').waitFor();
  await visitor.page.goto(address);
  await visitor.page.getByLabel('Name').waitFor();
  expect(await barriers(visitor.page)).toEqual([]);
  expectNoComplaints(visitor);
  await visitors.close();
  site.close();
}

/** A form on another website, confirmed by letter, becomes a lead that is given to someone and called; answers its deal. */
async function dealOfForm(me: string): Promise<string> {
  await visitForm(me);
  const lead = await vi.waitUntil(
    async () => (await api('GET', '/api/leads')).data.find((each: { owner: unknown }) => each.owner),
    { timeout: 20_000, interval: 500 },
  );
  expect(lead).toMatchObject({ owner: { id: me }, contactState: 'waiting', firstTouch: { source: 'guide' } });
  await make('calls', {
    subject: 'First call',
    startedAt: new Date().toISOString(),
    about: [{ object: 'lead', id: lead.id }],
  });
  const { page, complaints } = await openPage(staff);
  await page.goto(`${running.url}/leads/${lead.id}`);
  await page.getByText('First contact on time').waitFor({ timeout: 20_000 });
  await page.getByText('Why this owner').click();
  await page.getByText('was next in turn').waitFor();
  await api('PATCH', `/api/leads/${lead.id}`, { companyName: 'Hotel Post' });
  const { deal, company } = await act('leads', lead.id, 'convert');
  await api('PATCH', `/api/companies/${company}`, { address: { city: 'Linz', country: 'AT' } });
  expect(await api('GET', `/api/deals/${deal}`)).toMatchObject({
    source: 'website',
    firstTouch: { source: 'guide' },
  });
  expectNoComplaints({ page, complaints });
  await page.close();
  return deal;
}

/** A quote of two products that its approver lets through, who hears of it in a browser of their own; answers its link. */
async function approvedQuote(deal: string, approver: string) {
  await make('exchangeRates', { currency: 'EUR', worth: '2 USD', validFrom: '2020-01-01' });
  await make('taxRates', { name: 'VAT 20 %', country: 'AT', rate: 20 });
  await make('approvalRules', { name: 'More than 10 % off', aboveDiscount: 10, approver });
  const machine = await make('products', { name: 'Barista Pro', price: '1000 EUR', unit: 'piece' });
  const service = await make('products', { name: 'Service plan', price: '60 EUR', interval: 'month' });
  await make('dealLines', { deal, product: machine, quantity: '2' });
  const { id: quote } = await act('deals', deal, 'quote');
  const filter = { field: 'quote', op: 'is', value: quote };
  const [line] = (await api('POST', '/api/quoteLines/search', { filter })).data;
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
  const [mine, theirs] = [await openPage(staff), await openPage(colleague)];
  // Both look at it at once: what one does, the other sees.
  await theirs.page.goto(`${running.url}/quotes/${quote}`);
  await theirs.page.getByRole('heading', { level: 1 }).waitFor();
  await mine.page.goto(`${running.url}/quotes/${quote}`);
  await theirs.page.getByText('Ada Baumann is looking at this').waitFor({ state: 'attached' });
  await act('quotes', quote, 'submit');
  await theirs.page.getByText('In approval').first().waitFor();
  await theirs.page
    .getByRole('button', { name: /^Notifications/ })
    .first()
    .click();
  await theirs.page.getByText('Hotel Post waits for your approval').click({ timeout: 20_000 });
  await theirs.page.getByRole('button', { name: 'Approve quote' }).first().click();
  await theirs.page.getByLabel('Reason').fill('A reference');
  await theirs.page.getByRole('dialog').getByRole('button', { name: 'Approve quote' }).click();
  await mine.page.getByText('Max Wieser approved').first().waitFor();
  for (const watched of [mine, theirs]) {
    expectNoComplaints(watched);
    await watched.page.close();
  }
  const { link } = await act('quotes', quote, 'send', { mail: false });
  return { quote, link: link as string };
}

/** Chosen, signed and accepted on a phone by someone who is not signed in. */
async function signOnPhone(link: string) {
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
  await page.getByLabel('Ihr Name').fill('Rosa Hofer');
  const pad = page.getByRole('img', { name: /Unterschrift/ });
  await pad.scrollIntoViewIfNeeded();
  const box = (await pad.boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 20, { steps: 5 });
  await page.mouse.up();
  await shoot(page, 'quote-signing');
  await page.getByRole('button', { name: 'Angebot annehmen' }).click();
  await page.getByText(/Angenommen von Rosa Hofer/).waitFor();
  const pdf = await outside.request.get(`${link.replace('/open/', '/api/open/')}/file`);
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  expectNoComplaints(watched);
  await outside.close();
}

test('from a form on another website to the signed quote, what recurs, and the offer of its renewal', async () => {
  const { data: users } = await api('GET', '/api/users?sort=createdAt');
  const idOf = (name: string) => users.find((user: { name: { full: string } }) => user.name.full === name).id;
  const deal = await dealOfForm(idOf('Ada Baumann'));
  const { quote, link } = await approvedQuote(deal, idOf('Max Wieser'));
  await signOnPhone(link);

  expect((await api('POST', '/api/reports/quote-link', { quote })).intact).toBe(true);
  const { id: order } = await act('quotes', quote, 'order');
  expect(await api('GET', `/api/orders/${order}`)).toMatchObject({
    net: { amount: '2460.00' },
    gross: { amount: '2952.00' },
  });
  expect((await api('GET', `/api/deals/${deal}`)).status).toBe('won');
  const start = new Date(Date.now() - 300 * 86_400_000).toISOString().slice(0, 10);
  const { id: contract, subscription } = await act('orders', order, 'contract', { start });
  expect((await api('GET', `/api/subscriptions/${subscription}`)).monthly.amount).toBe('60.00');

  const inside = await openPage(staff);
  const { page } = inside;
  await page.goto(`${running.url}/quotes/${quote}`);
  await page.getByRole('list', { name: 'Timeline' }).getByText('Rosa Hofer accepted').waitFor();
  await shoot(page, 'quote-accepted');
  await page.getByRole('tab', { name: 'Lines and prices' }).click();
  await page.getByText('€492').first().waitFor();
  expect(await page.getByRole('button', { name: 'Make order' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Open order' }).click();
  await page.getByRole('button', { name: 'Open contract' }).waitFor();
  expect(page.url()).toContain(`/orders/${order}`);
  await page.goto(`${running.url}/revenue`);
  await page.getByText('$1,440').first().waitFor();
  await page.getByRole('tab', { name: 'Renewals' }).click();
  await page.getByText('1 ends, $1,440 a year').waitFor();
  await shoot(page, 'renewals');
  expect(await problemsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Offer renewal' }).click();
  await page.getByRole('tab', { name: 'Lines and prices' }).waitFor();
  const renewal = /quotes\/([0-9a-f-]{36})/.exec(page.url())![1]!;
  await act('quotes', renewal, 'send', { mail: false });
  await act('quotes', renewal, 'accept', { name: 'Rosa Hofer' });
  const { id: next } = await act('quotes', renewal, 'order');
  expect((await act('orders', next, 'contract')).id).toBe(contract);
  expect(await api('GET', `/api/contracts/${contract}`)).toMatchObject({ renewals: 1 });
  expectNoComplaints(inside);
  await page.close();
});

test('a template is drawn while it is being typed, and as it was where that is given up', async () => {
  const template = await make('quoteTemplates', { name: 'Letter', intro: 'Good day' });
  const watched = await openPage(staff);
  const { page } = watched;
  await page.goto(`${running.url}/quoteTemplates/${template}?tab=preview`);
  const paper = page.getByRole('article');
  await paper.getByText('Good day').waitFor();
  const change = page.getByRole('button', { name: 'Edit Introduction' });
  await change.click();
  const editor = page.getByRole('textbox', { name: 'Introduction' });
  await editor.fill('Welcome to {company}, {nonsense}');
  await paper.getByText('Welcome to').waitFor();
  await page.getByText('{nonsense}').last().waitFor();
  expect((await api('GET', `/api/quoteTemplates/${template}`)).intro).toBe('Good day');
  await editor.press('Escape');
  await paper.getByText('Good day').waitFor();
  await change.click();
  await editor.fill('Welcome back');
  await editor.press('Control+Enter');
  await paper.getByText('Welcome back').waitFor();
  await expect
    .poll(async () => (await api('GET', `/api/quoteTemplates/${template}`)).intro)
    .toBe('Welcome back');
  await shoot(page, 'template-typed');
  expect(await problemsOf(page)).toEqual([]);
  expectNoComplaints(watched);
  await page.close();
});
