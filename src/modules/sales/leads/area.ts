import type { ModuleArea } from '../../../engine/index.ts';
import { assigning, assignLead } from './assigning.ts';
import { Assignment, AssignmentMember, AssignmentRule } from './assignment.ts';
import { firstContacts } from './contact.ts';
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
import { recycleLead, reopenLead, returnLeads } from './recycle.ts';

/** Those who may become customers: how they come in, who deals with them, and what becomes of them. */
export const leads: ModuleArea = {
  objects: [Lead, LeadForm, FormSubmission, AssignmentRule, AssignmentMember, Assignment],
  verbs: [
    assignLead,
    convertLead,
    disqualifyLead,
    recycleLead,
    reopenLead,
    admitSubmission,
    rejectSubmission,
  ],
  jobs: [mailConfirmation],
  watches: [forgetUnconfirmed, assigning, firstContacts, returnLeads],
  links: [formPage, confirmForm],
};
