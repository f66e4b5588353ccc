/** Recurrence rules (RFC 5545, RRULE) taken apart and put together; for server and browser alike. */

export const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

/** The parts of a rule that people use; finer ones (hours, weeks of the year) are refused. */
export interface Rule {
  frequency: (typeof frequencies)[number];
  interval: number;
  /** `MO`, or `2TU` for the second Tuesday, `-1FR` for the last Friday. */
  days: string[];
  monthDays: number[];
  months: number[];
  position: number[];
  count: number | null;
  /** `20261231` or `20261231T225959Z`. */
  until: string | null;
  weekStart: string | null;
}

const numbers = (text: string | undefined, least: number, most: number): number[] | null => {
  if (text === undefined) return [];
  const found = text.split(',').map(Number);
  const fits = (n: number) => Number.isInteger(n) && Math.abs(n) >= least && Math.abs(n) <= most;
  return found.every(fits) ? found : null;
};

const known = ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS', 'COUNT', 'UNTIL', 'WKST'];

/** The parts of a rule's text; null where it is none, or repeats more finely than by the day. */
export function readRule(text: string): Rule | null {
  const pairs = text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')
    .filter(Boolean)
    .map(pair => pair.split('=') as [string, string | undefined]);
  const parts = new Map(pairs);
  if (parts.size !== pairs.length || pairs.some(([name, value]) => !known.includes(name) || !value))
    return null;
  const rule = {
    frequency: frequencies.find(name => name === parts.get('FREQ')),
    interval: numbers(parts.get('INTERVAL') ?? '1', 1, 999)?.[0],
    days: parts.get('BYDAY')?.split(',') ?? [],
    monthDays: numbers(parts.get('BYMONTHDAY'), 1, 31),
    months: numbers(parts.get('BYMONTH'), 1, 12),
    position: numbers(parts.get('BYSETPOS'), 1, 366),
    count: parts.has('COUNT') ? numbers(parts.get('COUNT'), 1, 9_999)?.[0] : null,
    until: parts.get('UNTIL') ?? null,
    weekStart: parts.get('WKST') ?? null,
  };
  const { frequency, interval, monthDays, months, position } = rule;
  if (!frequency || !interval || !monthDays || !months || !position) return null;
  return isSound(rule as Rule) ? (rule as Rule) : null;
}

function isSound({ interval, days, monthDays, months, count, until, weekStart }: Rule): boolean {
  return (
    interval > 0 &&
    count !== undefined &&
    (count === null || (count > 0 && until === null)) &&
    days.every(day => /^(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/.test(day)) &&
    months.every(month => month > 0) &&
    (until === null || /^\d{8}(T\d{6}Z?)?$/.test(until)) &&
    (weekStart === null || weekdays.some(day => day === weekStart)) &&
    possible(monthDays, months)
  );
}

/** Whether some of the months has one of the days: 30 February never comes. */
function possible(monthDays: number[], months: number[]): boolean {
  if (monthDays.length === 0 || months.length === 0) return true;
  const longest = (month: number) => (month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31);
  return monthDays.some(day => months.some(month => Math.abs(day) <= longest(month)));
}

/** The rule as text, its parts in one order. */
export function writeRule(rule: Rule): string {
  const list = (name: string, values: (string | number)[]) =>
    values.length > 0 ? [`${name}=${values.join(',')}`] : [];
  return [
    `FREQ=${rule.frequency}`,
    ...(rule.interval > 1 ? [`INTERVAL=${rule.interval}`] : []),
    ...list('BYDAY', rule.days),
    ...list('BYMONTHDAY', rule.monthDays),
    ...list('BYMONTH', rule.months),
    ...list('BYSETPOS', rule.position),
    ...(rule.count === null ? [] : [`COUNT=${rule.count}`]),
    ...(rule.until === null ? [] : [`UNTIL=${rule.until}`]),
    ...(rule.weekStart === null ? [] : [`WKST=${rule.weekStart}`]),
  ].join(';');
}
