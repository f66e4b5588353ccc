import { defineObject, lacking, untouched } from '../../engine/index.ts';
import {
  address,
  boolean,
  choice,
  date,
  email,
  language,
  link,
  links,
  longText,
  personName,
  phone,
  text,
  timeZone,
  url,
  user,
} from '../../fields/index.ts';
import { nameOf } from './named.ts';
import { consented, toldOrigin, touch } from './origin.ts';

/** Customers who are private people have a household, and no company. */
const withNobody = {
  and: [
    { field: 'company', op: 'empty' },
    { field: 'household', op: 'empty' },
  ],
};

export const Person = defineObject('person', {
  label: 'Person',
  plural: 'People',
  path: 'people',
  icon: 'user',
  description: 'Someone you know: a customer, a contact, a candidate.',
  title: 'name',
  group: 'Customers',
  owner: 'owner',
  key: 'p',
  fields: {
    name: personName({ required: true }),
    email: email({ index: true }),
    phone: phone(),
    mobile: phone(),
    jobTitle: text(),
    department: text({ hidden: true }),
    company: link('company', { inverse: 'people', help: 'Where they work now.' }),
    companies: links('company', {
      inverse: 'affiliates',
      attributes: ['role', 'since', 'until'],
      label: 'Other companies',
      help: 'Further companies, by role and period: boards, former employers, advisers.',
    }),
    household: link('household', { inverse: 'members', group: 'Household', help: 'With whom they live.' }),
    householdRole: choice({
      choices: ['partner', 'parent', 'child', 'relative', 'other'],
      group: 'Household',
      label: 'Role in the household',
    }),
    reportsTo: link('person', { inverse: 'reports' }),
    owner: user({ inverse: 'people' }),
    lifecycle: choice({
      choices: ['subscriber', 'lead', 'opportunity', 'customer', 'former', 'other'],
      label: 'Lifecycle stage',
      forward: true,
    }),
    source: choice({
      choices: ['website', 'referral', 'event', 'advertising', 'outbound', 'partner', 'import', 'other'],
    }),
    address: address({ group: 'Address' }),
    birthday: date({ hidden: true }),
    personal: longText({
      hidden: true,
      label: 'Personal notes',
      help: 'What matters to them outside of business: family, interests, how they take their coffee.',
    }),
    website: url({ hidden: true }),
    language: language({ hidden: true }),
    timeZone: timeZone({ hidden: true }),
    doNotCall: boolean({ default: false, group: 'Consent' }),
    doNotEmail: boolean({ default: false, group: 'Consent', label: 'Do not e-mail' }),
    firstTouch: touch('The visit or contact that first led to them.'),
    lastTouch: touch('The latest; the first as well where no other is known.'),
    consent: consented(),
    description: longText(),
    tags: links('tag', { inverse: 'people' }),
  },
  derive: toldOrigin,
  // Lists of other systems hold contacts of whom nothing but an address is known.
  fallbacks: {
    name: { of: ['email', 'phone', 'mobile'], make: record => nameOf(record, ['phone', 'mobile']) },
  },
  duplicates: [
    { name: 'email', label: 'Same e-mail address', mode: 'warn', same: { email: 'mailbox' } },
    { name: 'mobile', label: 'Same mobile number', mode: 'warn', same: { mobile: 'digits' } },
    {
      name: 'phone',
      label: 'Similar name and same phone',
      mode: 'warn',
      same: { name: 'person', phone: 'digits' },
    },
    {
      name: 'colleague',
      label: 'Similar name at the same company',
      mode: 'review',
      same: { name: 'person', company: 'exact' },
    },
  ],
  quality: [
    lacking('email', 20),
    {
      name: 'noNumber',
      label: 'No phone number',
      kind: 'completeness',
      when: {
        and: [
          { field: 'phone', op: 'empty' },
          { field: 'mobile', op: 'empty' },
        ],
      },
      costs: 10,
    },
    {
      name: 'noCompany',
      label: 'No company',
      kind: 'completeness',
      when: withNobody,
      costs: 15,
    },
    {
      name: 'noJobTitle',
      kind: 'completeness',
      label: 'No job title',
      when: {
        and: [
          { field: 'jobTitle', op: 'empty' },
          { field: 'household', op: 'empty' },
        ],
      },
      costs: 5,
    },
    lacking('owner', 10),
    {
      name: 'placeholderEmail',
      label: 'An e-mail address nobody reads',
      kind: 'validity',
      when: {
        or: [
          ...['test@', 'noreply@', 'no-reply@', 'none@', 'na@', 'unknown@'].map(value => ({
            field: 'email',
            op: 'startsWith',
            value,
          })),
          ...['@example.com', '@test.com', '.invalid'].map(value => ({
            field: 'email',
            op: 'endsWith',
            value,
          })),
        ],
      },
      costs: 20,
    },
    {
      name: 'placeholderName',
      label: 'A name that is none',
      kind: 'validity',
      when: {
        field: 'name',
        op: 'isAnyOf',
        value: ['Test', 'test', 'Unknown', 'unknown', 'N/A', 'n/a', 'Contact', '-'],
      },
      costs: 10,
    },
    untouched(365, 20),
  ],
  list: { columns: ['name', 'email', 'phone', 'jobTitle', 'company', 'owner', 'updatedAt'], sort: ['name'] },
  highlights: ['jobTitle', 'company', 'email', 'phone'],
});
