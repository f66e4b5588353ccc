import { Type } from 'typebox';
import { type FieldType, fieldOf, refuse } from '../engine/index.ts';
import { counts, emptiness, textual } from './operators.ts';
import { cleanText } from './reading.ts';

const limit = 1_000_000;

/** Text of any length, kept as Markdown. What may be shown of it is the view's decision. */
export const longTextType: FieldType<string> = {
  name: 'longText',
  label: 'Long text',
  help: 'Text of several lines, with headings, lists and links (Markdown).',
  icon: 'align-left',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'text' }], put: value => [value] },
  schema: () => Type.String({ minLength: 1, maxLength: limit }),
  parse(input, field) {
    if (typeof input !== 'string') return refuse('notText', `${field.label} takes text.`);
    const value = cleanText(input.includes('\r') ? input.replace(/\r\n?/g, '\n') : input);
    if (value.length > limit) return refuse('tooLong', `${field.label} holds a million letters at most.`);
    return value === '' ? null : value;
  },
  format: value => value,
  recognises: { rank: 21, test: () => true },
  operators: { ...textual<string>(value => value), ...emptiness() },
  aggregates: { filled: counts.filled! },
  // Whom it names is found by the name, not by the id that stands beside it.
  searchText: value => [value.replace(/\[(@[^\]\n]*)\]\(user:[0-9a-f-]{36}\)/gi, '$1')],
  cel: { type: 'string' },
  samples: [
    {
      input: '# Notes\r\n\r\n* first\r\n* second\r\n',
      value: '# Notes\n\n* first\n* second',
      text: '# Notes\n\n* first\n* second',
    },
    {
      input: '<b>not HTML</b> & "quoted"',
      value: '<b>not HTML</b> & "quoted"',
      text: '<b>not HTML</b> & "quoted"',
    },
    { input: 'nul \u0000 and half \ud83d', value: 'nul  and half \ufffd', text: 'nul  and half \ufffd' },
  ],
  refused: [
    { input: 5, code: 'notText' },
    { input: ['a'], code: 'notText' },
    { input: 'x'.repeat(limit + 1), code: 'tooLong' },
  ],
};

/** Text of any length: `description: longText()`. */
export const longText = fieldOf(longTextType);
