/** What the statistical forecast learns of stages: which deals stood where on earlier days, out of their stays. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, stagesOf, type World } from '../../../../test/world.ts';
import { create, update } from '../../../engine/index.ts';
import type { Stood } from './expectation.ts';
import { stoodOn } from './expected.ts';

let world: World;
let stages: Record<string, string>;
beforeAll(async () => {
  world = await createWorld('expected');
  stages = await stagesOf(world.ada);
});
afterAll(() => world.close());

const dayOf = (text: string) => Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / 86_400_000;

/** When, and to which stage; `null`: another amount and nothing else. */
type Way = [at: string, stage: string | null][];

/** Midnight is the first moment of its day, and belongs to no day before. */
const ways: Way[] = [
  [
    ['2026-01-05T12:00:00.000Z', 'Prospecting'],
    ['2026-01-20T12:00:00.000Z', null],
    ['2026-02-01T00:00:00.000Z', 'Qualified'],
    ['2026-02-10T12:00:00.000Z', null],
    ['2026-02-15T00:00:00.000Z', 'Won'],
  ],
  [
    ['2026-01-06T23:59:59.999Z', 'Prospecting'],
    ['2026-01-31T23:59:59.999Z', 'Qualified'],
    ['2026-02-03T12:00:00.000Z', 'Lost'],
  ],
  [
    ['2026-01-07T12:00:00.000Z', 'Qualified'],
    ['2026-02-14T23:59:59.999Z', 'Won'],
  ],
  [
    ['2026-01-18T12:00:00.000Z', 'Prospecting'],
    ['2026-02-04T12:00:00.000Z', null],
    ['2026-03-02T12:00:00.000Z', 'Won'],
  ],
  [
    ['2026-02-01T00:00:00.000Z', 'Prospecting'],
    ['2026-02-02T12:00:00.000Z', 'Qualified'],
  ],
  [['2026-03-01T12:00:00.000Z', 'Prospecting']],
];

/** What is to be counted, by looking at each deal on each day. */
function counted(days: number[], ahead: number): Omit<Stood, 'deals' | 'won'>[] {
  return days.flatMap(day =>
    ways.flatMap(way => {
      const passed = way.filter(([at]) => dayOf(at) <= day && dayOf(at) < day + 1);
      const stage = passed.findLast(([, to]) => to !== null)?.[1];
      if (!stage || ['Won', 'Lost'].includes(stage)) return [];
      const [end, last] = way.at(-1)!;
      const age = Math.floor((day - dayOf(way[0]![0])) / 7) * 7 + 3;
      const won = last === 'Won' && dayOf(end) <= day + ahead;
      return [{ day, stage: stages[stage]!, age, won }];
    }),
  );
}

test('each deal is counted on each day in the stage in which that day ended, and as won if it was in time', async () => {
  const { ada, clock } = world;
  const steps = ways.flatMap((way, deal) => way.map(([at, stage]) => ({ at, stage, deal })));
  const ids: string[] = [];
  for (const { at, stage, deal } of steps.toSorted((a, b) => a.at.localeCompare(b.at))) {
    clock.move(at);
    if (!ids[deal])
      ids[deal] = await create(ada, 'deal', {
        ...{ name: `Deal ${deal}`, amount: '100 EUR', openedOn: at.slice(0, 10), closeDate: '2026-06-30' },
        stage: stages[stage!]!,
      });
    else if (stage) await update(ada, 'deal', ids[deal], { stage: stages[stage]! });
    else await update(ada, 'deal', ids[deal], { amount: `${dayOf(at)} EUR` });
  }
  clock.move('2026-03-16T12:00:00.000Z');
  const days = ['2026-03-03', '2026-02-14', '2026-02-02', '2026-01-31', '2026-01-18', '2026-01-01'].map(
    dayOf,
  );
  for (const ahead of [1, 15, 60]) {
    const found = await stoodOn(ada, [], { days, ahead });
    const each = found.flatMap(({ deals, won, ...at }) =>
      Array.from({ length: deals }, (_, n) => ({ ...at, won: n < won })),
    );
    const order = (some: object[]) => some.map(one => JSON.stringify(Object.entries(one).sort())).sort();
    expect(order(each)).toEqual(order(counted(days, ahead)));
    expect(each.length).toBeGreaterThan(10);
  }
  expect(await stoodOn(ada, [], { days: [], ahead: 30 })).toEqual([]);
});
