import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Json, MetaObject } from '../../engine/index.ts';
import { useFieldServices } from '../../fields/view.ts';
import { Chip } from '../../kit/Chip.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { type Row, read } from '../api.ts';
import { addDays, beginOf, today } from '../model/days.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { usePages } from '../model/pages.ts';
import { useTitle } from '../records/Name.tsx';
import s from './Home.module.css';

/** What the agenda tells of one that takes place. */
interface Entry {
  object: string;
  id: string;
  occurrence: string | null;
  at: string;
  until: string | null;
  allDay: boolean;
  guests: { user: string; answer: string | null }[];
  record: Row;
}

/** What takes place is over when it is; what is to be done stands among the tasks. */
function isEvent(object: MetaObject): boolean {
  return Boolean(object.agenda && !object.agenda.done && object.owner);
}

/** What takes place today with me, one after the other. */
export function TodayBlock() {
  const { locale, timeZone } = useFieldServices();
  const meta = useMeta();
  const day = today(timeZone);
  const input: Json = { from: beginOf(day, timeZone), to: beginOf(addDays(day, 1), timeZone) };
  const found = useQueries({
    queries: meta.objects.filter(isEvent).map(({ name }) => ({
      queryKey: ['records', name, 'groups', { report: 'agenda', input }],
      queryFn: () =>
        read<{ entries: Entry[] }>('/api/reports/agenda', {
          body: { ...(input as object), objects: [name] },
        }),
    })),
  });
  const entries = found
    .flatMap(({ data }) => data?.entries ?? [])
    .filter(entry => askedIn(entry, meta.me.id)?.answer !== 'declined')
    .sort((a, b) => Number(b.allDay) - Number(a.allDay) || (a.at < b.at ? -1 : 1));
  const calendar = usePages().find(({ path }) => path === '/calendar');
  return (
    <section className={s.tasks} aria-label={t('arrange.block.today')}>
      <header className={s.head}>
        <h3 className={s.label}>{t('arrange.block.today')}</h3>
        {calendar && (
          <Link to={calendar.path} className={s.more}>
            {t('home.calendar')}
          </Link>
        )}
      </header>
      <div className={s.card}>
        {found.some(({ isPending }) => isPending) && <SkeletonLines count={2} />}
        {found.every(({ isPending }) => !isPending) && entries.length === 0 && (
          <p className={s.none}>{t('arrange.nothingToday')}</p>
        )}
        <ul>
          {entries.map(entry => (
            <Line key={`${entry.id} ${entry.at}`} entry={entry} locale={locale} timeZone={timeZone} />
          ))}
        </ul>
      </div>
    </section>
  );
}

/** What was said where one is a guest. */
function askedIn({ guests }: Entry, me: string) {
  return guests.find(({ user }) => user === me);
}

function Line({ entry, locale, timeZone }: { entry: Entry; locale: string; timeZone: string }) {
  const meta = useMeta();
  const object = objectNamed(meta, entry.object) as MetaObject;
  const open = askedIn(entry, meta.me.id)?.answer === null;
  const title = useTitle(object, entry.record);
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone });
  const [begins, ends] = [new Date(entry.at), entry.until ? new Date(entry.until) : null];
  const past = !entry.allDay && (ends ?? begins).getTime() < Date.now();
  return (
    <li>
      <Link
        to="/$object/$id"
        params={{ object: object.path, id: entry.id }}
        className={s.row}
        data-past={past || undefined}
      >
        <time className={s.clock}>
          {entry.allDay ? t('home.allDay') : ends ? clock.formatRange(begins, ends) : clock.format(begins)}
        </time>
        <span className={s.eventTitle}>{title}</span>
        {open && <Chip>{t('home.invited')}</Chip>}
        <Icon name={object.icon} size={14} className={s.kind} />
      </Link>
    </li>
  );
}
