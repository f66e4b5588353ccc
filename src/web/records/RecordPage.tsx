import './words.ts';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { DropFiles } from '../files/DropFiles.tsx';
import { isEmpty, objectAt, useMeta } from '../model/meta.tsx';
import { useLayouts } from '../model/page-layout.ts';
import { useActions, useMerged, useRecord } from '../model/records.ts';
import { useSeen } from '../model/seen.ts';
import { Failure, Missing } from '../shell/Missing.tsx';
import { FollowButton, Star } from './Keep.tsx';
import { useTitle } from './Name.tsx';
import { Others } from './Others.tsx';
import { RecordBody } from './RecordBody.tsx';
import s from './RecordPage.module.css';
import { Verbs } from './Verbs.tsx';
import { Walk } from './Walk.tsx';

const route = getRouteApi('/frame/$object/$id');
const RecordThen = lazy(() => import('./RecordThen.tsx'));
const Arranging = lazy(() => import('../arrange/Arranging.tsx'));

export function RecordPage() {
  const meta = useMeta();
  const { object: path, id } = route.useParams();
  const object = objectAt(meta, path);
  return object ? <Loaded key={id} object={object} id={id} /> : <Missing />;
}

function Loaded({ object, id }: { object: MetaObject; id: string }) {
  const navigate = useNavigate();
  const record = useRecord(object, id);
  const layouts = useLayouts();
  useMerged(record.error, into => {
    toast(t('toast.merged'));
    void navigate({ to: '/$object/$id', params: { object: object.path, id: into }, replace: true });
  });
  if (record.error && !record.data)
    return <Failure error={record.error} retry={() => void record.refetch()} />;
  // What stands where is known before anything stands: nothing jumps.
  if (!record.data || layouts.pending) return <Waiting />;
  return <Full object={object} row={record.data} />;
}

function Waiting() {
  return (
    <div className={s.wait}>
      <SkeletonLines count={9} />
    </div>
  );
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
  const navigate = useNavigate();
  const actions = useActions();
  const meta = useMeta();
  const title = useTitle(object, row);
  const [arranging, arrange] = useState(false);
  useSeen(meta, object.name, row.id);
  const search = route.useSearch();
  const { asOf, with: other } = search;
  const body = <RecordBody object={object} row={row} search={search} />;
  const look = (at: string | null, against?: string | null) =>
    void navigate({
      to: '/$object/$id',
      params: { object: object.path, id: row.id },
      search: at ? { asOf: at, with: against === null ? 'now' : against } : {},
      // A way through time is one step back, however many moments it led through.
      replace: asOf !== undefined,
    });
  return (
    <>
      <header className={s.top}>
        <Crumbs object={object} row={row} />
        {!asOf && (
          <div className={s.actions}>
            <Others object={object} id={row.id} />
            <Walk object={object} id={row.id} />
            <FollowButton object={object} row={row} />
            <Star object={object.name} id={row.id} />
            <IconButton
              icon="history"
              label={t('moment.open')}
              onClick={() => look(new Date().toISOString())}
            />
            <Verbs
              object={object}
              row={row}
              onDeleted={() => void navigate({ to: '/$object', params: { object: object.path } })}
              onArrange={meta.me.administer ? () => arrange(true) : undefined}
            />
          </div>
        )}
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
      {asOf ? (
        <Suspense fallback={<Waiting />}>
          <RecordThen
            object={object}
            now={row}
            at={asOf}
            other={other === 'now' ? null : other}
            onChange={look}
          />
        </Suspense>
      ) : (
        <DropFiles object={object} id={row.id} title={title}>
          {arranging ? (
            <Suspense fallback={<Waiting />}>
              <Arranging object={object} row={row} onDone={() => arrange(false)}>
                {body}
              </Arranging>
            </Suspense>
          ) : (
            body
          )}
        </DropFiles>
      )}
    </>
  );
}
