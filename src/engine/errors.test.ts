import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ErrorCode, errors, FarleyError } from './errors.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/api/errors.md'), 'utf8');

/** Code → what its section says. */
const described = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map(section => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n')).trim()]),
);

test('docs/api/errors.md describes every error code and no other', () => {
  expect([...described.keys()].sort()).toEqual(Object.keys(errors).sort());
});

test.each(Object.keys(errors) as ErrorCode[])(
  '%s: the docs state its status, what it means and what to do',
  code => {
    const text = described.get(code) ?? '';
    expect(text).toMatch(new RegExp(`^${new FarleyError(code).status}\\. `));
    expect(text.match(/[.:;]( |$)/g)?.length).toBeGreaterThan(1);
  },
);

test('an error says its sentence unless given a better one', () => {
  expect(new FarleyError('notFound').message).toBe(errors.notFound[1]);
  expect(new FarleyError('notFound', 'There is no deal 7.').message).toBe('There is no deal 7.');
  expect(new FarleyError('conflict', undefined, { details: { field: 'name' } }).details).toEqual({
    field: 'name',
  });
});
