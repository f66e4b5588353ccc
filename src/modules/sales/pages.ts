/** The pages of this module, and parts of others, that metadata cannot describe. */
import { lazy } from 'react';
import type { ModulePage } from '../../web/model/pages.ts';
import type { ModulePart } from '../../web/model/parts.ts';
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

export const salesParts: ModulePart[] = [
  { object: 'deal', top: lazy(() => import('./deals/StagePath.tsx')) },
  {
    object: 'quote',
    tab: {
      name: 'builder',
      title: 'pages.quoteLines',
      part: lazy(() => import('./quotes/QuoteBuilder.tsx')),
    },
  },
];
