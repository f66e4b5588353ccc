/** Price books that do not speak for a line, and why: what someone asks who expected another price. */
import { type Static, Type } from 'typebox';
import { allRows, asSystem, type Context, defineReport, type Values } from '../../../engine/index.ts';
import { atLeast, chosenOf, type WhyNot, whyNot } from './books.ts';
import { customerOf } from './customer.ts';
import { today } from './numbers.ts';
import type { Money } from './price.ts';
import { idOf, mayReadBooks } from './pricing.ts';

const Id = Type.String({ format: 'uuid' });
const orNull = <T extends ReturnType<typeof Type.String>>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

const Input = Type.Object(
  {
    product: Id,
    quantity: Type.String({ pattern: '^-?\\d{1,20}(\\.\\d{1,10})?$' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    company: orNull(Id),
    contact: orNull(Id),
    priceBook: orNull(Id),
    date: orNull(Type.String({ format: 'date' })),
  },
  { additionalProperties: false },
);

export type OtherBooksInput = Static<typeof Input>;

interface OtherBook {
  id: string;
  name: string;
  /** `product`: it applies, and has no price for this product. */
  why: WhyNot | 'product';
  validFrom: string | null;
  validUntil: string | null;
  currency: string;
  /** For such a quantity; null where it has none. */
  price: Money | null;
}

export interface OtherBooks {
  books: OtherBook[];
}

/**
 * All books that someone may read and whose prices of a product a customer does not get, those with a price first. Whether
 * one applies is decided by all there is of it, as it is for the price. Six statements at most.
 */
async function otherBooks(ctx: Context, input: OtherBooksInput): Promise<OtherBooks> {
  if (!mayReadBooks(ctx)) return { books: [] };
  const own = asSystem(ctx, 'prices');
  const [{ company }, everything] = [await customerOf(own, input), await allRows(own, 'priceBook', {})];
  const readable = new Map((await allRows(ctx, 'priceBook', {})).map(book => [book.id, book]));
  const filter = { field: 'product', op: 'is', value: input.product };
  const entries = Map.groupBy(await allRows(ctx, 'priceBookEntry', { filter }), entry =>
    idOf(entry.priceBook),
  );
  const { currency } = input;
  const { currency: home } = ctx.settings;
  const chosen = chosenOf(everything, input.priceBook);
  const on = { company, date: input.date ?? today(ctx), currency, home, chosen };
  const books = everything.flatMap((book): OtherBook[] => {
    const shown = readable.get(book.id);
    const tiers = entries.get(book.id as string) ?? [];
    const why = whyNot(book, on) ?? (tiers.length === 0 ? 'product' : null);
    if (!shown || !why) return [];
    const { validFrom, validUntil } = shown as Record<string, string | null>;
    const price = priceFor(tiers, input.quantity);
    return [
      {
        id: book.id as string,
        name: (shown.name as string | null) ?? '',
        why,
        validFrom: validFrom ?? null,
        validUntil: validUntil ?? null,
        currency: (shown.currency as string | null) ?? home,
        price,
      },
    ];
  });
  const withoutPrice = ({ price }: OtherBook) => Number(price === null);
  return {
    books: books.sort((a, b) => withoutPrice(a) - withoutPrice(b) || a.name.localeCompare(b.name)),
  };
}

/** Of the largest quantity that is reached. */
function priceFor(tiers: Values[], quantity: string): Money | null {
  const reached = tiers.filter(({ fromQuantity }) => atLeast(quantity, String(fromQuantity)));
  const [best] = reached.sort((a, b) => Number(b.fromQuantity) - Number(a.fromQuantity));
  return (best?.price as Money | undefined) ?? null;
}

export const otherBooksReport = defineReport('other-price-books', {
  label: 'Other price books',
  description: 'Price books whose price of a product a customer does not get, and why not',
  input: Input,
  answer: Type.Object({ books: Type.Array(Type.Unsafe<OtherBook>({ type: 'object' })) }),
  run: otherBooks,
});
