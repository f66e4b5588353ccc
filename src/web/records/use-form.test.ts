import { expect, test } from 'vitest';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import type { PageLayout } from '../model/page-layout.ts';
import { formFields, problemsByField, schemaFields } from './use-form.ts';

const field = (name: string, part: Partial<MetaField> = {}) =>
  ({ name, editable: true, system: false, hidden: false, required: false, ...part }) as MetaField;

const object = {
  title: 'name',
  highlights: ['amount'],
  list: { columns: ['stage'], sort: [] },
  fields: [
    field('stage'),
    field('name', { required: true }),
    field('amount'),
    field('source'),
    field('rank', { editable: false }),
    field('secret', { hidden: true }),
  ],
} as unknown as MetaObject;

test('a form asks for the title first, then for what lists show, and keeps the rest for later', () => {
  const { first, more } = formFields(object);
  expect(first.map(f => f.name)).toEqual(['name', 'stage', 'amount']);
  expect(more.map(f => f.name)).toEqual(['source']);
});

test('a form follows the layout of the page: its order, its header, and what it hides unless that must be given', () => {
  const layout: PageLayout = {
    head: ['source'],
    facts: [{ title: null, fields: ['source', 'secret', 'name'] }],
    hidden: ['stage', 'amount'],
    panels: [],
  };
  const { first, more } = formFields(object, layout);
  expect(first.map(f => f.name)).toEqual(['name', 'source']);
  expect(more.map(f => f.name)).toEqual(['secret']);
});

test('problems stand at their field, others at the form', () => {
  const problems = [
    { pointer: '/amount/currency', code: 'x', message: 'No such currency.' },
    { pointer: '/nothing', code: 'x', message: 'Something else.' },
  ];
  expect(problemsByField(problems, object.fields)).toEqual({
    at: { amount: 'No such currency.' },
    other: 'Something else.',
  });
});

test("a verb's input becomes fields", () => {
  const fields = schemaFields({
    type: 'object',
    required: ['reason'],
    properties: {
      reason: { type: 'string', title: 'Why', enum: ['price', 'timing'] },
      lostOn: { type: 'string', format: 'date' },
      count: { type: 'integer' },
    },
  });
  expect(fields.map(f => [f.label, f.type, f.required])).toEqual([
    ['Why', 'choice', true],
    ['Lost on', 'date', false],
    ['Count', 'number', false],
  ]);
});
