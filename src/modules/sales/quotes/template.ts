import { defineObject } from '../../../engine/index.ts';
import { boolean, choices, colour, file, language, longText, text } from '../../../fields/index.ts';

/** Columns of a quote's table that may be left out. */
export const columns = ['position', 'unit', 'discount', { value: 'taxRate', label: 'Tax rate' }] as const;

export const QuoteTemplate = defineObject('quoteTemplate', {
  label: 'Quote template',
  plural: 'Quote templates',
  icon: 'template',
  description: 'How quotes look on paper, in a language.',
  title: 'name',
  setup: true,
  administered: true,
  fields: {
    name: text({ required: true, unique: true }),
    language: language({ required: true, default: 'en' }),
    standard: boolean({ default: false, label: 'Used unless another is chosen' }),
    logo: file({ help: 'PNG or JPEG.' }),
    sender: longText({ help: 'Name and address, as on a letterhead.' }),
    intro: longText({
      label: 'Introduction',
      help: '{contact}, {company}, {quote}, {number}, {owner} and {validUntil} are filled in.',
    }),
    closing: longText({ label: 'Closing words' }),
    terms: longText(),
    columns: choices({ choices: columns }),
    accent: colour({ label: 'Accent colour' }),
  },
  list: { columns: ['name', 'language', 'standard', 'updatedAt'], sort: ['name'] },
});
