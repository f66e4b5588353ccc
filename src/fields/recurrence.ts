import { Type } from 'typebox';
import { type FieldType, fieldOf, refuse } from '../engine/index.ts';
import { counts, emptiness, equality } from './operators.ts';
import { readRule, writeRule } from './recurring.ts';

/** How often something comes back: an RRULE of RFC 5545, without the word. */
export const recurrenceType: FieldType<string> = {
  name: 'recurrence',
  label: 'Recurrence',
  help: 'How often something repeats, such as every second Tuesday.',
  icon: 'repeat',
  storage: { kind: 'columns', columns: [{ suffix: '', type: 'text' }], put: value => [value] },
  schema: () => Type.String({ minLength: 1, maxLength: 500 }),
  parse(input, field) {
    const rule = typeof input === 'string' && input.length <= 500 ? readRule(input) : null;
    if (rule) return writeRule(rule);
    return refuse(
      'notARule',
      `${field.label} takes a rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO, by days, weeks, months or years.`,
    );
  },
  format: value => value,
  recognises: { rank: 3, test: text => /^(RRULE:)?FREQ=/i.test(text) },
  operators: { ...equality<string>({ type: 'text', key: value => value }), ...emptiness<string>() },
  group: cell => cell(),
  aggregates: { filled: counts.filled! },
  cel: { type: 'string' },
  samples: [
    { input: 'FREQ=DAILY', value: 'FREQ=DAILY', text: 'FREQ=DAILY' },
    {
      input: 'RRULE:BYDAY=MO,WE;interval=2;FREQ=WEEKLY;COUNT=10',
      value: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=10',
      text: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=10',
    },
    {
      input: 'FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231T225959Z',
      value: 'FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231T225959Z',
      text: 'FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231T225959Z',
    },
  ],
  refused: [
    { input: 'weekly', code: 'notARule' },
    { input: 'FREQ=SECONDLY', code: 'notARule' },
    { input: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', code: 'notARule' },
    { input: 'FREQ=DAILY;FREQ=DAILY', code: 'notARule' },
    { input: 'FREQ=DAILY;COUNT=2;UNTIL=20271231', code: 'notARule' },
    { input: 7, code: 'notARule' },
  ],
};

/** How often something repeats: `repeats: recurrence()`. */
export const recurrence = fieldOf(recurrenceType);
