import { defineModule } from '../../engine/index.ts';
import { calling } from './calling/area.ts';
import { dashboards } from './dashboards/area.ts';
import { deals } from './deals/area.ts';
import { salesDemo } from './demo.ts';
import { salesDemoFor } from './demo-for.ts';
import { forecast } from './forecast/area.ts';
import { importing } from './importing.ts';
import { leads } from './leads/area.ts';
import { quotes } from './quotes/area.ts';
import { relations } from './relations/area.ts';
import { scoring } from './scoring/area.ts';
import { targets } from './targets/area.ts';
import { territories } from './territories/area.ts';

export const sales = defineModule({
  name: 'sales',
  objects: [],
  areas: [leads, deals, dashboards, forecast, targets, scoring, quotes, relations, calling, territories],
  importing: [importing],
  demo: salesDemo,
  demoFor: salesDemoFor,
});
