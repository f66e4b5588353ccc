/** Recurring revenue: what customers pay per month as of two days, and by what it came to differ. */
import { Type } from 'typebox';
import { aggregate, type Context, defineReport, type Filter } from '../../../engine/index.ts';
import { sum, times } from '../decimals.ts';
import type { Money } from './price.ts';

interface Named {
  id: string;
  title: string | null;
}

const Day = Type.String({ format: 'date' });
const Amount = Type.String({ description: 'In the currency of the answer.' });

const Input = Type.Object(
  {
    from: { ...Day, description: 'The earlier day.' },
    to: { ...Day, description: 'The later day.' },
    asOf: Type.Optional(Type.String({ format: 'date-time', description: 'As it was known then.' })),
  },
  { additionalProperties: false },
);

const Answer = Type.Object({
  currency: Type.String(),
  /** Monthly recurring revenue on the earlier and the later day; yearly is twelve times the later. */
  before: Amount,
  new: Amount,
  expansion: Amount,
  contraction: Amount,
  churned: Amount,
  after: Amount,
  yearly: Amount,
  customers: Type.Array(
    Type.Object({
      company: Type.Unsafe<Named | null>({}),
      /** Of private people: who is the customer. */
      contact: Type.Unsafe<Named | null>({}),
      before: Amount,
      after: Amount,
      kind: Type.String({ description: 'new, expansion, contraction, churned or same.' }),
    }),
  ),
  truncated: Type.Boolean(),
});

/** Customers at most; a flag says where there are more. */
const most = 200_000;

export const revenueReport = defineReport('recurring-revenue', {
  label: 'Recurring revenue',
  description:
    'What customers pay per month on two days, and what is new, grew, shrank and was lost between them',
  input: Input,
  answer: Answer,
  run: async (ctx, { from, to, asOf }) => {
    const [before, after] = [await onDay(ctx, from, asOf), await onDay(ctx, to, asOf)];
    const keys = [...new Set([...before.amounts.keys(), ...after.amounts.keys()])];
    const moves = {
      new: [] as string[],
      expansion: [] as string[],
      contraction: [] as string[],
      churned: [] as string[],
    };
    const customers = keys.map(key => {
      const [was, is] = [before.amounts.get(key) ?? '0', after.amounts.get(key) ?? '0'];
      const less = was.startsWith('-') ? was.slice(1) : `-${was}`;
      const change = sum([is, less]);
      const kind = kindOf(was, is, change);
      if (kind !== 'same') moves[kind].push(change);
      const whose = after.whose.get(key) ?? before.whose.get(key) ?? { company: null, contact: null };
      return { ...whose, before: sum([was]), after: sum([is]), kind };
    });
    const now = sum([...after.amounts.values()]);
    return {
      currency: ctx.settings.currency,
      before: sum([...before.amounts.values()]),
      new: sum(moves.new),
      expansion: sum(moves.expansion),
      contraction: sum(moves.contraction),
      churned: sum(moves.churned),
      after: now,
      yearly: times(now, '12'),
      customers,
      truncated: before.truncated || after.truncated,
    };
  },
});

function kindOf(was: string, is: string, change: string) {
  const nought = (text: string) => !/[1-9]/.test(text);
  if (nought(change)) return 'same';
  if (nought(was)) return 'new';
  if (nought(is)) return 'churned';
  return change.startsWith('-') ? 'contraction' : 'expansion';
}

/** What each customer pays per month on a day, in the currency of the workspace. */
async function onDay(ctx: Context, day: string, asOf: string | undefined) {
  const filter: Filter = {
    and: [
      { not: { field: 'from', op: 'gt', value: day } },
      {
        or: [
          { field: 'until', op: 'empty' },
          { field: 'until', op: 'gt', value: day },
        ],
      },
    ],
  };
  const { data, truncated } = await aggregate(ctx, 'subscriptionLine', {
    filter,
    groupBy: [{ field: 'subscription.company' }, { field: 'subscription.contact' }],
    values: [{ op: 'total', field: 'monthly' }],
    limit: most,
    ...(asOf ? { asOf } : {}),
  });
  const amounts = new Map<string, string>();
  const whose = new Map<string, { company: Named | null; contact: Named | null }>();
  for (const { group, values } of data) {
    const company = group['subscription.company'] as Named | null;
    // Of one company several may be whom one talks to.
    const contact = company ? null : (group['subscription.contact'] as Named | null);
    const key = (company ?? contact)?.id ?? '';
    // What no rate of exchange translates stands beside it, and counts nothing.
    const totals = [values[0] as Money | Money[] | null].flat();
    const amount = totals.find(each => each?.currency === ctx.settings.currency)?.amount ?? '0';
    amounts.set(key, sum([amounts.get(key) ?? '0', amount]));
    whose.set(key, { company, contact });
  }
  return { amounts, whose, truncated };
}
