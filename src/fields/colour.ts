import { Type } from 'typebox';
import { type FieldType, fieldOf, refuse } from '../engine/index.ts';
import { emptiness, equality, plainOrder } from './operators.ts';

const hex = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i;

/** A colour as #rrggbb. */
export const colourType: FieldType<string> = {
  name: 'colour',
  label: 'Colour',
  help: 'A colour, to mark and tell apart.',
  icon: 'palette',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'text' }], put: value => [value] },
  schema: () => Type.String({ pattern: '^#[0-9a-f]{6}$' }),
  inputSchema: () => Type.String(),
  parse(input, field) {
    const digits = typeof input === 'string' ? hex.exec(input.trim())?.[1]?.toLowerCase() : undefined;
    if (!digits) return refuse('notAColour', `${field.label} takes a colour as #rrggbb, such as #1e88e5.`);
    return `#${digits.length === 3 ? digits.replace(/./g, '$&$&') : digits}`;
  },
  format: value => value,
  operators: { ...equality<string>({ type: 'text', key: value => value }), ...emptiness() },
  sort: plainOrder('text'),
  group: cell => cell(),
  cel: { type: 'string' },
  samples: [
    { input: '#1E88E5', value: '#1e88e5', text: '#1e88e5' },
    { input: 'abc', value: '#aabbcc', text: '#aabbcc' },
    { input: '#000', value: '#000000', text: '#000000' },
  ],
  refused: [
    { input: 'blue', code: 'notAColour' },
    { input: '#12', code: 'notAColour' },
    { input: 0, code: 'notAColour' },
  ],
};

/** A colour: `colour: colour()`. */
export const colour = fieldOf(colourType);
