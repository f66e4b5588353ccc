/** What a draft of a quote comes to, with prices, bundles and taxes as the workspace has them. Stores nothing. */
import { type Static, Type } from 'typebox';
import {
  allRows,
  asSystem,
  type Context,
  defineReport,
  FarleyError,
  type Values,
} from '../../../engine/index.ts';
import { decimalText, exceeds, fraction, less, product } from '../decimals.ts';
import { type Applying, booksFor, chosenOf, closestFirst, optionsOf, type PriceOption } from './books.ts';
import { type Customer, customerOf, taxFor } from './customer.ts';
import { today } from './numbers.ts';
import {
  type Interval,
  intervals,
  type Money,
  type Priced,
  type PriceLine,
  price,
  type Terms,
  Unpriced,
} from './price.ts';
import { taxClasses } from './product.ts';

type TaxClass = (typeof taxClasses)[number];

const Id = Type.String({ format: 'uuid' });
const Day = Type.String({ format: 'date' });
const none = <T extends ReturnType<typeof Type.String>>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]));
const Decimal = Type.String({ pattern: '^-?\\d{1,20}(\\.\\d{1,10})?$' });
const Percent = Type.Optional(Type.Union([Type.Number({ minimum: 0, maximum: 100 }), Type.Null()]));
const Amount = Type.Object({ amount: Decimal, currency: Type.String({ pattern: '^[A-Z]{3}$' }) });
const MaybeAmount = Type.Optional(Type.Union([Amount, Type.Null()]));
const oneOf = <const V extends string>(values: readonly V[]) =>
  Type.Optional(
    Type.Unsafe<V | null>(Type.Union([...values.map(value => Type.Literal(value)), Type.Null()])),
  );

export const LineInput = Type.Object(
  {
    key: Type.String({
      minLength: 1,
      maxLength: 60,
      description: 'Tells lines apart; the id of one that is stored.',
    }),
    product: none(Id),
    name: none(Type.String({ maxLength: 500 })),
    section: none(Type.String({ maxLength: 200 })),
    quantity: Decimal,
    unit: none(Type.String({ maxLength: 50 })),
    price: MaybeAmount,
    discountPercent: Percent,
    discountAmount: MaybeAmount,
    interval: oneOf(intervals),
    taxClass: oneOf(taxClasses),
    optional: Type.Optional(Type.Boolean()),
    chosen: Type.Optional(Type.Boolean()),
    adjustable: Type.Optional(Type.Boolean()),
    parent: none(Type.String({ maxLength: 60 })),
  },
  { additionalProperties: false },
);

export const DraftInput = Type.Object(
  {
    quote: none(Id),
    company: none(Id),
    contact: none(Id),
    currency: none(Type.String({ pattern: '^[A-Z]{3}$' })),
    priceBook: none(Id),
    date: none(Day),
    prices: oneOf(['net', 'gross']),
    rounding: oneOf(['halfUp', 'halfEven']),
    taxBy: oneOf(['line', 'document']),
    discountPercent: Percent,
    discountAmount: MaybeAmount,
    lines: Type.Array(LineInput, { maxItems: 500 }),
  },
  { additionalProperties: false },
);

export type LineInput = Static<typeof LineInput>;
export type DraftInput = Static<typeof DraftInput>;

/** A line with everything that was left open taken from the product and the price book. */
export interface FullLine extends LineInput {
  name: string;
  price: Money;
  listPrice: Money | null;
  /** What it could cost: the price that counts and those that do not, the closest first. None where a bundle says. */
  prices: PriceOption[];
  /** The book that has the price it has; null where that is the list price or was stated. */
  priceBook: string | null;
  /** Nobody has said what it costs; nothing, then. */
  unpriced: boolean;
  interval: Interval;
  /** In hundredths; null where no rate is known, which is nought. */
  taxRate: number | null;
  taxName: string | null;
  taxReason: string | null;
  /** Taxed as private people are, as the rule for companies asks for a VAT number. */
  lacksVatNumber: boolean;
}

export interface Draft {
  lines: FullLine[];
  priced: Priced;
  /** Hundredths that all together is below list price, cut to two places. */
  discounted: number;
  /** The same exactly: what the lines cost by the list, and what is left of it. */
  compared: { list: string; left: string };
  /** Reasons that no or less tax is charged, as documents print them. */
  reasons: string[];
}

/** The id of a link as it is read. */
export function idOf(link: unknown): string | null {
  return (link as { id: string } | null | undefined)?.id ?? null;
}

interface Catalogue {
  products: Map<string, Values>;
  bundles: Map<string, Values[]>;
  books: Applying[];
  /** Entries of the books that apply, the closest book first, and the largest quantity first. */
  entries: Map<string, Values[]>;
  rates: Values[];
  customer: Customer;
  currency: string;
}

/** Works a draft out. Throws `invalidInput` pointing at the line that cannot be priced. Nine statements at most, whatever its length. */
export async function priceDraft(ctx: Context, input: DraftInput): Promise<Draft> {
  const catalogue = await catalogueFor(ctx, input);
  const lines = withParts(input.lines, catalogue).map(line => fullLine(line, catalogue));
  const terms: Terms = {
    currency: catalogue.currency,
    prices: input.prices ?? 'net',
    rounding: input.rounding ?? 'halfUp',
    taxBy: input.taxBy ?? 'document',
    discountPercent: decimalText(input.discountPercent),
    discountAmount: inCurrency(input.discountAmount, catalogue.currency),
  };
  try {
    const priced = price(
      terms,
      lines.map(line => priceLine(line, catalogue.currency)),
    );
    const counted = lines.filter(counts);
    const reasons = [...new Set(counted.flatMap(({ taxReason }) => taxReason ?? []))];
    const compared = againstList(terms, counted, priced);
    return { lines, priced, discounted: belowList(compared), compared, reasons };
  } catch (error) {
    if (!(error instanceof Unpriced)) throw error;
    const at = lines.findIndex(({ key }) => key === error.line);
    throw invalid(error.message, at < 0 ? '/discountAmount' : `/lines/${at}/price`);
  }
}

function invalid(message: string, pointer: string): FarleyError {
  return new FarleyError('invalidInput', message, { problems: [{ pointer, code: 'unpriced', message }] });
}

const counts = (line: LineInput) => !line.optional || line.chosen === true;

function priceLine(line: FullLine, currency: string): PriceLine {
  return {
    key: line.key,
    quantity: line.quantity,
    price: line.price,
    discountPercent: decimalText(line.discountPercent),
    discountAmount: inCurrency(line.discountAmount, currency),
    taxRate: decimalText(line.taxRate) ?? '0',
    interval: line.interval,
    counts: counts(line),
  };
}

function inCurrency(money: Money | null | undefined, currency: string): string | null {
  if (!money) return null;
  if (money.currency === currency) return money.amount;
  throw new FarleyError(
    'invalidInput',
    `The quote is in ${currency}; this discount is in ${money.currency}.`,
  );
}

/** How far the whole is below list prices, in hundredths with two digits; nought where it is not. */
function againstList(terms: Terms, lines: FullLine[], priced: Priced): Draft['compared'] {
  const before = lines.map(line => ({
    ...priceLine(line, terms.currency),
    price: line.listPrice ?? line.price,
    discountPercent: null,
    discountAmount: null,
  }));
  const list = price({ ...terms, discountPercent: null, discountAmount: null }, before).subtotal;
  return { list, left: less(priced.subtotal, priced.discount) };
}

function belowList({ list, left }: Draft['compared']): number {
  const [a, b] = [fraction(list), fraction(left)];
  const [whole, rest] = [a.n * b.d, b.n * a.d];
  return whole <= 0n || rest >= whole ? 0 : Number(((whole - rest) * 10_000n) / whole) / 100;
}

/** Whether more than so many percent are taken off the list price: exactly, however little more. */
export function isBelow({ list, left }: Draft['compared'], percent: number): boolean {
  const kept = fraction(decimalText(100 - percent) ?? '100');
  const asked = product(fraction(list), kept, { n: 1n, d: 100n });
  return exceeds(asked, fraction(left)) && exceeds(fraction(list), fraction('0'));
}

async function catalogueFor(ctx: Context, input: DraftInput): Promise<Catalogue> {
  // Prices and taxes follow from the customer, whoever may see more of it.
  const own = asSystem(ctx, 'prices');
  const date = input.date ?? today(ctx);
  const customer = await customerOf(own, input);
  const wanted = [...new Set(input.lines.flatMap(({ product }) => product ?? []))];
  const isAnyOf = (field: string, value: string[]) => ({ field, op: 'isAnyOf', value });
  const bundleRows = wanted.length
    ? await allRows(own, 'bundleItem', { filter: isAnyOf('bundle', wanted), sort: ['createdAt'] })
    : [];
  const ids = [...new Set([...wanted, ...bundleRows.map(({ product }) => idOf(product)!)])];
  const [products, books, rates] = [
    ids.length ? await allRows(own, 'product', { filter: isAnyOf('id', ids) }) : [],
    await allRows(own, 'priceBook', {}),
    await allRows(own, 'taxRate', {}),
  ];
  const chosen = chosenOf(books, input.priceBook);
  const currency =
    input.currency ??
    (chosen?.currency as string | undefined) ??
    currencyOf(input.lines, products) ??
    ctx.settings.currency;
  const { company } = customer;
  const fitting = booksFor(books, { company, date, currency, home: ctx.settings.currency, chosen });
  const entries =
    fitting.length && ids.length
      ? await allRows(own, 'priceBookEntry', {
          filter: {
            and: [
              isAnyOf('product', ids),
              isAnyOf(
                'priceBook',
                fitting.map(({ book }) => book.id as string),
              ),
            ],
          },
        })
      : [];
  return {
    products: new Map(products.map(product => [product.id as string, product])),
    bundles: Map.groupBy(bundleRows, ({ bundle }) => idOf(bundle)!),
    books: fitting,
    entries: closestFirst(entries, fitting),
    rates: rates.filter(({ validFrom }) => !validFrom || (validFrom as string) <= date),
    customer,
    currency,
  };
}

/** In which the first line with a price has it. */
function currencyOf(lines: LineInput[], products: Values[]): string | undefined {
  const known = new Map(products.map(({ id, price }) => [id, price as Money | null]));
  const prices = lines.map(({ price, product }) => price ?? known.get(product ?? ''));
  return prices.find(price => price)?.currency;
}

/** Bundles bring what they consist of, unless that stands below them already. */
function withParts(lines: LineInput[], { bundles, currency }: Catalogue): LineInput[] {
  return lines.flatMap(line => {
    const items = bundles.get(line.product ?? '') ?? [];
    if (items.length === 0 || line.parent || lines.some(({ parent }) => parent === line.key)) return [line];
    const parts = items.map(
      (item, index): LineInput => ({
        key: `${line.key}.${index + 1}`.slice(-60),
        product: idOf(item.product),
        name: item.name as string,
        section: line.section ?? null,
        quantity: multiplied(line.quantity, item.quantity as string),
        price: (item.price as Money | null) ?? (item.optional ? null : { amount: '0', currency }),
        optional: item.optional === true,
        chosen: false,
        parent: line.key,
      }),
    );
    return [line, ...parts];
  });
}

function multiplied(a: string, b: string): string {
  const [x, y] = [fraction(a), fraction(b)];
  const places = String(x.d * y.d).length - 1;
  const digits = String(x.n * y.n).padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '');
}

function fullLine(line: LineInput, catalogue: Catalogue): FullLine {
  const product = catalogue.products.get(line.product ?? '');
  const byBundle = line.parent && line.price;
  const { quantity, price: stated } = line;
  const prices = product && !byBundle ? optionsOf(product, { quantity, stated }, catalogue) : [];
  const listPrice = prices.find(({ state }) => state === 'counts')?.price ?? null;
  const taxClass = line.taxClass ?? (product?.taxClass as TaxClass | undefined) ?? 'standard';
  const { rate, lacksVatNumber } = taxFor(catalogue.rates, catalogue.customer, taxClass);
  return {
    ...line,
    name: line.name || ((product?.name as string | undefined) ?? ''),
    unit: line.unit ?? (product?.unit as string | undefined) ?? null,
    price: line.price ?? listPrice ?? { amount: '0', currency: catalogue.currency },
    listPrice,
    prices,
    priceBook: prices.find(({ taken }) => taken)?.book?.id ?? null,
    unpriced: !line.price && !listPrice,
    interval: (line.interval ?? product?.interval ?? 'once') as Interval,
    taxClass,
    taxRate: (rate?.rate as number | undefined) ?? null,
    taxName: (rate?.name as string | undefined) ?? null,
    taxReason: (rate?.reason as string | null | undefined) ?? null,
    lacksVatNumber,
  };
}

const Answer = Type.Object({
  lines: Type.Array(Type.Unsafe<FullLine>({ type: 'object' })),
  priced: Type.Unsafe<Priced>({ type: 'object' }),
  discounted: Type.Number({ description: 'Hundredths below list price.' }),
  reasons: Type.Array(Type.String()),
});

/** Whether someone may be told of price books and of what stands in them. */
export function mayReadBooks({ actor }: Context): boolean {
  const { priceBook: book, priceBookEntry: entry } = actor.grants.objects;
  return book?.read !== 'none' && entry?.read !== 'none';
}

/** A line for someone who sees these books: of another they learn the price that counts or was taken, and no more. */
function asSeen(line: FullLine, seen: Set<string>): FullLine {
  const prices = line.prices.flatMap((option): PriceOption[] => {
    if (!option.book || seen.has(option.book.id ?? '')) return [option];
    const unseen = { book: { id: null, name: null }, tags: [], validFrom: null, validUntil: null };
    return option.taken || option.state === 'counts' ? [{ ...option, ...unseen }] : [];
  });
  return { ...line, prices, priceBook: seen.has(line.priceBook ?? '') ? line.priceBook : null };
}

export const priceReport = defineReport('price-quote', {
  label: 'Price of a quote',
  description:
    'What a draft comes to, with prices, bundles and taxes as they are in force; nothing is stored',
  input: DraftInput,
  answer: Answer,
  run: async (ctx, input) => {
    const draft = await priceDraft(ctx, input);
    // Who may not read price books gets their prices, and is not told of the books.
    if (!mayReadBooks(ctx))
      return { ...draft, lines: draft.lines.map(line => ({ ...line, prices: [], priceBook: null })) };
    const seen = new Set((await allRows(ctx, 'priceBook', { fields: [] })).map(({ id }) => id as string));
    return { ...draft, lines: draft.lines.map(line => asSeen(line, seen)) };
  },
});
