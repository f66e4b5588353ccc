/** Which price books apply to whom, and how a price is explained. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Values } from '../../../engine/index.ts';
import { booksFor, closestFirst, optionsOf, whyNot } from './books.ts';

const link = (id: string) => ({ id, title: id });
const book = (id: string, more: Values = {}): Values => ({
  id,
  name: id,
  currency: 'EUR',
  companies: [],
  tags: [],
  validFrom: null,
  validUntil: null,
  active: true,
  ...more,
});
const books = [
  book('all'),
  book('all since May', { validFrom: '2026-05-01' }),
  book('until May', { validUntil: '2026-05-01' }),
  book('home', { currency: null }),
  book('dollars', { currency: 'USD' }),
  book('chains', { tags: [link('chain'), link('vip')] }),
  book('theirs', { companies: [link('hotel')] }),
  book('others', { companies: [link('bar')], tags: [link('vip')] }),
];
const hotel = { id: 'hotel', tags: [link('vip'), link('north')] } as Values;
const terms = { company: hotel, date: '2026-05-01', currency: 'EUR', home: 'EUR' };
const told = (on: Partial<typeof terms> & { chosen?: Values }) =>
  booksFor(books, { ...terms, ...on } as never).map(
    ({ book: { name }, closeness, tags }) => `${name}: ${[closeness, ...tags].join(' ')}`,
  );

describe('books', () => {
  test('that are for the company come before those of its tags, those before what is for everyone, the latest first', () => {
    const everyone = ['all since May: everyone', 'all: everyone', 'until May: everyone', 'home: everyone'];
    expect(told({})).toEqual(['theirs: company', 'chains: tag vip', ...everyone]);
    expect(told({ company: null as never })).toEqual(everyone);
  });

  test('hold on their days, in their currency; one that was chosen stands alone', () => {
    expect(told({ date: '2026-04-30', company: null as never })).toEqual([
      'all: everyone',
      'until May: everyone',
      'home: everyone',
    ]);
    expect(told({ date: '2026-05-02' })).not.toContain('until May: everyone');
    expect(told({ currency: 'USD' })).toEqual(['dollars: everyone']);
    expect(told({ currency: 'USD', home: 'USD', company: null as never })).toContain('home: everyone');
    expect(told({ chosen: books[4]! })).toEqual(['dollars: chosen']);
  });

  test('say why they do not apply; what they lack themselves comes before what was chosen', () => {
    const why = (more: Values, on: object = {}) => whyNot(book('it', more), { ...terms, ...on } as never);
    expect(why({})).toBe(null);
    expect(why({ active: false, currency: 'USD' })).toBe('inactive');
    expect(why({ currency: 'USD' })).toBe('currency');
    expect(why({ currency: null }, { home: 'USD' })).toBe('currency');
    expect([why({ validFrom: '2026-05-02' }), why({ validFrom: '2026-05-01' })]).toEqual(['early', null]);
    expect([why({ validUntil: '2026-04-30' }), why({ validUntil: '2026-05-01' })]).toEqual(['late', null]);
    expect(why({ companies: [link('bar')], tags: [link('vip')] })).toBe('company');
    expect(why({ companies: [link('hotel')], tags: [link('south')] })).toBe(null);
    expect([why({ tags: [link('south')] }), why({ tags: [link('vip')] })]).toEqual(['tag', null]);
    expect(why({ tags: [link('vip')] }, { company: null })).toBe('tag');
    expect([why({}, { chosen: books[0] }), why({ currency: 'USD' }, { chosen: books[0] })]).toEqual([
      'chosen',
      'currency',
    ]);
    expect(whyNot(books[4]!, { ...terms, chosen: books[4]! })).toBe(null);
  });
});

describe('a price', () => {
  const entry = (priceBook: string, fromQuantity: string, amount: string, currency = 'EUR'): Values => ({
    priceBook: link(priceBook),
    product: link('machine'),
    fromQuantity,
    price: { amount, currency },
  });
  const machine = { id: 'machine', price: { amount: '1000', currency: 'EUR' } } as Values;
  const applying = booksFor(books, terms);
  const entries = closestFirst(
    [
      entry('all', '1', '990'),
      entry('theirs', '10', '800.00'),
      entry('theirs', '2', '950'),
      entry('chains', '1', '9', 'USD'),
    ],
    applying,
  );
  const explained = (quantity: string, stated: string | null = null) =>
    optionsOf(
      machine,
      { quantity, stated: stated ? { amount: stated, currency: 'EUR' } : null },
      { books: applying, entries, currency: 'EUR' },
    ).map(({ book, fromQuantity, state, taken }) =>
      [book?.name ?? 'list', fromQuantity, state, ...(taken ? ['taken'] : [])].join(' ').replace('  ', ' '),
    );

  test.each([
    [
      '10',
      null,
      ['theirs 10 counts taken', 'theirs 2 tier', 'chains 1 currency', 'all 1 further', 'list further'],
    ],
    [
      '9.99',
      null,
      ['theirs 10 quantity', 'theirs 2 counts taken', 'chains 1 currency', 'all 1 further', 'list further'],
    ],
    [
      '1',
      null,
      ['theirs 10 quantity', 'theirs 2 quantity', 'chains 1 currency', 'all 1 counts taken', 'list further'],
    ],
    [
      '10',
      '1000.00',
      ['theirs 10 counts', 'theirs 2 tier', 'chains 1 currency', 'all 1 further', 'list further taken'],
    ],
    [
      '10',
      '777',
      ['theirs 10 counts', 'theirs 2 tier', 'chains 1 currency', 'all 1 further', 'list further'],
    ],
  ])('for %s, stated %s', (quantity, stated, options) => {
    expect(explained(quantity, stated)).toEqual(options);
  });

  test('one at most counts and one at most is taken, and nothing that counts stands behind what is closer', () => {
    const quantity = fc.integer({ min: 0, max: 20 }).map(String);
    const anyEntry = fc.tuple(
      fc.constantFrom('theirs', 'chains', 'all'),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 3 }),
    );
    fc.assert(
      fc.property(
        quantity,
        fc.array(anyEntry, { maxLength: 8 }),
        fc.option(fc.integer({ min: 1, max: 4 })),
        (count, all, stated) => {
          const given = all.map(([of, from, amount]) => entry(of, String(from), String(amount)));
          const of = { books: applying, entries: closestFirst(given, applying), currency: 'EUR' };
          const price = stated ? { amount: String(stated), currency: 'EUR' } : null;
          const options = optionsOf(machine, { quantity: count, stated: price }, of);
          const at = options.findIndex(({ state }) => state === 'counts');
          expect(options.filter(({ state }) => state === 'counts')).toHaveLength(1);
          expect(options.slice(0, at).every(({ state }) => state === 'quantity')).toBe(true);
          expect(options.filter(({ taken }) => taken).length).toBeLessThanOrEqual(1);
          if (!price) expect(options[at]!.taken).toBe(true);
        },
      ),
    );
  });
});
