import { type Context, create, type ModuleArea } from '../../../engine/index.ts';
import { Deal } from './deal.ts';
import { loseDeal, moveDeal, reopenDeal, winDeal } from './deal-verbs.ts';
import { ageDeals, checkNextSteps, Pipeline, Stage, takeStages } from './pipeline.ts';
import { makeDefault } from './pipeline-verbs.ts';
import { Rival, rivalsReport } from './rival.ts';
import { similarReport } from './similar.ts';
import { DealSplit, shareAnew, splitDeal } from './split.ts';

/** What is to be won, and the way there. */
export const deals: ModuleArea = {
  objects: [Deal, Pipeline, Stage, DealSplit, Rival],
  verbs: [moveDeal, winDeal, loseDeal, reopenDeal, splitDeal, makeDefault],
  jobs: [ageDeals, checkNextSteps, takeStages, shareAnew],
  reports: [rivalsReport, similarReport],
  seed: firstPipeline,
};

/** What a new workspace starts with: the stages most teams end up with. */
async function firstPipeline(ctx: Context) {
  const pipeline = await create(ctx, 'pipeline', { name: 'Sales', isDefault: true }, { trusted: true });
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
