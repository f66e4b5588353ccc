import { DatePicker } from '@mantine/dates';
import '@mantine/dates/styles.layer.css';
import { firstDayOfWeek } from './moments.tsx';
import { useFieldServices } from './view.ts';

export default function Calendar({ value, onPick }: { value: string | null; onPick(date: string): void }) {
  const { locale } = useFieldServices();
  const words = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
    return (date: string) => format.format(new Date(date.slice(0, 10)));
  };
  return (
    <DatePicker
      size="sm"
      firstDayOfWeek={firstDayOfWeek(locale)}
      monthLabelFormat={words({ month: 'long', year: 'numeric' })}
      monthsListFormat={words({ month: 'short' })}
      yearLabelFormat={words({ year: 'numeric' })}
      yearsListFormat={words({ year: 'numeric' })}
      decadeLabelFormat={words({ year: 'numeric' })}
      weekdayFormat={words({ weekday: 'short' })}
      getDayAriaLabel={words({ dateStyle: 'long' })}
      value={value}
      defaultDate={value ?? undefined}
      onChange={date => date && onPick(date)}
      highlightToday
    />
  );
}
