import { defineModule } from '../../engine/index.ts';
import { deals } from './deals/area.ts';
import { Deal } from './deals/deal.ts';
import { Pipeline, Stage } from './deals/pipeline.ts';
import { salesDemo } from './demo.ts';
import { forecast } from './forecast/area.ts';
import { importing } from './importing.ts';
import { leads } from './leads/area.ts';
import { Lead } from './leads/lead.ts';
import { quotes } from './quotes/area.ts';
import { DealLine, Product } from './quotes/product.ts';

export const sales = defineModule({
  name: 'sales',
  objects: [],
  areas: [leads, deals, forecast, quotes],
  importing: [importing],
  demo: salesDemo,
});

export { Deal, DealLine, Lead, Pipeline, Product, Stage };
