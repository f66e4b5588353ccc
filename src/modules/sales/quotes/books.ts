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
  /** Null: its list price. Without id and name where the reader cannot see the book. */
  book: { id: string | null; name: string | null } | null;
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

/** For whom, when and in what prices are asked for. */
export interface Asked {
  company: Values | null;
  date: string;
  currency: string;
  /** The currency of books that name none. */
  home: string;
  chosen?: Values | undefined;
}

const isFor = (book: Values, company: Values | null) =>
  named(book.companies).some(({ id }) => id === company?.id);

function sharedTags(book: Values, company: Values | null): string[] {
  const tags = new Set(named(company?.tags).map(({ id }) => id));
  return named(book.tags).flatMap(({ id, title }) => (tags.has(id) ? (title ?? '') : []));
}

/** What keeps a book from a customer; of several, the first is told. */
const hindrances = {
  inactive: ({ active }) => !active,
  currency: ({ currency }, { currency: wanted, home }) => (currency ?? home) !== wanted,
  early: ({ validFrom }, { date }) => Boolean(validFrom) && (validFrom as string) > date,
  late: ({ validUntil }, { date }) => Boolean(validUntil) && (validUntil as string) < date,
  company: (book, { company }) => named(book.companies).length > 0 && !isFor(book, company),
  tag: (book, { company }) =>
    named(book.companies).length === 0 &&
    named(book.tags).length > 0 &&
    sharedTags(book, company).length === 0,
} satisfies Record<string, (book: Values, on: Asked) => boolean>;

/** Why a book does not apply: itself, or because another one was chosen. */
export type WhyNot = keyof typeof hindrances | 'chosen';
const reasons = Object.entries(hindrances) as [
  keyof typeof hindrances,
  (book: Values, on: Asked) => boolean,
][];

/** Why a book does not apply; null where it does. One that was chosen applies, whatever it says of itself. */
export function whyNot(book: Values, on: Asked): WhyNot | null {
  if (on.chosen?.id === book.id) return null;
  return reasons.find(([, hinders]) => hinders(book, on))?.[0] ?? (on.chosen ? 'chosen' : null);
}

/** The book that a quote names, while it is active. */
export function chosenOf(books: Values[], id: string | null | undefined): Values | undefined {
  return books.find(book => book.id === id && book.active);
}

/** The books whose prices a customer gets on a day: one that was chosen alone, else the closest first, and then the latest. */
export function booksFor(books: Values[], on: Asked): Applying[] {
  const applying = (book: Values): Applying => {
    if (on.chosen) return { book, closeness: 'chosen', tags: [] };
    if (isFor(book, on.company)) return { book, closeness: 'company', tags: [] };
    const tags = sharedTags(book, on.company);
    return { book, closeness: tags.length > 0 ? 'tag' : 'everyone', tags };
  };
  return books
    .filter(book => whyNot(book, on) === null)
    .map(applying)
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

/** Whether one decimal is as much as another, or more. */
export const atLeast = (a: string, b: string) => {
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
