/** The paper of a quote: what stands on it, by its template and in its language, and the file that is kept with it. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { asEngine, asSystem, type Context, create, find, rows, type Values } from '../../../engine/index.ts';
import { decimalText, fraction, less } from '../decimals.ts';
import { linesOf } from './draft.ts';
import { today } from './numbers.ts';
import { type Paper, type PaperLine, renderPaper } from './paper.ts';
import { type PaperWords, paperWords } from './paper-words.ts';
import type { Money } from './price.ts';
import { idOf } from './pricing.ts';

/** Bytes of a PDF at most; far more than five hundred lines take. */
const largest = 50 * 1024 ** 2;
const accentByDefault = '#8a4b2a';

export interface Parts {
  quote: Values;
  lines: Values[];
  template: Values | null;
  company: Values | null;
  contact: Values | null;
  /** Where the letter goes: to the company, or where private people or their household live. */
  address: Record<string, string>;
  owner: string;
}

export async function partsOf(ctx: Context, id: string): Promise<Parts> {
  // A letter says who it is to and who it is from, whoever sends it.
  const own = asSystem(ctx, 'paper of a quote');
  const quote = await find(own, 'quote', id);
  const companyId = idOf(quote.company);
  const company = companyId
    ? await find(own, 'company', companyId, { fields: ['name', 'address', 'vatNumber'] })
    : null;
  const contactId = idOf(quote.contact);
  const whom = ['name', 'email', 'address', 'household'];
  const contact = contactId ? await find(own, 'person', contactId, { fields: whom }) : null;
  const home = !company && !contact?.address ? idOf(contact?.household) : null;
  const household = home ? await find(own, 'household', home, { fields: ['address'] }) : null;
  return {
    quote,
    lines: await linesOf(own, id),
    template: await templateFor(own, quote),
    company,
    contact,
    address: ((company ?? household ?? contact)?.address ?? {}) as Record<string, string>,
    owner: (quote.owner as { title?: string } | null)?.title ?? '',
  };
}

/** The one chosen, else the usual one of its language, else any that is usual. */
export async function templateFor(ctx: Context, quote: Values): Promise<Values | null> {
  const chosen = idOf(quote.template);
  if (chosen) return find(ctx, 'quoteTemplate', chosen);
  const all = await rows(ctx, 'quoteTemplate', { filter: { field: 'standard', op: 'is', value: true } });
  const language = (quote.language as string | null) ?? ctx.settings.locale.split('-')[0];
  return all.find(each => each.language === language) ?? all[0] ?? null;
}

/** How amounts, numbers and days are written in a language, with Western digits also in Arabic. */
export function writer(language: string, currency: string) {
  const locale = language.startsWith('ar') ? `${language}-u-nu-latn` : language;
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const exact = new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 6 });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  // Marks of direction are of no use to a program that places every word itself.
  const bare = (text: string) => text.replace(/[\u200e\u200f\u061c]/g, '');
  type Exact = Intl.StringNumericLiteral;
  return {
    money: (amount: string) => bare(money.format(amount as Exact)),
    price: (amount: string) => bare(exact.format(amount as Exact)),
    number: (amount: string | number) => bare(number.format(amount as Exact)),
    day: (date: string) => bare(day.format(new Date(`${date}T00:00:00Z`))),
  };
}

export const nought = (money: unknown) => !money || fraction((money as Money).amount).n === 0n;

/** What is taken off a line, or the whole: in hundredths or as an amount, neither where nothing is. */
export function discountOf({ discountPercent, discountAmount }: Values) {
  const percent = discountPercent ? decimalText(discountPercent as number) : null;
  const amount = percent || nought(discountAmount) ? null : (discountAmount as Money).amount;
  return { discountPercent: percent, discountAmount: amount };
}

const due = (words: PaperWords, interval: unknown) =>
  interval === 'once' || !interval ? '' : words[interval as 'month' | 'quarter' | 'year'];

function addressOf({ company, contact, address }: Parts, language: string, words: PaperWords): string {
  const { street, postalCode, city, region, country } = address;
  const name = (contact?.name as { full?: string } | null)?.full;
  const place = [[postalCode, city].filter(Boolean).join(' '), region].filter(Boolean).join(', ');
  const land = country && new Intl.DisplayNames([language], { type: 'region' }).of(country);
  const number = company?.vatNumber && `${words.vatNumber} ${company.vatNumber}`;
  return [company?.name as string | undefined, name, street, place, land, number].filter(Boolean).join('\n');
}

/** What `filled` knows. */
export const placeholders = ['contact', 'company', 'quote', 'number', 'owner', 'validUntil'];

/** `{contact}` and the like in the words of a template. Where there is none, the space before it goes: “Dear,”. */
export function filled(text: unknown, facts: Record<string, string>): string {
  return String(text ?? '').replace(/( ?)\{(\w+)\}/g, (whole, space: string, name: string) => {
    const fact = facts[name];
    return fact === undefined ? whole : fact && space + fact;
  });
}

export function paperOf(ctx: Context, parts: Parts, logo: Buffer | null): Paper {
  const { quote, lines, template, company, contact, owner } = parts;
  const language =
    (quote.language as string | null) ?? (template?.language as string | null) ?? ctx.settings.locale;
  const currency = quote.currency as string;
  const [words, write] = [paperWords(language), writer(language, currency)];
  const validUntil = quote.validUntil ? write.day(quote.validUntil as string) : '';
  const facts = {
    contact: (contact?.name as { full?: string } | null)?.full ?? '',
    company: (company?.name as string | undefined) ?? '',
    quote: quote.name as string,
    number: (quote.number as string | null) ?? '',
    owner,
    validUntil,
  };
  const chosen = template?.columns as string[] | null | undefined;
  const shows = (column: string) => !chosen?.length || chosen.includes(column);
  const columns = {
    position: shows('position'),
    discount: shows('discount') && lines.some(line => takenOff(line, write)),
    taxRate: shows('taxRate'),
  };
  return {
    language,
    words,
    accent: (template?.accent as string | null) ?? accentByDefault,
    logo,
    sender: (template?.sender as string | null) ?? ctx.settings.label,
    recipient: addressOf(parts, language, words),
    title: [words.quote, facts.number].filter(Boolean).join(' '),
    facts: (
      [
        [words.date, write.day(today(ctx))],
        [words.validUntil, validUntil],
        [words.version, (quote.edition as number) > 1 ? String(quote.edition) : ''],
        [words.contact, owner],
      ] as [string, string][]
    ).filter(([, value]) => value),
    intro: filled(quote.intro ?? template?.intro ?? quote.name, facts),
    columns,
    lines: lines.map((line, index) => paperLine(line, index, lines, columns, words, write)),
    totals: totalsOf(quote, words, write),
    notes: ((quote.taxes as { reasons?: string[] } | null)?.reasons ?? []).filter(Boolean),
    closing: filled(template?.closing, facts),
    terms: filled(quote.terms ?? template?.terms, facts),
    madeAt: ctx.clock.now(),
  };
}

function takenOff(line: Values, write: ReturnType<typeof writer>): string {
  const { discountPercent, discountAmount } = discountOf(line);
  if (discountPercent) return `${write.number(discountPercent)} %`;
  return discountAmount ? write.money(discountAmount) : '';
}

function paperLine(
  line: Values,
  index: number,
  lines: Values[],
  columns: Paper['columns'],
  words: PaperWords,
  write: ReturnType<typeof writer>,
): PaperLine {
  const { section, optional, chosen, unit, quantity, interval, parent } = line;
  const amount = (line.net as Money | null)?.amount ?? '0';
  const before = lines[index - 1]?.section ?? null;
  const off = takenOff(line, write);
  return {
    section: section && section !== before ? (section as string) : null,
    position: String(index + 1),
    name: `${parent ? '– ' : ''}${line.name}`,
    // Without a column for it, it is said here: quantity times price would not be the amount.
    detail: [
      optional ? words.optional : '',
      due(words, interval),
      off && !columns.discount ? `${words.discount} ${off}` : '',
    ]
      .filter(Boolean)
      .join(' · '),
    quantity: [write.number(quantity as string), unit].filter(Boolean).join(' '),
    price: line.price ? write.price((line.price as Money).amount) : '',
    discount: off,
    taxRate: `${write.number((line.taxRate as number | null) ?? 0)} %`,
    amount: optional && !chosen ? `(${write.money(amount)})` : write.money(amount),
  };
}

function totalsOf(quote: Values, words: PaperWords, write: ReturnType<typeof writer>): Paper['totals'] {
  const { rates = [] } = (quote.taxes ?? {}) as { rates?: { rate: string; tax: string }[] };
  const amount = (name: string) => (quote[name] as Money | null)?.amount ?? '0';
  const { discountPercent, discountAmount } = discountOf(quote);
  const off = less(amount('subtotal'), amount(quote.prices === 'gross' ? 'gross' : 'net'));
  return [
    // Totals of another system come without what was there before.
    ...(quote.subtotal && (discountPercent || discountAmount)
      ? [
          { label: words.subtotal, amount: write.money(amount('subtotal')) },
          { label: words.discountTotal, amount: write.money(less('0', off)) },
        ]
      : []),
    { label: words.net, amount: write.money(amount('net')) },
    ...rates.map(({ rate, tax }) => ({
      label: `${words.tax} ${write.number(rate)} %`,
      amount: write.money(tax),
    })),
    { label: words.total, amount: write.money(amount('gross')), strong: true },
    ...(nought(quote.monthly) ? [] : [{ label: words.monthly, amount: write.money(amount('monthly')) }]),
  ];
}

/** The picture of a template. One whose content is gone is left out; so is one that is no picture (`paper.ts`). */
export async function logoOf(ctx: Context, template: Values | null): Promise<Buffer | null> {
  const logo = idOf(template?.logo);
  if (!logo || !ctx.files) return null;
  const { hash } = await find(asSystem(ctx, 'paper of a quote'), 'file', logo, { fields: ['hash'] });
  return ctx.files
    .open(hash as string)
    .then(({ stream }) => buffer(stream))
    .catch(() => null);
}

/** The PDF of a quote as it is now; null where there is no place for files. */
export async function renderQuote(ctx: Context, id: string): Promise<{ name: string; bytes: Buffer } | null> {
  if (!ctx.files) return null;
  const parts = await partsOf(ctx, id);
  const bytes = await renderPaper(paperOf(ctx, parts, await logoOf(ctx, parts.template)));
  const name = `${(parts.quote.number as string | null) ?? parts.quote.name}`.replace(/[/\\]/g, '-');
  return { name: `${name}.pdf`, bytes };
}

/** Draws the PDF of a quote and keeps it; answers the id of its file, null where there is no place for files. */
export async function makeDocument(ctx: Context, id: string): Promise<string | null> {
  const made = await renderQuote(ctx, id);
  if (!made || !ctx.files) return null;
  const { hash, size } = await ctx.files.put(Readable.from([made.bytes]), largest);
  return create(asEngine(ctx), 'file', {
    name: made.name,
    mediaType: 'application/pdf',
    size,
    hash,
    about: [{ object: 'quote', id }],
  });
}
