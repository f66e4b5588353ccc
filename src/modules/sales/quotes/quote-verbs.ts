import { Type } from 'typebox';
import {
  allRows,
  asEngine,
  type Context,
  create,
  defineVerb,
  enqueue,
  FarleyError,
  find,
  rows,
  update,
  type Values,
  write,
} from '../../../engine/index.ts';
import { Deal } from '../deals/deal.ts';
import { exceeds, fraction } from '../decimals.ts';
import { makeDocument, templateFor } from './document.ts';
import { asInput, keep, linesOf, reprice, storedTerms } from './draft.ts';
import { numberOf, today } from './numbers.ts';
import { addDays, type Money } from './price.ts';
import { type Draft, DraftInput, idOf, isBelow } from './pricing.ts';
import { Quote } from './quote.ts';

/** Days for which a quote is valid unless its author says otherwise. */
const validFor = 30;

export const quoteDeal = defineVerb(Deal, {
  name: 'quote',
  label: 'Make quote',
  icon: 'file-invoice',
  description: 'Makes a draft of a quote with the lines of the deal.',
  input: Type.Object({ name: Type.Optional(Type.String({ title: 'Name of the quote', maxLength: 500 })) }),
  event: { sentence: '{actor} made the quote {quote} for {deal}', icon: 'file-invoice' },
  run: async (ctx, dealId, input) => {
    const deal = await find(ctx, 'deal', dealId, {
      fields: ['name', 'company', 'household', 'contacts', 'owner', 'amount'],
    });
    const filter = { field: 'deal', op: 'is', value: dealId };
    const dealLines = await allRows(ctx, 'dealLine', { filter, sort: ['createdAt', 'id'] });
    const name = input.name || (deal.name as string);
    const first = dealLines.map(({ price }) => price as Money | null).find(price => price);
    const currency = first?.currency ?? (deal.amount as Money | null)?.currency ?? ctx.settings.currency;
    const own = asEngine(ctx);
    const household = idOf(deal.household);
    const contact =
      ((deal.contacts as { id: string }[] | null) ?? [])[0]?.id ??
      (household ? idOf((await find(own, 'household', household)).mainContact) : null);
    const company = idOf(deal.company);
    const owner = idOf(deal.owner) ?? ctx.actor.userId;
    const id = await create(own, 'quote', { name, deal: dealId, company, contact, owner, currency });
    const lines = dealLines.map(line => ({
      key: line.id as string,
      product: idOf(line.product),
      name: line.name as string,
      quantity: line.quantity as string,
      price: line.price as Money | null,
    }));
    await keep(ctx, id, { company, contact, currency, lines });
    return { events: { [dealId]: { quote: name, deal: deal.name! } }, result: { id } };
  },
});

export const writeQuote = defineVerb(Quote, {
  name: 'write',
  label: 'Write quote',
  icon: 'edit',
  description: 'Makes these its lines, its discount and its terms, and works out what it comes to.',
  input: DraftInput,
  own: true,
  allow: { field: 'status', is: ['draft'] },
  event: { sentence: '{actor} changed the lines of {quote}', icon: 'edit' },
  run: async (ctx, id, input) => {
    const quote = await find(ctx, 'quote', id, { fields: ['name'] });
    const stated = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const draft = await keep(ctx, id, { ...(await storedTerms(ctx, id)), ...(stated as DraftInput) });
    return { events: { [id]: { quote: quote.name! } }, result: { id, gross: draft.priced.gross } };
  },
});

interface Rule {
  id: string;
  name: string;
  level: number;
  approver: string;
  /** Decides as well. */
  delegate: string | null;
}

/** The rules by which a draft needs approval. An amount in another currency is taken to be above. */
async function rulesFor(ctx: Context, { priced, compared }: Draft): Promise<Rule[]> {
  const rules = await allRows(asEngine(ctx), 'approvalRule', {
    filter: { field: 'active', op: 'is', value: true },
    sort: ['level', 'name'],
  });
  const above = (limit: Money | null) =>
    limit !== null &&
    (limit.currency !== priced.currency || exceeds(fraction(priced.net), fraction(limit.amount)));
  return rules
    .filter(
      ({ aboveDiscount, aboveAmount }) =>
        (aboveDiscount === null && aboveAmount === null) ||
        (aboveDiscount !== null && isBelow(compared, aboveDiscount as number)) ||
        above(aboveAmount as Money | null),
    )
    .map(rule => ({
      id: rule.id as string,
      name: rule.name as string,
      level: rule.level as number,
      approver: idOf(rule.approver)!,
      delegate: idOf(rule.delegate),
    }));
}

async function requireLines(ctx: Context, id: string): Promise<Draft> {
  const draft = await reprice(ctx, id);
  if (draft.lines.length === 0) throw new FarleyError('invalidInput', 'The quote has no lines yet.');
  return draft;
}

export const submitQuote = defineVerb(Quote, {
  name: 'submit',
  label: 'Ask for approval',
  icon: 'shield-question',
  description:
    'Asks those whose approval the discount or the amount needs; where it needs none, it is approved.',
  input: Type.Object({}),
  allow: { field: 'status', is: ['draft'] },
  event: { sentence: '{actor} submitted {quote} for approval', icon: 'shield-question' },
  run: async (ctx, id) => {
    const rules = await rulesFor(ctx, await requireLines(ctx, id));
    const { name } = await find(ctx, 'quote', id, { fields: ['name'] });
    const asked = rules.map(({ id: rule, name: title, level, approver }) => ({
      op: 'create' as const,
      values: { name: title, quote: id, rule, level, approver, decision: 'pending' },
    }));
    await write(asEngine(ctx), 'approval', asked);
    const status = rules.length > 0 ? 'inApproval' : 'approved';
    const approvers = new Set(rules.flatMap(({ approver, delegate }) => [approver, delegate ?? approver]));
    await update(ctx, 'quote', id, { status, approvers: [...approvers] });
    return {
      events: { [id]: { quote: name! } },
      result: { id, status, asked: rules.map(rule => rule.name) },
    };
  },
});

const pendingOf = (ctx: Context, quote: string) =>
  allRows(asEngine(ctx), 'approval', {
    filter: {
      and: [
        { field: 'quote', op: 'is', value: quote },
        { field: 'decision', op: 'is', value: 'pending' },
      ],
    },
    sort: ['level'],
  });

/** Those that this person decides now: the lowest level that is open, by its approver, a delegate or an administrator. */
async function decidable(ctx: Context, quote: string) {
  const pending = await pendingOf(ctx, quote);
  const now = pending.filter(({ level }) => level === pending[0]?.level);
  const ids = now.flatMap(({ rule }) => idOf(rule) ?? []);
  const rules = ids.length
    ? await allRows(asEngine(ctx), 'approvalRule', { filter: { field: 'id', op: 'isAnyOf', value: ids } })
    : [];
  const delegates = new Map(rules.map(rule => [rule.id as string, idOf(rule.delegate)]));
  const me = ctx.actor.userId;
  const mine = now.filter(
    ({ approver, rule }) =>
      ctx.actor.grants.administer === true ||
      (me !== null && (idOf(approver) === me || delegates.get(idOf(rule) ?? '') === me)),
  );
  if (mine.length === 0)
    throw new FarleyError('forbidden', 'This quote waits for the approval of someone else.');
  return { mine, others: pending.filter(each => !mine.includes(each)) };
}

function decided(ctx: Context, approvals: Values[], decision: string, reason: string | null) {
  const values = { decision, decidedBy: ctx.actor.userId, decidedAt: ctx.clock.now().toISOString(), reason };
  return write(
    asEngine(ctx),
    'approval',
    approvals.map(({ id }) => ({ op: 'update', id: id as string, values })),
  );
}

export const approveQuote = defineVerb(Quote, {
  name: 'approve',
  label: 'Approve quote',
  icon: 'shield-check',
  description: 'Approves it; when all levels have, it can be sent.',
  input: Type.Object({ reason: Type.Optional(Type.String({ title: 'Reason', maxLength: 1_000 })) }),
  allow: { field: 'status', is: ['inApproval'] },
  event: { sentence: '{actor} approved {quote}', icon: 'shield-check' },
  run: async (ctx, id, { reason }) => {
    const { name } = await find(ctx, 'quote', id, { fields: ['name'] });
    const { mine, others } = await decidable(ctx, id);
    await decided(ctx, mine, 'approved', reason ?? null);
    if (others.length === 0) await update(ctx, 'quote', id, { status: 'approved' });
    return { events: { [id]: { quote: name! } }, result: { id, open: others.length } };
  },
});

export const rejectQuote = defineVerb(Quote, {
  name: 'reject',
  label: 'Reject quote',
  icon: 'shield-x',
  description: 'Gives it back to its author, with the reason.',
  input: Type.Object({ reason: Type.String({ title: 'Reason', minLength: 1, maxLength: 1_000 }) }),
  allow: { field: 'status', is: ['inApproval'] },
  event: { sentence: '{actor} rejected {quote}: {reason}', icon: 'shield-x' },
  run: async (ctx, id, { reason }) => {
    const { name } = await find(ctx, 'quote', id, { fields: ['name'] });
    const { mine, others } = await decidable(ctx, id);
    await decided(ctx, mine, 'rejected', reason);
    await decided(ctx, others, 'withdrawn', null);
    await update(ctx, 'quote', id, { status: 'draft' });
    return { events: { [id]: { quote: name!, reason } }, result: { id } };
  },
});

export const sendQuote = defineVerb(Quote, {
  name: 'send',
  label: 'Send quote',
  icon: 'send',
  description: 'Numbers it, keeps its PDF, and mails the contact a link where it can be accepted.',
  input: Type.Object({
    mail: Type.Optional(Type.Boolean({ title: 'Mail it to the contact', default: true })),
    message: Type.Optional(Type.String({ title: 'Words of the letter', maxLength: 5_000 })),
  }),
  allow: { field: 'status', is: ['draft', 'approved', 'sent'] },
  event: { sentence: '{actor} sent {quote}', icon: 'send' },
  run: async (ctx, id, { mail, message }) => {
    const quote = await find(ctx, 'quote', id);
    if (quote.status === 'draft' && (await rulesFor(ctx, await requireLines(ctx, id))).length > 0)
      throw new FarleyError('invalidInput', 'This discount or amount needs approval. Ask for it first.');
    const number = quote.status === 'sent' ? (quote.number as string) : await issue(ctx, id, quote);
    if (mail !== false && ctx.outside?.mail)
      await enqueue(ctx, ctx.tx!, [{ task: 'mailQuote', payload: { quote: id, message: message ?? null } }]);
    const link = linkTo(ctx, id);
    return { events: { [id]: { quote: `${number} ${quote.name}` } }, result: { id, number, link } };
  },
});

/** Where a customer reads and answers it; null where Farley does not know its own address. */
export function linkTo(ctx: Context, quote: string): string | null {
  const signed = { workspace: ctx.settings.name, link: 'quote', payload: { quote } };
  return ctx.outside?.page(signed) ?? null;
}

/** Numbers and freezes a quote; the version before it is no longer to be had. */
async function issue(ctx: Context, id: string, quote: Values): Promise<string> {
  const before = idOf(quote.replaces);
  const earlier = before
    ? await find(asEngine(ctx), 'quote', before, { fields: ['number', 'status', 'edition'] })
    : null;
  const base = (earlier?.number as string | null)?.replace(/ \/ \d+$/, '');
  const number = base ? `${base} / ${quote.edition}` : await numberOf(ctx, 'quote', id);
  // Words of the template as they are now: what was sent does not change with it.
  const template = await templateFor(asEngine(ctx), quote);
  await update(ctx, 'quote', id, {
    status: 'sent',
    number,
    template: (template?.id as string | undefined) ?? null,
    intro: quote.intro ?? template?.intro ?? null,
    terms: quote.terms ?? template?.terms ?? null,
    sentAt: ctx.clock.now().toISOString(),
    validUntil: quote.validUntil ?? addDays(today(ctx), validFor),
  });
  const pdf = await makeDocument(ctx, id);
  if (pdf) await update(ctx, 'quote', id, { pdf });
  if (earlier?.status === 'sent') await update(asEngine(ctx), 'quote', before!, { status: 'superseded' });
  return number;
}

/** What a new version takes over. */
const taken = [
  'name',
  'prices',
  'rounding',
  'taxBy',
  'discountPercent',
  'discountAmount',
  'currency',
  'intro',
  'terms',
  'language',
];
const links = ['deal', 'company', 'contact', 'owner', 'priceBook', 'template'];

export const reviseQuote = defineVerb(Quote, {
  name: 'revise',
  label: 'New version',
  icon: 'versions',
  description: 'Copies the quote into a draft. What was sent stays as it is until the draft is sent.',
  input: Type.Object({}),
  allow: { field: 'status', is: ['approved', 'sent', 'declined', 'superseded'] },
  event: { sentence: '{actor} began version {edition} of {quote}', icon: 'versions' },
  run: async (ctx, id) => {
    const own = asEngine(ctx);
    const quote = await find(own, 'quote', id);
    const filter = {
      and: [
        { field: 'replaces', op: 'is', value: id },
        { field: 'status', op: 'is', value: 'draft' },
      ],
    };
    const [begun] = await rows(own, 'quote', { filter, fields: ['edition'], limit: 1 });
    if (begun) return { events: {}, result: { id: begun.id! } };
    const edition = (quote.edition as number) + 1;
    const copy = await create(own, 'quote', {
      ...Object.fromEntries(taken.map(name => [name, quote[name]])),
      ...Object.fromEntries(links.map(name => [name, idOf(quote[name])])),
      edition,
      replaces: id,
    });
    const lines = (await linesOf(ctx, id)).map(asInput);
    await keep(ctx, copy, { ...(await storedTerms(ctx, id)), lines });
    return { events: { [id]: { edition, quote: quote.name! } }, result: { id: copy } };
  },
});
