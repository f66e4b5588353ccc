import { Type } from 'typebox';
import { type Context, defineVerb, find, type Outcome, update } from '../../../engine/index.ts';
import { Deal } from '../deals/deal.ts';
import { Lead } from '../leads/lead.ts';

const about = {
  name: 'resetScore',
  label: 'Reset score',
  icon: 'rotate',
  description: 'What happened so far gives no more points; what it is still does.',
  input: Type.Object({}),
  event: { sentence: '{actor} reset the score of {record}', icon: 'rotate' },
} as const;

export const resetScores = [Lead, Deal].map(object =>
  defineVerb(object, {
    ...about,
    run: (ctx, id) => reset(ctx, object.name, id),
  }),
);

async function reset(ctx: Context, object: string, id: string): Promise<Outcome> {
  const record = await find(ctx, object, id, { fields: ['name'] });
  await update(ctx, object, id, { scoreResetAt: ctx.clock.now().toISOString() });
  const name = record.name as string | { full: string };
  return { events: { [id]: { record: typeof name === 'string' ? name : name.full } }, result: { id } };
}
