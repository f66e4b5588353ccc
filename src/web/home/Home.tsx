import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { MetaObject } from '../../engine/index.ts';
import { relatively } from '../../fields/moments.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { PageHeader } from '../../kit/PageHeader.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { inText } from '../model/language.ts';
import { useMeta } from '../model/meta.tsx';
import { useRecords } from '../model/records.ts';
import { Bell } from '../notifications/Bell.tsx';
import { Name } from '../records/Name.tsx';
import { openDialog } from '../shell/dialogs.ts';
import { groupsOf } from '../shell/places.ts';
import { AtHand, RecentlySeen } from './AtHand.tsx';
import { Attention } from './Attention.tsx';
import s from './Home.module.css';
import { isEvent, MyDay } from './MyDay.tsx';
import { isToDo, MyTasks } from './MyTasks.tsx';

function greeting(): 'morning' | 'afternoon' | 'evening' {
  const hour = new Date().getHours();
  return hour < 5 ? 'evening' : hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening';
}

function Today() {
  const { locale, timeZone } = useFieldServices();
  return (
    <p className={s.today}>
      {new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone }).format(new Date())}
    </p>
  );
}

/** The latest records of one object; shown together they are "recently changed". */
function Recent({ object }: { object: MetaObject }) {
  const { t } = useTranslation();
  const services = useFieldServices();
  const found = useRecords(object, { sort: ['-updatedAt'], fields: [object.title, 'updatedAt'], limit: 5 });
  const rows = rowsOf(found.data).slice(0, 5);
  return (
    <section className={s.card}>
      <header className={s.head}>
        <Link to="/$object" params={{ object: object.path }} className={s.heading}>
          <Icon name={object.icon} />
          {object.plural}
        </Link>
      </header>
      {found.isPending && <SkeletonLines count={4} />}
      {!found.isPending && rows.length === 0 && (
        <p className={s.none}>
          {object.description}
          {object.can.create && (
            <Button icon="plus" onClick={() => openDialog({ kind: 'create', object: object.name })}>
              {t('list.create', { object: inText(object.label) })}
            </Button>
          )}
        </p>
      )}
      <ul>
        {rows.map((row: Row) => (
          <li key={row.id}>
            <Link to="/$object/$id" params={{ object: object.path, id: row.id }} className={s.row}>
              <Name object={object} row={row} />
              {typeof row.updatedAt === 'string' && (
                <time className={s.when}>{relatively(row.updatedAt, services)}</time>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where the day begins: what is mine to do, and what has moved. */
export function Home() {
  const { t } = useTranslation();
  const meta = useMeta();
  const { groups } = groupsOf(meta);
  const kept = groups.flatMap(group => group.objects).filter(object => !object.timeline && !object.setup);
  const recent = [
    ...new Set([...kept.slice(0, 2), ...kept.filter(object => object.board?.rank), ...kept]),
  ].slice(0, 3);
  const first = meta.me.name.split(' ')[0] ?? '';
  return (
    <>
      <PageHeader icon="home" title={t('home.title')}>
        <span className={s.bell}>
          <Bell className={s.ring} size={20} bare />
        </span>
      </PageHeader>
      <div className={s.page}>
        <div className={s.inner}>
          <h2 className={s.greeting}>{t(`home.${greeting()}`, { name: first })}</h2>
          <Today />
          <AtHand />
          <div className={s.columns}>
            <div>
              {meta.objects.filter(isToDo).map(object => (
                <MyTasks key={object.name} object={object} />
              ))}
            </div>
            <div>
              {meta.objects.filter(isEvent).map(object => (
                <MyDay key={object.name} object={object} />
              ))}
              {meta.objects
                .filter(object => object.attention.length > 0)
                .map(object => (
                  <Attention key={object.name} object={object} />
                ))}
              <RecentlySeen />
            </div>
          </div>
          <h3 className={s.label}>{t('home.recent')}</h3>
          <div className={s.cards}>
            {recent.map(object => (
              <Recent key={object.name} object={object} />
            ))}
          </div>
        </div>
      </div>
    </>
  );
}
