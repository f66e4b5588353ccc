/** What the compiler knows of a declared object. `tsc` is the judge; running only shows that the file is one. */
import { expect, expectTypeOf, test } from 'vitest';
import { defineObject, type InputOf, type RecordOf } from '../engine/index.ts';
import {
  boolean,
  choice,
  choices,
  formula,
  type LinkItem,
  link,
  links,
  type Money,
  money,
  number,
  type Related,
  relatedToAny,
  text,
  user,
} from './index.ts';

const Deal = defineObject('deal', {
  label: 'Deal',
  plural: 'Deals',
  icon: 'coins',
  description: 'Business that may come about.',
  title: 'name',
  fields: {
    name: text({ required: true, maxLength: 200 }),
    stage: choice({
      choices: ['new', { value: 'won', label: 'Won', colour: 'green' }, 'lost'],
      required: true,
    }),
    tags: choices({ choices: ['big', 'urgent'] as const }),
    amount: money({ currency: 'EUR' }),
    probability: number(),
    weighted: formula({ expression: 'amount * probability / 100.0' }),
    isBig: formula({ expression: 'amount > 1000.0', result: 'boolean' }),
    company: link('company', { inverse: 'deals' }),
    people: links('person', { attributes: ['role'] }),
    owner: user({ required: true }),
    about: relatedToAny({ to: ['company'] }),
    about2: relatedToAny({ many: true }),
    hot: boolean({ default: false }),
  },
});
type Deal = RecordOf<typeof Deal>;
type DealInput = InputOf<typeof Deal>;

test('a record knows its fields', () => {
  expectTypeOf<Deal['name']>().toEqualTypeOf<string>();
  expectTypeOf<Deal['stage']>().toEqualTypeOf<'new' | 'won' | 'lost'>();
  expectTypeOf<Deal['tags']>().toEqualTypeOf<('big' | 'urgent')[] | null>();
  expectTypeOf<Deal['amount']>().toEqualTypeOf<Money | null>();
  expectTypeOf<Deal['probability']>().toEqualTypeOf<number | null>();
  expectTypeOf<Deal['weighted']>().toEqualTypeOf<number | null>();
  expectTypeOf<Deal['isBig']>().toEqualTypeOf<boolean | null>();
  expectTypeOf<Deal['company']>().toEqualTypeOf<string | null>();
  expectTypeOf<Deal['people']>().toEqualTypeOf<LinkItem[] | null>();
  expectTypeOf<Deal['owner']>().toEqualTypeOf<string>();
  expectTypeOf<Deal['about']>().toEqualTypeOf<Related | null>();
  expectTypeOf<Deal['about2']>().toEqualTypeOf<Related[] | null>();
  expectTypeOf<Deal['hot']>().toEqualTypeOf<boolean | null>();
  expectTypeOf<Deal['version']>().toEqualTypeOf<number>();
});

test('a wrong stage does not compile', () => {
  const right: DealInput = { stage: 'won', tags: ['big'] };
  // @ts-expect-error There is no such stage.
  const wrong: DealInput = { stage: 'gone' };
  // @ts-expect-error There is no such field.
  const unknown: DealInput = { stages: 'won' };
  // @ts-expect-error Money is not a number once it is read.
  const number: Deal['amount'] = 5;
  expect([right, wrong, unknown, number]).toHaveLength(4);
});
