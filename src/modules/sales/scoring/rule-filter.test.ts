/** A condition never asks for fields of something else than what its rule counts. */
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../engine/index.ts';
import { filterAfter, type KeptRule } from './rule-filter.ts';

const kept: Json = { field: 'direction', op: 'is', value: 'in' };
const written: Json = { field: 'held', op: 'is', value: true };
const calls: KeptRule = { activity: 'call', filter: kept };

/** The conditions after one field after the other was set, from those of the rule on. */
function after(rule: KeptRule | null, ...steps: [name: string, value: Json, written?: Json][]): Json {
  let activity = typeof rule?.activity === 'string' ? rule.activity : '';
  let filter: Json = rule?.filter ?? null;
  for (const [name, value, then] of steps) {
    filter = filterAfter(rule, { activity, filter }, [name, value]);
    if (name === 'activity') activity = typeof value === 'string' ? value : '';
    if (then !== undefined) filter = then;
  }
  return filter;
}

describe('the conditions of a rule', () => {
  test.each<[string, KeptRule | null, Parameters<typeof after>[1][], Json]>([
    ['go when something else is counted', calls, [['activity', 'meeting']], null],
    ['go when the record itself is counted', calls, [['activity', null]], null],
    [
      'come back with what the rule counted',
      calls,
      [
        ['activity', 'meeting', written],
        ['activity', 'call'],
      ],
      kept,
    ],
    [
      'do not come back with a third',
      calls,
      [
        ['activity', 'meeting', written],
        ['activity', 'task'],
      ],
      null,
    ],
    [
      'stay when the same is chosen again',
      calls,
      [
        ['name', 'x', written],
        ['activity', 'call'],
      ],
      written,
    ],
    [
      'stay when anything else is set',
      calls,
      [
        ['points', 5],
        ['group', 'call'],
      ],
      kept,
    ],
    [
      'of a rule on the record come back too',
      { activity: null, filter: written },
      [
        ['activity', 'call', kept],
        ['activity', null],
      ],
      written,
    ],
    [
      'of a new rule go for good',
      null,
      [
        ['activity', 'call', kept],
        ['activity', null],
      ],
      null,
    ],
    [
      'of a new rule stay while it is named',
      null,
      [
        ['activity', 'call', kept],
        ['name', 'Calls'],
      ],
      kept,
    ],
  ])('%s', (_, rule, steps, expected) => {
    expect(after(rule, ...steps)).toEqual(expected);
  });
});
