import './words.ts';
import { Link } from '@tanstack/react-router';
import type { MetaObject } from '../../engine/index.ts';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { useMerged, useRecord } from '../model/records.ts';
import { Failure } from '../shell/Missing.tsx';
import { Composer } from './Composer.tsx';
import { Facts } from './Facts.tsx';
import s from './Peek.module.css';
import { RecordHead } from './RecordHead.tsx';
import { Timeline } from './Timeline.tsx';
import { Verbs } from './Verbs.tsx';

interface PaneProps {
  object: MetaObject;
  id: string;
  /** Absent where it stays open. */
  onClose?(): void;
  onDeleted(): void;
  /** Told where the record went, when it was merged into another. */
  onMerged(id: string): void;
}

/** A record within another page: enough to read and change it without losing the place. */
export function RecordPane({ object, id, onClose, onDeleted, onMerged }: PaneProps) {
  const record = useRecord(object, id);
  useMerged(record.error, onMerged);
  return (
    <>
      <header className={s.top}>
        <Link to="/$object/$id" params={{ object: object.path, id }} className={s.open}>
          <Icon name="arrows-maximize" />
          {t('peek.open')}
        </Link>
        <span className={s.actions}>
          {record.data && <Verbs object={object} row={record.data} onDeleted={onDeleted} />}
          {onClose && <IconButton icon="x" label={t('peek.close')} onClick={onClose} />}
        </span>
      </header>
      <div className={s.body}>
        {record.error && !record.data && <Failure error={record.error} />}
        {record.isPending && (
          <div className={s.part}>
            <SkeletonLines count={8} />
          </div>
        )}
        {record.data && (
          <div key={id}>
            <RecordHead object={object} row={record.data} />
            <div className={s.facts}>
              <Facts object={object} row={record.data} />
            </div>
            <div className={s.part}>
              <Composer object={object} id={id} />
              <Timeline object={object} id={id} />
            </div>
          </div>
        )}
      </div>
    </>
  );
}
