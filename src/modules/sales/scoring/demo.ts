/**
 * What Kaffeehaus Supplies makes of its leads and deals: points for either, and what its decided deals teach. Leads have too few
 * outcomes to learn from, and it says so.
 */
import { type Context, type Input, rows, update, write } from '../../../engine/index.ts';
import { learnFor } from './learning.ts';
import { scoreAll, scoringOf } from './score.ts';
import { cardOf } from './scorecard.ts';

const of = (field: string, op: string, value?: Input[string]) => ({
  field,
  op,
  ...(value === undefined ? {} : { value }),
});

const rules: Record<string, Input[]> = {
  lead: [
    { name: 'Recommended by a customer', points: 30, filter: of('source', 'is', 'referral') },
    { name: 'Met at a fair', points: 15, filter: of('source', 'is', 'event') },
    { name: 'Hotel or catering', points: 25, filter: hospitality() },
    { name: 'Has an e-mail address', points: 10, filter: of('email', 'notEmpty') },
    { name: 'Came by advertising', points: -5, filter: of('source', 'is', 'advertising') },
    { name: 'Asked lately', points: 25, group: 'engagement', since: 'createdAt', halfLife: 14 },
    { name: 'Spoke with us', points: 15, group: 'engagement', activity: 'call', halfLife: 14 },
  ],
  deal: [
    { name: 'Amount is known', points: 15, filter: of('amount', 'notEmpty') },
    { name: 'Somebody there is known', points: 20, filter: of('contacts', 'notEmpty') },
    { name: 'Next step agreed', points: 25, filter: of('nextStep', 'notEmpty') },
    { name: 'Met in person', points: 25, group: 'engagement', activity: 'meeting', halfLife: 30 },
    { name: 'Spoke with us', points: 10, group: 'engagement', activity: 'call', halfLife: 14 },
  ],
};

function hospitality() {
  return { or: ['Hotel', 'Catering'].map(word => of('companyName', 'contains', word)) };
}

const leftOut = ['stage', 'probability', 'forecastCategory', 'expected'];

export async function scoringDemo(ctx: Context) {
  const cards = await rows(ctx, 'scorecard', { fields: ['object'] });
  const operations = cards.flatMap(({ id, object }) =>
    (rules[object as string] ?? []).map(values => ({
      op: 'create' as const,
      values: { ...values, scorecard: id! } as Input,
    })),
  );
  await write(ctx, 'scoreRule', operations);
  for (const { id, object } of cards) {
    // Early stages would be judged by the few deals that ended there.
    if (object === 'deal') await update(ctx, 'scorecard', id!.toString(), { excluded: leftOut });
    const card = await cardOf(ctx, { field: 'object', op: 'is', value: object as string });
    await learnFor(ctx, card!, AbortSignal.timeout(60_000), () => {});
    const scoring = await scoringOf(ctx, object as string);
    if (scoring) await scoreAll(ctx, scoring, null, async () => {});
  }
}
