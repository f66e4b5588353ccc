/** What products cost whom and when: price books with tiers, what bundles consist of, and rates of tax. */
import { type Draft, defineObject, type Problem } from '../../../engine/index.ts';
import {
  boolean,
  choice,
  country,
  date,
  decimal,
  link,
  links,
  money,
  percent,
  text,
} from '../../../fields/index.ts';
import type { payers } from './customer.ts';
import { taxClasses } from './product.ts';

export const currencies = Intl.supportedValuesOf('currency').map(code => ({ value: code, label: code }));

export const BundleItem = defineObject('bundleItem', {
  label: 'Bundle item',
  plural: 'Bundle items',
  icon: 'packages',
  description: 'A product that comes with another one, or can be had with it.',
  title: 'name',
  setup: true,
  listed: false,
  fields: {
    name: text({ required: true, help: 'Taken from the product where left empty.' }),
    bundle: link('product', { required: true, inverse: 'bundleItems' }),
    product: link('product', { required: true, inverse: 'inBundles' }),
    quantity: decimal({ default: '1', required: true }),
    optional: boolean({ default: false }),
    price: money({ help: 'Instead of its own; nought where the bundle contains it.' }),
  },
  needs: ['product.name'],
  list: { columns: ['name', 'bundle', 'quantity', 'optional', 'price'], sort: ['name'] },
  derive: ({ record, linked }) => ({ name: record.name ?? linked['product.name'] ?? null }),
});

export const PriceBook = defineObject('priceBook', {
  label: 'Price book',
  plural: 'Price books',
  icon: 'book',
  description: 'Prices in one currency, for some customers or for all, for a time or always.',
  title: 'name',
  setup: true,
  fields: {
    name: text({ required: true, unique: true }),
    currency: choice({ choices: currencies, help: 'Empty: that of the workspace.' }),
    companies: links('company', {
      help: 'For these only. The closest book counts: company, then tag, then all.',
    }),
    tags: links('tag', { help: 'For companies that have one of them.' }),
    validFrom: date(),
    validUntil: date(),
    active: boolean({ default: true }),
  },
  list: { columns: ['name', 'currency', 'validFrom', 'validUntil', 'active'], sort: ['name'] },
  check: backwards,
});

export const PriceBookEntry = defineObject('priceBookEntry', {
  label: 'Price',
  plural: 'Prices',
  path: 'priceBookEntries',
  icon: 'tag',
  description: 'What a product costs by a price book, from a quantity on.',
  title: 'name',
  setup: true,
  listed: false,
  fields: {
    name: text({ required: true, help: 'Taken from the product where left empty.' }),
    priceBook: link('priceBook', { required: true, inverse: 'entries' }),
    product: link('product', { required: true, inverse: 'prices' }),
    price: money({ required: true, help: 'For one, in the currency of the book.' }),
    fromQuantity: decimal({ default: '1', required: true }),
  },
  needs: ['product.name'],
  unique: [['priceBook', 'product', 'fromQuantity']],
  list: { columns: ['name', 'priceBook', 'fromQuantity', 'price'], sort: ['name', 'fromQuantity'] },
  derive: ({ record, linked }) => ({ name: record.name ?? linked['product.name'] ?? null }),
});

export const TaxRate = defineObject('taxRate', {
  label: 'Tax rate',
  plural: 'Tax rates',
  icon: 'receipt-tax',
  description: 'What tax customers of a country or region pay, from a day on.',
  title: 'name',
  setup: true,
  fields: {
    name: text({ required: true, help: 'As it stands on documents, such as VAT 20 %.' }),
    taxClass: choice({ choices: taxClasses, required: true, default: 'standard' }),
    country: country({ help: 'Where the customer is. Empty: everywhere else.' }),
    region: text(),
    customers: choice({
      choices: [
        { value: 'all', label: 'Everyone' },
        { value: 'companies', label: 'Companies' },
        { value: 'people', label: 'Private people' },
      ] satisfies { value: (typeof payers)[number]; label: string }[],
      label: 'For',
      help: 'Empty: everyone; reverse charge abroad for companies only.',
    }),
    needsVatNumber: boolean({
      label: 'Only with a VAT number',
      help: 'Companies without one are taxed as private people.',
    }),
    rate: percent({ required: true, min: 0, max: 100 }),
    validFrom: date(),
    reason: text({ help: 'Printed on documents, such as: reverse charge.' }),
  },
  list: {
    columns: ['name', 'taxClass', 'country', 'region', 'customers', 'rate', 'validFrom', 'reason'],
    sort: ['country', 'taxClass', '-validFrom'],
  },
});

function backwards({ record }: Draft): Problem[] {
  if (!record.validFrom || !record.validUntil || record.validFrom <= record.validUntil) return [];
  return [
    { pointer: '/validUntil', code: 'outOfRange', message: 'A period ends on its first day or later.' },
  ];
}
