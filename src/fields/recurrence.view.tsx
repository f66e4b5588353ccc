import { t } from 'i18next';
import { PickEdit } from './inputs.tsx';
import { filterOf, Line, sentenceOf } from './parts.tsx';
import { str } from './read.tsx';
import { type Rule, readRule, weekdays, writeRule } from './recurring.ts';
import { type EditProps, type FieldView, useFieldServices } from './view.ts';

const presets = [
  'FREQ=DAILY',
  'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  'FREQ=WEEKLY',
  'FREQ=WEEKLY;INTERVAL=2',
  'FREQ=MONTHLY',
  'FREQ=MONTHLY;INTERVAL=3',
  'FREQ=YEARLY',
];

/** 2026-01-05 was a Monday. */
const monday = Date.UTC(2026, 0, 5);

function dayName(day: string, locale: string): string {
  const index = weekdays.findIndex(name => day.endsWith(name));
  const name = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(
    monday + index * 86_400_000,
  );
  const which = Number.parseInt(day, 10);
  return Number.isNaN(which) ? name : t(`recurrence.nth.${which}`, { day: name });
}

function monthName(month: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' }).format(
    Date.UTC(2026, month - 1, 1),
  );
}

const isWorkweek = ({ days }: Rule) => days.join() === 'MO,TU,WE,TH,FR';

/** "Every 2 weeks on Monday and Friday, 10 times" */
function ruleWords(text: string, locale: string): string {
  const rule = readRule(text);
  if (!rule) return text;
  const and = new Intl.ListFormat(locale, { type: 'conjunction' });
  const often =
    rule.frequency === 'WEEKLY' && rule.interval === 1 && isWorkweek(rule)
      ? t('recurrence.workdays')
      : t(`recurrence.${rule.frequency}`, { count: rule.interval });
  const days = rule.days.length > 0 && !isWorkweek(rule);
  const parts = [
    ...(days ? [t('recurrence.on', { days: and.format(rule.days.map(day => dayName(day, locale))) })] : []),
    ...(rule.monthDays.length > 0
      ? [t('recurrence.monthDay', { days: and.format(rule.monthDays.map(String)) })]
      : []),
    ...(rule.months.length > 0
      ? [t('recurrence.in', { months: and.format(rule.months.map(month => monthName(month, locale))) })]
      : []),
    ...(rule.count === null ? [] : [t('recurrence.times', { count: rule.count })]),
    ...(rule.until === null ? [] : [t('recurrence.until', { day: untilDay(rule.until, locale) })]),
  ];
  return [often, ...parts].join(' ');
}

function untilDay(until: string, locale: string): string {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(until) ?? [];
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    Date.UTC(Number(year), Number(month) - 1, Number(day)),
  );
}

const text: FieldView['text'] = (value, _field, format) => ruleWords(str(value), format.locale);

function Words({ value }: { value: string }) {
  const words = ruleWords(value, useFieldServices().locale);
  return <Line title={words}>{words}</Line>;
}

function Edit(props: EditProps) {
  const { locale } = useFieldServices();
  const value = str(props.value);
  const option = (rule: string) => ({ id: rule, label: ruleWords(rule, locale) });
  const search = async (typed: string) => {
    const own = readRule(typed);
    const known = [...new Set([...presets, ...(value ? [value] : [])])].map(option);
    const found = known.filter(({ label }) => label.toLowerCase().includes(typed.trim().toLowerCase()));
    return own ? [option(writeRule(own))] : found;
  };
  return (
    <PickEdit
      edit={props}
      shown={value ? <Words value={value} /> : null}
      chosen={value ? [value] : []}
      search={search}
      onPick={picked => picked.id}
    />
  );
}

export const recurrenceView: FieldView = {
  type: 'recurrence',
  width: 180,
  Show: ({ value }) => <Words value={str(value)} />,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
