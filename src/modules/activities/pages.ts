/** The pages of this module, and parts of others, that metadata cannot describe. */
import { lazy } from 'react';
import type { ModulePage } from '../../web/model/pages.ts';
import type { ModulePart } from '../../web/model/parts.ts';
import { readCalendar } from './calendar-view.ts';

export const activityPages: ModulePage[] = [
  {
    path: '/calendar',
    icon: 'calendar',
    title: 'pages.calendar',
    needs: 'meeting',
    first: true,
    readSearch: readCalendar,
    load: () => import('./Calendar.tsx'),
  },
];

export const activityParts: ModulePart[] = [
  {
    object: 'meeting',
    form: lazy(() => import('./MeetingTimes.tsx')),
    record: lazy(() => import('./Guests.tsx')),
  },
];
