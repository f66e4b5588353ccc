/**
 * The dashboard of sales, and the statistical forecast, at 20,000 open and 200,000 decided deals with their history: `node bench/dashboards.ts`; says the
 * median of five of each report, in milliseconds. `node bench/dashboards.ts 0.1` takes a tenth of them.
 */
import { dashboard } from '../src/modules/sales/dashboards/dashboard.ts';
import { winRates } from '../src/modules/sales/dashboards/segments.ts';
import { stageHistory } from '../src/modules/sales/dashboards/stage-history.ts';
import { expected } from '../src/modules/sales/forecast/expected.ts';
import { withDeals } from './deals.ts';

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const dayOf = (date: string) => (Date.parse(date) - Date.now()) / 86_400_000;

await withDeals(async ({ ctx }) => {
  const quarter = { from: day(-90), to: day(0), compare: { from: day(-181), to: day(-91) } };
  const year = { from: day(-365), to: day(0), compare: { from: day(-731), to: day(-366) } };
  const parts = {
    dashboard: (scope: typeof year) => dashboard(ctx, scope),
    'stage-history': (scope: typeof year) => stageHistory(ctx, scope),
    'win-rates by owner': (scope: typeof year) => winRates(ctx, { ...scope, by: 'owner' }),
    // Half of the period is over.
    'statistical forecast': ({ from }: typeof year) =>
      expected(ctx, { from: day(Math.ceil(dayOf(from) / 2)), to: day(-Math.ceil(dayOf(from) / 2)) }),
    'all cards at once': (scope: typeof year) =>
      Promise.all([
        dashboard(ctx, scope),
        stageHistory(ctx, scope),
        winRates(ctx, { ...scope, by: 'owner' }),
      ]),
  };
  for (const [what, run] of Object.entries(parts))
    for (const [period, scope] of Object.entries({ quarter, year })) {
      const times: number[] = [];
      for (let turn = 0; turn < 5; turn++) {
        const begun = performance.now();
        await run(scope);
        times.push(performance.now() - begun);
      }
      console.log(`${what}, ${period}: ${Math.round(times.sort((a, b) => a - b)[2]!)} ms`);
    }
});
