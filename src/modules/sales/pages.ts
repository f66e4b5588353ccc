/** The pages of this module, and parts of others, that metadata cannot describe. */
import { lazy } from 'react';
import type { ModulePage } from '../../web/model/pages.ts';
import type { ModulePart } from '../../web/model/parts.ts';
import { readCalling } from './calling/calling-view.ts';
import { readDashboard } from './dashboards/dashboard-view.ts';
import { readForecast } from './forecast/forecast-view.ts';
import { readRevenue } from './quotes/revenue-view.ts';
import { readScoring } from './scoring/scoring-view.ts';
import { readTerritories } from './territories/territories-view.ts';

export const salesPages: ModulePage[] = [
  {
    path: '/forecast',
    icon: 'chart-line',
    title: 'pages.forecast',
    needs: 'deal',
    readSearch: readForecast,
    load: () => import('./forecast/Forecast.tsx'),
  },
  {
    path: '/dashboards',
    icon: 'chart-bar',
    title: 'pages.dashboards',
    needs: 'deal',
    readSearch: readDashboard,
    load: () => import('./dashboards/Dashboards.tsx'),
  },
  {
    path: '/targets',
    icon: 'target',
    title: 'pages.targets',
    needs: 'deal',
    readSearch: () => ({}),
    load: () => import('./targets/Targets.tsx'),
  },
  {
    path: '/calling',
    icon: 'phone-call',
    title: 'pages.calling',
    needs: 'callList',
    readSearch: readCalling,
    load: () => import('./calling/Calling.tsx'),
  },
  {
    path: '/scoring',
    icon: 'gauge',
    title: 'pages.scoring',
    needs: 'scorecard',
    readSearch: readScoring,
    load: () => import('./scoring/Scoring.tsx'),
  },
  {
    path: '/revenue',
    icon: 'repeat',
    title: 'pages.revenue',
    needs: 'subscription',
    readSearch: readRevenue,
    load: () => import('./quotes/Revenue.tsx'),
  },
  {
    path: '/territories',
    icon: 'map-2',
    title: 'pages.territories',
    needs: 'territory',
    readSearch: readTerritories,
    load: () => import('./territories/Territories.tsx'),
  },
];

const Briefing = lazy(() => import('./relations/Briefing.tsx'));
const RivalPart = lazy(() => import('./deals/RivalPart.tsx'));
const ScorePart = lazy(() => import('./scoring/ScorePart.tsx'));

export const salesParts: ModulePart[] = [
  { object: 'lead', record: ScorePart },
  { object: 'target', home: { kind: 'targets', part: lazy(() => import('./targets/MyTargets.tsx')) } },
  { object: 'lead', top: { part: lazy(() => import('./leads/LeadClock.tsx')), height: 46 } },
  { object: 'lead', record: lazy(() => import('./leads/LeadOrigin.tsx')) },
  { object: 'lead', form: lazy(() => import('./leads/LeadKnown.tsx')) },
  {
    object: 'leadForm',
    tab: { name: 'form', title: 'pages.form', part: lazy(() => import('./leads/FormEditor.tsx')) },
  },
  {
    object: 'leadAddress',
    tab: { name: 'letters', title: 'pages.letters', part: lazy(() => import('./leads/LetterDoor.tsx')) },
  },
  { object: 'deal', record: ScorePart },
  { object: 'deal', record: RivalPart },
  { object: 'deal', record: lazy(() => import('./deals/SplitPart.tsx')) },
  { object: 'deal', record: lazy(() => import('./deals/SimilarPart.tsx')) },
  {
    object: 'deal',
    tab: {
      name: 'stakeholders',
      title: 'pages.stakeholders',
      part: lazy(() => import('./deals/Stakeholders.tsx')),
    },
  },
  { object: 'company', record: RivalPart },
  { object: 'pipeline', form: lazy(() => import('./deals/PipelineStart.tsx')) },
  { object: 'deal', top: { part: lazy(() => import('./deals/StagePath.tsx')), height: 84 } },
  {
    object: 'quote',
    tab: {
      name: 'builder',
      title: 'pages.quoteLines',
      part: lazy(() => import('./quotes/QuoteBuilder.tsx')),
    },
  },
  {
    object: 'quoteTemplate',
    tab: {
      name: 'preview',
      title: 'pages.template',
      part: lazy(() => import('./quotes/TemplatePreview.tsx')),
    },
  },
  ...['lead', 'person', 'company', 'deal'].map(object => ({
    object,
    list: {
      icon: 'phone-call',
      title: 'pages.callList',
      path: '/calling',
      makes: 'callList',
      chosen: 'pages.callThese',
    },
  })),
  ...['person', 'company', 'deal', 'meeting', 'lead'].map(object => ({
    object,
    tab: { name: 'briefing', title: 'pages.briefing', part: Briefing },
  })),
];
