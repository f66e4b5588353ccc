import { type Context, create, defineModule } from '../../engine/index.ts';
import { Deal } from './deals/deal.ts';
import { loseDeal, moveDeal, reopenDeal, winDeal } from './deals/deal-verbs.ts';
import { ageDeals, Pipeline, Stage } from './deals/pipeline.ts';
import { salesDemo } from './demo.ts';
import { expectedReport } from './forecast/expected.ts';
import { forecastReport } from './forecast/forecast.ts';
import { ForecastAdjustment, Quota } from './forecast/quota.ts';
import { importing } from './importing.ts';
import { convertLead, disqualifyLead, Lead } from './leads/lead.ts';
import { DealLine, Product } from './quotes/product.ts';

export const sales = defineModule({
  name: 'sales',
  objects: [Lead, Deal, Pipeline, Stage, Product, DealLine, Quota, ForecastAdjustment],
  importing: [importing],
  verbs: [moveDeal, winDeal, loseDeal, reopenDeal, convertLead, disqualifyLead],
  jobs: [ageDeals],
  reports: [forecastReport, expectedReport],
  seed: firstPipeline,
  demo: salesDemo,
});

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

export { Deal, DealLine, Lead, Pipeline, Product, Stage };
