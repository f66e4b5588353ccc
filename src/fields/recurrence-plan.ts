/** A rule of recurrence as a form has it: what people choose of. Pure. */
import { type Rule, readRule, weekdays, writeRule } from './recurring.ts';

export interface Plan {
  frequency: Rule['frequency'];
  interval: number;
  /** Of a week: `MO`; none for the day on which it begins. */
  days: string[];
  /** Of a month: the day on which it begins, a day by its number (-1: the last), or a weekday by its place. */
  by: 'same' | 'day' | 'weekday';
  day: number;
  which: number;
  weekday: string;
  /** Of a year, 1 to 12; null for that in which it begins. */
  month: number | null;
  ends: 'never' | 'until' | 'count';
  /** `2027-03-03` */
  until: string;
  count: number;
  weekStart: string | null;
  /** The end as the rule had it, as long as its day is the same. */
  given: string | null;
}

const start: Plan = {
  frequency: 'WEEKLY',
  interval: 1,
  days: [],
  by: 'same',
  day: 1,
  which: 1,
  weekday: 'MO',
  month: null,
  ends: 'never',
  until: '',
  count: 10,
  weekStart: null,
  given: null,
};

/** The places in a month that a weekday is offered at. */
export const places = [1, 2, 3, 4, -1];

function dayOf(until: string): string {
  return `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6, 8)}`;
}

/** The form of a rule, that of a new one for none; null where the rule says more than the form can. */
export function planOf(text: string): Plan | null {
  if (!text) return start;
  const rule = readRule(text);
  if (!rule || rule.position.length > 0) return null;
  const { frequency, interval, count, until, weekStart } = rule;
  const ends = {
    ends: until ? 'until' : count === null ? 'never' : 'count',
    until: until ? dayOf(until) : start.until,
    count: count ?? start.count,
  } as const;
  const within = frequency === 'DAILY' || frequency === 'WEEKLY' ? weekOf(rule) : monthOf(rule);
  return within && { ...start, frequency, interval, weekStart, given: until, ...ends, ...within };
}

function weekOf({ frequency, days, monthDays, months }: Rule): Partial<Plan> | null {
  if (monthDays.length > 0 || months.length > 0 || days.some(day => /\d/.test(day))) return null;
  return frequency === 'DAILY' && days.length > 0 ? null : { days };
}

function monthOf({ frequency, days, monthDays, months }: Rule): Partial<Plan> | null {
  const [month = null, ...otherMonths] = months;
  const [place, ...otherPlaces] = [...days, ...monthDays];
  const yearly = frequency === 'YEARLY';
  if (otherMonths.length > 0 || otherPlaces.length > 0 || (!yearly && month !== null)) return null;
  if (place === undefined) return { month, by: 'same' };
  // The second Tuesday of a year is another one than that of a month.
  if (yearly && month === null) return null;
  if (typeof place === 'number') return place >= -1 ? { month, by: 'day', day: place } : null;
  const which = Number.parseInt(place, 10);
  return places.includes(which) ? { month, by: 'weekday', which, weekday: place.slice(-2) } : null;
}

/** The rule of a form. */
export function ruleOf(plan: Plan): string {
  const { frequency, interval, days, by, day, which, weekday, month, ends, until, count, given } = plan;
  const monthly = frequency === 'MONTHLY' || frequency === 'YEARLY';
  const placed = frequency === 'YEARLY' && month === null ? 'same' : by;
  const ordered = weekdays.filter(each => days.includes(each));
  const last = ends === 'until' && until ? until : null;
  return writeRule({
    frequency,
    interval: Math.min(999, Math.max(1, Math.round(interval) || 1)),
    days: monthly
      ? placed === 'weekday'
        ? [`${which}${weekday}`]
        : []
      : frequency === 'WEEKLY'
        ? ordered
        : [],
    monthDays: monthly && placed === 'day' ? [day] : [],
    months: frequency === 'YEARLY' && month !== null ? [month] : [],
    position: [],
    count: ends === 'count' ? Math.min(9_999, Math.max(1, Math.round(count) || 1)) : null,
    until: last && (given && dayOf(given) === last ? given : last.replaceAll('-', '')),
    weekStart: plan.weekStart,
  });
}
