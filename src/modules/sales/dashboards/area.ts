import type { ModuleArea } from '../../../engine/index.ts';
import { dashboardReport } from './dashboard.ts';
import { winRatesReport } from './segments.ts';
import { historyRecordsReport, stageHistoryReport } from './stage-history.ts';

/** What all deals say together, as pictures. */
export const dashboards: ModuleArea = {
  objects: [],
  reports: [dashboardReport, winRatesReport, stageHistoryReport, historyRecordsReport],
};
