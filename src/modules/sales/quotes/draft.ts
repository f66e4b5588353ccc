/** A quote as it is stored: read as a draft, priced, and kept with its totals. */
import {
  allRows,
  asEngine,
  type Context,
  FarleyError,
  find,
  isId,
  newId,
  type Operation,
  update,
  type Values,
  write,
} from '../../../engine/index.ts';
import { decimalText } from '../decimals.ts';
import { type Interval, type Money, type Priced, price, type Terms, Unpriced } from './price.ts';
import { type Draft, type DraftInput, idOf, type LineInput, priceDraft } from './pricing.ts';

/** The lines of a quote in their order. */
export function linesOf(ctx: Context, quote: string): Promise<Values[]> {
  return allRows(ctx, 'quoteLine', {
    filter: { field: 'quote', op: 'is', value: quote },
    sort: ['position', 'id'],
  });
}

/** A stored line as one may state it. Prices stay as they are. */
export function asInput(line: Values): LineInput {
  const { product, parent, id, name, section, quantity, unit } = line;
  return {
    key: id as string,
    product: idOf(product),
    name: name as string,
    section: section as string | null,
    quantity: quantity as string,
    unit: unit as string | null,
    price: line.price as Money | null,
    discountPercent: line.discountPercent as number | null,
    discountAmount: line.discountAmount as Money | null,
    interval: line.interval as Interval,
    taxClass: line.taxClass as 'standard',
    optional: line.optional === true,
    chosen: line.chosen === true,
    adjustable: line.adjustable === true,
    parent: idOf(parent),
  };
}

/** What a stored quote says besides its lines, whoever may see its customer: what is priced anew does not lose them. */
export async function storedTerms(ctx: Context, id: string): Promise<Omit<DraftInput, 'lines'>> {
  const quote = await find(asEngine(ctx), 'quote', id);
  return {
    company: idOf(quote.company),
    contact: idOf(quote.contact),
    currency: quote.currency as string | null,
    priceBook: idOf(quote.priceBook),
    prices: quote.prices as 'net',
    rounding: quote.rounding as 'halfUp',
    taxBy: quote.taxBy as 'line',
    discountPercent: quote.discountPercent as number | null,
    discountAmount: quote.discountAmount as Money | null,
  };
}

/** Prices a draft as it is stored, and keeps what came of it. */
export async function reprice(ctx: Context, id: string): Promise<Draft> {
  return keep(ctx, id, { ...(await storedTerms(ctx, id)), lines: (await linesOf(ctx, id)).map(asInput) });
}

/** Makes `input` the content of a quote: lines that are not named go. */
export async function keep(ctx: Context, id: string, input: DraftInput): Promise<Draft> {
  const own = asEngine(ctx);
  const draft = await priceDraft(ctx, input);
  const there = new Map((await linesOf(own, id)).map(line => [line.id as string, line]));
  const ids = new Map(draft.lines.map(({ key }) => [key, isId(key) && there.has(key) ? key : newId()]));
  const operations = draft.lines.map((line, position): Operation => {
    const values = {
      ...lineValues(line, draft.priced, position),
      parent: ids.get(line.parent ?? '') ?? null,
    };
    const lineId = ids.get(line.key)!;
    return there.has(lineId)
      ? { op: 'update', id: lineId, values }
      : { op: 'create', values: { ...values, id: lineId, quote: id } };
  });
  const kept = new Set(ids.values());
  const gone = [...there.keys()].filter(line => !kept.has(line));
  await write(own, 'quoteLine', [
    ...operations,
    ...gone.map((line): Operation => ({ op: 'delete', id: line })),
  ]);
  const { lines: _, quote: __, date: ___, ...terms } = input;
  await update(own, 'quote', id, { ...terms, currency: draft.priced.currency, ...totalsOf(draft) });
  return draft;
}

function lineValues(line: Draft['lines'][number], { lines, currency }: Priced, position: number) {
  const { key, parent: _, taxName: __, prices: ___, lacksVatNumber: ____, unpriced, ...stated } = line;
  if (unpriced) return { ...stated, position, price: null, net: null, tax: null, gross: null };
  const { net, tax, gross } = lines.find(each => each.key === key)!;
  const money = (amount: string) => ({ amount, currency });
  return { ...stated, position, net: money(net), tax: money(tax), gross: money(gross) };
}

/** What a draft comes to, as the fields of a quote. */
export function totalsOf({ priced, discounted, reasons }: Pick<Draft, 'priced' | 'discounted' | 'reasons'>) {
  const { currency, taxes, monthly } = priced;
  const money = (amount: string) => ({ amount, currency });
  return {
    subtotal: money(priced.subtotal),
    net: money(priced.net),
    tax: money(priced.tax),
    gross: money(priced.gross),
    monthly: /[1-9]/.test(monthly) ? money(monthly) : null,
    discounted,
    taxes: { rates: taxes, reasons },
  };
}

/** What a customer chose among the lines of a quote. */
export interface Choices {
  /** Line id → whether an optional one is wanted, and how many of one whose quantity may be changed. */
  [line: string]: { chosen?: boolean; quantity?: string };
}

/** What a quote that was sent comes to with a customer's choices, by the prices and rates that it was sent with. */
export function priceSent(
  quote: Values,
  lines: Values[],
  choices: Choices,
): { lines: Values[]; priced: Priced } {
  const known = new Set(lines.map(({ id }) => id));
  for (const id of Object.keys(choices))
    if (!known.has(id)) throw new FarleyError('invalidInput', 'One of the lines is not of this quote.');
  const wanted = lines.map(line => {
    const { chosen, quantity } = choices[line.id as string] ?? {};
    return {
      ...line,
      chosen: line.optional === true ? (chosen ?? line.chosen ?? false) : true,
      quantity: line.adjustable === true && quantity ? quantity : line.quantity!,
    } as Values;
  });
  const currency = quote.currency as string;
  const amount = (money: unknown) => (money as Money | null)?.amount ?? null;
  const terms = {
    currency,
    prices: quote.prices,
    rounding: quote.rounding,
    taxBy: quote.taxBy,
    discountPercent: decimalText(quote.discountPercent as number | null),
    discountAmount: amount(quote.discountAmount),
  } as Terms;
  try {
    const priced = price(
      terms,
      wanted.map(line => ({
        key: line.id as string,
        quantity: line.quantity as string,
        price: (line.price as Money | null) ?? { amount: '0', currency },
        discountPercent: decimalText(line.discountPercent as number | null),
        discountAmount: amount(line.discountAmount),
        taxRate: decimalText(line.taxRate as number | null) ?? '0',
        interval: line.interval as Interval,
        counts: line.chosen === true,
      })),
    );
    return { lines: wanted, priced };
  } catch (error) {
    throw error instanceof Unpriced ? new FarleyError('invalidInput', error.message) : error;
  }
}
