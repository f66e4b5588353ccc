/** A template is seen before it is used: with a quote or a sample, and what nothing fills is named. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../../test/world.ts';
import { type Context, carryOut, create, find, update } from '../../../engine/index.ts';
import { quotePage } from './quote-page.ts';
import { type TemplatePreview, templatePreview } from './template-preview.ts';

let world: World;
let template: string;

beforeAll(async () => {
  world = await createWorld('templates');
  const intro = 'Dear {contact} of {company}, see {nummer}.';
  const texts = { intro, closing: '{owner}', terms: '{days} days {nothing here}' };
  template = await create(world.ada, 'quoteTemplate', { name: 'Letter', ...texts, sender: 'Kaffeehaus' });
});
afterAll(() => world.close());

const preview = (ctx: Context, more: object = {}) =>
  templatePreview.run(ctx, { template, ...more } as never) as Promise<TemplatePreview>;

test('a sample has the first products with their prices and totals; without products it is empty', async () => {
  expect((await preview(world.ada)).paper).toMatchObject({ lines: [], sender: 'Kaffeehaus' });
  for (const [name, price] of ['Cup 10 EUR', 'Pot 20 EUR', 'Tray 5 USD'].map(each => each.split(/ (.*)/)))
    await create(world.ada, 'product', { name: name!, price: price! });
  const { paper, pdf } = await preview(world.ada, { pdf: true });
  expect(paper.lines.map(({ name, amount }) => [name, amount])).toEqual([
    ['Cup', '€10.00'],
    ['Pot', '€40.00'],
  ]);
  expect(paper.totals.at(-1)).toMatchObject({ amount: '€50.00' });
  expect(paper.intro).toBe('Dear Ada Baumann of, see {nummer}.');
  expect(Buffer.from(pdf!, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
});

test('placeholders that nothing fills are named with their field', async () => {
  expect((await preview(world.ada)).unknown).toEqual([
    { field: 'intro', name: 'nummer' },
    { field: 'terms', name: 'days' },
  ]);
});

test('what is being typed is drawn as if it were kept, and refused as it would be', async () => {
  const values = { intro: 'To {owner}: {nonsense}', language: 'de', columns: ['taxRate'], terms: null };
  const { paper, unknown } = await preview(world.ada, { values });
  expect(paper).toMatchObject({ intro: 'To Ada Baumann: {nonsense}', language: 'de', terms: '' });
  expect(paper.columns).toMatchObject({ taxRate: true, position: false });
  expect(unknown).toEqual([{ field: 'intro', name: 'nonsense' }]);
  expect((await preview(world.ada)).paper.language).toBe('en');
  await expect(preview(world.ada, { values: { columns: ['smell'] } })).rejects.toMatchObject({
    code: 'invalidInput',
    problems: [{ pointer: '/values/columns/0' }],
  });
});

test('a real quote shows by the template as it is now, to those who may read it', async () => {
  const company = await create(world.ada, 'company', { name: 'Alpenhof' });
  const quote = await create(world.ada, 'quote', { name: 'Cups', company, template });
  const lines = [{ key: 'a', name: 'Cup', quantity: '2', price: { amount: '4', currency: 'EUR' } }];
  await carryOut(world.ada, 'quote', 'write', quote, { lines });
  await carryOut(world.ada, 'quote', 'send', quote, {});
  const before = await find(world.ada, 'quote', quote);
  await update(world.ada, 'quoteTemplate', template, { intro: 'New words for {company}', language: 'de' });
  const { paper, pdf } = await preview(world.ada, { quote });
  expect(paper).toMatchObject({ intro: 'New words for Alpenhof', recipient: 'Alpenhof', language: 'de' });
  expect(pdf).toBeNull();
  expect(await find(world.ada, 'quote', quote)).toEqual(before);
  const own = withRights(world.sina, { objects: { quote: { read: 'own' } } });
  await expect(preview(own, { quote })).rejects.toMatchObject({ code: 'notFound' });
});

test('what is taken off is told on paper and to the customer, in a column or below the name', async () => {
  const quote = await create(world.ada, 'quote', { name: 'Pots', template, discountPercent: 10 });
  const line = (name: string, more: object) => ({
    key: name,
    name,
    quantity: '2',
    price: { amount: '100', currency: 'EUR' },
    ...more,
  });
  const lines = [
    line('Pot', { discountPercent: 12.5, interval: 'month' }),
    line('Cup', { discountAmount: { amount: '25', currency: 'EUR' } }),
    line('Tray', {}),
  ];
  await carryOut(world.ada, 'quote', 'write', quote, { lines });
  const paper = async (columns: string[]) =>
    (await preview(world.ada, { quote, values: { columns, language: 'de' } })).paper;
  const own = await paper(['discount']);
  expect([own.columns.discount, own.lines.map(each => [each.detail, each.discount])]).toEqual([
    true,
    [
      ['pro Monat', '12,5 %'],
      ['', '25,00\u00a0€'],
      ['', ''],
    ],
  ]);
  expect((await paper(['position'])).lines.map(({ detail }) => detail)).toEqual([
    'pro Monat · Rabatt 12,5 %',
    'Rabatt 25,00\u00a0€',
    '',
  ]);
  expect(own.totals.slice(0, 3).map(({ label, amount }) => `${label} ${amount}`)).toEqual([
    'Zwischensumme 550,00\u00a0€',
    'Rabatt -55,00\u00a0€',
    'Summe netto 495,00\u00a0€',
  ]);
  await update(world.system, 'quote', quote, { status: 'sent', sentAt: world.clock.now().toISOString() });
  const visit = { address: '203.0.113.7', agent: 'Firefox', origin: null };
  const shown = (await quotePage.show(world.system, { quote }, visit))!;
  expect(shown).toMatchObject({
    discount: '55.00',
    lines: [
      { discountPercent: '12.5', discountAmount: null },
      { discountPercent: null, discountAmount: '25.00' },
      { discountPercent: null, discountAmount: null },
    ],
  });
});
