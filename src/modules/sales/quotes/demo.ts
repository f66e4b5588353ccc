/** What Kaffeehaus Supplies has offered, sold and is paid again and again: quotes in every state, their prices and rules. */
import { type Context, carryOut, create, rows, write } from '../../../engine/index.ts';
import { today } from './numbers.ts';
import { addDays, addMonths } from './price.ts';

interface Cast {
  staff: Map<string, string>;
  /** Ids of the deals of the demo, by name. */
  deals: Map<string, string>;
  companies: Map<string, string>;
}

const euro = (amount: string) => ({ amount, currency: 'EUR' });

export async function quotesDemo(ctx: Context, cast: Cast) {
  const products = await setUp(ctx, cast);
  await refit(ctx, cast, products);
  await hotels(ctx, cast, products);
  await terrace(ctx, cast, products);
  await beans(ctx, cast, products);
}

type Products = Map<string, string>;

/** Taxes, prices for hotels, a bundle, who approves, and how a quote looks. */
async function setUp(ctx: Context, { staff, companies }: Cast): Promise<Products> {
  const found = await rows(ctx, 'product', { fields: ['name'], limit: 1_000 });
  const products: Products = new Map(found.map(({ name, id }) => [name as string, id as string]));
  const of = (name: string) => products.get(name)!;
  const beans = ['House blend, 10 kg', 'Single origin, 10 kg'];
  await write(ctx, 'product', [
    ...beans.map(name => ({
      op: 'update' as const,
      id: of(name),
      values: { taxClass: 'reduced', unit: 'bag' },
    })),
    { op: 'update', id: of('Service plan'), values: { interval: 'year' } },
  ]);
  await write(ctx, 'taxRate', [
    { op: 'create', values: { name: 'USt. 20 %', country: 'AT', rate: 20 } },
    { op: 'create', values: { name: 'USt. 10 %', country: 'AT', taxClass: 'reduced', rate: 10 } },
    ...['DE', 'FR', 'IT', 'SE'].map(country => ({
      op: 'create' as const,
      values: {
        name: 'Reverse charge',
        country,
        rate: 0,
        reason: 'Reverse charge, Art. 196 of Directive 2006/112/EC.',
      },
    })),
  ]);
  await books(ctx, companies, of);
  const max = staff.get('Max');
  if (max)
    await create(ctx, 'approvalRule', { name: 'More than 15 % off', aboveDiscount: 15, approver: max });
  const sender = 'Kaffeehaus Supplies\nLindengasse 12\n1070 Wien';
  const terms = 'Delivery within four weeks. Payment within 14 days, net.';
  await create(ctx, 'quoteTemplate', {
    name: 'Kaffeehaus',
    standard: true,
    sender,
    intro: 'Dear {contact},\nthank you for your interest. This is what we offer you.',
    closing: 'We look forward to your answer.\n{owner}',
    terms,
  });
  return products;
}

/** Prices for hotels, and those of a fair that is over. */
async function books(ctx: Context, companies: Cast['companies'], of: (name: string) => string) {
  const hotels = ['Alpenhof Hotels', 'Alpenhof Bad Gastein', 'Alpenhof Zell am See'];
  const companiesOf = hotels.flatMap(name => companies.get(name) ?? []);
  const priceBook = await create(ctx, 'priceBook', {
    name: 'Hotels',
    currency: 'EUR',
    companies: companiesOf,
  });
  const fair = await create(ctx, 'priceBook', { name: 'Trade fair', validUntil: addDays(today(ctx), -30) });
  await write(
    ctx,
    'priceBookEntry',
    [
      [priceBook, 'Barista Hotel', '1', '11900'],
      [priceBook, 'Barista Hotel', '5', '10900'],
      [priceBook, 'Barista Pro', '1', '5600'],
      [fair, 'Barista Hotel', '1', '10500'],
    ].map(([book, name, fromQuantity, price]) => ({
      op: 'create',
      values: { priceBook: book!, product: of(name!), fromQuantity: fromQuantity!, price: euro(price!) },
    })),
  );
}

/** Sent, with something to choose. */
async function refit(ctx: Context, { deals, companies, staff }: Cast, products: Products) {
  const deal = deals.get('Breakfast bar refit');
  if (!deal) return;
  const line = (key: string, name: string, quantity: string, more = {}) => ({
    key,
    product: products.get(name)!,
    quantity,
    ...more,
  });
  const [contact] = await rows(ctx, 'person', {
    filter: { field: 'name', op: 'contains', value: 'Pichler' },
    fields: [],
    limit: 1,
  });
  const quote = await create(ctx, 'quote', {
    name: 'Breakfast bar refit',
    currency: 'EUR',
    deal,
    company: companies.get('Alpenhof Bad Gastein') ?? null,
    contact: (contact?.id as string | undefined) ?? null,
    owner: staff.get('Sina') ?? null,
    validUntil: addDays(today(ctx), 21),
  });
  await carryOut(ctx, 'quote', 'write', quote, {
    lines: [
      line('a', 'Barista Pro', '2', { section: 'Machines' }),
      line('b', 'Grinder Titan', '2', { section: 'Machines', discountPercent: 5 }),
      line('c', 'House blend, 10 kg', '12', { section: 'To begin with', adjustable: true }),
      line('d', 'Service plan', '2', { section: 'Service', optional: true, chosen: true }),
      line('e', 'Barista training, one day', '1', { section: 'Service', optional: true }),
    ],
  });
  await carryOut(ctx, 'quote', 'send', quote, { mail: false });
}

/** Still being written, with a discount that someone has to approve. */
async function hotels(ctx: Context, { deals, companies, staff }: Cast, products: Products) {
  const deal = deals.get('Machines for 14 hotels');
  if (!deal) return;
  const quote = await create(ctx, 'quote', {
    name: 'Machines for 14 hotels',
    currency: 'EUR',
    deal,
    company: companies.get('Alpenhof Hotels') ?? null,
    owner: staff.get('Sina') ?? null,
    validUntil: addDays(today(ctx), 30),
  });
  const lines = [
    { key: 'a', product: products.get('Barista Hotel')!, quantity: '14', discountPercent: 18 },
    { key: 'b', product: products.get('Service plan')!, quantity: '14' },
    { key: 'c', product: products.get('Barista training, one day')!, quantity: '3' },
  ];
  await carryOut(ctx, 'quote', 'write', quote, { lines });
}

/** Accepted, ordered, with a contract and what recurs. */
async function terrace(ctx: Context, { deals, staff, companies }: Cast, products: Products) {
  const deal = deals.get('Lake terrace espresso');
  if (!deal) return;
  const quote = await create(ctx, 'quote', {
    name: 'Lake terrace espresso',
    currency: 'EUR',
    deal,
    company: companies.get('Alpenhof Zell am See') ?? null,
    owner: staff.get('Sina') ?? null,
  });
  const lines = [
    { key: 'a', product: products.get('Barista Hotel')!, quantity: '1', price: euro('12080') },
    { key: 'b', product: products.get('Service plan')!, quantity: '1' },
  ];
  await carryOut(ctx, 'quote', 'write', quote, { lines });
  await carryOut(ctx, 'quote', 'send', quote, { mail: false });
  await carryOut(ctx, 'quote', 'accept', quote, { name: 'Elisabeth Huber' });
  const { id: order } = (await carryOut(ctx, 'quote', 'order', quote, {})).result as { id: string };
  await carryOut(ctx, 'order', 'contract', order, {
    start: addDays(today(ctx), -320),
    renewal: 'ask',
    noticeDays: 30,
  });
}

/** Company, product, and what it came to each month: from and until so many months ago. */
type Course = [company: string, product: string, ...[amount: string, from: number, until?: number][]];

const courses: Course[] = [
  ['Donau Versicherung', 'House blend, 10 kg', ['370', 20, 8], ['555', 8]],
  ['Café Lindgren', 'Single origin, 10 kg', ['520', 16, 3], ['260', 3]],
  ['Brennwerk Coworking', 'House blend, 10 kg', ['185', 14, 9], ['185', 5]],
  ['Universität Graz', 'House blend, 10 kg', ['925', 10]],
  ['Nordlicht Reederei', 'Service plan', ['240', 18, 6]],
  ['Alpenhof Hotels', 'Service plan', ['480', 13, 4], ['600', 4, 1], ['720', 1]],
  ['Alpenhof Bad Gastein', 'House blend, 10 kg', ['370', 2]],
];

/** Beans and service that are paid month by month: begun, grown, shrunk, ended and begun again, under contracts that end. */
async function beans(ctx: Context, { companies, staff }: Cast, products: Products) {
  const first = `${today(ctx).slice(0, 8)}01`;
  const ago = (months: number) => addMonths(first, -months);
  const known = courses.filter(([company]) => companies.has(company));
  const owners = ['Sina', 'Tom'];
  for (const [index, [company, product, ...parts]] of known.entries()) {
    const start = ago(parts[0]![1]);
    const ended = parts.at(-1)![2];
    const whose = { company: companies.get(company)!, owner: staff.get(owners[index % 2]!) ?? null };
    const name = `${company}: ${product}`;
    const contract = ended
      ? null
      : await create(ctx, 'contract', {
          ...whose,
          name,
          start,
          end: addDays(today(ctx), 21 + 19 * index),
          renewal: index % 3 === 0 ? 'auto' : 'ask',
          noticeDays: 14,
        });
    const subscription = await create(ctx, 'subscription', {
      ...whose,
      name,
      contract,
      start,
      status: ended ? 'cancelled' : 'active',
      end: ended ? ago(ended) : null,
      monthly: ended ? null : euro(parts.at(-1)![0]),
    });
    await write(
      ctx,
      'subscriptionLine',
      parts.map(([amount, from, until]) => ({
        op: 'create',
        values: {
          subscription,
          product: products.get(product)!,
          amount: euro(amount),
          from: ago(from),
          until: until ? ago(until) : null,
        },
      })),
    );
  }
}
