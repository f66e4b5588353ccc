/** Exact sums and products of decimal numbers written as text. */

/** Product of two decimal strings, exact, rounded half up to two places. */
export function times(a: string, b: string): string {
  const [x, y] = [scaled(a), scaled(b)];
  const product = x.digits * y.digits;
  const shift = x.places + y.places - 2;
  if (shift <= 0) return withPoint(product * 10n ** BigInt(-shift));
  const divisor = 10n ** BigInt(shift);
  const half = product < 0n ? -divisor / 2n : divisor / 2n;
  return withPoint((product + half) / divisor);
}

function scaled(text: string): { digits: bigint; places: number } {
  const [whole, fraction = ''] = text.split('.') as [string, string?];
  return { digits: BigInt(whole + fraction), places: fraction.length };
}

function withPoint(units: bigint, places = 2): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
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
