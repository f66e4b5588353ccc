import { Type } from 'typebox';
import {
  asEngine,
  type Context,
  create,
  defineVerb,
  FarleyError,
  find,
  rows,
  sql,
  tableOf,
  update,
} from '../../../engine/index.ts';
import { Deal } from './deal.ts';

const id = Type.String({ format: 'uuid' });

/** Room between two cards that are put at the ends of a column. */
const gap = 1_000;

export const moveDeal = defineVerb(Deal, {
  name: 'move',
  label: 'Move deal',
  icon: 'arrow-right',
  description: 'Puts the deal into a stage, and to a place on the board.',
  input: Type.Object({
    stage: Type.Unsafe<string>({ ...id, title: 'Stage', link: 'stage' }),
    after: Type.Optional(Type.Union([id, Type.Null()], { title: 'Below this deal; null for the top' })),
  }),
  event: { sentence: '{actor} moved {deal} from {from} to {to}', icon: 'arrow-right' },
  run: async (ctx, dealId, { stage, after }) => {
    const deal = await find(ctx, 'deal', dealId, { fields: ['name', 'stage', 'pipeline'] });
    // Cards move within one board. Who changes the pipeline edits the deal.
    const from = deal.stage as { id: string; title: string };
    const rank = after === undefined ? {} : { rank: await rankBelow(ctx, stage, after, dealId) };
    await update(ctx, 'deal', dealId, { pipeline: (deal.pipeline as { id: string }).id, stage, ...rank });
    if (from.id === stage) return { events: {}, result: { id: dealId } };
    const to = (await find(ctx, 'stage', stage, { fields: ['name'] })).name!;
    return { events: { [dealId]: { deal: deal.name!, from: from.title, to } }, result: { id: dealId } };
  },
});

export const winDeal = defineVerb(Deal, {
  name: 'win',
  label: 'Win deal',
  icon: 'trophy',
  description: 'Puts the deal into the won stage of its pipeline.',
  input: Type.Object({ closeDate: Type.Optional(Type.String({ format: 'date', title: 'Won on' })) }),
  allow: { field: 'status', is: ['open'] },
  event: { sentence: '{actor} won {deal}', icon: 'trophy' },
  run: async (ctx, dealId, { closeDate }) => decide(ctx, dealId, 'won', closeDate, {}),
});

export const loseDeal = defineVerb(Deal, {
  name: 'lose',
  label: 'Lose deal',
  icon: 'mood-sad',
  description: 'Puts the deal into the lost stage of its pipeline, with the reason.',
  input: Type.Object({
    reason: Type.Optional(
      Type.Union(
        ['price', 'competitor', 'timing', 'noNeed', 'noAnswer', 'other'].map(value => Type.Literal(value)),
        { title: 'Reason' },
      ),
    ),
    to: Type.Optional(Type.Unsafe<string>({ ...id, title: 'Lost to', link: 'company' })),
    closeDate: Type.Optional(Type.String({ format: 'date', title: 'Lost on' })),
  }),
  allow: { field: 'status', is: ['open'] },
  event: { sentence: '{actor} lost {deal}: {reason}', icon: 'mood-sad' },
  run: async (ctx, dealId, { reason, closeDate, to }) => {
    if (to) await nameRival(ctx, dealId, to);
    const lostReason = reason ?? (to ? 'competitor' : null);
    return decide(ctx, dealId, 'lost', closeDate, { lostReason, lostTo: to ?? null });
  },
});

/** Who won a deal has competed for it. */
async function nameRival(ctx: Context, deal: string, competitor: string) {
  const [known] = await rows(ctx, 'rival', {
    filter: {
      and: [
        { field: 'deal', op: 'is', value: deal },
        { field: 'competitor', op: 'is', value: competitor },
      ],
    },
    fields: [],
    limit: 1,
  });
  if (!known) await create(asEngine(ctx), 'rival', { deal, competitor, standing: 'ahead' });
}

export const reopenDeal = defineVerb(Deal, {
  name: 'reopen',
  label: 'Reopen deal',
  icon: 'rotate',
  description: 'Puts a decided deal back into the first open stage.',
  input: Type.Object({}),
  allow: { field: 'status', is: ['won', 'lost'] },
  event: { sentence: '{actor} reopened {deal}', icon: 'rotate' },
  run: async (ctx, dealId) => {
    const { name, stage } = await stageOfKind(ctx, dealId, 'open');
    await update(ctx, 'deal', dealId, { stage, lostReason: null, lostTo: null });
    return { events: { [dealId]: { deal: name } }, result: { id: dealId } };
  },
});

async function decide(
  ctx: Context,
  dealId: string,
  kind: 'won' | 'lost',
  closeDate: string | undefined,
  more: { lostReason?: string | null; lostTo?: string | null },
) {
  const { name, stage } = await stageOfKind(ctx, dealId, kind);
  await update(ctx, 'deal', dealId, {
    stage,
    closeDate: closeDate ?? ctx.clock.now().toISOString().slice(0, 10),
    ...more,
  });
  return {
    events: { [dealId]: { deal: name, reason: more.lostReason ?? 'no reason given' } },
    result: { id: dealId },
  };
}

async function stageOfKind(
  ctx: Context,
  dealId: string,
  kind: string,
): Promise<{ name: string; stage: string }> {
  const deal = await find(ctx, 'deal', dealId, { fields: ['name', 'pipeline'] });
  const pipeline = deal.pipeline as { id: string; title: string };
  const [stage] = await rows(ctx, 'stage', {
    filter: {
      and: [
        { field: 'pipeline', op: 'is', value: pipeline.id },
        { field: 'kind', op: 'is', value: kind },
      ],
    },
    fields: ['name'],
    limit: 1,
  });
  if (!stage)
    throw new FarleyError(
      'invalidInput',
      `The pipeline ${pipeline.title} has no stage for ${kind} deals. Add one.`,
    );
  return { name: deal.name as string, stage: stage.id as string };
}

/**
 * A rank right below `after` in the stage: the shortest number between it and the card that follows. One row is written,
 * whatever the length of the column.
 */
async function rankBelow(ctx: Context, stage: string, after: string | null, moved: string): Promise<string> {
  const deals = tableOf(ctx.schema, 'deal');
  const others = sql`stage_id = ${stage}::uuid and deleted_at is null and id <> ${moved}::uuid`;
  const [row] = await ctx.tx!.run<{ rank: string }>(
    sql`with above as (select rank from ${deals} where id = ${after}::uuid),
        below as (select min(rank) as rank from ${deals} where ${others} and (${after}::uuid is null or rank > (select rank from above))),
        ends as (select coalesce((select rank from above), (select rank from below) - ${2 * gap}, 0) as low,
          coalesce((select rank from below), (select rank from above) + ${2 * gap}, 0) as high)
      select coalesce((select trim_scale(round((low + high) * 0.5, digits)) from generate_series(0, 40) digits
        where round((low + high) * 0.5, digits) > low and round((low + high) * 0.5, digits) < high order by digits limit 1), low)::text as rank
      from ends`,
  );
  return row!.rank;
}
