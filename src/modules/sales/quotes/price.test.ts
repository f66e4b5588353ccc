/** The arithmetic of quotes: by examples worked out by hand, and by what has to hold for all of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fraction, product, quotient, shares } from '../decimals.ts';
import {
  addDays,
  addMonths,
  type PriceLine,
  periodOf,
  price,
  prorate,
  type Terms,
  Unpriced,
} from './price.ts';

const euro: Terms = { currency: 'EUR', prices: 'net', rounding: 'halfUp', taxBy: 'document' };

function line(key: string, quantity: string, amount: string, more: Partial<PriceLine> = {}): PriceLine {
  const price = { amount, currency: 'EUR' };
  return { key, quantity, price, taxRate: '20', interval: 'once', counts: true, ...more };
}

describe('by hand', () => {
  test('lines, discounts, two rates of tax', () => {
    const priced = price({ ...euro, discountAmount: '10' }, [
      line('a', '3', '19.90', { discountPercent: '10' }),
      line('b', '1', '46.27', { taxRate: '10' }),
      line('c', '5', '100', { counts: false }),
    ]);
    // 59.70 − 5.97 = 53.73 and 46.27 are 100.00; ten off: 5.373 → 5.37 and 4.627 → 4.63.
    expect(priced).toMatchObject({ subtotal: '100.00', discount: '10.00', net: '90.00' });
    expect(priced.lines.map(({ share, net, gross }) => [share, net, gross])).toEqual([
      ['5.37', '48.36', '58.03'],
      ['4.63', '41.64', '45.80'],
      ['0.00', '500.00', '600.00'],
    ]);
    expect(priced.taxes).toEqual([
      { rate: '20', net: '48.36', tax: '9.67', gross: '58.03' },
      { rate: '10', net: '41.64', tax: '4.16', gross: '45.80' },
    ]);
    expect(priced.gross).toBe('103.83');
  });

  test('tax by line and by document differ by the cent they differ by', () => {
    const lines = ['a', 'b', 'c'].map(key => line(key, '1', '0.33', { taxRate: '19' }));
    expect(price({ ...euro, taxBy: 'line' }, lines).tax).toBe('0.18');
    expect(price(euro, lines).tax).toBe('0.19');
  });

  test('gross prices contain the tax', () => {
    const priced = price({ ...euro, prices: 'gross' }, [line('a', '1', '119', { taxRate: '19' })]);
    expect(priced).toMatchObject({ net: '100.00', tax: '19.00', gross: '119.00' });
  });

  test.each([
    ['JPY', '0.5', '1'],
    ['JPY', '1.5', '2'],
    ['EUR', '0.125', '0.13'],
    ['KWD', '0.1235', '0.124'],
  ])('%s: %s is %s', (currency, amount, net) => {
    const of = (rounding: Terms['rounding']) =>
      price({ ...euro, currency, rounding }, [line('a', '1', amount, { price: { amount, currency } })]).net;
    expect(of('halfUp')).toBe(net);
    expect(of('halfEven')).toBe(amount === '0.5' ? '0' : amount === '0.125' ? '0.12' : net);
  });

  test('what recurs is told per month', () => {
    const priced = price(euro, [
      line('m', '2', '10', { interval: 'month' }),
      line('y', '1', '100', { interval: 'year' }),
      line('o', '1', '1000'),
    ]);
    expect(priced.lines.map(({ monthly }) => monthly)).toEqual(['20.00', '8.33', null]);
    expect(priced.monthly).toBe('28.33');
  });

  test('currencies are never mixed, and nothing is given away twice', () => {
    expect(() => price(euro, [line('a', '1', '1', { price: { amount: '1', currency: 'USD' } })])).toThrow(
      Unpriced,
    );
    expect(() => price(euro, [line('a', '1', '1', { discountAmount: '1.01' })])).toThrow(Unpriced);
    expect(() => price({ ...euro, discountAmount: '1.01' }, [line('a', '1', '1')])).toThrow(Unpriced);
  });

  test('periods end where the next begins, also on the 31st', () => {
    expect(addMonths('2024-01-31', 1)).toBe('2024-02-29');
    // Beyond the calendar is its last day.
    expect([addMonths('9999-11-30', 9), addMonths('2024-01-31', 1e15)]).toEqual(['9999-12-31', '9999-12-31']);
    expect(periodOf('2024-01-31', 'month', '9999-12-31').to).toBe('9999-12-31');
    expect(periodOf('2026-01-31', 'month', '2026-03-01')).toEqual({ from: '2026-02-28', to: '2026-03-31' });
    expect(periodOf('2026-01-31', 'quarter', '2025-12-31')).toEqual({ from: '2025-10-31', to: '2026-01-31' });
  });
});

const decimal = (digits: number, max: number) =>
  fc
    .tuple(fc.integer({ min: 0, max }), fc.integer({ min: 0, max: 10 ** digits - 1 }))
    .map(([whole, part]) => `${whole}.${String(part).padStart(digits, '0')}`);
const currency = fc.constantFrom('EUR', 'JPY', 'KWD');
const anyQuote = currency.chain(code =>
  fc.record({
    terms: fc.record({
      currency: fc.constant(code),
      prices: fc.constantFrom('net' as const, 'gross' as const),
      rounding: fc.constantFrom('halfUp' as const, 'halfEven' as const),
      taxBy: fc.constantFrom('line' as const, 'document' as const),
      discountPercent: fc.option(decimal(2, 99)),
    }),
    lines: fc.array(
      fc.record({
        quantity: decimal(3, 40),
        price: decimal(4, 5000).map(amount => ({ amount, currency: code })),
        discountPercent: fc.option(decimal(1, 99)),
        taxRate: fc.constantFrom('20', '10', '0', '7.7'),
        interval: fc.constantFrom('once' as const, 'month' as const, 'year' as const),
        counts: fc.boolean(),
      }),
      { maxLength: 12 },
    ),
  }),
);
const units = (text: string) => BigInt(text.replace('.', ''));
const total = (texts: string[]) => texts.reduce((so, text) => so + units(text), 0n);

describe('always', () => {
  const priced = ({ terms, lines }: { terms: Terms; lines: Omit<PriceLine, 'key'>[] }) =>
    price(
      terms,
      lines.map((each, index) => ({ ...each, key: String(index) })),
    );

  test('lines add up to totals, taxes by rate too, and what is taken off is spread without a rest', () => {
    fc.assert(
      fc.property(anyQuote, quote => {
        const answer = priced(quote);
        const counted = answer.lines.filter(({ counts }) => counts);
        for (const part of ['net', 'tax', 'gross'] as const) {
          expect(total(counted.map(each => each[part]))).toBe(units(answer[part]));
          expect(total(answer.taxes.map(each => each[part]))).toBe(units(answer[part]));
        }
        expect(units(answer.net) + units(answer.tax)).toBe(units(answer.gross));
        expect(total(counted.map(({ share }) => share))).toBe(units(answer.discount));
        const left = units(answer.subtotal) - units(answer.discount);
        expect(units(quote.terms.prices === 'net' ? answer.net : answer.gross)).toBe(left);
      }),
    );
  });

  test('the order of lines makes no difference', () => {
    fc.assert(
      fc.property(anyQuote, ({ terms, lines }) => {
        const keyed = lines.map((each, index) => ({ ...each, key: String(index) }));
        const there = price(terms, keyed);
        const back = price(terms, [...keyed].reverse());
        expect({ ...back, lines: [...back.lines].reverse() }).toEqual(there);
      }),
    );
  });

  test('shares add up, and none is a unit off its exact part', () => {
    const parts = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), parts, (whole, weights) => {
        const found = shares(
          whole,
          weights.map((weight, index) => ({ key: String(index), weight })),
        );
        expect([...found.values()].reduce((so, each) => so + each, 0n)).toBe(whole);
        const sum = weights.reduce((so, each) => so + each, 0n);
        if (sum > 0n)
          for (const [key, share] of found) {
            const off = share * sum - whole * weights[Number(key)]!;
            expect(off < sum && off > -sum).toBe(true);
          }
      }),
    );
  });

  test('parts of a period that follow each other add up to it', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 6 });
    fc.assert(
      fc.property(
        decimal(2, 100_000),
        currency,
        cuts,
        fc.integer({ min: 1, max: 400 }),
        (amount, code, at, length) => {
          const period = { from: '2024-02-01', to: addDays('2024-02-01', length) };
          const days = [...at.filter(cut => cut < length), 0, length].sort((a, b) => a - b);
          const money = { amount, currency: code };
          const parts = days.slice(1).map((to, index) =>
            prorate(money, period, {
              from: addDays(period.from, days[index]!),
              to: addDays(period.from, to),
            }),
          );
          expect(total(parts.map(part => part.amount))).toBe(units(prorate(money, period, period).amount));
        },
      ),
    );
  });

  test('a quotient is off by a half at most', () => {
    const many = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
    fc.assert(
      fc.property(
        many,
        fc.bigInt({ min: 1n, max: 10n ** 6n }),
        fc.constantFrom('halfUp' as const, 'halfEven' as const),
        (n, d, how) => {
          const off = (quotient(n, d, how) * d - n) * 2n;
          expect(off <= d && off >= -d).toBe(true);
          if (how === 'halfEven' && (off === d || off === -d)) expect(quotient(n, d, how) % 2n).toBe(0n);
        },
      ),
    );
  });

  test('every rounded amount is off by half a unit at most, a half away from nought or to the even one', () => {
    fc.assert(
      fc.property(anyQuote, ({ terms, lines }) => {
        const answer = priced({ terms: { ...terms, discountPercent: null }, lines });
        answer.lines.forEach(({ subtotal, discount }, index) => {
          const { quantity, price: each, discountPercent } = lines[index]!;
          const exact = product(fraction(quantity), fraction(each.amount));
          const off = product(exact, fraction(discountPercent ?? '0'), { n: 1n, d: 100n });
          for (const [got, wanted] of [
            [subtotal, exact],
            [discount, off],
          ] as const) {
            const unit = 10n ** BigInt(got.split('.')[1]?.length ?? 0);
            const apart = 2n * (units(got) * wanted.d - wanted.n * unit);
            expect(apart <= wanted.d && apart >= -wanted.d).toBe(true);
            if (apart === -wanted.d) expect([terms.rounding, units(got) % 2n]).toEqual(['halfEven', 0n]);
            if (apart === wanted.d && terms.rounding === 'halfEven') expect(units(got) % 2n).toBe(0n);
          }
        });
      }),
    );
  });

  test('tax by document is the tax of the sum; by line it is off by half a unit for each line at most', () => {
    const ways = fc.constantFrom('document' as const, 'line' as const);
    fc.assert(
      fc.property(anyQuote, ways, ({ terms, lines }, taxBy) => {
        const { taxes, lines: all } = priced({ terms: { ...terms, taxBy }, lines });
        const counted = all.filter(({ counts }) => counts);
        for (const { rate, net, gross, tax } of taxes) {
          const { n, d } = fraction(rate);
          const [base, whole] = terms.prices === 'net' ? [net, d * 100n] : [gross, d * 100n + n];
          const off = 2n * (units(tax) * whole - units(base) * n);
          const of = counted.filter(({ key }) => Number(lines[Number(key)]!.taxRate) === Number(rate));
          const most = whole * BigInt(taxBy === 'document' ? 1 : of.length);
          expect(off <= most && off >= -most).toBe(true);
        }
        for (const { rate, tax } of taxes) expect(units(tax) === 0n || Number(rate) > 0).toBe(true);
      }),
    );
  });

  test('amounts have the digits of their currency, and no other currency gets in', () => {
    fc.assert(
      fc.property(anyQuote, fc.constantFrom('USD', 'GBP', 'CHF'), ({ terms, lines }, foreign) => {
        const digits = { EUR: 2, JPY: 0, KWD: 3 }[terms.currency as 'EUR'];
        const { lines: all, taxes, currency: _, ...sums } = priced({ terms, lines });
        const amounts = [
          ...Object.values(sums),
          ...all.flatMap(({ key: __, counts: ___, monthly, ...each }) => [
            ...Object.values(each),
            monthly ?? sums.net,
          ]),
          ...taxes.flatMap(({ rate: __, ...each }) => Object.values(each)),
        ];
        for (const amount of amounts) expect(amount.split('.')[1]?.length ?? 0).toBe(digits);
        const other = { ...lines[0]!, price: { amount: '1', currency: foreign } };
        if (lines.length > 0) expect(() => priced({ terms, lines: [...lines, other] })).toThrow(Unpriced);
      }),
    );
  });

  test('a part of a period is its days’ part to the unit, never less for more days, nothing outside of it', () => {
    const length = fc.integer({ min: 1, max: 366 });
    fc.assert(
      fc.property(
        decimal(2, 100_000),
        currency,
        length,
        fc.nat(400),
        fc.nat(400),
        (amount, code, days, a, b) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          const on = (day: number) => addDays('2023-12-15', day);
          const period = { from: on(0), to: on(days) };
          const money = { amount, currency: code };
          const part = (first: number, last: number) =>
            units(prorate(money, period, { from: on(first), to: on(last) }).amount);
          const whole = part(0, days);
          const within = BigInt(Math.min(to, days) - Math.min(from, days));
          const off = part(from, to) * BigInt(days) - whole * within;
          expect(off <= BigInt(days) && off >= -BigInt(days)).toBe(true);
          expect(part(from, to + 1) >= part(from, to)).toBe(true);
          expect(part(days, days + 30)).toBe(0n);
        },
      ),
    );
  });
});
