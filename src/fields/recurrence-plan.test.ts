/** What people choose of a recurrence is a rule, and a rule what people chose; what says more is left alone. */
import { expect, test } from 'vitest';
import { planOf, ruleOf } from './recurrence-plan.ts';

test('rules that the form can show come out of it as they went in', () => {
  for (const rule of [
    'FREQ=DAILY',
    'FREQ=DAILY;INTERVAL=3;COUNT=4',
    'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270303',
    'FREQ=WEEKLY;BYDAY=TU;UNTIL=20270303T225959Z;WKST=SU',
    'FREQ=MONTHLY',
    'FREQ=MONTHLY;BYMONTHDAY=31',
    'FREQ=MONTHLY;BYMONTHDAY=-1',
    'FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR',
    'FREQ=YEARLY',
    'FREQ=YEARLY;BYMONTH=3',
    'FREQ=YEARLY;BYDAY=2TU;BYMONTH=11',
  ]) {
    const plan = planOf(rule);
    expect(plan, rule).not.toBeNull();
    expect(ruleOf(plan!)).toBe(rule);
  }
});

test('a rule that says more than the form can is not taken apart', () => {
  for (const rule of [
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    'FREQ=MONTHLY;BYMONTHDAY=1,15',
    'FREQ=DAILY;BYDAY=MO',
    'FREQ=YEARLY;BYDAY=20MO',
    'FREQ=YEARLY;BYDAY=2TU',
    'FREQ=MONTHLY;BYMONTHDAY=-2',
    'FREQ=WEEKLY;BYMONTH=3',
  ])
    expect(planOf(rule), rule).toBeNull();
});

test('what does not belong to the frequency chosen is left out; an end by another day is that day', () => {
  const weekly = planOf('FREQ=WEEKLY;BYDAY=TU;UNTIL=20270303T225959Z')!;
  expect(ruleOf({ ...weekly, frequency: 'DAILY' })).toBe('FREQ=DAILY;UNTIL=20270303T225959Z');
  expect(ruleOf({ ...weekly, until: '2027-04-01' })).toBe('FREQ=WEEKLY;BYDAY=TU;UNTIL=20270401');
  expect(ruleOf({ ...weekly, ends: 'until', until: '' })).toBe('FREQ=WEEKLY;BYDAY=TU');
  expect(ruleOf({ ...weekly, ends: 'count', count: Number.NaN, interval: 0 })).toBe(
    'FREQ=WEEKLY;BYDAY=TU;COUNT=1',
  );
});
