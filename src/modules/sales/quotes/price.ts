/**
 * What a quote comes to: pure arithmetic over whole units of one currency. Everyone asks here — drafts, what is stored, the
 * page for outsiders, orders and subscriptions — so that no two places can differ by a cent.
 */
import { minorDigits } from '../../../fields/index.ts';
import {
  type Fraction,
  fraction,
  inUnits,
  product,
  quotient,
  type Rounding,
  shares,
  withPoint,
} from '../decimals.ts';

/** Exact amount and its currency. */
export type Money = { amount: string; currency: string };

export const intervals = ['once', 'month', 'quarter', 'year'] as const;
/** How often a price falls due. */
export type Interval = (typeof intervals)[number];

const months: Record<Interval, number> = { once: 0, month: 1, quarter: 3, year: 12 };

export interface Terms {
  currency: string;
  /** Whether unit prices are without tax or contain it. */
  prices: 'net' | 'gross';
  rounding: Rounding;
  /** Whether tax is rounded for each line, or once for each rate. */
  taxBy: 'line' | 'document';
  /** Off the whole, in hundredths or as an amount; decimal text. */
  discountPercent?: string | null;
  discountAmount?: string | null;
}

export interface PriceLine {
  /** Unlike that of all others; decides among equal remainders. */
  key: string;
  quantity: string;
  /** For one. */
  price: Money;
  discountPercent?: string | null;
  discountAmount?: string | null;
  /** In hundredths. */
  taxRate: string;
  interval: Interval;
  /** Whether it counts; an optional line that nobody chose does not. */
  counts: boolean;
}

export interface PricedLine {
  key: string;
  counts: boolean;
  /** Quantity × price. */
  subtotal: string;
  /** Taken off this line, without its part of what is taken off the whole. */
  discount: string;
  /** Its part of what is taken off the whole. */
  share: string;
  net: string;
  tax: string;
  gross: string;
  /** Per month, without tax; null for what is due once. */
  monthly: string | null;
}

export interface Priced {
  currency: string;
  lines: PricedLine[];
  /** By rate, the highest first. */
  taxes: { rate: string; net: string; tax: string; gross: string }[];
  /** Of lines that count, with what was taken off each of them. */
  subtotal: string;
  /** Off the whole. */
  discount: string;
  net: string;
  tax: string;
  gross: string;
  /** Net per month of all that recurs. */
  monthly: string;
}

/** Why a quote cannot be priced; `line`: the key of the line. */
export class Unpriced extends Error {
  readonly line: string | null;
  constructor(message: string, line: string | null) {
    super(message);
    this.line = line;
  }
}

interface Working {
  line: PriceLine;
  subtotal: bigint;
  discount: bigint;
  share: bigint;
  net: bigint;
  tax: bigint;
  gross: bigint;
}

const hundredth: Fraction = { n: 1n, d: 100n };
const add = (lines: Working[], part: 'subtotal' | 'discount' | 'share' | 'net' | 'tax' | 'gross') =>
  lines.reduce((so, line) => so + line[part], 0n);

/** Prices a quote. Throws `Unpriced` for foreign currencies and for discounts of more than there is. */
export function price(terms: Terms, lines: PriceLine[]): Priced {
  const digits = minorDigits(terms.currency);
  const units = (value: Fraction) => inUnits(value, digits, terms.rounding);
  const worked = lines.map(line => begin(terms, line, units));
  const counted = worked.filter(({ line }) => line.counts);
  const before = counted.map(({ line, subtotal, discount }) => ({
    key: line.key,
    weight: subtotal - discount,
  }));
  const sum = before.reduce((so, { weight }) => so + weight, 0n);
  const off = discountOf(terms, withPoint(sum, digits), units);
  if (off !== 0n && (off < 0n ? off < sum : off > sum))
    throw new Unpriced('The discount is more than the sum of the lines.', null);
  const parts = shares(off, before);
  for (const each of worked) each.share = each.line.counts ? parts.get(each.line.key)! : 0n;
  addTax(terms, counted);
  for (const each of worked) if (!each.line.counts) addTax({ ...terms, taxBy: 'line' }, [each]);
  const text = (value: bigint) => withPoint(value, digits);
  const monthly = (each: Working) => monthlyUnits(each.net, each.line.interval, terms.rounding);
  return {
    currency: terms.currency,
    lines: worked.map(each => ({
      key: each.line.key,
      counts: each.line.counts,
      subtotal: text(each.subtotal),
      discount: text(each.discount),
      share: text(each.share),
      net: text(each.net),
      tax: text(each.tax),
      gross: text(each.gross),
      monthly: each.line.interval === 'once' ? null : text(monthly(each)),
    })),
    taxes: [...byRate(counted)].map(([rate, of]) => ({
      rate,
      net: text(add(of, 'net')),
      tax: text(add(of, 'tax')),
      gross: text(add(of, 'gross')),
    })),
    subtotal: text(sum),
    discount: text(off),
    net: text(add(counted, 'net')),
    tax: text(add(counted, 'tax')),
    gross: text(add(counted, 'gross')),
    monthly: text(counted.reduce((so, each) => so + monthly(each), 0n)),
  };
}

function begin(terms: Terms, line: PriceLine, units: (value: Fraction) => bigint): Working {
  if (line.price.currency !== terms.currency)
    throw new Unpriced(
      `The quote is in ${terms.currency}; this price is in ${line.price.currency}.`,
      line.key,
    );
  const subtotal = units(product(fraction(line.quantity), fraction(line.price.amount)));
  const exact = product(fraction(line.quantity), fraction(line.price.amount));
  const discount = line.discountPercent
    ? units(product(exact, fraction(line.discountPercent), hundredth))
    : units(fraction(line.discountAmount ?? '0'));
  if (discount !== 0n && (subtotal < 0n ? discount < subtotal : discount > subtotal))
    throw new Unpriced('The discount of this line is more than its amount.', line.key);
  return { line, subtotal, discount, share: 0n, net: 0n, tax: 0n, gross: 0n };
}

function discountOf(terms: Terms, sum: string, units: (value: Fraction) => bigint): bigint {
  return terms.discountPercent
    ? units(product(fraction(sum), fraction(terms.discountPercent), hundredth))
    : units(fraction(terms.discountAmount ?? '0'));
}

/** Lines by their rate of tax, `20` and `20.0` being the same; the highest first. */
function byRate(lines: Working[]): Map<string, Working[]> {
  const plain = (rate: string) => (rate.includes('.') ? rate.replace(/\.?0+$/, '') : rate);
  const groups = Map.groupBy(lines, ({ line }) => plain(line.taxRate));
  return new Map([...groups].sort(([a], [b]) => Number(b) - Number(a)));
}

/** Tax of lines whose discounts are known: on top of net prices, contained in gross ones. */
function addTax(terms: Terms, lines: Working[]) {
  for (const [rate, of] of byRate(lines)) {
    const { n, d } = fraction(rate);
    const due = (amount: bigint) =>
      terms.prices === 'net'
        ? quotient(amount * n, d * 100n, terms.rounding)
        : quotient(amount * n, d * 100n + n, terms.rounding);
    const left = (each: Working) => each.subtotal - each.discount - each.share;
    const whole = of.reduce((so, each) => so + left(each), 0n);
    const parts =
      terms.taxBy === 'line'
        ? new Map(of.map(each => [each.line.key, due(left(each))]))
        : shares(
            due(whole),
            of.map(each => ({ key: each.line.key, weight: left(each) })),
          );
    for (const each of of) {
      each.tax = parts.get(each.line.key)!;
      each.net = terms.prices === 'net' ? left(each) : left(each) - each.tax;
      each.gross = each.net + each.tax;
    }
  }
}

function monthlyUnits(net: bigint, interval: Interval, rounding: Rounding): bigint {
  return interval === 'once' ? 0n : quotient(net, BigInt(months[interval]), rounding);
}

/** What an amount per interval is per month. */
export function monthlyOf(
  { amount, currency }: Money,
  interval: Interval,
  rounding: Rounding = 'halfUp',
): Money {
  const digits = minorDigits(currency);
  const units = inUnits(fraction(amount), digits, rounding);
  return { amount: withPoint(monthlyUnits(units, interval, rounding), digits), currency };
}

const day = 86_400_000;
const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / day;

/** Days are kept with four digits of the year: what lies beyond is the last there is, or the first. */
const [firstDay, lastDay] = [Date.parse('0001-01-01'), Date.parse('9999-12-31')] as const;
const asDay = (time: number) =>
  new Date(Number.isNaN(time) ? lastDay : Math.min(Math.max(time, firstDay), lastDay))
    .toISOString()
    .slice(0, 10);

/** The day so many months later; the last of the month where there is no such day. */
export function addMonths(date: string, count: number): string {
  const [year, month, on] = date.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - 1 + count + 1, 0)).getUTCDate();
  return asDay(Date.UTC(year, month - 1 + count, Math.min(on, last)));
}

export function addDays(date: string, count: number): string {
  return asDay((dayOf(date) + count) * day);
}

/** The period of an interval that begun on `anchor` in which a day lies: `from` belongs to it, `to` no longer. */
export function periodOf(anchor: string, interval: Exclude<Interval, 'once'>, date: string) {
  const step = months[interval];
  let index = 0;
  const begin = (of: number) => addMonths(anchor, of * step);
  // The last day there is begins no period of its own.
  while (begin(index + 1) <= date && begin(index + 1) > begin(index)) index++;
  while (begin(index) > date && begin(index - 1) < begin(index)) index--;
  return { from: addMonths(anchor, index * step), to: addMonths(anchor, (index + 1) * step) };
}

/**
 * The part of a period's amount that falls to the days from `from` until before `to`, by the actual days of both. Counted
 * from the beginning of the period, so that parts that follow each other add up to the whole.
 */
export function prorate(
  { amount, currency }: Money,
  period: { from: string; to: string },
  part: { from: string; to: string },
  rounding: Rounding = 'halfUp',
): Money {
  const digits = minorDigits(currency);
  const whole = inUnits(fraction(amount), digits, rounding);
  const [first, end] = [dayOf(period.from), dayOf(period.to)];
  const until = (date: string) =>
    quotient(
      whole * BigInt(Math.min(Math.max(dayOf(date), first), end) - first),
      BigInt(end - first),
      rounding,
    );
  return { amount: withPoint(until(part.to) - until(part.from), digits), currency };
}
