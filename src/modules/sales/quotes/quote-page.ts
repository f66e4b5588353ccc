/** The page on which a customer reads a quote, asks about it, accepts or declines it; and the letter that brings the link. */
import { type Static, Type } from 'typebox';
import {
  allRows,
  asSystem,
  type Context,
  carryOut,
  create,
  defineJob,
  definePage,
  defineReport,
  escaped,
  FarleyError,
  find,
  type Json,
  newId,
  takes,
  update,
  type Values,
} from '../../../engine/index.ts';
import { acceptFor, intact } from './acceptance.ts';
import { discountOf, filled } from './document.ts';
import { type Choices, linesOf, priceSent } from './draft.ts';
import { today } from './numbers.ts';
import type { Money } from './price.ts';
import { idOf } from './pricing.ts';
import { linkTo } from './quote-verbs.ts';

const Text = Type.String();
const MaybeText = Type.Union([Text, Type.Null()]);
const Amount = Type.String({ description: 'In the currency of the quote.' });

const Shown = Type.Object({
  state: Type.String({ description: 'open, accepted, declined, expired or superseded.' }),
  from: Text,
  owner: MaybeText,
  number: MaybeText,
  title: Text,
  edition: Type.Integer(),
  company: MaybeText,
  contact: MaybeText,
  language: MaybeText,
  accent: MaybeText,
  currency: Text,
  validUntil: MaybeText,
  intro: Text,
  closing: Text,
  terms: Text,
  pdf: Type.Boolean(),
  signedBy: MaybeText,
  decidedAt: MaybeText,
  lines: Type.Array(
    Type.Object({
      id: Text,
      name: Text,
      section: MaybeText,
      part: Type.Boolean(),
      quantity: Text,
      unit: MaybeText,
      price: Amount,
      interval: Text,
      optional: Type.Boolean(),
      chosen: Type.Boolean(),
      adjustable: Type.Boolean(),
      discountPercent: Type.Union([Text, Type.Null()], { description: 'Off this line, in hundredths.' }),
      discountAmount: Type.Union([Amount, Type.Null()]),
      net: Amount,
    }),
  ),
  taxes: Type.Array(Type.Object({ rate: Text, net: Amount, tax: Amount, gross: Amount })),
  reasons: Type.Array(Text),
  subtotal: Amount,
  discount: Amount,
  net: Amount,
  tax: Amount,
  gross: Amount,
  monthly: Amount,
});

export type ShownQuote = Static<typeof Shown>;

const ChoicesInput = Type.Array(
  Type.Object(
    {
      line: Type.String({ format: 'uuid' }),
      chosen: Type.Optional(Type.Boolean()),
      quantity: Type.Optional(Type.String({ pattern: '^\\d{1,9}(\\.\\d{1,3})?$' })),
    },
    { additionalProperties: false },
  ),
  { maxItems: 500 },
);
const Name = Type.String({ minLength: 1, maxLength: 200 });

const choicesOf = (input: Static<typeof ChoicesInput>): Choices =>
  Object.fromEntries(input.map(({ line, ...choice }) => [line, choice]));

/** The quote of a link; null where it is gone, or back to being a draft. */
async function quoteOf(ctx: Context, payload: Json): Promise<Values | null> {
  const id = (payload as { quote: string }).quote;
  const [quote] = await allRows(ctx, 'quote', { filter: { field: 'id', op: 'is', value: id } });
  return quote?.sentAt && quote.status !== 'draft' ? quote : null;
}

function stateOf(ctx: Context, { status, validUntil }: Values): string {
  if (status !== 'sent') return status as string;
  return validUntil && (validUntil as string) < today(ctx) ? 'expired' : 'open';
}

async function shown(ctx: Context, payload: Json, choices?: Choices): Promise<ShownQuote | null> {
  const quote = await quoteOf(ctx, payload);
  if (!quote) return null;
  const stored = await linesOf(ctx, quote.id as string);
  const { lines, priced } = priceSent(quote, stored, choices ?? (quote.chosen as Choices | null) ?? {});
  const template = idOf(quote.template) ? await find(ctx, 'quoteTemplate', idOf(quote.template)!) : null;
  const title = (link: unknown) => (link as { title?: string } | null)?.title ?? null;
  const facts = {
    contact: title(quote.contact) ?? '',
    company: title(quote.company) ?? '',
    quote: quote.name as string,
    number: (quote.number as string | null) ?? '',
    owner: title(quote.owner) ?? '',
    validUntil: (quote.validUntil as string | null) ?? '',
  };
  const { taxes, subtotal, discount, net, tax, gross, monthly, currency } = priced;
  return {
    state: stateOf(ctx, quote),
    from: ctx.settings.label,
    owner: title(quote.owner),
    number: quote.number as string | null,
    title: quote.name as string,
    edition: quote.edition as number,
    company: title(quote.company),
    contact: title(quote.contact),
    language: (quote.language ?? template?.language ?? null) as string | null,
    accent: (template?.accent ?? null) as string | null,
    currency,
    validUntil: quote.validUntil as string | null,
    intro: filled(quote.intro ?? template?.intro, facts),
    closing: filled(template?.closing, facts),
    terms: filled(quote.terms ?? template?.terms, facts),
    pdf: quote.pdf !== null,
    signedBy: quote.signedBy as string | null,
    decidedAt: quote.decidedAt as string | null,
    lines: lines.map(line => ({
      id: line.id as string,
      name: line.name as string,
      section: line.section as string | null,
      part: line.parent !== null,
      quantity: line.quantity as string,
      unit: line.unit as string | null,
      price: (line.price as Money | null)?.amount ?? '0',
      interval: line.interval as string,
      optional: line.optional === true,
      chosen: line.chosen === true,
      adjustable: line.adjustable === true,
      ...discountOf(line),
      net: priced.lines.find(({ key }) => key === line.id)!.net,
    })),
    taxes,
    reasons: (quote.taxes as { reasons?: string[] } | null)?.reasons ?? [],
    subtotal,
    discount,
    net,
    tax,
    gross,
    monthly,
  };
}

/** The system, but called by the name of whoever has the link. */
function named(ctx: Context, name: string): Context {
  return { ...ctx, actor: { ...ctx.actor, name: name.trim() || 'Customer' } };
}

async function seen(ctx: Context, payload: Json): Promise<ShownQuote> {
  const now = found(await shown(ctx, payload));
  const quote = found(await quoteOf(ctx, payload));
  if (quote.seenAt === null && quote.status === 'sent')
    await update(named(ctx, now.contact ?? now.company ?? ''), 'quote', quote.id as string, {
      seenAt: ctx.clock.now().toISOString(),
    });
  return now;
}

function found<T>(value: T | null): T {
  if (value === null) throw new FarleyError('notFound', 'There is nothing to see here any more.');
  return value;
}

/** Does what is for open quotes only; of two at once, the second finds what the first has done. */
async function decide(
  ctx: Context,
  payload: Json,
  act: (quote: string, now: ShownQuote) => Promise<unknown>,
) {
  const before = found(await shown(ctx, payload));
  if (before.state === 'open')
    await act((payload as { quote: string }).quote, before).catch(async error => {
      if ((await quoteOf(ctx, payload))?.status === 'sent') throw error;
    });
  return found(await shown(ctx, payload));
}

export const quotePage = definePage('quote', {
  summary: 'A quote, for the customer',
  shows: Shown,
  show: (ctx, payload) => shown(ctx, payload),
  takes: {
    seen: takes({
      summary: 'note that it was opened',
      input: Type.Object({}, { additionalProperties: false }),
      answer: Shown,
      run: seen,
    }),
    price: takes({
      summary: 'what it comes to with these choices; nothing is kept',
      input: Type.Object({ choices: ChoicesInput }, { additionalProperties: false }),
      answer: Shown,
      run: async (ctx, payload, { choices }) => found(await shown(ctx, payload, choicesOf(choices))),
    }),
    ask: takes({
      summary: 'ask its author something',
      input: Type.Object(
        { name: Name, text: Type.String({ minLength: 1, maxLength: 5_000 }) },
        { additionalProperties: false },
      ),
      answer: Type.Object({ asked: Type.Boolean() }),
      run: async (ctx, payload, { name, text }) => {
        const quote = found(await quoteOf(ctx, payload));
        const owner = quote.owner as { id: string; title: string } | null;
        // Who is named in a note is told of it; outsiders name nobody else.
        const plain = `${name}: ${text}`.replace(/\[/g, '(').replace(/\]/g, ')');
        const body = owner ? `[@${owner.title}](user:${owner.id}) ${plain}` : plain;
        await create(named(ctx, name), 'note', {
          subject: `${quote.number ?? ''} ${quote.name}`.trim().slice(0, 200),
          body,
          about: [{ object: 'quote', id: quote.id! }],
        });
        return { asked: true };
      },
    }),
    accept: takes({
      summary: 'accept it, by a name that is typed and perhaps a signature that is drawn',
      input: Type.Object(
        {
          name: Name,
          choices: ChoicesInput,
          drawn: Type.Optional(
            Type.String({
              maxLength: 300_000,
              pattern: '^data:image/png;base64,[A-Za-z0-9+/]+={0,2}$',
              description: 'The signature, as a data address.',
            }),
          ),
        },
        { additionalProperties: false },
      ),
      answer: Shown,
      run: (ctx, payload, { name, choices, drawn }, { address, agent }) =>
        decide(ctx, payload, async quote => {
          const wanted = choicesOf(choices);
          const saw = found(await shown(ctx, payload, wanted));
          await acceptFor(named(ctx, name), quote, {
            name,
            choices: wanted,
            shown: saw as unknown as Json,
            drawn: drawn ?? null,
            address,
            agent,
          });
        }),
    }),
    decline: takes({
      summary: 'decline it, with the reason',
      input: Type.Object(
        { name: Type.Optional(Name), reason: Type.String({ minLength: 1, maxLength: 2_000 }) },
        { additionalProperties: false },
      ),
      answer: Shown,
      run: (ctx, payload, { name, reason }) =>
        decide(ctx, payload, (quote, now) =>
          carryOut(named(ctx, name ?? now.contact ?? now.company ?? ''), 'quote', 'decline', quote, {
            reason,
          }),
        ),
    }),
  },
  file: async (ctx, payload) => {
    const pdf = idOf((await quoteOf(ctx, payload))?.pdf);
    if (!pdf) return null;
    const { hash, name, mediaType } = await find(ctx, 'file', pdf, { fields: ['hash', 'name', 'mediaType'] });
    return { hash: hash as string, name: name as string, mediaType: mediaType as string };
  },
});

/** Where a quote is read by its customer, and whether the evidence of its acceptance is as it was kept. */
export const quoteLinkReport = defineReport('quote-link', {
  label: 'Link of a quote',
  description:
    'The address at which its customer reads and answers it, and whether the evidence of an answer is intact',
  input: Type.Object({ quote: Type.String({ format: 'uuid' }) }, { additionalProperties: false }),
  answer: Type.Object({
    link: MaybeText,
    intact: Type.Union([Type.Boolean(), Type.Null()]),
  }),
  run: async (ctx, { quote: id }) => {
    const quote = await find(ctx, 'quote', id);
    return { link: quote.sentAt ? linkTo(ctx, id) : null, intact: intact(ctx, quote.evidence ?? null) };
  },
});

const letters: Record<string, [subject: string, words: string]> = {
  en: ['Quote {number} from {from}', 'You can read the quote, ask about it and accept it here:'],
  de: ['Angebot {number} von {from}', 'Hier können Sie das Angebot lesen, dazu fragen und es annehmen:'],
  fr: ['Devis {number} de {from}', 'Vous pouvez lire le devis, poser vos questions et l’accepter ici :'],
  es: ['Presupuesto {number} de {from}', 'Aquí puede leer el presupuesto, preguntar y aceptarlo:'],
  ar: ['عرض السعر {number} من {from}', 'يمكنك هنا قراءة عرض السعر وطرح الأسئلة وقبوله:'],
};

export const mailQuote = defineJob('mailQuote', {
  label: 'Mailing a quote',
  run: async (ctx, { quote: id, message }, report) => {
    const own = asSystem(ctx, 'mailing a quote');
    const quote = await find(own, 'quote', id as string);
    const contact = idOf(quote.contact);
    const person = contact ? await find(own, 'person', contact, { fields: ['email'] }) : null;
    const link = linkTo(ctx, id as string);
    const mail = ctx.outside?.mail;
    if (!mail || !person?.email || !link) {
      report.skipped(
        String(quote.number ?? quote.name),
        'There is no address to mail it to, or no mail server.',
      );
      return;
    }
    const language = ((quote.language as string | null) ?? ctx.settings.locale).split('-')[0]!;
    const [subject, words] = letters[language] ?? letters.en!;
    const facts = { number: (quote.number as string | null) ?? '', from: ctx.settings.label };
    const said = (message as string | null) ?? '';
    await mail.send({
      to: person.email as string,
      subject: filled(subject, facts),
      text: [said, words, link, ctx.settings.label].filter(Boolean).join('\n\n'),
      html: `<p>${escaped(said).replaceAll('\n', '<br>')}</p><p>${escaped(words)}<br><a href="${escaped(link)}">${escaped(filled(subject, facts))}</a></p>`,
      id: newId(),
    });
    report.done(1);
  },
});
