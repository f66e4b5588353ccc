import type { ModuleArea } from '../../../engine/index.ts';
import { FormSubmission, LeadForm } from './form.ts';
import {
  admitSubmission,
  confirmForm,
  forgetUnconfirmed,
  formPage,
  mailConfirmation,
  rejectSubmission,
} from './form-page.ts';
import { Lead } from './lead.ts';
import { convertLead, disqualifyLead } from './lead-verbs.ts';

/** Those who may become customers: how they come in, who deals with them, and what becomes of them. */
export const leads: ModuleArea = {
  objects: [Lead, LeadForm, FormSubmission],
  verbs: [convertLead, disqualifyLead, admitSubmission, rejectSubmission],
  jobs: [mailConfirmation],
  watches: [forgetUnconfirmed],
  links: [formPage, confirmForm],
};
