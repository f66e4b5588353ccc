import { Link } from '@tanstack/react-router';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import type { Format } from '../../fields/view.ts';
import { EmptyState } from '../../kit/State.tsx';
import { tintStyle } from '../../kit/tint.ts';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { momentOf } from '../model/layouts.ts';
import { useTitle } from '../records/Name.tsx';
import s from './Calendar.module.css';
import { clockOf } from './Day.tsx';
import { hueOf } from './use-stretch.ts';

interface AgendaProps {
  object: MetaObject;
  by: MetaField;
  colour: MetaField | undefined;
  byDay: Map<string, Row[]>;
  days: string[];
  format: Format;
  /** Name of what is looked at. */
  stretch: string;
}

function Item({
  object,
  by,
  colour,
  row,
  format,
}: Pick<AgendaProps, 'object' | 'by' | 'colour' | 'format'> & { row: Row }) {
  const title = useTitle(object, row);
  return (
    <li>
      <Link to="/$object/$id" params={{ object: object.path, id: row.id }} className={s.item}>
        <span className={s.dot} style={tintStyle(hueOf(row, colour))} aria-hidden />
        <span className={s.name}>{title}</span>
        {momentOf(by) === 'time' && <span className={s.time}>{clockOf(str(row[by.name]), format)}</span>}
      </Link>
    </li>
  );
}

/** The calendar under a thumb: the days on which there is something, one below the other. */
export function Agenda({ object, by, colour, byDay, days, format, stretch }: AgendaProps) {
  const filled = days.filter(day => byDay.has(day));
  if (filled.length === 0) return <EmptyState icon="calendar" title={t('calendar.empty', { stretch })} />;
  const dayName = new Intl.DateTimeFormat(format.locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
  return (
    <ol className={s.agenda}>
      {filled.map(day => (
        <li key={day}>
          <h3 className={s.agendaDay}>{dayName.format(new Date(day))}</h3>
          <ul>
            {byDay.get(day)?.map(row => (
              <Item key={row.id} object={object} by={by} colour={colour} row={row} format={format} />
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
