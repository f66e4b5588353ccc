/** What the forecast page shows, worked out of what the reports say: the period, the tree of sellers, the streams. Pure. */
import type { Json, Stream } from '../../../engine/index.ts';
import { sum } from '../decimals.ts';
import type { Figures, Forecast } from './forecast.ts';

export type Unit = 'month' | 'quarter' | 'year';
export type Category = keyof Figures['adjusted'];

export const units: Unit[] = ['month', 'quarter', 'year'];
/** From the surest to the least sure. */
export const categories: Category[] = ['closed', 'commit', 'bestCase', 'pipeline'];

/** What stands in the address. Days are `2026-11-22`. */
export type ForecastSearch = Record<string, string | undefined> & {
  unit?: Unit;
  /** A day within the period; else today. */
  at?: string;
  pipeline?: string;
  /** The forecast as it was at the end of this day. */
  asOf?: string;
  /** An earlier day to compare with. */
  compare?: string;
};

const isDay = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));

/** Whatever stands in the address, reduced to what is understood. */
export function readForecast(search: Record<string, unknown>): ForecastSearch {
  const { unit, pipeline, at, asOf, compare } = search;
  return {
    unit: units.find(each => each === unit),
    at: isDay(at) ? at : undefined,
    pipeline: typeof pipeline === 'string' && /^[0-9a-f-]{36}$/i.test(pipeline) ? pipeline : undefined,
    asOf: isDay(asOf) ? asOf : undefined,
    compare: isDay(compare) ? compare : undefined,
  };
}

/** A category with what managers have added or taken away. */
export function net(figures: Figures, category: Category): string {
  return sum([figures[category], figures.adjusted[category]]);
}

export function isAdjusted(figures: Figures, category: Category): boolean {
  return Number(figures.adjusted[category]) !== 0;
}

/** What was won of what was to be won, of 1; null without quota. */
export function attainment(figures: Figures): number | null {
  const quota = Number(figures.quota);
  return quota > 0 ? Number(net(figures, 'closed')) / quota : null;
}

type Seller = Forecast['sellers'][number];

/** A line of the table. */
export interface SellerRow {
  key: string;
  user: Seller['user'];
  level: number;
  figures: Figures;
  /** Someone with people below; null for others. */
  open: boolean | null;
  /** What a manager sells, beside what the line does. */
  own: boolean;
  /** Whose deals the figures are of; null: deals without owner. */
  users: Seller['user'][];
}

/**
 * Sellers below their managers, those in `closed` without what is below them. Whoever has no manager among the sellers
 * stands on top; so does one of each line that leads back to itself.
 */
export function treeOf(sellers: Seller[], closed: ReadonlySet<string>): SellerRow[] {
  const known = new Set(sellers.map(({ user }) => user?.id));
  const below = new Map<string | null, Seller[]>();
  for (const seller of sellers) {
    const above = seller.manager !== null && known.has(seller.manager) ? seller.manager : null;
    below.set(above, [...(below.get(above) ?? []), seller]);
  }
  const seen = new Set<Seller>();
  const usersOf = ({ user }: Seller, passed = new Set<string>()): Seller['user'][] => {
    if (!user) return [null];
    if (passed.has(user.id)) return [];
    passed.add(user.id);
    return [user, ...(below.get(user.id) ?? []).flatMap(each => usersOf(each, passed))];
  };
  const rowsOf = (seller: Seller, level: number): SellerRow[] => {
    if (seen.has(seller)) return [];
    seen.add(seller);
    const { user, own, line } = seller;
    const key = user?.id ?? 'nobody';
    const others = (user ? (below.get(user.id) ?? []) : []).filter(each => !seen.has(each));
    const row = { key, user, level, figures: line, open: null, own: false, users: usersOf(seller) };
    if (others.length === 0) return [row];
    const open = !closed.has(key);
    const mine = { ...row, key: `${key} own`, level: level + 1, figures: own, own: true, users: [user] };
    const inner = others.flatMap(each => rowsOf(each, level + 1));
    return [{ ...row, open }, ...(open ? [...(sells(own) ? [mine] : []), ...inner] : [])];
  };
  const top = (below.get(null) ?? []).flatMap(seller => rowsOf(seller, 0));
  return [...top, ...sellers.flatMap(seller => rowsOf(seller, 0))];
}

function sells({ deals, quota, adjusted }: Figures): boolean {
  return deals > 0 || Number(quota) !== 0 || Object.values(adjusted).some(each => Number(each) !== 0);
}

export type StreamKind =
  | 'new'
  | 'pulledIn'
  | 'won'
  | 'lost'
  | 'better'
  | 'worse'
  | 'stayed'
  | 'pushedOut'
  | 'gone';

/** What became of some deals between two days. Amounts in the workspace's currency. */
export interface DealStream {
  kind: StreamKind;
  /** A category, `omitted` or `none`; `new` and `pulledIn` on the left, `pushedOut` and `gone` on the right. */
  from: string;
  to: string;
  count: number;
  /** The deals, up to a hundred. */
  ids: string[];
  before: number;
  after: number;
}

const order = ['omitted', 'none', 'pipeline', 'bestCase', 'commit', 'closed'];

/** Deals that stand out of the forecast at both days are left out: nothing became of them. */
export function streamsOf(streams: Stream[], currency: string): DealStream[] {
  return streams
    .map(stream => {
      const from = sideOf(stream.from, 'new', 'pulledIn');
      const to = sideOf(stream.to, 'gone', 'pushedOut');
      const [before, after] = [amountIn(stream.before, currency), amountIn(stream.after, currency)];
      return { kind: kindOf(from, to), from, to, count: stream.count, ids: stream.ids, before, after };
    })
    .filter(({ from, to }) => counts(from) || counts(to))
    .sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.after - a.after);
}

/** In the order in which people ask. */
const kinds: StreamKind[] = [
  'won',
  'lost',
  'new',
  'pulledIn',
  'pushedOut',
  'better',
  'worse',
  'stayed',
  'gone',
];

function sideOf({ presence, value }: Stream['from'], absent: string, outside: string): string {
  if (presence === 'absent') return absent;
  return presence === 'outside' ? outside : typeof value === 'string' ? value : 'none';
}

const counts = (side: string) => (categories as string[]).includes(side);

function kindOf(from: string, to: string): StreamKind {
  if (to === 'pushedOut' || to === 'gone') return to;
  if (to === 'closed' && from !== 'closed') return 'won';
  if (to === 'omitted' && from !== 'omitted') return 'lost';
  if (from === 'new' || from === 'pulledIn') return from;
  if (from === to) return 'stayed';
  return order.indexOf(to) > order.indexOf(from) ? 'better' : 'worse';
}

/** What has no rate to the currency is left out, as the figures above leave it out. */
function amountIn(value: Json, currency: string): number {
  const totals = [value ?? []].flat() as { amount: string; currency: string }[];
  return Number(totals.find(total => total.currency === currency)?.amount ?? 0);
}

/** A stack of streams at one side. */
export interface FlowNode {
  name: string;
  y: number;
  height: number;
  value: number;
}

export interface Ribbon {
  stream: DealStream;
  /** Upper and lower end at the left, then at the right. */
  left: [number, number];
  right: [number, number];
}

const sides = ['closed', 'commit', 'bestCase', 'pipeline', 'omitted', 'none'];

/** Pixels between nodes, and what the words of one need however small it is. */
const [gap, label] = [14, 20];

/** Pixels of one unit, so that every stack fits: found by halving, as small nodes stay as high as their words. */
function scaleOf(stacks: number[][], height: number): number {
  const heightAt = (scale: number) =>
    Math.max(
      ...stacks.map(stack =>
        stack.reduce((so, value) => so + Math.max(value * scale, label) + gap, stack.length > 0 ? -gap : 0),
      ),
    );
  let [low, high] = [0, height / Math.max(1e-9, ...stacks.map(stack => Math.max(...stack, 0)))];
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2;
    if (heightAt(middle) <= height) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * The picture of streams in a box of this height: each as wide at the left as its amount was, at the right as it is; what
 * came in or went out is as wide at both. Those without amount are left out.
 */
export function drawingOf(streams: DealStream[], height: number) {
  const shown = streams.filter(({ before, after }) => before > 0 || after > 0);
  const valueAt = (stream: DealStream, left: boolean) =>
    left
      ? counts(stream.from) || stream.from === 'omitted' || stream.from === 'none'
        ? stream.before
        : stream.after
      : stream.to === 'pushedOut' || stream.to === 'gone'
        ? stream.before
        : stream.after;
  const names = (left: boolean) =>
    [...sides, ...(left ? ['new', 'pulledIn'] : ['pushedOut', 'gone'])].filter(name =>
      shown.some(stream => (left ? stream.from : stream.to) === name),
    );
  const [left, right] = [names(true), names(false)];
  const valuesOf = (all: string[], at: boolean) =>
    all.map(name => ({
      name,
      value: shown
        .filter(stream => (at ? stream.from : stream.to) === name)
        .reduce((so, stream) => so + valueAt(stream, at), 0),
    }));
  const stacks = [valuesOf(left, true), valuesOf(right, false)];
  const scale = scaleOf(
    stacks.map(stack => stack.map(({ value }) => value)),
    height,
  );
  const nodesOf = (stack: { name: string; value: number }[]): FlowNode[] => {
    let y = 0;
    return stack.map(({ name, value }) => {
      const node = { name, y, height: value * scale, value };
      y += Math.max(node.height, label) + gap;
      return node;
    });
  };
  const [from, to] = stacks.map(nodesOf) as [FlowNode[], FlowNode[]];
  const ribbons = shown.map((stream): Ribbon => ({ stream, left: [0, 0], right: [0, 0] }));
  for (const at of [true, false])
    for (const node of at ? from : to) {
      let y = node.y;
      const mine = ribbons.filter(({ stream }) => (at ? stream.from : stream.to) === node.name);
      const other = (at ? right : left).map(String);
      mine.sort((a, b) => {
        const place = ({ stream }: Ribbon) => other.indexOf(at ? stream.to : stream.from);
        return place(a) - place(b);
      });
      for (const ribbon of mine) {
        const wide = valueAt(ribbon.stream, at) * scale;
        ribbon[at ? 'left' : 'right'] = [y, y + wide];
        y += wide;
      }
    }
  return { from, to, ribbons };
}
