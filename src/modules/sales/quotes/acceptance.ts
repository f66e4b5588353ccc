/** How a customer answers a quote: by its link, with evidence, or by word, with somebody's note of it; and what follows. */
import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import {
  asEngine,
  type Context,
  carryOut,
  create,
  defineVerb,
  FarleyError,
  find,
  type Json,
  newId,
  type Outcome,
  rows,
  update,
  type Values,
  write,
} from '../../../engine/index.ts';
import { type Choices, linesOf, priceSent } from './draft.ts';
import { numberOf, today } from './numbers.ts';
import { idOf } from './pricing.ts';
import { Quote } from './quote.ts';

/** What is kept of an acceptance by link. */
export interface Acceptance {
  /** As typed by whoever accepts. */
  name: string;
  choices: Choices;
  /** What they saw, as it was sent to their browser. */
  shown: Json;
  /** A drawing of PNG type as a data address; null where the name alone was typed. */
  drawn: string | null;
  address: string;
  agent: string;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** JSON with its names in order: what is kept in a database comes back in another one. */
export function ordered(value: Json): string {
  const sorted = (each: Json): Json =>
    Array.isArray(each)
      ? each.map(sorted)
      : each !== null && typeof each === 'object'
        ? Object.fromEntries(
            Object.keys(each)
              .sort()
              .map(key => [key, sorted(each[key]!)]),
          )
        : each;
  return JSON.stringify(sorted(value));
}

/** Accepts on behalf of someone who has the link. Their choices and the evidence pass through no input that anyone may state. */
export async function acceptFor(ctx: Context, id: string, given: Acceptance): Promise<void> {
  await ctx.db.transaction(async tx => {
    const inside = { ...ctx, tx, changeSet: newId() };
    await carryOut(inside, 'quote', 'accept', id, { name: given.name });
    const quote = await find(inside, 'quote', id);
    // Choices that cannot be priced are no acceptance.
    const { priced } = priceSent(quote, await linesOf(inside, id), given.choices);
    const pdf = idOf(quote.pdf);
    const hash = pdf ? (await find(inside, 'file', pdf, { fields: ['hash'] })).hash! : null;
    const facts = {
      name: given.name,
      at: quote.decidedAt!,
      address: given.address,
      agent: given.agent,
      way: given.drawn ? 'drawn' : 'typed',
      drawing: given.drawn,
      pdf: hash,
      shown: sha256(ordered(given.shown)),
      choices: given.choices as Json,
      gross: { amount: priced.gross, currency: priced.currency },
    };
    const seal = ctx.outside?.seal(ordered(facts)) ?? null;
    await update(inside, 'quote', id, { chosen: given.choices as Json, evidence: { ...facts, seal } });
  });
}

/** Whether evidence is as it was kept; null where there is none. */
export function intact(ctx: Context, evidence: Json): boolean | null {
  if (evidence === null || typeof evidence !== 'object' || Array.isArray(evidence)) return null;
  const { seal, ...facts } = evidence;
  return ctx.outside ? ctx.outside.seal(ordered(facts)) === seal : null;
}

function requireInTime(ctx: Context, { validUntil }: Values) {
  if (validUntil && (validUntil as string) < today(ctx))
    throw new FarleyError('invalidInput', `This quote was valid until ${validUntil}.`);
}

export const acceptQuote = defineVerb(Quote, {
  name: 'accept',
  label: 'Accept quote',
  icon: 'signature',
  description: 'Notes that the customer accepts it.',
  input: Type.Object({
    name: Type.String({ title: 'Who accepts', minLength: 1, maxLength: 200 }),
  }),
  allow: { field: 'status', is: ['sent'] },
  event: { sentence: '{name} accepted {quote}', icon: 'signature' },
  run: async (ctx, id, { name }) => {
    const quote = await find(ctx, 'quote', id, { fields: ['name', 'validUntil', 'deal'] });
    requireInTime(ctx, quote);
    await update(ctx, 'quote', id, {
      status: 'accepted',
      signedBy: name.trim(),
      decidedAt: ctx.clock.now().toISOString(),
    });
    const moved = await moveDealOf(asEngine(ctx), idOf(quote.deal));
    return { events: { [id]: { name: name.trim(), quote: quote.name! } }, result: { id, moved } };
  },
});

/** The deal goes to the stage of its pipeline that waits for acceptance; it stays where that stage asks for more. */
async function moveDealOf(ctx: Context, deal: string | null): Promise<boolean> {
  if (!deal) return false;
  const { status, stage, pipeline } = await find(ctx, 'deal', deal, {
    fields: ['status', 'stage', 'pipeline'],
  });
  if (status !== 'open') return false;
  const filter = {
    and: [
      { field: 'pipeline', op: 'is', value: idOf(pipeline) },
      { field: 'onAcceptance', op: 'is', value: true },
    ],
  };
  const [next] = await rows(ctx, 'stage', { filter, fields: [], sort: ['position'], limit: 1 });
  if (!next || next.id === idOf(stage)) return false;
  try {
    await carryOut(ctx, 'deal', 'move', deal, { stage: next.id });
    return true;
  } catch (error) {
    // What a customer signs counts, whatever the deal lacks.
    if (error instanceof FarleyError && error.code === 'invalidInput') return false;
    throw error;
  }
}

export const declineQuote = defineVerb(Quote, {
  name: 'decline',
  label: 'Decline quote',
  icon: 'file-x',
  description: 'Notes that the customer does not want it, and why.',
  input: Type.Object({ reason: Type.String({ title: 'Reason', minLength: 1, maxLength: 2_000 }) }),
  allow: { field: 'status', is: ['sent'] },
  event: { sentence: '{actor} declined {quote}: {reason}', icon: 'file-x' },
  run: async (ctx, id, { reason }) => {
    const quote = await find(ctx, 'quote', id, { fields: ['name'] });
    await update(ctx, 'quote', id, { status: 'declined', reason, decidedAt: ctx.clock.now().toISOString() });
    return { events: { [id]: { quote: quote.name!, reason } }, result: { id } };
  },
});

/** The one record that was made of another; null where there is none yet. */
export async function madeOf(
  ctx: Context,
  object: string,
  field: string,
  id: string,
): Promise<string | null> {
  const filter = { field, op: 'is', value: id };
  const [there] = await rows(asEngine(ctx), object, { filter, fields: [], limit: 1 });
  return (there?.id as string | undefined) ?? null;
}

export const orderQuote = defineVerb(Quote, {
  name: 'order',
  label: 'Make order',
  icon: 'clipboard-check',
  description: 'Makes the order of what was accepted, once, and wins the deal.',
  input: Type.Object({}),
  allow: { field: 'status', is: ['accepted'] },
  once: { object: 'order', by: 'quote' },
  event: { sentence: '{actor} made the order {order} of {quote}', icon: 'clipboard-check' },
  run: async (ctx, id): Promise<Outcome> => {
    const there = await madeOf(ctx, 'order', 'quote', id);
    if (there) return { events: {}, result: { id: there } };
    const own = asEngine(ctx);
    const quote = await find(ctx, 'quote', id);
    const choices = (quote.chosen as Choices | null) ?? {};
    const { lines, priced } = priceSent(quote, await linesOf(ctx, id), choices);
    const money = (amount: string) => ({ amount, currency: priced.currency });
    const order = newId();
    const number = await numberOf(ctx, 'order', order);
    const links = ['deal', 'company', 'contact', 'owner'].map(name => [name, idOf(quote[name])]);
    const net = money(priced.net);
    await create(own, 'order', {
      ...Object.fromEntries(links),
      id: order,
      name: quote.name!,
      number,
      quote: id,
      orderedOn: today(ctx),
      net,
      tax: money(priced.tax),
      gross: money(priced.gross),
    });
    const counted = lines.filter(({ chosen }) => chosen === true);
    const operations = counted.map((line, position) => {
      const of = priced.lines.find(({ key }) => key === line.id)!;
      const { name, quantity, unit, price, interval, taxRate } = line;
      const taken = { name, quantity, unit, price, interval, taxRate };
      const sums = { net: money(of.net), tax: money(of.tax), gross: money(of.gross) };
      const values = { ...taken, ...sums, order, position, product: idOf(line.product) };
      return { op: 'create' as const, values };
    });
    await write(own, 'orderLine', operations);
    await winDealOf(own, idOf(quote.deal), net);
    return { events: { [id]: { order: number, quote: quote.name! } }, result: { id: order, number } };
  },
});

/** The deal comes to what was ordered, and is won. */
async function winDealOf(ctx: Context, deal: string | null, amount: Json) {
  if (!deal) return;
  const { status } = await find(ctx, 'deal', deal, { fields: ['status'] });
  await update(ctx, 'deal', deal, { amount });
  if (status === 'open') await carryOut(ctx, 'deal', 'win', deal, {});
}
