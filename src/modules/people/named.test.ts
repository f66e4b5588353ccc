/** What people are called who have told no name. */
import { expect, test } from 'vitest';
import { nameInEmail } from './named.ts';

test.each([
  ['maria.lopez@acme.com', 'Maria Lopez'],
  ['Jean-Luc.PICARD+news@example.org', 'Jean-Luc Picard'],
  ['anna_bell82@example.org', 'Anna Bell'],
  ['m.lopez@acme.com', 'M. Lopez'],
  ['zoë.o’brien@example.org', 'Zoë O’Brien'],
  ['Ian.McKellen@example.org', 'Ian McKellen'],
])('%s is %s', (address, name) => {
  expect(nameInEmail(address)).toBe(name);
});

test.each([
  'info@acme.com',
  'mlopez@acme.com',
  'no.reply@acme.com',
  'sales.team@acme.com',
  'maria.info@acme.com',
  'a.b@acme.com',
  'x1.y2.z3@acme.com',
  '"quoted name"@example.org',
])('%s names nobody for certain', address => {
  expect(nameInEmail(address)).toBe(address);
});
