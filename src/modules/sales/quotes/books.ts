/** Which price books apply to a customer, and what a product costs by them: the price that counts, and those that do not. */
import type { Values } from '../../../engine/index.ts';
import { fraction } from '../decimals.ts';
import type { Money } from './price.ts';

/** Why a book applies, the closest first. */
export type Closeness = 'chosen' | 'company' | 'tag' | 'everyone';
const order: Closeness[] = ['chosen', 'company', 'tag', 'everyone'];

/** A book that applies, and the names of the tags by which it does. */
export interface Applying {
  book: Values;
  closeness: Closeness;
  tags: string[];
}

/** What a product could cost. */
export interface PriceOption {
  /** Null: its list price. */
  book: { id: string; name: string } | null;
  closeness: Closeness | null;
  tags: string[];
  validFrom: string | null;
  validUntil: string | null;
  fromQuantity: string | null;
  price: Money;
  /**
   * Whether it counts, or why it does not: something closer does, the same book's for more
   * does, it is for more, it is in another currency.
   */
  state: 'counts' | 'further' | 'tier' | 'quantity' | 'currency';
  /** Whether the line has this price. */
  taken: boolean;
}

type Named = { id: string; title: string | null };
const named = (links: unknown) => (links as Named[] | null) ?? [];

/** The books whose prices a customer gets on a day: one that was chosen alone, else the closest first, and then the latest. */
export function booksFor(
  books: Values[],
  on: { company: Values | null; date: string; currency: string; home: string; chosen?: Values },
): Applying[] {
  if (on.chosen) return [{ book: on.chosen, closeness: 'chosen', tags: [] }];
  const tags = new Set(named(on.company?.tags).map(({ id }) => id));
  const closeness = (book: Values): Applying | null => {
    const [companies, wanted] = [named(book.companies), named(book.tags)];
    const isTheirs = companies.some(({ id }) => id === on.company?.id);
    if (companies.length > 0) return isTheirs ? { book, closeness: 'company', tags: [] } : null;
    if (wanted.length === 0) return { book, closeness: 'everyone', tags: [] };
    const shared = wanted.filter(({ id }) => tags.has(id)).map(({ title }) => title ?? '');
    return shared.length > 0 ? { book, closeness: 'tag', tags: shared } : null;
  };
  const inForce = ({ validFrom, validUntil, currency }: Values) =>
    (currency ?? on.home) === on.currency &&
    (!validFrom || (validFrom as string) <= on.date) &&
    (!validUntil || (validUntil as string) >= on.date);
  return books
    .filter(inForce)
    .flatMap(book => closeness(book) ?? [])
    .sort(
      (a, b) =>
        order.indexOf(a.closeness) - order.indexOf(b.closeness) ||
        String(b.book.validFrom ?? '').localeCompare(String(a.book.validFrom ?? '')),
    );
}

/** Entries by product: those of the closest book first, and of each the largest quantity. */
export function closestFirst(entries: Values[], books: Applying[]): Map<string, Values[]> {
  const idOf = (link: unknown) => (link as Named).id;
  const rank = new Map(books.map(({ book }, index) => [book.id as string, index]));
  const sorted = entries.sort(
    (a, b) =>
      rank.get(idOf(a.priceBook))! - rank.get(idOf(b.priceBook))! ||
      Number(b.fromQuantity) - Number(a.fromQuantity),
  );
  return Map.groupBy(sorted, ({ product }) => idOf(product));
}

const atLeast = (a: string, b: string) => {
  const [x, y] = [fraction(a), fraction(b)];
  return x.n * y.d >= y.n * x.d;
};
const equal = (a: Money, b: Money) =>
  a.currency === b.currency && atLeast(a.amount, b.amount) && atLeast(b.amount, a.amount);

/** What a product could cost in such a quantity, the closest first, the list price last; `stated`: what the line says. */
export function optionsOf(
  product: Values,
  { quantity, stated }: { quantity: string; stated: Money | null | undefined },
  from: { books: Applying[]; entries: Map<string, Values[]>; currency: string },
): PriceOption[] {
  const books = new Map(from.books.map(each => [each.book.id as string, each]));
  const options = (from.entries.get(product.id as string) ?? []).map(({ priceBook, price, fromQuantity }) => {
    const { book, closeness, tags } = books.get((priceBook as Named).id)!;
    const { validFrom, validUntil } = book as Record<string, string | null>;
    const where = { id: book.id as string, name: book.name as string };
    return option(
      price as Money,
      { book: where, closeness, tags, validFrom, validUntil },
      String(fromQuantity),
    );
  });
  if (product.price) options.push(option(product.price as Money, null, null));
  let counting: PriceOption | undefined;
  for (const each of options) {
    if (each.price.currency !== from.currency) each.state = 'currency';
    else if (each.fromQuantity && !atLeast(quantity, each.fromQuantity)) each.state = 'quantity';
    else if (!counting) {
      each.state = 'counts';
      counting = each;
    } else if (each.book && each.book.id === counting.book?.id) each.state = 'tier';
  }
  const isTaken = ({ price }: PriceOption) => !stated || equal(price, stated);
  const taken = counting && isTaken(counting) ? counting : options.find(each => stated && isTaken(each));
  if (taken) taken.taken = true;
  return options;
}

function option(price: Money, by: Partial<PriceOption> | null, fromQuantity: string | null): PriceOption {
  const none = { book: null, closeness: null, tags: [], validFrom: null, validUntil: null };
  return { ...none, ...by, fromQuantity, price, state: 'further', taken: false };
}
