import type { ModuleArea } from '../../../engine/index.ts';
import { briefingReport } from './briefing.ts';
import { relationsDemo } from './demo.ts';
import { acceptPromise, dismissPromise, findPromises, Promised } from './promise.ts';
import { Relation } from './relation.ts';

/** Knowing the customer: who is what to whom, what was promised, and what to know before a talk. */
export const relations: ModuleArea = {
  objects: [Relation, Promised],
  verbs: [acceptPromise, dismissPromise],
  watches: [findPromises],
  reports: [briefingReport],
  demo: relationsDemo,
};
