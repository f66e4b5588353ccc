import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { toast } from '../../kit/toast.tsx';
import type { Row } from '../api.ts';
import { isEmpty, objectAt, useMeta } from '../model/meta.tsx';
import { useActions, useMerged, useRecord } from '../model/records.ts';
import { Failure, Missing } from '../shell/Missing.tsx';
import { Composer } from './Composer.tsx';
import { Facts } from './Facts.tsx';
import { useTitle } from './Name.tsx';
import { RecordHead, Verbs } from './RecordHead.tsx';
import s from './RecordPage.module.css';
import { Related } from './Related.tsx';
import { Timeline } from './Timeline.tsx';

const route = getRouteApi('/frame/$object/$id');
const tabs = ['timeline', 'facts', 'related'] as const;

export function RecordPage() {
  const meta = useMeta();
  const { object: path, id } = route.useParams();
  const object = objectAt(meta, path);
  return object ? <Loaded key={id} object={object} id={id} /> : <Missing />;
}

function Loaded({ object, id }: { object: MetaObject; id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const record = useRecord(object, id);
  useMerged(record.error, into => {
    toast(t('toast.merged'));
    void navigate({ to: '/$object/$id', params: { object: object.path, id: into }, replace: true });
  });
  if (record.error && !record.data)
    return <Failure error={record.error} retry={() => void record.refetch()} />;
  if (!record.data) {
    return (
      <div className={s.wait}>
        <SkeletonLines count={9} />
      </div>
    );
  }
  return <Full object={object} row={record.data} />;
}

function Crumbs({ object, row }: { object: MetaObject; row: Row }) {
  const title = useTitle(object, row);
  return (
    <nav className={s.crumbs} aria-label={object.plural}>
      <Link to="/$object" params={{ object: object.path }} className={s.crumb}>
        <Icon name={object.icon} />
        {object.plural}
      </Link>
      <Icon name="chevron-right" size={14} className={s.slash} />
      <span className={s.here} aria-current="page">
        {title}
      </span>
    </nav>
  );
}

function Full({ object, row }: { object: MetaObject; row: Row }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const actions = useActions();
  const [tab, setTab] = useState<(typeof tabs)[number]>('timeline');
  return (
    <>
      <header className={s.top}>
        <Crumbs object={object} row={row} />
        <div className={s.actions}>
          <Verbs
            object={object}
            row={row}
            onDeleted={() => void navigate({ to: '/$object', params: { object: object.path } })}
          />
        </div>
      </header>
      {!isEmpty(row.deletedAt) && (
        <p className={s.trashed} role="status">
          {t('record.trashed')}
          {object.can.delete && (
            <Button icon="arrow-back-up" onClick={() => void actions.restore(object, [row])}>
              {t('list.restore')}
            </Button>
          )}
        </p>
      )}
      <div className={s.page} data-tab={tab}>
        <RecordHead object={object} row={row} />
        <div className={s.tabs} role="tablist">
          {tabs.map(name => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={tab === name}
              className={s.tab}
              onClick={() => setTab(name)}
            >
              {t(`record.${name}`)}
            </button>
          ))}
        </div>
        <div className={s.columns}>
          <section className={s.facts} aria-label={t('record.facts')}>
            <Facts object={object} row={row} />
          </section>
          <section className={s.middle} aria-label={t('record.timeline')}>
            <Composer object={object} id={row.id} />
            <Timeline object={object} id={row.id} />
          </section>
          <section className={s.related} aria-label={t('record.related')}>
            <Related object={object} row={row} />
          </section>
        </div>
      </div>
    </>
  );
}
