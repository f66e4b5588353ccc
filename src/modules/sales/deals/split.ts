import { Type } from 'typebox';
import {
  asEngine,
  type Context,
  type Draft,
  defineJob,
  defineObject,
  defineVerb,
  FarleyError,
  find,
  type Problem,
  rows,
  type Values,
  write,
} from '../../../engine/index.ts';
import { choice, link, money, percent, text, user } from '../../../fields/index.ts';
import { fraction, inUnits, percentOf, product } from '../decimals.ts';
import { Deal } from './deal.ts';

type Money = { amount: string; currency: string };

export const DealSplit = defineObject('dealSplit', {
  label: 'Split',
  plural: 'Splits',
  icon: 'users',
  description: 'What part of a deal counts for a seller.',
  title: 'name',
  reachedThrough: 'deal',
  // Shares are set together, by the verb: each alone would not add up.
  administered: true,
  listed: false,
  fields: {
    name: text({ hidden: true, searchable: false }),
    deal: link('deal', { required: true, inverse: 'splits' }),
    user: user({ required: true, inverse: 'splits', label: 'Seller' }),
    kind: choice({
      choices: [
        { value: 'revenue', label: 'Revenue split' },
        { value: 'overlay', label: 'Overlay split' },
      ],
      default: 'revenue',
      required: true,
      help: 'Revenue splits share the amount out; overlay splits come on top, for those who helped.',
    }),
    share: percent({ required: true, min: 0, max: 100 }),
    amount: money({ readOnly: true }),
    expected: money({ readOnly: true, label: 'Expected amount' }),
  },
  unique: [['deal', 'user', 'kind']],
  needs: ['deal.amount', 'deal.expected'],
  fallbacks: { name: { of: ['share'], make: ({ share }) => `${share} %` } },
  list: { columns: ['deal', 'user', 'kind', 'share', 'amount'], sort: ['createdAt'] },
  derive: ({ record, linked }: Draft) => ({
    amount: shareOf(linked['deal.amount'] as Money | null | undefined, record.share as number | null),
    expected: shareOf(linked['deal.expected'] as Money | null | undefined, record.share as number | null),
  }),
});

function shareOf(whole: Money | null | undefined, share: number | null): Money | null {
  return whole && share !== null
    ? { amount: percentOf(whole.amount, share), currency: whole.currency }
    : null;
}

const Share = Type.Object(
  {
    user: Type.String({ format: 'uuid', title: 'Seller' }),
    kind: Type.Optional(Type.Enum(['revenue', 'overlay'])),
    share: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    amount: Type.Optional(
      Type.String({
        pattern: '^\\d+(\\.\\d+)?$',
        description: 'Instead of the share, in the currency of the deal.',
      }),
    ),
  },
  { additionalProperties: false },
);

interface Stated {
  user: string;
  kind: string;
  share: number;
}

export const splitDeal = defineVerb(Deal, {
  name: 'split',
  label: 'Split deal',
  icon: 'users',
  description: 'Says which sellers a deal counts for, and how much. These replace the splits it has.',
  input: Type.Object({ splits: Type.Array(Share, { maxItems: 50 }) }),
  own: true,
  event: { sentence: '{actor} split {deal}', icon: 'users' },
  run: async (ctx, dealId, { splits }) => {
    const deal = await find(ctx, 'deal', dealId, { fields: ['name', 'amount'] });
    const amount = deal.amount as Money | null;
    const stated = splits.map(
      (each): Stated => ({
        user: each.user,
        kind: each.kind ?? 'revenue',
        share: each.share ?? shareIn(each.amount, amount),
      }),
    );
    refuseUneven(stated);
    await replace(asEngine(ctx), dealId, stated);
    await write(
      asEngine(ctx),
      'deal',
      [{ op: 'update', id: dealId, values: { isSplit: stated.length > 0 } }],
      { trusted: true },
    );
    return { events: { [dealId]: { deal: deal.name! } }, result: { id: dealId } };
  },
});

/** Percent with four places, half up. */
function shareIn(part: string | undefined, whole: Money | null): number {
  const all = whole ? fraction(whole.amount) : null;
  if (part === undefined || !all || all.n <= 0n)
    throw new FarleyError(
      'invalidInput',
      'A split has a share in percent, or an amount of a deal that has one.',
    );
  const quotient = product(fraction(part), { n: all.d * 100n, d: all.n });
  return Number(inUnits(quotient, 4, 'halfUp')) / 10_000;
}

/** Shares of the amount add up to all of it: to a thousandth, as thirds have no end. */
export function refuseUneven(stated: Stated[]) {
  const revenue = stated.filter(({ kind }) => kind === 'revenue');
  const sum = Math.round(revenue.reduce((so, { share }) => so + share, 0) * 1_000) / 1_000;
  const problems: Problem[] = [];
  if (revenue.length > 0 && Math.abs(sum - 100) > 0.001)
    problems.push({
      pointer: '/splits',
      code: 'uneven',
      message: `Revenue splits add up to 100 %, not to ${sum} %.`,
    });
  const keys = stated.map(({ user: who, kind }) => `${who} ${kind}`);
  if (new Set(keys).size < keys.length)
    problems.push({
      pointer: '/splits',
      code: 'duplicate',
      message: 'Each seller has one split of a kind.',
    });
  if (problems.length > 0) throw new FarleyError('invalidInput', problems[0]!.message, { problems });
}

async function replace(ctx: Context, dealId: string, stated: Stated[]) {
  const there = await splitsOf(ctx, dealId);
  const keyOf = (each: { user: string; kind: string }) => `${each.user} ${each.kind}`;
  const idOf = new Map(
    there.map(row => [
      keyOf({ user: (row.user as { id: string }).id, kind: row.kind as string }),
      row.id as string,
    ]),
  );
  const kept = new Set(stated.map(keyOf));
  const gone = [...idOf].filter(([key]) => !kept.has(key)).map(([, id]) => ({ op: 'delete' as const, id }));
  const set = stated.map(({ user: who, kind, share }) => {
    const id = idOf.get(keyOf({ user: who, kind }));
    return id
      ? { op: 'update' as const, id, values: { share } }
      : { op: 'create' as const, values: { deal: dealId, user: who, kind, share } };
  });
  await write(ctx, 'dealSplit', [...gone, ...set]);
}

const splitsOf = (ctx: Context, dealId: string): Promise<Values[]> =>
  rows(ctx, 'dealSplit', {
    filter: { field: 'deal', op: 'is', value: dealId },
    fields: ['user', 'kind', 'share'],
    limit: 200,
  });

/** The amount of a deal with splits was changed: what each counts for follows. */
export const shareAnew = defineJob('shareAnew', {
  label: 'Sharing out what a split deal is worth',
  run: async (ctx, { deals }, report) => {
    const found = await rows(ctx, 'dealSplit', {
      filter: { field: 'deal', op: 'isAnyOf', value: deals! },
      fields: [],
      limit: 1_000,
    });
    await write(
      ctx,
      'dealSplit',
      found.map(({ id }) => ({ op: 'update', id: id as string, values: {} })),
      { perItem: true },
    );
    report.done(found.length);
  },
});
