import { defineObject } from '../../../engine/index.ts';
import { boolean, choice, decimal, link, longText, money, text } from '../../../fields/index.ts';
import { times } from '../decimals.ts';

/** How prices are taxed: rates say what that is where. */
export const taxClasses = ['standard', 'reduced', 'special', 'exempt'] as const;

/** How often a price falls due. */
export const dues = [
  'once',
  { value: 'month', label: 'Monthly' },
  { value: 'quarter', label: 'Quarterly' },
  { value: 'year', label: 'Yearly' },
] as const;

export const Product = defineObject('product', {
  label: 'Product',
  plural: 'Products',
  icon: 'package',
  description: 'Something you sell.',
  title: 'name',
  group: 'Revenue',
  setup: true,
  fields: {
    name: text({ required: true, unique: true }),
    code: text({ unique: true, help: 'Article number or SKU.' }),
    family: text({ index: true }),
    price: money({ help: 'List price.' }),
    unit: text({ help: 'Such as piece, hour or kg.' }),
    interval: choice({ choices: dues, default: 'once', label: 'Due' }),
    taxClass: choice({ choices: taxClasses, default: 'standard' }),
    cost: money(),
    active: boolean({ default: true }),
    description: longText(),
  },
  list: { columns: ['name', 'code', 'family', 'price', 'active'], sort: ['name'] },
  highlights: ['family', 'price', 'code'],
});

export const DealLine = defineObject('dealLine', {
  label: 'Deal line',
  plural: 'Deal lines',
  icon: 'list-numbers',
  description: 'A product in a deal, with quantity and price.',
  title: 'name',
  reachedThrough: 'deal',
  fields: {
    name: text({ required: true, help: 'Taken from the product where left empty.' }),
    deal: link('deal', { required: true, inverse: 'lines' }),
    product: link('product', { inverse: 'lines' }),
    quantity: decimal({ default: '1', required: true }),
    price: money({ help: 'For one.' }),
    amount: money({ readOnly: true, help: 'Quantity × price.' }),
  },
  needs: ['product.name', 'product.price'],
  list: { columns: ['name', 'deal', 'product', 'quantity', 'price', 'amount'], sort: ['name'] },
  derive: ({ record, linked }) => {
    const price = (record.price ?? linked['product.price'] ?? null) as {
      amount: string;
      currency: string;
    } | null;
    return {
      name: record.name ?? linked['product.name'] ?? null,
      price,
      amount: price && { amount: times(price.amount, record.quantity as string), currency: price.currency },
    };
  },
});
