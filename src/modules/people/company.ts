import { type Draft, defineObject, lacking, type Problem, untouched } from '../../engine/index.ts';
import {
  address,
  choice,
  date,
  link,
  links,
  longText,
  money,
  number,
  phone,
  text,
  url,
  user,
} from '../../fields/index.ts';
import { isWrongVatNumber, vatNumberOf } from './vat-number.ts';

export const sectors = [
  'agriculture',
  'automotive',
  'construction',
  'education',
  'employment',
  'energy',
  'entertainment',
  'finance',
  'government',
  { value: 'healthcare', label: 'Health care' },
  'hospitality',
  'logistics',
  'manufacturing',
  'marketing',
  'medical',
  'media',
  { value: 'nonprofit', label: 'Non-profit' },
  { value: 'professional', label: 'Professional services' },
  { value: 'realEstate', label: 'Real estate' },
  'retail',
  'services',
  'software',
  'technology',
  { value: 'telecommunications', label: 'Telecommunications' },
  'transport',
  'other',
] as const;

export const Company = defineObject('company', {
  label: 'Company',
  plural: 'Companies',
  icon: 'building',
  description: 'An organisation you deal with, or would like to.',
  title: 'name',
  group: 'Customers',
  owner: 'owner',
  key: 'o',
  hierarchy: 'parent',
  fields: {
    name: text({ required: true }),
    domain: text({ help: 'The part of e-mail addresses after the @.', index: true }),
    website: url(),
    phone: phone(),
    sector: choice({ choices: sectors, label: 'Industry' }),
    type: choice({ choices: ['prospect', 'customer', 'partner', 'supplier', 'competitor', 'other'] }),
    employees: number({ integer: true, min: 0 }),
    revenue: money({ label: 'Annual revenue' }),
    founded: number({ integer: true, grouped: false, label: 'Founded in' }),
    parent: link('company', { inverse: 'subsidiaries', label: 'Parent company' }),
    owner: user({ inverse: 'companies' }),
    address: address({ group: 'Address' }),
    shippingAddress: address({ group: 'Address', hidden: true }),
    vatNumber: text({ label: 'VAT number', help: 'Such as ATU12345678, with the letters of its country.' }),
    tickerSymbol: text({ hidden: true }),
    rating: choice({ choices: ['hot', 'warm', 'cold'], hidden: true }),
    customerSince: date({ hidden: true }),
    description: longText(),
    tags: links('tag', { inverse: 'companies' }),
  },
  duplicates: [
    { name: 'domain', label: 'Same domain', mode: 'warn', same: { domain: 'domain' } },
    { name: 'website', label: 'Same website', mode: 'review', same: { website: 'domain' } },
    { name: 'name', label: 'Similar name', mode: 'review', same: { name: 'organisation' } },
  ],
  quality: [
    lacking('domain', 15),
    lacking('sector', 10),
    lacking('owner', 15),
    lacking('address', 10),
    lacking('employees', 5),
    {
      name: 'noPeople',
      label: 'Nobody known there',
      kind: 'completeness',
      when: { field: 'people', op: 'empty' },
      costs: 15,
    },
    {
      name: 'domainIsAddress',
      label: 'The domain is no domain',
      kind: 'validity',
      when: {
        or: [
          { field: 'domain', op: 'contains', value: '@' },
          { field: 'domain', op: 'contains', value: '/' },
        ],
      },
      costs: 10,
    },
    untouched(365, 20),
  ],
  list: {
    columns: ['name', 'sector', 'owner', 'employees', 'revenue', 'address', 'updatedAt'],
    sort: ['name'],
  },
  highlights: ['sector', 'owner', 'revenue', 'employees'],
  derive: ({ record }) => ({
    vatNumber: record.vatNumber ? vatNumberOf(record.vatNumber as string, countryOf(record.address)) : null,
  }),
  check: wrongNumber,
});

function countryOf(address: unknown): string | null {
  return (address as { country?: string | null } | null)?.country ?? null;
}

function wrongNumber({ record, changes }: Draft): Problem[] {
  if (!changes('vatNumber') || !record.vatNumber || !isWrongVatNumber(record.vatNumber as string)) return [];
  const message =
    'This is no VAT number of the country it begins with; they look like ATU12345678, DE123456789 or CHE123456788.';
  return [{ pointer: '/vatNumber', code: 'badFormat', message }];
}
