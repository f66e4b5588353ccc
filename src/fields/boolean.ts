import { Type } from 'typebox';
import { type FieldType, fieldOf, type Refusal, refuse, sql } from '../engine/index.ts';
import { emptiness, equality, only } from './operators.ts';

const words = new Map<string, boolean>([
  ...'true yes y 1 on x ✓ ja wahr oui vrai sí si sì sim verdadero vero tak ano igen'
    .split(' ')
    .map(word => [word, true] as const),
  ...'false no n 0 off - ✗ nein falsch non faux não nao falso nie ne nem'
    .split(' ')
    .map(word => [word, false] as const),
]);

function read(input: unknown, label: string): boolean | Refusal {
  if (typeof input === 'boolean') return input;
  const word = typeof input === 'string' || typeof input === 'number' ? String(input) : '';
  return (
    words.get(word.trim().toLowerCase()) ?? refuse('notYesOrNo', `${label} is yes or no (true or false).`)
  );
}

/** Yes or no. Empty means that nobody has said. */
export const booleanType: FieldType<boolean> = {
  name: 'boolean',
  label: 'Yes or no',
  help: 'A box to tick.',
  icon: 'checkbox',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'boolean' }], put: value => [value] },
  schema: () => Type.Boolean(),
  inputSchema: () => Type.Union([Type.Boolean(), Type.String(), Type.Number()]),
  parse: (input, field) => read(input, field.label),
  format: value => (value ? 'Yes' : 'No'),
  recognises: { rank: 1, test: text => !/^[01✓✗x-]$/i.test(text) && words.has(text.toLowerCase()) },
  operators: {
    ...only(equality<boolean>({ type: 'boolean', key: value => value }), 'is', 'isNot'),
    ...emptiness(),
  },
  sort: cell => [{ sql: cell(), type: 'boolean' }],
  group: cell => cell(),
  aggregates: {
    yes: { label: 'Number of yes', sql: cell => sql`count(*) filter (where ${cell()})` },
    no: { label: 'Number of no', sql: cell => sql`count(*) filter (where not ${cell()})` },
  },
  cel: { type: 'bool' },
  fact: { kind: 'level', of: String },
  samples: [
    { input: true, value: true, text: 'Yes' },
    { input: 'ja', value: true, text: 'Yes' },
    { input: 'N', value: false, text: 'No' },
    { input: 0, value: false, text: 'No' },
  ],
  refused: [
    { input: 'maybe', code: 'notYesOrNo' },
    { input: 2, code: 'notYesOrNo' },
    { input: '', code: 'notYesOrNo' },
  ],
};

/** Yes or no: `doNotCall: boolean({ default: false })`. */
export const boolean = fieldOf(booleanType);
