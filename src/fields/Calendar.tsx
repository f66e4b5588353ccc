import { DatePicker } from '@mantine/dates';
import '@mantine/dates/styles.layer.css';
import { useFieldServices } from './view.ts';

export default function Calendar({ value, onPick }: { value: string | null; onPick(date: string): void }) {
  const { locale } = useFieldServices();
  return (
    <DatePicker
      size="sm"
      locale={locale.split('-')[0]}
      value={value}
      defaultDate={value ?? undefined}
      onChange={date => date && onPick(date)}
      highlightToday
    />
  );
}
