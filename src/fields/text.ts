import { Type } from 'typebox';
import { type Field, type FieldType, refuse } from '../engine/index.ts';
import { declared } from './declare.ts';
import { alphabetical, counts, emptiness, equality, textual } from './operators.ts';
import { cleanLine } from './reading.ts';

export interface TextOptions {
  /** Letters at most. Default 1,000. */
  maxLength?: number;
}

const limitOf = (field: Field) => (field.options.maxLength as number | undefined) ?? 1000;

/** One line of text. */
export const textType: FieldType<string> = {
  name: 'text',
  label: 'Text',
  help: 'One line of text, such as a name or a title.',
  icon: 'letter-case',
  options: Type.Object({ maxLength: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })) }),
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'text' }], put: value => [value] },
  schema: field => Type.String({ minLength: 1, maxLength: limitOf(field) }),
  inputSchema: () => Type.Union([Type.String(), Type.Number()]),
  parse(input, field) {
    if (typeof input !== 'string' && typeof input !== 'number')
      return refuse('notText', `${field.label} takes text.`);
    const value = cleanLine(String(input));
    if (value.length > limitOf(field))
      return refuse(
        'tooLong',
        `${field.label} holds ${limitOf(field)} letters at most; this has ${value.length}.`,
      );
    return value === '' ? null : value;
  },
  format: value => value,
  recognises: { rank: 20, test: text => text.length <= 250 && !/[\r\n]/.test(text) },
  operators: {
    ...equality<string>({ type: 'text', key: value => value }),
    ...textual<string>(value => value),
    ...emptiness(),
  },
  sort: alphabetical,
  group: cell => cell(),
  aggregates: counts,
  searchText: value => [value],
  cel: { type: 'string' },
  samples: [
    { input: '  Renewal\n2027 ', value: 'Renewal 2027', text: 'Renewal 2027' },
    { input: '100% \\ 50_a', value: '100% \\ 50_a', text: '100% \\ 50_a' },
    { input: 'Cafe\u0301 İSTANBUL ΣΑΣ', value: 'Café İSTANBUL ΣΑΣ', text: 'Café İSTANBUL ΣΑΣ' },
    { input: '👩‍👩‍👧 family', value: '👩‍👩‍👧 family', text: '👩‍👩‍👧 family' },
    { input: 42, value: '42', text: '42' },
  ],
  refused: [
    { input: 'x'.repeat(1001), code: 'tooLong' },
    { input: { text: 'x' }, code: 'notText' },
    { input: true, code: 'notText' },
  ],
};

/** One line of text: `name: text({ required: true })`. */
export const text = declared<TextOptions, string>(textType);
