/**
 * Where a visit came from: what stands in the address of the page and in its referrer, and nothing else. Nothing is kept in
 * the browser, so the first touch is that of the first submission, and the last that of the latest.
 */
import type { Json } from '../../../engine/index.ts';

export type Touch = { [part: string]: string };

const utm = ['source', 'medium', 'campaign', 'term', 'content'];
const clicks = ['gclid', 'fbclid', 'msclkid'];
/** Characters kept of each part. */
const most = 300;

/** Pure. `page` is the address of the page that shows the form. */
export function touchOf(page: string | undefined, referrer: string | undefined, at: string): Touch {
  const address = page !== undefined && URL.canParse(page) ? new URL(page) : null;
  const from = referrer !== undefined && URL.canParse(referrer) ? new URL(referrer) : null;
  const asked = address?.searchParams;
  const parts: [string, string | null | undefined][] = [
    ...utm.map((name): [string, string | null | undefined] => [name, asked?.get(`utm_${name}`)]),
    ...clicks.map((name): [string, string | null | undefined] => [name, asked?.get(name)]),
    ['page', address && `${address.origin}${address.pathname}`],
    ['referrer', from && from.origin !== address?.origin ? `${from.origin}${from.pathname}` : null],
  ];
  const known = parts.flatMap(([name, value]) => (value ? [[name, value.slice(0, most)]] : []));
  return { ...(Object.fromEntries(known) as Touch), at };
}

/** Media that advertisers name, as sources of leads are called; null where the visit says nothing of the kind. */
export function sourceOf(touch: Touch): string | null {
  const medium = touch.medium?.toLowerCase() ?? '';
  if (/^(cpc|ppc|paid|display|banner|ads?)/.test(medium) || clicks.some(name => touch[name]))
    return 'advertising';
  if (/^(referral|affiliate|partner)/.test(medium)) return 'referral';
  return null;
}

export const asTouch = (value: Json | undefined): Touch | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Touch) : null;

/** The later of two; the first where they are of one moment. Their moments are canonical, and compare as text. */
export function laterTouch(known: Json | undefined, other: Json | undefined): Touch | null {
  const [a, b] = [asTouch(known), asTouch(other)];
  return a && b ? (b.at! > a.at! ? b : a) : (a ?? b);
}
