import './calendar-words.ts';
import { SegmentedControl } from '@mantine/core';
import { type TouchEvent, useRef, useState } from 'react';
import { Button, IconButton } from '../../kit/Button.tsx';
import { PageHeader } from '../../kit/PageHeader.tsx';
import { Select } from '../../kit/Select.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { atClock, nameOf } from '../../web/model/days.ts';
import { inText } from '../../web/model/language.ts';
import { useKeys } from '../../web/shell/keys.ts';
import { Failure } from '../../web/shell/Missing.tsx';
import { AgendaList } from './AgendaList.tsx';
import type { AgendaEntry } from './agenda.ts';
import s from './Calendar.module.css';
import { type CalendarLayout, gone, layouts } from './calendar-view.ts';
import { EntryDialog } from './EntryDialog.tsx';
import { HourGrid } from './HourGrid.tsx';
import { MonthGrid } from './MonthGrid.tsx';
import { PeopleMenu } from './PeopleMenu.tsx';
import {
  type CalendarState,
  isOfSeries,
  type Times,
  useCalendarState,
  useChanges,
  useCreate,
  useEntries,
} from './use-calendar.ts';

/** The days of some people, hour by hour: what takes place, and what is due. */
export default function Calendar() {
  const state = useCalendarState();
  const making = useCreate();
  const { at, people, format, me } = state;
  const owner = people.length === 1 && people[0] ? people[0] : me;
  return (
    <>
      <PageHeader icon="calendar" title={t('pages.calendar')}>
        <PeopleMenu state={state} />
        {making && (
          <Button
            look="primary"
            icon="plus"
            aria-label={t('list.create', { object: inText(making.object.label) })}
            onClick={() => {
              const nine = atClock(at, owner.hours.from, format.timeZone);
              making.open(nine, new Date(Date.parse(nine) + 3_600_000).toISOString(), owner);
            }}
          >
            {t('list.create', { object: inText(making.object.label) })}
          </Button>
        )}
      </PageHeader>
      <Bar state={state} />
      <Body state={state} />
    </>
  );
}

/** The stretch on the screen in words. */
function stretchName({ layout, at, days, format: { locale } }: CalendarState): string {
  if (layout === 'month') return nameOf(at, 'month', locale);
  const [from, to] = [days[0] ?? at, days.at(-1) ?? at].map(day => new Date(`${day}T00:00:00Z`)) as [
    Date,
    Date,
  ];
  const format = new Intl.DateTimeFormat(locale, {
    dateStyle: layout === 'day' ? 'full' : 'medium',
    timeZone: 'UTC',
  });
  return layout === 'day' ? format.format(from) : format.formatRange(from, to);
}

function Bar({ state }: { state: CalendarState }) {
  const { layout, at, phone, change } = state;
  const offered = phone ? (['day', 'agenda'] as const) : layouts;
  const data = offered.map(value => ({ value, label: t(`agenda.${value}`) }));
  const choose = (value: string) => change({ layout: value as CalendarLayout });
  return (
    <div className={s.bar}>
      <Button onClick={() => change({ at: undefined })}>{t('agenda.today')}</Button>
      <span className={s.steps}>
        <IconButton
          icon="chevron-left"
          label={t('agenda.earlier')}
          onClick={() => change({ at: gone(layout, at, -1) })}
        />
        <IconButton
          icon="chevron-right"
          label={t('agenda.later')}
          onClick={() => change({ at: gone(layout, at, 1) })}
        />
      </span>
      <h2 className={s.title} aria-live="polite">
        {stretchName(state)}
      </h2>
      <span className={s.layouts}>
        <SegmentedControl
          size="xs"
          className={s.segments}
          aria-label={t('agenda.layout')}
          value={layout}
          data={data}
          onChange={choose}
        />
      </span>
      <span className={s.layoutList}>
        <Select label={t('agenda.layout')} value={layout} options={data} onChange={choose} />
      </span>
    </div>
  );
}

/** A step for each swipe over the days, in the direction of the script. */
function useSwipe(onStep: (count: 1 | -1) => void) {
  const begun = useRef<{ x: number; y: number } | null>(null);
  return {
    onTouchStart(event: TouchEvent) {
      const touch = event.touches[0];
      begun.current = touch && event.touches.length === 1 ? { x: touch.clientX, y: touch.clientY } : null;
    },
    onTouchEnd(event: TouchEvent<HTMLElement>) {
      const touch = event.changedTouches[0];
      if (!begun.current || !touch) return;
      const [x, y] = [touch.clientX - begun.current.x, touch.clientY - begun.current.y];
      begun.current = null;
      if (Math.abs(x) < 60 || Math.abs(x) < 2 * Math.abs(y)) return;
      const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? x > 0 : x < 0;
      onStep(forward ? 1 : -1);
    },
  };
}

function Body({ state }: { state: CalendarState }) {
  const { layout, at, phone, change, format } = state;
  const found = useEntries(state);
  const changes = useChanges();
  const making = useCreate();
  const [asked, setAsked] = useState<{ entry: AgendaEntry; times?: Times } | null>(null);
  const [said, setSaid] = useState('');
  const swipe = useSwipe(count => change({ at: gone(layout, at, count) }));
  useCalendarKeys(state);

  function onMove(entry: AgendaEntry, times: Times) {
    if (isOfSeries(entry)) return setAsked({ entry, times });
    void changes.move(entry, times);
    const clock = new Intl.DateTimeFormat(format.locale, {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: format.timeZone,
    });
    setSaid(t('agenda.moved', { when: clock.format(new Date(times.at)) }));
  }

  if (found.error) return <Failure error={found.error} retry={found.retry} />;
  const shared = { state, entries: found.entries, onOpen: (entry: AgendaEntry) => setAsked({ entry }) };
  return (
    <div className={s.body} aria-busy={found.pending || undefined} {...(phone ? swipe : {})}>
      <p className="sr-only" role="status">
        {said}
      </p>
      {found.more && <p className={s.more}>{t('agenda.more')}</p>}
      {layout === 'agenda' &&
        (found.pending ? <SkeletonLines count={8} height={44} /> : <AgendaList {...shared} />)}
      {layout === 'month' && <MonthGrid {...shared} onMove={onMove} making={making} />}
      {layout !== 'agenda' && layout !== 'month' && <HourGrid {...shared} onMove={onMove} making={making} />}
      {asked && <EntryDialog {...asked} state={state} close={() => setAsked(null)} />}
    </div>
  );
}

/** Keys pressed anywhere on the page look at other days, as on every calendar. */
function useCalendarKeys({ layout, at, change }: CalendarState) {
  const show = (next: CalendarLayout) => () => change({ layout: next });
  useKeys({
    'calendar.today': () => change({ at: undefined }),
    'calendar.later': () => change({ at: gone(layout, at, 1) }),
    'calendar.earlier': () => change({ at: gone(layout, at, -1) }),
    'calendar.day': show('day'),
    'calendar.week': show('week'),
    'calendar.workweek': show('workweek'),
    'calendar.month': show('month'),
    'calendar.agenda': show('agenda'),
  });
}
