import type { ModuleArea } from '../../../engine/index.ts';
import { accuracyReport } from './accuracy.ts';
import { forecastByReport } from './by.ts';
import { expectedReport } from './expected.ts';
import { forecastReport } from './forecast.ts';
import { ForecastAdjustment, Quota, TerritoryQuota } from './quota.ts';

/** What is going to be won, and what was to be. */
export const forecast: ModuleArea = {
  objects: [Quota, ForecastAdjustment, TerritoryQuota],
  reports: [forecastReport, forecastByReport, expectedReport, accuracyReport],
};
