import { isDeepStrictEqual } from 'node:util';
import { Type } from 'typebox';
import { type Field, type FieldType, fieldOf, type Refusal, refuse, sql } from '../engine/index.ts';
import { counts, emptiness } from './operators.ts';
import { cleanLine } from './reading.ts';

/** A step, and whether it is done. */
export type ChecklistItem = { text: string; done: boolean };

const most = 200;

function parse(input: unknown, field: Field): ChecklistItem[] | null | Refusal {
  if (!Array.isArray(input) || input.length > most)
    return refuse('notAList', `${field.label} takes a list of { text, done }, ${most} at most.`);
  const items: ChecklistItem[] = [];
  for (const [index, each] of input.entries()) {
    const { text, done = false } = (typeof each === 'string' ? { text: each } : (each ?? {})) as Record<
      string,
      unknown
    >;
    const line = typeof text === 'string' && text.length <= 500 ? cleanLine(text) : '';
    if (line === '' || typeof done !== 'boolean')
      return refuse('notAStep', 'A step is { text, done }, the text a line of words.', `/${index}`);
    items.push({ text: line, done });
  }
  return items.length > 0 ? items : null;
}

const step = /^\s*(?:[-*]\s*)?(?:\[([ xX])\])?\s*(.+)$/;

/** A list of steps to tick off. */
export const checklistType: FieldType<ChecklistItem[]> = {
  name: 'checklist',
  label: 'Checklist',
  help: 'Steps to tick off, one by one.',
  icon: 'list-check',
  storage: {
    kind: 'columns',
    columns: [{ suffix: '', type: 'jsonb' }],
    put: value => [value],
    restore: json => [sql`nullif(${json}, 'null'::jsonb)`],
  },
  schema: () => Type.Array(Type.Object({ text: Type.String(), done: Type.Boolean() }), { maxItems: most }),
  parse,
  parseText(text, field) {
    const lines = text.split(/\r?\n/).flatMap(line => {
      const [, mark, words] = step.exec(line) ?? [];
      return words ? [{ text: words, done: mark?.toLowerCase() === 'x' }] : [];
    });
    return parse(lines, field);
  },
  format: items => items.map(({ text, done }) => `[${done ? 'x' : ' '}] ${text}`).join('\n'),
  operators: {
    open: {
      label: 'has open steps',
      operand: 'none',
      sql: cell => sql`${cell()} @> '[{"done": false}]'::jsonb`,
      test: items => items.some(({ done }) => !done),
    },
    ...emptiness<ChecklistItem[]>(),
  },
  aggregates: { filled: counts.filled! },
  searchText: items => [items.map(({ text }) => text).join('\n')],
  equal: (a, b) => isDeepStrictEqual(a, b),
  samples: [
    {
      input: [{ text: 'Order beans', done: true }, 'Send invoice'],
      value: [
        { text: 'Order beans', done: true },
        { text: 'Send invoice', done: false },
      ],
      text: '[x] Order beans\n[ ] Send invoice',
    },
    {
      input: ['A', 'A'],
      value: [
        { text: 'A', done: false },
        { text: 'A', done: false },
      ],
      text: '[ ] A\n[ ] A',
    },
    { input: [{ text: ' Call ' }], value: [{ text: 'Call', done: false }], text: '[ ] Call' },
  ],
  refused: [
    { input: 'Order beans', code: 'notAList' },
    { input: [{ done: true }], code: 'notAStep' },
    { input: [{ text: 'Order', done: 'yes' }], code: 'notAStep' },
  ],
};

/** Steps to tick off: `checklist: checklist()`. */
export const checklist = fieldOf(checklistType);
