import type { ModuleArea } from '../../../engine/index.ts';
import { applyTerritories, newAccounts } from './align.ts';
import { territoriesDemo } from './demo.ts';
import { realignmentReport } from './realignment.ts';
import { Territory, TerritoryAccount, TerritoryMember } from './territory.ts';

/** Who looks after which part of the market, and what would change if it were cut otherwise. */
export const territories: ModuleArea = {
  objects: [Territory, TerritoryMember, TerritoryAccount],
  verbs: [applyTerritories],
  watches: [newAccounts],
  reports: [realignmentReport],
  demo: territoriesDemo,
};
