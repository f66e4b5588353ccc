/** The arithmetic of the dashboards, and what their address and files say; no database. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pictureOf } from './card-picture.ts';
import { conditionOf, csvOf, periodOf, readDashboard } from './dashboard-view.ts';
import { type Counted, changeOf, figuresOf, interval, monthsUntil, pointsOf } from './figures.ts';

const counted: Counted = {
  won: 3,
  lost: 1,
  amount: '1000.00',
  days: 90,
  timed: 3,
  open: 8,
  openAmount: '500.00',
};

describe('figures', () => {
  test('quotients are exact and rounded half up', () => {
    // 8 open × 3/4 won × 333.33… ÷ 30 days
    expect(figuresOf(counted, 2)).toMatchObject({
      winRate: 0.75,
      average: '333.33',
      cycle: 30,
      velocity: '66.67',
    });
    expect(figuresOf({ ...counted, amount: '100.10', won: 2, lost: 0 }, 0).average).toBe('50');
  });
  test('nothing decided says nothing', () => {
    const none = { ...counted, won: 0, lost: 0, amount: '0.00', days: 0, timed: 0 };
    expect(figuresOf(none, 2)).toMatchObject({ winRate: null, average: null, cycle: null, velocity: null });
    expect([changeOf(1, null), changeOf(1, 0), changeOf(150, 100)]).toEqual([null, null, 0.5]);
  });
});

describe('the interval of a rate', () => {
  test('is wide for few: one of one is not certain', () => {
    const [one, many] = [interval(1, 1)!, interval(100, 100)!];
    expect(one.low).toBeCloseTo(0.2065, 3);
    expect(one.high).toBe(1);
    expect(many.low).toBeGreaterThan(0.96);
    expect(interval(0, 0)).toBeNull();
  });
  test('holds the rate, lies between nought and one, and narrows with more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 400 }), (n, k) => {
        const won = Math.min(n, k);
        const [few, more] = [interval(won, n)!, interval(won * 10, n * 10)!];
        expect(few.low).toBeGreaterThanOrEqual(0);
        expect(few.high).toBeLessThanOrEqual(1);
        expect(won / n).toBeGreaterThanOrEqual(few.low - 1e-9);
        expect(won / n).toBeLessThanOrEqual(few.high + 1e-9);
        expect(more.high - more.low).toBeLessThan(few.high - few.low);
      }),
    );
  });
});

test('points are days of a month, weeks of a quarter, months of a year, and none to come', () => {
  expect(pointsOf('2026-02-01', '2026-02-28', '2026-12-31')).toHaveLength(28);
  expect(pointsOf('2026-01-01', '2026-03-31', '2026-12-31').at(-1)).toBe('2026-03-31');
  expect(pointsOf('2026-01-01', '2026-12-31', '2026-03-10')).toEqual([
    '2026-01-31',
    '2026-02-28',
    '2026-03-10',
  ]);
  expect(pointsOf('2026-05-01', '2026-05-31', '2026-03-10')).toEqual([]);
  expect(monthsUntil('2026-03-31', '2026-03-10')).toMatchObject({
    0: '2025-04-30',
    11: '2026-03-10',
    length: 12,
  });
});

test('the address is reduced to what is understood, and says which days are compared', () => {
  const strange = { unit: 'week', at: 'x', whose: 'owner:me', only: 'no colon', compare: 'then', by: 'A B' };
  expect(Object.values(readDashboard(strange)).every(value => value === undefined)).toBe(true);
  const quarter = periodOf({ at: '2026-05-10' }, '2026-11-22');
  expect(quarter).toEqual({
    from: '2026-04-01',
    to: '2026-06-30',
    compare: { from: '2026-01-01', to: '2026-03-31' },
  });
  expect(periodOf({ at: '2026-05-10', compare: 'year' }, '2026-11-22').compare).toEqual({
    from: '2025-04-01',
    to: '2025-06-30',
  });
  const own = { unit: 'range', from: '2026-03-10', to: '2026-03-01' } as const;
  expect(periodOf(own, '2026-11-22')).toEqual({
    from: '2026-03-01',
    to: '2026-03-10',
    compare: { from: '2026-02-19', to: '2026-02-28' },
  });
  expect(conditionOf('company.sector:retail')).toEqual({
    field: 'company.sector',
    op: 'is',
    value: 'retail',
  });
});

const look = {
  ink: 'ink',
  faint: 'faint',
  hairline: 'hairline',
  bar: 'bar',
  soft: 'soft',
  band: 'band',
  paper: 'paper',
  hues: ['low', 'high'],
  rtl: false,
};

test('files keep commas and quotes, and are no formulas; pictures are no markup of others', () => {
  const table = { head: ['Name', 'Won'], rows: [{ cells: ['=A1, "B"', -2], texts: ['<b>&', '2'] }] };
  expect(csvOf(table)).toBe('Name,Won\r\n"\'=A1, ""B""",-2\r\n');
  const svg = pictureOf('sellers', 'T & U', '', { ...table, values: [1] }, look);
  expect(svg).toContain('&lt;b&gt;&amp;');
  expect(svg).toContain('T &amp; U');
  expect(svg).not.toContain('<b>');
});

test('a picture is of the kind of its card: points on bands, layers, a line that breaks, a table', () => {
  const filled = (svg: string, fill: string) => svg.split(`fill="${fill}"`).length - 1;
  const row = (...cells: (string | number | null)[]) => ({ cells, texts: cells.map(String) });
  const rates = pictureOf('winRates', '', '', { head: [], rows: [row('A', 1, 4, 0.25, 0.05, 0.7)] }, look);
  expect([filled(rates, 'band'), rates.match(/<circle cx="([\d.]+)"/)?.[1]]).toEqual([1, '319.5']);
  const days = {
    head: [],
    rows: [row('d1', 'Low', 2, 30), row('d1', 'High', 1, 10), row('d2', 'High', 1, 20)],
    values: [30, 10, 20],
    layers: ['Low', 'High'],
  };
  const stacked = pictureOf('overTime', '', '', days, look);
  const heights = [...stacked.matchAll(/height="([\d.]+)" rx="0" fill="(low|high)"/g)].map(
    ([, high, hue]) => [hue, high],
  );
  expect(heights).toEqual([
    ['low', '165'],
    ['high', '55'],
    ['high', '110'],
  ]);
  const months = {
    head: [],
    rows: [row('J', 1), row('F', 2), row('M', null), row('A', 4), row('M', 3)],
    values: [1, 2, 0, 4, 3],
  };
  const line = pictureOf('velocity', '', '', months, look);
  expect([line.split('<polyline').length - 1, filled(line, 'bar')]).toEqual([2, 4]);
  const table = pictureOf('stageTimes', '', '', { head: ['Stage', 'Lost'], rows: [row('Offer', 7)] }, look);
  expect([table.includes('>Lost<'), table.includes('>7<'), filled(table, 'bar')]).toEqual([true, true, 0]);
  const mirrored = pictureOf(
    'winRates',
    '',
    '',
    { head: [], rows: [row('A', 1, 4, 0.25, 0.05, 0.7)] },
    { ...look, rtl: true },
  );
  expect(mirrored.match(/<circle cx="([\d.]+)"/)?.[1]).toBe('440.5');
});
