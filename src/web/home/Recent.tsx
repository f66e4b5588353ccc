import { Link } from '@tanstack/react-router';
import type { MetaObject } from '../../engine/index.ts';
import { relatively } from '../../fields/moments.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { inText } from '../model/language.ts';
import { useMeta } from '../model/meta.tsx';
import { useRecords } from '../model/records.ts';
import { Name } from '../records/Name.tsx';
import { openDialog } from '../shell/dialogs.ts';
import { groupsOf } from '../shell/places.ts';
import s from './Home.module.css';

/** The latest records of one object; shown together they are "recently changed". */
function RecentOf({ object }: { object: MetaObject }) {
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

/** What was changed lately, of the objects that matter most. */
export function Recent() {
  const { groups } = groupsOf(useMeta());
  const kept = groups.flatMap(group => group.objects).filter(object => !object.timeline && !object.setup);
  const recent = [
    ...new Set([...kept.slice(0, 2), ...kept.filter(object => object.board?.rank), ...kept]),
  ].slice(0, 3);
  return (
    <section className={s.tasks} aria-label={t('home.recent')}>
      <h3 className={s.label}>{t('home.recent')}</h3>
      <div className={s.cards}>
        {recent.map(object => (
          <RecentOf key={object.name} object={object} />
        ))}
      </div>
    </section>
  );
}
