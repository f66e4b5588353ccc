/** Exact sums, products and quotients of decimal numbers written as text; nothing here is ever a float. */

/** Which way a half goes: `halfUp` away from nought, `halfEven` to the even neighbour (IEEE 754, "bankers'"). */
export type Rounding = 'halfUp' | 'halfEven';

/** A number as a quotient of whole ones; `d` is above nought. */
export interface Fraction {
  n: bigint;
  d: bigint;
}

/** Product of two decimal strings, exact, rounded half up to two places. */
export function times(a: string, b: string): string {
  return withPoint(inUnits(product(fraction(a), fraction(b)), 2, 'halfUp'), 2);
}

/** A decimal text as an exact quotient. */
export function fraction(text: string): Fraction {
  const { digits, places } = scaled(text);
  return { n: digits, d: 10n ** BigInt(places) };
}

/** Whether `a` is more than `b`. */
export function exceeds(a: Fraction, b: Fraction): boolean {
  return a.n * b.d > b.n * a.d;
}

export function product(...factors: Fraction[]): Fraction {
  return factors.reduce((so, { n, d }) => ({ n: so.n * n, d: so.d * d }), { n: 1n, d: 1n });
}

/** How many of the smallest units of a currency with so many digits an amount is, rounded. */
export function inUnits({ n, d }: Fraction, digits: number, rounding: Rounding): bigint {
  return quotient(n * 10n ** BigInt(digits), d, rounding);
}

/** A whole number of units as a decimal text: 1250 with two digits is `12.50`. */
export function withPoint(units: bigint, places: number): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  return places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** n ÷ d, rounded to a whole number. `d` is above nought. */
export function quotient(n: bigint, d: bigint, rounding: Rounding): bigint {
  const [whole, rest] = [n / d, n % d];
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const up = twice > d || (twice === d && (rounding === 'halfUp' || whole % 2n !== 0n));
  return up ? whole + (n < 0n ? -1n : 1n) : whole;
}

/**
 * Parts `total` in proportion to weights, so that the parts add up to it exactly: each gets its whole units, and what is
 * left goes one by one to the largest remainders (Hamilton's method), among equal ones by key. The order in which parts are
 * given makes no difference.
 */
export function shares(total: bigint, parts: { key: string; weight: bigint }[]): Map<string, bigint> {
  const whole = parts.reduce((so, { weight }) => so + weight, 0n);
  const byKey = [...parts].sort((a, b) => (a.key < b.key ? -1 : 1));
  if (whole === 0n) return new Map(byKey.map(({ key }, index) => [key, index === 0 ? total : 0n]));
  const sign = whole < 0n ? -1n : 1n;
  const found = byKey.map(({ key, weight }) => {
    const n = total * weight * sign;
    const d = whole * sign;
    const floor = n / d - (n % d < 0n ? 1n : 0n);
    return { key, floor, rest: n - floor * d };
  });
  let left = total - found.reduce((so, { floor }) => so + floor, 0n);
  const most = [...found].sort((a, b) =>
    a.rest === b.rest ? (a.key < b.key ? -1 : 1) : a.rest > b.rest ? -1 : 1,
  );
  const answer = new Map<string, bigint>();
  for (const { key, floor } of most) answer.set(key, floor + (left-- > 0n ? 1n : 0n));
  return answer;
}

function scaled(text: string): { digits: bigint; places: number } {
  const [whole, part = ''] = text.split('.') as [string, string?];
  return { digits: BigInt(whole + part), places: part.length };
}

/** What is left of `a` without `b`. */
export function less(a: string, b: string): string {
  return sum([a, b.startsWith('-') ? b.slice(1) : `-${b}`]);
}

/** Sum of decimal strings, exact, with two places or as many as the longest has. */
export function sum(amounts: string[]): string {
  const all = amounts.map(scaled);
  const places = Math.max(2, ...all.map(each => each.places));
  const total = all.reduce((so, { digits, places: own }) => so + digits * 10n ** BigInt(places - own), 0n);
  return withPoint(total, places);
}

/** So many percent of an amount, rounded half up to two places; percent to four places. */
export function percentOf(amount: string, percent: number): string {
  const { digits, places } = scaled(percent.toFixed(4));
  return times(amount, withPoint(digits, places + 2));
}

/** A number, such as a percentage, as decimal text; null for nought and nothing. */
export function decimalText(value: number | null | undefined): string | null {
  return value ? value.toFixed(10).replace(/\.?0+$/, '') : null;
}
