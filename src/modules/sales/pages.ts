/** The pages of this module that metadata cannot describe. */
import type { ModulePage } from '../../web/model/pages.ts';
import { readForecast } from './forecast/forecast-view.ts';

export const salesPages: ModulePage[] = [
  {
    path: '/forecast',
    icon: 'chart-line',
    title: 'pages.forecast',
    needs: 'deal',
    readSearch: readForecast,
    load: () => import('./forecast/Forecast.tsx'),
  },
];
