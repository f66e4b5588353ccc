/** Totals of quotes that were changed by another way than the builder: by the API, an import, a table. */
import {
  allRows,
  type Context,
  defineWatch,
  FarleyError,
  type Input,
  update,
  type Values,
  type WatchedChange,
  write,
} from '../../../engine/index.ts';
import { makeDocument } from './document.ts';
import { linesOf, priceSent, reprice, totalsOf } from './draft.ts';
import type { Money } from './price.ts';
import { idOf } from './pricing.ts';

/** What a quote says that its totals depend on. */
const terms = [
  'company',
  'contact',
  'currency',
  'priceBook',
  'prices',
  'rounding',
  'taxBy',
  'discountPercent',
  'discountAmount',
];

export const quoteTotals = defineWatch('quoteTotals', {
  label: 'Totals of quotes',
  imports: true,
  run: async (ctx, changes, skipped) => {
    const touched = await touchedBy(ctx, changes);
    if (touched.size === 0) return;
    const filter = { field: 'id', op: 'isAnyOf', value: [...touched] };
    for (const quote of await allRows(ctx, 'quote', { filter }))
      await settle(ctx, quote).catch(error => {
        if (!(error instanceof FarleyError)) throw error;
        skipped(String(quote.name), error.message);
      });
  },
});

/** Quotes whose lines changed, and those with lines that changed what their totals depend on. */
async function touchedBy(ctx: Context, changes: WatchedChange[]): Promise<Set<string>> {
  const lines = changes.filter(({ object, kind }) => object === 'quoteLine' && kind !== 'event');
  const stated = changes
    .filter(
      ({ object, kind, fields }) =>
        object === 'quote' && kind === 'updated' && terms.some(name => fields[name]),
    )
    .map(({ id }) => id);
  const ids = [...new Set(lines.map(({ id }) => id))];
  const filter = { or: [among('id', ids), among('quote', stated)] };
  const live =
    ids.length + stated.length > 0 ? await allRows(ctx, 'quoteLine', { filter, fields: ['quote'] }) : [];
  return new Set([
    ...live.map(({ quote }) => idOf(quote)!),
    ...lines.flatMap(({ fields }) => (fields.quote?.[0] as string | undefined) ?? []),
  ]);
}

const among = (field: string, ids: string[]) => ({ field, op: 'isAnyOf', value: ids });

/** Drafts are priced anew. What was sent elsewhere keeps the totals it came with, or gets those of its lines; and its paper. */
async function settle(ctx: Context, quote: Values): Promise<void> {
  const id = quote.id as string;
  if (quote.status === 'draft') return void (await reprice(ctx, id));
  const isForeign = quote.sentAt === null && !['inApproval', 'approved'].includes(quote.status as string);
  if (!isForeign) return;
  await update(ctx, 'quote', id, await told(ctx, quote));
  const pdf = await makeDocument(ctx, id);
  if (pdf) await update(ctx, 'quote', id, { pdf });
}

/** Quotes that were accepted before Farley kept for how much: it follows from their evidence, or from what was sent. */
export const acceptedTotals = defineWatch('acceptedTotals', {
  label: 'Accepted totals of earlier quotes',
  every: 3_600,
  run: async ctx => {
    const filter = {
      and: [
        { field: 'status', op: 'is', value: 'accepted' },
        { field: 'acceptedTotal', op: 'empty' },
        { field: 'gross', op: 'notEmpty' },
      ],
    };
    const due = await allRows(ctx, 'quote', { filter, fields: [] });
    if (due.length === 0) return;
    // Nothing is stated: it is worked out anew.
    await write(
      ctx,
      'quote',
      due.map(({ id }) => ({ op: 'update', id: id as string, values: {} })),
    );
  },
});

/** What its lines come to by the prices and rates that they came with; where it came with totals, those stay. */
async function told(ctx: Context, quote: Values): Promise<Input> {
  const lines = await linesOf(ctx, quote.id as string);
  const known = [quote.gross, ...lines.map(({ price }) => price)] as (Money | null)[];
  const currency = quote.currency ?? known.find(each => each)?.currency ?? ctx.settings.currency;
  // Totals that were worked out here have a subtotal; they follow the lines that come later.
  if (quote.gross && !quote.subtotal) return { currency };
  const { priced } = priceSent({ ...quote, currency }, lines, {});
  return { currency, ...totalsOf({ priced, discounted: 0, reasons: [] }) };
}
