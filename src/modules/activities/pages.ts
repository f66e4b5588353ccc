/** The pages of this module that metadata cannot describe. */
import type { ModulePage } from '../../web/model/pages.ts';
import { readCalendar } from './calendar-view.ts';

export const activityPages: ModulePage[] = [
  {
    path: '/calendar',
    icon: 'calendar',
    title: 'pages.calendar',
    group: 'Activities',
    needs: 'meeting',
    readSearch: readCalendar,
    load: () => import('./Calendar.tsx'),
  },
];
