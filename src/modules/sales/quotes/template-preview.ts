/** How a quote would look by a template: a real one that one may read, or a sample; and placeholders that nothing fills. */
import { type Static, Type } from 'typebox';
import { type Context, canonical, defineReport, find, rows, type Values } from '../../../engine/index.ts';
import { logoOf, type Parts, paperOf, partsOf, placeholders } from './document.ts';
import { totalsOf } from './draft.ts';
import { today } from './numbers.ts';
import { onPaper } from './on-paper.ts';
import { type Paper, renderPaper } from './paper.ts';
import { addDays, type Money } from './price.ts';
import { priceDraft } from './pricing.ts';

/** Products of the sample. */
const most = 3;

const Answer = Type.Object({
  paper: Type.Unsafe<Omit<Paper, 'logo' | 'madeAt'> & { logo: string | null }>({ type: 'object' }),
  /** Words in braces that nothing is filled in for, and where they stand. */
  unknown: Type.Array(Type.Object({ field: Type.String(), name: Type.String() })),
  pdf: Type.Union([Type.String({ description: 'Base64.' }), Type.Null()]),
});

export type TemplatePreview = Static<typeof Answer>;

export const templatePreview = defineReport('quote-template', {
  label: 'Preview of a quote template',
  description: 'How a quote, or a sample, looks by a template; nothing is stored',
  input: Type.Object(
    {
      template: Type.String({ format: 'uuid' }),
      quote: Type.Optional(Type.Union([Type.String({ format: 'uuid' }), Type.Null()])),
      values: Type.Optional(
        Type.Partial(Type.Object(Object.fromEntries(onPaper.map(name => [name, Type.Unknown()]))), {
          additionalProperties: false,
          description: 'What the template would say instead, as it is being typed.',
        }),
      ),
      pdf: Type.Optional(Type.Boolean({ description: 'Whether the file is wanted as well.' })),
    },
    { additionalProperties: false },
  ),
  answer: Answer,
  run: async (ctx, { template: id, quote, values = {}, pdf }): Promise<TemplatePreview> => {
    const stored = await find(ctx, 'quoteTemplate', id);
    const template = { ...stored, ...canonical(ctx, 'quoteTemplate', values as Values) };
    const parts = quote ? await ofQuote(ctx, quote) : await ofSample(ctx);
    // What was taken from a template when it was sent does not hide this one.
    const own = { intro: null, terms: null, language: null };
    const logo = await logoOf(ctx, template);
    const drawn = paperOf(ctx, { ...parts, template, quote: { ...parts.quote, ...own } }, logo);
    const { madeAt: _, ...paper } = drawn;
    return {
      paper: { ...paper, logo: logo && `data:image/${typeOf(logo)};base64,${logo.toString('base64')}` },
      unknown: unknownIn(template),
      pdf: pdf ? (await renderPaper(drawn)).toString('base64') : null,
    };
  },
});

const typeOf = (picture: Buffer) => (picture[0] === 0x89 ? 'png' : 'jpeg');

/** A quote that whoever asks may read. */
async function ofQuote(ctx: Context, id: string): Promise<Parts> {
  await find(ctx, 'quote', id, { fields: [] });
  return partsOf(ctx, id);
}

function unknownIn(template: Values) {
  return ['intro', 'closing', 'terms'].flatMap(field =>
    [...String(template[field] ?? '').matchAll(/\{(\w+)\}/g)]
      .map(([, name]) => ({ field, name: name! }))
      .filter(({ name }) => !placeholders.includes(name)),
  );
}

/** A quote to nobody with the first products there are. */
async function ofSample(ctx: Context): Promise<Parts> {
  const filter = { field: 'price', op: 'notEmpty' };
  const found = await rows(ctx, 'product', { filter, fields: ['price'], sort: ['name'], limit: 20 });
  const currency = (found[0]?.price as Money | undefined)?.currency ?? ctx.settings.currency;
  const same = found.filter(({ price }) => (price as Money).currency === currency).slice(0, most);
  const lines = same.map(({ id }, at) => ({
    key: id as string,
    product: id as string,
    quantity: String(at + 1),
  }));
  const draft = await priceDraft(ctx, { currency, lines });
  const money = (amount: string) => ({ amount, currency });
  return {
    quote: {
      name: ctx.settings.label,
      number: 'Q-0001',
      edition: 1,
      currency,
      validUntil: addDays(today(ctx), 30),
      ...totalsOf(draft),
    },
    lines: draft.lines.map(line => ({
      ...(line as unknown as Values),
      net: money(draft.priced.lines.find(({ key }) => key === line.key)!.net),
      parent: line.parent ?? null,
    })),
    template: null,
    company: null,
    contact: { name: { full: ctx.actor.name } } as Values,
    address: {},
    owner: ctx.actor.name,
  };
}
