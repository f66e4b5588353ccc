/** Someone who may become a customer: who they are, where they came from, who deals with them, and by when. */
import { type Draft, defineObject, type Input } from '../../../engine/index.ts';
import {
  address,
  choice,
  date,
  dateTime,
  email,
  link,
  longText,
  money,
  personName,
  phone,
  text,
  url,
  user,
} from '../../../fields/index.ts';
import { consented, nameOf, toldOrigin, touch } from '../../people/module.ts';
import { scoreFields } from '../scoring/scored.ts';
import { asTouch, sourceOf } from './touch.ts';

export const leadSources = [
  'website',
  'referral',
  'event',
  'advertising',
  'outbound',
  'partner',
  'import',
  'other',
] as const;

/** Those that somebody deals with, or should. */
export const openStatuses = ['new', 'working', 'qualified'];

export const recycleReasons = [
  'timing',
  'budget',
  { value: 'noAnswer', label: 'No answer' },
  'other',
] as const;

export const Lead = defineObject('lead', {
  label: 'Lead',
  plural: 'Leads',
  icon: 'target-arrow',
  description: 'Someone who may become a customer and has not been looked into yet.',
  title: 'name',
  group: 'Sales',
  owner: 'owner',
  key: 'l',
  fields: {
    name: personName({ required: true }),
    companyName: text({ label: 'Company' }),
    jobTitle: text(),
    email: email({ index: true }),
    phone: phone(),
    website: url({ hidden: true }),
    address: address({ hidden: true }),
    status: choice({
      choices: [
        'new',
        'working',
        'qualified',
        'recycled',
        'disqualified',
        { value: 'converted', colour: 'green' },
      ],
      default: 'new',
      required: true,
      forward: true,
    }),
    source: choice({ choices: leadSources }),
    campaign: text(),
    estimate: money({ label: 'Estimated value' }),
    owner: user({ inverse: 'leads' }),
    disqualifiedFor: choice({
      choices: [
        'budget',
        'timing',
        { value: 'noNeed', label: 'No need' },
        { value: 'noAnswer', label: 'No answer' },
        'spam',
        'duplicate',
        'other',
      ],
      label: 'Disqualified for',
    }),
    convertedAt: dateTime({ readOnly: true, imported: true }),
    person: link('person', { readOnly: true, imported: true, inverse: 'leads' }),
    company: link('company', {
      readOnly: true,
      imported: true,
      inverse: 'leads',
      label: 'Company on file',
    }),
    deal: link('deal', { readOnly: true, imported: true, inverse: 'leads' }),
    form: link('leadForm', { readOnly: true, inverse: 'leads', hidden: true }),
    firstTouch: touch('The visit or contact that first led here.'),
    lastTouch: touch('The latest; the first as well where no other is known.'),
    consent: consented(),
    cameAgainAt: dateTime({
      readOnly: true,
      label: 'Came in again',
      help: 'When the same person last came in by a form, the API or an import while the lead was open.',
    }),
    contactBy: dateTime({ readOnly: true, index: true, label: 'First contact by' }),
    firstContactAt: dateTime({ readOnly: true, imported: true, label: 'First contact' }),
    contactState: choice({
      choices: [
        'waiting',
        { value: 'soon', label: 'Due soon' },
        'late',
        { value: 'onTime', label: 'On time' },
        { value: 'tooLate', label: 'Too late' },
      ],
      readOnly: true,
      label: 'State of the first contact',
    }),
    comesBackOn: date({ readOnly: true, index: true, label: 'Comes back on' }),
    recycledFor: choice({ choices: recycleReasons, readOnly: true, label: 'Put aside for' }),
    description: longText(),
    ...scoreFields(),
  },
  duplicates: [
    { name: 'email', label: 'Same e-mail address', mode: 'warn', same: { email: 'mailbox' } },
    {
      name: 'phone',
      label: 'Similar name and same phone',
      mode: 'warn',
      same: { name: 'person', phone: 'digits' },
    },
  ],
  meets: { field: 'status', is: openStatuses, latest: ['lastTouch', 'consent'], marks: 'cameAgainAt' },
  fallbacks: {
    name: {
      of: ['email', 'phone', 'companyName'],
      make: record => nameOf(record, ['phone', 'companyName']),
    },
  },
  list: {
    columns: [
      'name',
      'companyName',
      'email',
      'phone',
      'status',
      'source',
      'score',
      'grade',
      'owner',
      'createdAt',
    ],
    sort: ['-createdAt'],
  },
  highlights: ['companyName', 'status', 'source', 'owner'],
  board: { by: 'status', sum: 'estimate' },
  indexes: [['-score']],
  attention: [
    {
      name: 'toContact',
      label: 'Waits for its first contact',
      when: {
        and: [
          { field: 'status', op: 'isAnyOf', value: openStatuses },
          { field: 'contactState', op: 'isAnyOf', value: ['soon', 'late'] },
        ],
      },
    },
  ],
  // Other systems say only when, and have statuses of their own.
  derive: draft => ({
    ...(draft.changes('convertedAt') && draft.record.convertedAt ? { status: 'converted' } : {}),
    ...originOf(draft),
  }),
});

/** What is told of a lead's beginning: one touch is its first and its last, and says what advertisers call its source. */
function originOf(draft: Draft): Input {
  const { record, before } = draft;
  const told = toldOrigin(draft);
  const only = asTouch(told.firstTouch);
  if (!only || before !== null) return told;
  return {
    ...told,
    source: record.source ?? sourceOf(only),
    campaign: record.campaign ?? only.campaign ?? null,
  };
}
