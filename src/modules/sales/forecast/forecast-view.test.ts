/** What the forecast page works out: what the address says, the tree of sellers, and the streams of deals. */
import { expect, test } from 'vitest';
import type { Stream } from '../../../engine/index.ts';
import type { Figures, Forecast } from './forecast.ts';
import { attainment, drawingOf, net, readForecast, streamsOf, treeOf } from './forecast-view.ts';

const each = { pipeline: '0.00', bestCase: '0.00', commit: '0.00', closed: '0.00' };

function figures(more: Partial<Figures> = {}): Figures {
  return { ...each, weighted: '0.00', deals: 1, adjusted: each, quota: '0.00', overlay: '0.00', ...more };
}

function seller(id: string | null, manager: string | null, own = figures()): Forecast['sellers'][number] {
  return { user: id === null ? null : { id, title: id }, manager, own, line: figures({ deals: 9 }) };
}

const shape = (rows: ReturnType<typeof treeOf>) => rows.map(({ key, level, open }) => [key, level, open]);

test('the address is reduced to what is understood', () => {
  const known = { unit: 'year', at: '2026-02-28', asOf: '2026-01-01', compare: '2025-12-31' };
  expect(readForecast(known)).toMatchObject(known);
  expect(readForecast({ unit: 'week', at: 'soon', asOf: '2026-99-01', pipeline: 'x', compare: 7 })).toEqual(
    {},
  );
});

test('sellers stand below their managers, who have a line for what they sell themselves', () => {
  const none = figures({ deals: 0 });
  const sellers = [
    seller('max', 'boss'),
    seller('sina', 'max'),
    seller('boss', 'gone', none),
    seller(null, null),
  ];
  const rows = treeOf(sellers, new Set());
  expect(shape(rows)).toEqual([
    ['boss', 0, true],
    ['max', 1, true],
    ['max own', 2, null],
    ['sina', 2, null],
    ['nobody', 0, null],
  ]);
  expect(rows.map(row => row.users.map(user => user?.id ?? null))).toEqual([
    ['boss', 'max', 'sina'],
    ['max', 'sina'],
    ['max'],
    ['sina'],
    [null],
  ]);
  expect(shape(treeOf(sellers, new Set(['max'])))).toEqual([
    ['boss', 0, true],
    ['max', 1, false],
    ['nobody', 0, null],
  ]);
});

test('a line that leads back to itself ends, and loses nobody', () => {
  const circle = [seller('a', 'c'), seller('b', 'a'), seller('c', 'b')];
  const rows = treeOf(circle, new Set());
  expect(new Set(rows.map(row => row.user?.id))).toEqual(new Set(['a', 'b', 'c']));
  expect(rows[0]!.users.map(user => user!.id).toSorted()).toEqual(['a', 'b', 'c']);
});

test('figures are shown with what managers added; attainment is of the quota', () => {
  const one = figures({
    closed: '80.00',
    quota: '200.00',
    adjusted: { ...each, commit: '-5.50' },
    commit: '10.00',
  });
  expect(net(one, 'commit')).toBe('4.50');
  expect(attainment(one)).toBe(0.4);
  expect(attainment(figures())).toBeNull();
});

function stream(from: string, to: string, before: number, after: number, count = 1): Stream {
  const side = (text: string): Stream['from'] =>
    text === 'absent' || text === 'outside'
      ? { presence: text, value: null }
      : { presence: 'in', value: text };
  const money = (amount: number) => [
    { amount: '1', currency: 'JPY' },
    { amount: String(amount), currency: 'EUR' },
  ];
  return { from: side(from), to: side(to), count, ids: [], before: money(before), after: money(after) };
}

const flows = [
  stream('absent', 'pipeline', 0, 30),
  stream('outside', 'commit', 0, 20),
  stream('absent', 'closed', 0, 5),
  stream('commit', 'closed', 50, 60),
  stream('commit', 'omitted', 10, 10),
  stream('commit', 'outside', 40, 0),
  stream('pipeline', 'commit', 7, 7),
  stream('commit', 'pipeline', 8, 8),
  stream('bestCase', 'bestCase', 9, 11),
  stream('pipeline', 'absent', 3, 0),
  stream('omitted', 'omitted', 99, 99),
  stream('outside', 'omitted', 0, 4),
];

test('streams say what happened; deals that never counted are left out', () => {
  const told = streamsOf(flows, 'EUR').map(({ kind, from, to, before, after }) => [
    kind,
    from,
    to,
    before,
    after,
  ]);
  expect(told).toEqual([
    ['won', 'commit', 'closed', 50, 60],
    ['won', 'new', 'closed', 0, 5],
    ['lost', 'commit', 'omitted', 10, 10],
    ['new', 'new', 'pipeline', 0, 30],
    ['pulledIn', 'pulledIn', 'commit', 0, 20],
    ['pushedOut', 'commit', 'pushedOut', 40, 0],
    ['better', 'pipeline', 'commit', 7, 7],
    ['worse', 'commit', 'pipeline', 8, 8],
    ['stayed', 'bestCase', 'bestCase', 9, 11],
    ['gone', 'pipeline', 'gone', 3, 0],
  ]);
});

test('the picture fills its height, and ribbons fill their ends without overlapping', () => {
  const { from, to, ribbons } = drawingOf(streamsOf(flows, 'EUR'), 300);
  for (const [nodes, side] of [
    [from, 'left'],
    [to, 'right'],
  ] as const) {
    for (const node of nodes) {
      const ends = ribbons
        .filter(({ stream: each }) => (side === 'left' ? each.from : each.to) === node.name)
        .map(ribbon => ribbon[side])
        .sort((a, b) => a[0] - b[0]);
      let y = node.y;
      for (const [top, bottom] of ends) {
        expect(top).toBeCloseTo(y);
        y = bottom;
      }
      expect(y).toBeCloseTo(node.y + node.height);
    }
    expect(nodes.at(-1)!.y + nodes.at(-1)!.height).toBeLessThanOrEqual(300.001);
  }
  expect(from.find(node => node.name === 'commit')!.value).toBe(108);
  expect(to.find(node => node.name === 'commit')!.value).toBe(27);
  expect(drawingOf([], 300).ribbons).toEqual([]);
});
