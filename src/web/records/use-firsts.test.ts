import { expect, test } from 'vitest';
import { nextFirst } from './use-firsts.ts';
import { blank } from './use-form.ts';

const link = (name: string, defaultFirst: boolean | string) => ({
  ...blank,
  name,
  options: { defaultFirst },
  relation: { to: name } as never,
});
const pipeline = link('pipeline', true);
const stage = link('stage', 'pipeline');
const fields = [pipeline, stage];
const sales = { id: 'sales', title: 'Sales' };
const won = { id: 'won', title: 'Won' };

test('a form that is empty asks for the first pipeline, and then for its first stage', () => {
  expect(nextFirst(fields, {}, {})).toEqual({ field: pipeline, within: {} });
  expect(nextFirst(fields, { pipeline: sales }, {})).toEqual({ field: stage, within: { pipeline: 'sales' } });
  expect(nextFirst(fields, { pipeline: sales, stage: won }, { stage: 'sales' })).toBeNull();
});

test('a stage that is there already says which pipeline it is', () => {
  expect(nextFirst(fields, { stage: won }, {})).toEqual({ field: pipeline, of: stage });
});

test('another pipeline has another first stage', () => {
  const other = { pipeline: { id: 'service', title: 'Service' }, stage: won };
  expect(nextFirst(fields, other, { stage: 'sales' })).toEqual({
    field: stage,
    within: { pipeline: 'service' },
  });
});
