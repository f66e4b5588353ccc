import { type Context, create, type ModuleArea } from '../../../engine/index.ts';
import { Deal } from './deal.ts';
import { loseDeal, moveDeal, reopenDeal, winDeal } from './deal-verbs.ts';
import { ageDeals, Pipeline, Stage } from './pipeline.ts';

/** What is to be won, and the way there. */
export const deals: ModuleArea = {
  objects: [Deal, Pipeline, Stage],
  verbs: [moveDeal, winDeal, loseDeal, reopenDeal],
  jobs: [ageDeals],
  seed: firstPipeline,
};

/** What a new workspace starts with: the stages most teams end up with. */
async function firstPipeline(ctx: Context) {
  const pipeline = await create(ctx, 'pipeline', { name: 'Sales' });
  const stages = [
    ['Prospecting', 'open', '10', 'pipeline'],
    ['Qualified', 'open', '25', 'pipeline'],
    ['Proposal', 'open', '50', 'bestCase'],
    ['Negotiation', 'open', '75', 'commit'],
    ['Won', 'won', '100', 'closed'],
    ['Lost', 'lost', '0', 'omitted'],
  ];
  for (const [position, [name, kind, probability, forecastCategory]] of stages.entries()) {
    await create(ctx, 'stage', {
      name: name!,
      pipeline,
      position,
      kind: kind!,
      probability: Number(probability),
      forecastCategory: forecastCategory!,
    });
  }
}
