import type { ModuleArea } from '../../../engine/index.ts';
import { convertLead, disqualifyLead, Lead } from './lead.ts';

/** Those who may become customers. */
export const leads: ModuleArea = { objects: [Lead], verbs: [convertLead, disqualifyLead] };
