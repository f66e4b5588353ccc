/** What follows from a quote that was accepted: orders, contracts and subscriptions; and the series of their numbers. */
import { defineObject } from '../../../engine/index.ts';
import { choice, date, decimal, link, money, number, percent, text, user } from '../../../fields/index.ts';
import { addDays, addMonths, type Interval, type Money, monthlyOf } from './price.ts';
import { dues } from './product.ts';

export const Order = defineObject('order', {
  label: 'Order',
  plural: 'Orders',
  icon: 'clipboard-check',
  description: 'What a customer has ordered.',
  title: 'name',
  group: 'Revenue',
  owner: 'owner',
  fields: {
    name: text({ required: true }),
    number: text({ readOnly: true, imported: true, index: true }),
    status: choice({
      choices: ['open', { value: 'fulfilled', colour: 'green' }, 'cancelled'],
      default: 'open',
    }),
    quote: link('quote', { readOnly: true, inverse: 'orders' }),
    deal: link('deal', { inverse: 'orders' }),
    renews: link('contract', { readOnly: true, inverse: 'renewalOrders', label: 'Renews' }),
    company: link('company', { inverse: 'orders' }),
    contact: link('person', { inverse: 'orders' }),
    owner: user({ inverse: 'orders' }),
    orderedOn: date(),
    net: money({ label: 'Total without tax' }),
    tax: money(),
    gross: money({ label: 'Total' }),
  },
  list: {
    columns: ['name', 'number', 'status', 'company', 'gross', 'orderedOn', 'owner'],
    sort: ['-createdAt'],
  },
  highlights: ['status', 'gross', 'company', 'orderedOn', 'number'],
  indexes: [['-orderedOn']],
});

export const OrderLine = defineObject('orderLine', {
  label: 'Order line',
  plural: 'Order lines',
  icon: 'list-numbers',
  description: 'A product in an order.',
  title: 'name',
  reachedThrough: 'order',
  fields: {
    name: text({ required: true, help: 'Taken from the product where left empty.' }),
    order: link('order', { required: true, inverse: 'lines' }),
    position: number({ default: 0, integer: true }),
    product: link('product', { inverse: 'orderLines' }),
    quantity: decimal({ default: '1', required: true }),
    unit: text(),
    price: money({ help: 'For one.' }),
    interval: choice({ choices: dues, default: 'once', label: 'Due' }),
    taxRate: percent(),
    net: money({ help: 'Without tax, all discounts taken off.' }),
    tax: money(),
    gross: money({ label: 'Total' }),
  },
  needs: ['product.name'],
  list: { columns: ['name', 'quantity', 'price', 'interval', 'net'], sort: ['position', 'id'] },
  derive: ({ record, linked }) => ({ name: record.name ?? linked['product.name'] ?? null }),
});

export const Contract = defineObject('contract', {
  label: 'Contract',
  plural: 'Contracts',
  icon: 'contract',
  description: 'What was agreed with a customer for a time, and how it goes on.',
  title: 'name',
  group: 'Revenue',
  owner: 'owner',
  fields: {
    name: text({ required: true }),
    number: text({ readOnly: true, imported: true, index: true }),
    status: choice({ choices: ['active', 'cancelled'], default: 'active', readOnly: true, imported: true }),
    order: link('order', { readOnly: true, inverse: 'contracts' }),
    company: link('company', { inverse: 'contracts' }),
    contact: link('person', { inverse: 'contracts' }),
    owner: user({ inverse: 'contracts' }),
    start: date({ required: true }),
    termMonths: number({ integer: true, min: 1, max: 1_200, label: 'Term in months' }),
    end: date({ help: 'First day after it. Follows from the term unless you set another.' }),
    renewal: choice({
      choices: [
        { value: 'auto', label: 'By itself' },
        { value: 'ask', label: 'After asking' },
        { value: 'none', label: 'Not renewed' },
      ],
      default: 'ask',
    }),
    noticeDays: number({ integer: true, min: 0, max: 3_660, default: 30, label: 'Notice in days' }),
    noticeBy: date({ readOnly: true, label: 'Notice until' }),
    renewals: number({ integer: true, default: 0, readOnly: true, label: 'Times renewed' }),
    cancelReason: text({ readOnly: true, label: 'Reason for cancelling' }),
    toldFor: date({ readOnly: true, hidden: true, label: 'Reminder of the notice' }),
  },
  list: {
    columns: ['name', 'number', 'status', 'company', 'start', 'end', 'renewal', 'noticeBy', 'owner'],
    sort: ['end'],
  },
  highlights: ['status', 'end', 'renewal', 'noticeBy', 'company'],
  attention: [
    {
      name: 'renewalDue',
      label: 'Renewal due within 60 days',
      when: {
        and: [
          { field: 'status', op: 'is', value: 'active' },
          { field: 'renewal', op: 'isNot', value: 'none' },
          { field: 'noticeBy', op: 'during', value: { next: 60, unit: 'day' } },
        ],
      },
    },
  ],
  indexes: [['end']],
  derive: ({ record, changes }) => {
    const months = record.termMonths as number | null;
    const follows = months && record.start && (!record.end || (changes('termMonths') && !changes('end')));
    const end = follows ? addMonths(record.start as string, months) : (record.end as string | null);
    const noticeBy = end ? addDays(end, -((record.noticeDays as number | null) ?? 0)) : null;
    // With another day its owner is to be told again.
    return { end, noticeBy, toldFor: record.toldFor === noticeBy ? noticeBy : null };
  },
  check: ({ record }) =>
    record.end && record.start && record.end <= record.start
      ? [{ pointer: '/end', code: 'outOfRange', message: 'A contract ends after it has begun.' }]
      : [],
});

export const Subscription = defineObject('subscription', {
  label: 'Subscription',
  plural: 'Subscriptions',
  icon: 'repeat',
  description: 'What a customer pays again and again.',
  title: 'name',
  group: 'Revenue',
  owner: 'owner',
  fields: {
    name: text({ required: true }),
    status: choice({ choices: ['active', 'cancelled'], default: 'active', readOnly: true, imported: true }),
    company: link('company', { inverse: 'subscriptions' }),
    contact: link('person', { inverse: 'subscriptions' }),
    contract: link('contract', { inverse: 'subscriptions' }),
    order: link('order', { readOnly: true, inverse: 'subscriptions' }),
    owner: user({ inverse: 'subscriptions' }),
    start: date({ required: true }),
    end: date({ help: 'First day on which nothing is paid any more.' }),
    monthly: money({ readOnly: true, imported: true, label: 'Recurring per month' }),
    cancelReason: choice({
      choices: ['price', 'competitor', { value: 'noNeed', label: 'No need' }, 'quality', 'closed', 'other'],
      readOnly: true,
      label: 'Reason for cancelling',
    }),
  },
  list: { columns: ['name', 'status', 'company', 'monthly', 'start', 'end', 'owner'], sort: ['-start'] },
  highlights: ['status', 'monthly', 'company', 'start', 'end'],
});

export const SubscriptionLine = defineObject('subscriptionLine', {
  label: 'Subscription line',
  plural: 'Subscription lines',
  icon: 'list-numbers',
  description: 'A product in a subscription, from one day until another.',
  title: 'name',
  reachedThrough: 'subscription',
  fields: {
    name: text({ required: true, help: 'Taken from the product where left empty.' }),
    subscription: link('subscription', { required: true, inverse: 'lines' }),
    product: link('product', { inverse: 'subscriptionLines' }),
    quantity: decimal({ default: '1', required: true }),
    amount: money({ required: true, help: 'Each time it is due, without tax.' }),
    interval: choice({ choices: dues.slice(1), default: 'month', required: true, label: 'Due' }),
    from: date({ required: true }),
    until: date({ help: 'First day on which it is not paid any more.' }),
    monthly: money({ readOnly: true, label: 'Per month' }),
    prorated: money({ readOnly: true, help: 'For the rest of the period in which it was changed.' }),
  },
  needs: ['product.name'],
  list: {
    columns: ['name', 'quantity', 'amount', 'interval', 'monthly', 'from', 'until'],
    sort: ['from', 'id'],
  },
  derive: ({ record, linked }) => ({
    name: record.name ?? linked['product.name'] ?? null,
    monthly:
      record.amount && record.interval
        ? monthlyOf(record.amount as Money, record.interval as Interval)
        : null,
  }),
});

export const NumberSeries = defineObject('numberSeries', {
  label: 'Number series',
  plural: 'Series of numbers',
  path: 'numberSeries',
  icon: 'hash',
  description: 'How documents are numbered, without gaps.',
  title: 'name',
  setup: true,
  administered: true,
  fields: {
    name: text({ required: true, unique: true }),
    kind: choice({
      choices: ['quote', 'order', 'contract'],
      required: true,
      default: 'quote',
      label: 'Documents',
    }),
    format: text({ required: true, help: 'Such as Q-{year}-{0000}. With {year} it begins anew each year.' }),
  },
  list: { columns: ['name', 'kind', 'format'], sort: ['name'] },
  // A format that does not say where the number stands has it at its end.
  derive: ({ record }) => {
    const format = (record.format as string | null) ?? '';
    return /\{0+\}/.test(format) || !format ? {} : { format: `${format}{0000}` };
  },
});

export const DocumentNumber = defineObject('documentNumber', {
  label: 'Number of a document',
  plural: 'Numbers of documents',
  icon: 'hash',
  description: 'A number that was given to a document, and stays its own.',
  title: 'number',
  setup: true,
  administered: true,
  listed: false,
  fields: {
    number: text({ required: true }),
    series: link('numberSeries', { required: true, inverse: 'numbers' }),
    year: number({ integer: true, readOnly: true, grouped: false, help: 'Nought where years do not count.' }),
    value: number({ integer: true, readOnly: true, grouped: false, label: 'Count' }),
    document: text({ readOnly: true, index: true, searchable: false, help: 'Its id.' }),
  },
  unique: [['series', 'year', 'value']],
  list: { columns: ['number', 'series', 'createdAt'], sort: ['-createdAt'] },
});
