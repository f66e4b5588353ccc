/** The list of modules, and how a Farley is put together from them. */
import { assemble, type Declared, type Farley, type FarleyOptions, type ModuleSpec } from './engine/index.ts';
import { fieldTypes, systemFields } from './fields/index.ts';
import { activities } from './modules/activities/module.ts';
import { notifications } from './modules/notifications/module.ts';
import { people } from './modules/people/module.ts';
import { sales } from './modules/sales/module.ts';
import { workspace } from './modules/workspace/module.ts';

/** What every workspace has. */
export const declared: Declared = {
  modules: [workspace, people, sales, activities, notifications],
  types: fieldTypes,
  system: systemFields,
};

export type { Farley };
export type Log = FarleyOptions['log'];

/** `more`: modules beside those that every Farley has. */
export function createFarley(options: FarleyOptions, more: ModuleSpec[] = []): Promise<Farley> {
  return assemble({ ...declared, modules: [...declared.modules, ...more] }, options);
}
