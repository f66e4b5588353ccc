import { type Context, create, type ModuleArea } from '../../../engine/index.ts';
import { Deal } from './deal.ts';
import { loseDeal, moveDeal, reopenDeal, winDeal } from './deal-verbs.ts';
import {
  ageDeals,
  checkNextSteps,
  firstPipelineName,
  firstStages,
  Pipeline,
  Stage,
  takeStages,
} from './pipeline.ts';
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

/** What a new workspace starts with. */
async function firstPipeline(ctx: Context) {
  const pipeline = await create(
    ctx,
    'pipeline',
    { name: firstPipelineName, isDefault: true },
    { trusted: true },
  );
  for (const [position, [name, kind, probability, forecastCategory]] of firstStages.entries()) {
    await create(ctx, 'stage', {
      name,
      pipeline,
      position,
      kind,
      probability: Number(probability),
      forecastCategory,
    });
  }
}
