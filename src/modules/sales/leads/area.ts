import type { ModuleArea } from '../../../engine/index.ts';
import { assigning, assignLead } from './assigning.ts';
import { Assignment, AssignmentMember, AssignmentRule } from './assignment.ts';
import { firstContacts } from './contact.ts';
import { leadsDemo } from './demo.ts';
import { FormSubmission, LeadForm } from './form.ts';
import {
  admitSubmission,
  confirmForm,
  forgetUnconfirmed,
  formLinkReport,
  formPage,
  mailConfirmation,
  rejectSubmission,
} from './form-page.ts';
import { Lead } from './lead.ts';
import { convertLead, disqualifyLead, leadOfEmail } from './lead-verbs.ts';
import { LeadAddress, letterAddressReport, letterPage, renewAddress } from './letter-address.ts';
import { recycleLead, reopenLead, returnLeads } from './recycle.ts';

/** Those who may become customers: how they come in, who deals with them, and what becomes of them. */
export const leads: ModuleArea = {
  objects: [Lead, LeadForm, LeadAddress, FormSubmission, AssignmentRule, AssignmentMember, Assignment],
  verbs: [
    convertLead,
    leadOfEmail,
    assignLead,
    recycleLead,
    disqualifyLead,
    reopenLead,
    admitSubmission,
    rejectSubmission,
    renewAddress,
  ],
  jobs: [mailConfirmation],
  watches: [forgetUnconfirmed, assigning, firstContacts, returnLeads],
  links: [formPage, confirmForm, letterPage],
  reports: [formLinkReport, letterAddressReport],
  demo: leadsDemo,
};
