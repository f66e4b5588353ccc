/** Quotes, their lines, and who has to approve what is taken off. */
import {
  type Draft,
  defineObject,
  type Input,
  lacking,
  type Problem,
  untouched,
} from '../../../engine/index.ts';
import {
  boolean,
  choice,
  date,
  dateTime,
  decimal,
  file,
  json,
  language,
  link,
  links,
  longText,
  money,
  number,
  percent,
  text,
  user,
} from '../../../fields/index.ts';
import { decimalText } from '../decimals.ts';
import { type Money, price, Unpriced } from './price.ts';
import { currencies } from './price-book.ts';
import { dues, taxClasses } from './product.ts';

const percentOff = { min: 0, max: 100 } as const;
/** What customers have seen is not changed: these are written by people while a quote is a draft, and then no more. */
const content = [
  'name',
  'company',
  'contact',
  'currency',
  'prices',
  'rounding',
  'taxBy',
  'priceBook',
  'discountPercent',
  'discountAmount',
  'intro',
  'terms',
  'language',
  'template',
];
const unchanged = {
  code: 'sent',
  message: 'Only drafts are changed. Make a new version of the quote instead.',
};

export const Quote = defineObject('quote', {
  label: 'Quote',
  plural: 'Quotes',
  icon: 'file-invoice',
  description: 'What you offer a customer, at which prices and until when.',
  title: 'name',
  group: 'Revenue',
  owner: 'owner',
  // Whoever is asked for approval reads the quote and decides, whatever the role reaches. `quoteNews` tells them.
  guests: { users: 'approvers', verbs: ['approve', 'reject'], invites: false },
  fields: {
    name: text({ required: true }),
    number: text({ readOnly: true, imported: true, index: true, help: 'Given when it is sent.' }),
    edition: number({ integer: true, default: 1, readOnly: true, label: 'Version of the quote' }),
    status: choice({
      choices: [
        'draft',
        { value: 'inApproval', label: 'In approval' },
        'approved',
        'sent',
        { value: 'accepted', colour: 'green' },
        'declined',
        'superseded',
      ],
      default: 'draft',
      readOnly: true,
      imported: true,
    }),
    deal: link('deal', { inverse: 'quotes' }),
    company: link('company', { inverse: 'quotes' }),
    contact: link('person', { inverse: 'quotes' }),
    owner: user({ inverse: 'quotes' }),
    validUntil: date(),
    gross: money({ readOnly: true, imported: true, label: 'Total' }),
    net: money({ readOnly: true, imported: true, label: 'Total without tax' }),
    tax: money({ readOnly: true, imported: true }),
    acceptedTotal: money({
      readOnly: true,
      label: 'Accepted total',
      help: 'With the lines and quantities that the customer chose.',
    }),
    subtotal: money({ readOnly: true, hidden: true }),
    monthly: money({ readOnly: true, label: 'Recurring per month' }),
    discountPercent: percent({ ...percentOff, label: 'Discount in percent' }),
    discountAmount: money({ label: 'Discount as an amount' }),
    discounted: percent({ readOnly: true, label: 'Below list price' }),
    currency: choice({ choices: currencies, hidden: true }),
    priceBook: link('priceBook', { hidden: true, help: 'Empty: the one that fits the company.' }),
    prices: choice({
      choices: [
        { value: 'net', label: 'Without tax' },
        { value: 'gross', label: 'With tax' },
      ],
      default: 'net',
      hidden: true,
    }),
    rounding: choice({
      choices: [
        { value: 'halfUp', label: 'Half up' },
        { value: 'halfEven', label: 'Half to even' },
      ],
      default: 'halfUp',
      hidden: true,
    }),
    taxBy: choice({
      choices: [
        { value: 'document', label: 'Once for each rate' },
        { value: 'line', label: 'For each line' },
      ],
      default: 'document',
      hidden: true,
      label: 'Tax is rounded',
    }),
    taxes: json({ readOnly: true, hidden: true, searchable: false }),
    template: link('quoteTemplate', { hidden: true, label: 'Template' }),
    language: language({ hidden: true }),
    intro: longText({ hidden: true, label: 'Introduction' }),
    terms: longText({ hidden: true }),
    replaces: link('quote', { readOnly: true, inverse: 'replacedBy' }),
    renews: link('contract', { readOnly: true, inverse: 'renewalQuotes', label: 'Renews' }),
    pdf: file({ readOnly: true, label: 'PDF' }),
    sentAt: dateTime({ readOnly: true, hidden: true }),
    seenAt: dateTime({ readOnly: true, label: 'First opened' }),
    decidedAt: dateTime({ readOnly: true, hidden: true, label: 'Accepted or declined at' }),
    signedBy: text({ readOnly: true }),
    reason: text({ readOnly: true, label: 'Reason for declining' }),
    approvers: links('user', { readOnly: true, hidden: true }),
    chosen: json({ readOnly: true, hidden: true, searchable: false, label: 'Chosen lines' }),
    evidence: json({ readOnly: true, hidden: true, searchable: false }),
  },
  list: {
    columns: ['name', 'number', 'status', 'company', 'gross', 'acceptedTotal', 'validUntil', 'owner'],
    sort: ['-createdAt'],
  },
  highlights: ['status', 'gross', 'acceptedTotal', 'company', 'validUntil'],
  // That it has no number yet, or was not accepted, is no flaw.
  quality: [
    lacking('gross', 15),
    lacking('company', 15),
    lacking('validUntil', 15),
    lacking('owner', 15),
    untouched(365, 20),
  ],
  attention: [
    {
      name: 'waiting',
      label: 'Sent a week ago and not answered',
      when: {
        and: [
          { field: 'status', op: 'is', value: 'sent' },
          { not: { field: 'sentAt', op: 'during', value: { last: 7, unit: 'day' } } },
        ],
      },
    },
  ],
  indexes: [['-validUntil']],
  derive: ({ record }) => ({ acceptedTotal: record.status === 'accepted' ? acceptedOf(record) : null }),
  // What a status brings along, it may: only verbs change it.
  check: draft =>
    draft.before && draft.before.status !== 'draft' && !draft.changes('status') ? frozen(draft, content) : [],
});

/** What was accepted: by a link, as the evidence has it with what was chosen; by word, what was sent. */
function acceptedOf({ evidence, gross }: Draft['record']): Money | null {
  return ((evidence as { gross?: Money } | null)?.gross ?? gross ?? null) as Money | null;
}

function frozen({ before, changes }: Draft, names: string[]): Problem[] {
  // What came from elsewhere may not say its currency: that of its lines is no change.
  const said = names.filter(name => name !== 'currency' || before?.currency);
  return said.filter(changes).map(name => ({ pointer: `/${name}`, ...unchanged }));
}

export const QuoteLine = defineObject('quoteLine', {
  label: 'Quote line',
  plural: 'Quote lines',
  icon: 'list-numbers',
  description: 'A product in a quote.',
  title: 'name',
  reachedThrough: 'quote',
  fields: {
    name: text({ required: true, help: 'Taken from the product where left empty.' }),
    quote: link('quote', { required: true, inverse: 'lines' }),
    position: number({ default: 0, integer: true, help: 'Smaller ones come first.' }),
    section: text({ help: 'Heading above it.' }),
    product: link('product', { inverse: 'quoteLines' }),
    quantity: decimal({ default: '1', required: true }),
    unit: text(),
    price: money({ help: 'For one.' }),
    listPrice: money({ readOnly: true, hidden: true }),
    priceBook: link('priceBook', { readOnly: true, hidden: true, help: 'The one that has its price.' }),
    discountPercent: percent({ ...percentOff, label: 'Discount in percent' }),
    discountAmount: money({ label: 'Discount as an amount' }),
    interval: choice({ choices: dues, default: 'once', label: 'Due' }),
    taxClass: choice({ choices: taxClasses, default: 'standard' }),
    taxRate: percent({ readOnly: true, imported: true }),
    taxReason: text({ readOnly: true, hidden: true }),
    optional: boolean({ default: false }),
    chosen: boolean({ default: false, help: 'Whether an optional line counts.' }),
    adjustable: boolean({ default: false, help: 'The customer may change the quantity.' }),
    parent: link('quoteLine', { inverse: 'parts', label: 'Part of bundle' }),
    net: money({ readOnly: true }),
    tax: money({ readOnly: true }),
    gross: money({ readOnly: true, label: 'Total' }),
  },
  needs: ['product.name', 'product.price', 'product.unit', 'quote.status'],
  list: {
    columns: ['name', 'quantity', 'price', 'discountPercent', 'net', 'optional'],
    sort: ['position', 'id'],
  },
  derive: draft => ({ ...ofProduct(draft), ...alone(draft) }),
  check: draft => {
    const { record, linked, before, changes, imported } = draft;
    const status = linked['quote.status'] ?? 'draft';
    // What comes back from the trash with its quote was part of it.
    const touched = before === null || Object.keys(record).some(name => !untold.has(name) && changes(name));
    // Quotes of other systems come in first, as they are there, and then their lines.
    const told = imported && before === null;
    return status !== 'draft' && touched && !told ? [{ pointer: '', ...unchanged }] : [];
  },
});

const untold = new Set(['deletedAt', 'updatedAt', 'updatedBy', 'version', 'externalIds']);

function ofProduct({ record, linked }: Draft): Input {
  return {
    name: record.name ?? linked['product.name'] ?? null,
    price: record.price ?? linked['product.price'] ?? null,
    unit: record.unit ?? linked['product.unit'] ?? null,
  };
}

/** What a line comes to by itself, where it was not priced with the others. Those that have no price come to nothing. */
function alone({ record, linked, stated }: Draft): Input {
  if (stated('net')) return {};
  const unit = (record.price ?? linked['product.price'] ?? null) as Money | null;
  const none = { net: null, tax: null, gross: null };
  // A quantity that was taken away is refused after this.
  if (!unit || record.quantity === null) return none;
  const { currency } = unit;
  const off = record.discountAmount as Money | null;
  try {
    const { lines } = price({ currency, prices: 'net', rounding: 'halfUp', taxBy: 'line' }, [
      {
        key: 'alone',
        quantity: record.quantity as string,
        price: unit,
        discountPercent: decimalText(record.discountPercent as number | null),
        discountAmount: off?.currency === currency ? off.amount : null,
        taxRate: decimalText(record.taxRate as number | null) ?? '0',
        interval: 'once',
        counts: true,
      },
    ]);
    const [only] = lines;
    const money = (amount: string) => ({ amount, currency });
    return { net: money(only!.net), tax: money(only!.tax), gross: money(only!.gross) };
  } catch (error) {
    if (error instanceof Unpriced) return none;
    throw error;
  }
}

export const ApprovalRule = defineObject('approvalRule', {
  label: 'Approval rule',
  plural: 'Approval rules',
  icon: 'shield-check',
  description: 'Who approves quotes that go below list price, or above an amount; without either, all.',
  title: 'name',
  setup: true,
  fields: {
    name: text({ required: true }),
    aboveDiscount: percent({ ...percentOff, label: 'More than percent below list price' }),
    aboveAmount: money({ label: 'Total above' }),
    level: number({
      integer: true,
      default: 1,
      min: 1,
      help: 'Higher levels are asked when lower ones have approved.',
    }),
    approver: user({ required: true, inverse: 'approvalRules' }),
    delegate: user({ help: 'Decides as well, when the approver is away.' }),
    active: boolean({ default: true }),
  },
  list: {
    columns: ['name', 'level', 'aboveDiscount', 'aboveAmount', 'approver', 'delegate', 'active'],
    sort: ['level', 'name'],
  },
});

export const Approval = defineObject('approval', {
  label: 'Approval',
  plural: 'Approvals',
  icon: 'shield-check',
  description: 'That a quote needs someone’s approval, and what was decided.',
  title: 'name',
  reachedThrough: 'quote',
  // Who could take an approval away could do without it.
  administered: true,
  listed: false,
  fields: {
    name: text({ required: true }),
    quote: link('quote', { required: true, inverse: 'approvals' }),
    rule: link('approvalRule', { readOnly: true }),
    level: number({ integer: true, readOnly: true }),
    approver: user({ readOnly: true, inverse: 'approvals' }),
    decision: choice({
      choices: [
        'pending',
        { value: 'approved', colour: 'green' },
        { value: 'rejected', colour: 'red' },
        'withdrawn',
      ],
      default: 'pending',
      readOnly: true,
    }),
    decidedBy: user({ readOnly: true }),
    decidedAt: dateTime({ readOnly: true }),
    reason: text({ readOnly: true }),
  },
  list: {
    columns: ['name', 'quote', 'level', 'approver', 'decision', 'reason', 'decidedAt'],
    sort: ['level'],
  },
});
