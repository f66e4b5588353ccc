/** Rules of recurrence in words: "Every second Tuesday until 3 March". */
import { t } from '../kit/words.ts';
import { type Rule, readRule, weekdays } from './recurring.ts';
import type { Format } from './view.ts';

/** 2026-01-05 was a Monday. */
const monday = Date.UTC(2026, 0, 5);

export function dayName(day: string, locale: string, style: 'long' | 'short' = 'long'): string {
  const index = weekdays.findIndex(name => day.endsWith(name));
  const name = new Intl.DateTimeFormat(locale, { weekday: style, timeZone: 'UTC' }).format(
    monday + index * 86_400_000,
  );
  const which = Number.parseInt(day, 10);
  return Number.isNaN(which) ? name : t(`recurrence.nth.${which}`, { day: name });
}

export function monthName(month: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' }).format(
    Date.UTC(2026, month - 1, 1),
  );
}

const isWorkweek = ({ days }: Rule) => days.join() === 'MO,TU,WE,TH,FR';

/** Whether the words below say all of it: a rule that means more is shown as it stands. */
function sayable({ frequency, days, monthDays, months, position }: Rule): boolean {
  const counted = days.some(day => /\d/.test(day));
  return (
    position.length === 0 &&
    monthDays.every(day => day >= -1) &&
    !(monthDays.length > 1 && monthDays.includes(-1)) &&
    !(monthDays.length > 0 && days.length > 0) &&
    !(counted && frequency === 'YEARLY' && months.length === 0)
  );
}

function often({ frequency, interval, days }: Rule, locale: string): { words: string; days: boolean } {
  const weekly = frequency === 'WEEKLY';
  const [day, ...others] = days;
  if (weekly && interval === 1 && others.length === 4 && days.join() === 'MO,TU,WE,TH,FR')
    return { words: t('recurrence.workdays'), days: true };
  if (weekly && day && others.length === 0 && interval <= 2) {
    const name = dayName(day, locale);
    const words =
      interval === 1 ? t('recurrence.everyDay', { day: name }) : t('recurrence.secondDay', { day: name });
    return { words, days: true };
  }
  return { words: t(`recurrence.${frequency}`, { count: interval }), days: false };
}

/** "Every 2 weeks on Monday and Friday, 10 times"; the rule itself where words do not say all of it. */
export function ruleWords(text: string, { locale, timeZone }: Pick<Format, 'locale' | 'timeZone'>): string {
  const rule = readRule(text);
  if (!rule || !sayable(rule)) return text;
  const and = new Intl.ListFormat(locale, { type: 'conjunction' });
  const lead = often(rule, locale);
  const days =
    lead.days || rule.days.length === 0
      ? []
      : [
          isWorkweek(rule)
            ? t('recurrence.onWorkdays')
            : t('recurrence.on', { days: and.format(rule.days.map(day => dayName(day, locale))) }),
        ];
  const inMonth =
    rule.monthDays.length === 0
      ? []
      : rule.monthDays[0] === -1
        ? [t('recurrence.lastDay')]
        : [t('recurrence.monthDay', { days: and.format(rule.monthDays.map(String)) })];
  const parts = [
    ...days,
    ...inMonth,
    ...(rule.months.length > 0
      ? [t('recurrence.in', { months: and.format(rule.months.map(month => monthName(month, locale))) })]
      : []),
    ...(rule.count === null ? [] : [t('recurrence.times', { count: rule.count })]),
    ...(rule.until === null
      ? []
      : [t('recurrence.until', { day: untilWords(rule.until, locale, timeZone) })]),
  ];
  return [lead.words, ...parts].join(' ');
}

function untilWords(until: string, locale: string, timeZone: string): string {
  const [, year, month, day, hour = '0', minute = '0', utc] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?/.exec(until) ?? [];
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: utc ? timeZone : 'UTC' }).format(
    at,
  );
}
