import { defineModule } from '../../engine/index.ts';
import { Absence } from './absence.ts';
import { staffByFirstName, workspaceDemo } from './demo.ts';
import { ExchangeRate } from './exchange-rate.ts';
import { type DashboardCard, Home } from './home.ts';
import { type Hours, hoursOf, weekdays } from './hours.ts';
import { importing } from './importing.ts';
import { Layout } from './layout.ts';
import { File, notificationKinds, Role, Tag, Team, User } from './objects.ts';
import { administrator, manager, member, reader } from './roles.ts';
import { View } from './view.ts';
import { awayAt, type WorkingTime, workedFor, worksAt } from './working-time.ts';

export const workspace = defineModule({
  name: 'workspace',
  objects: [Role, Team, User, Absence, Tag, File, View, Layout, Home, ExchangeRate],
  roles: [administrator, manager, member, reader],
  demo: workspaceDemo,
  importing: [importing],
});

export type { DashboardCard, Hours, WorkingTime };
export {
  Absence,
  awayAt,
  ExchangeRate,
  File,
  hoursOf,
  notificationKinds,
  Role,
  staffByFirstName,
  Tag,
  Team,
  User,
  View,
  weekdays,
  workedFor,
  worksAt,
};
