import './words.ts';
import type { MetaObject } from '../../engine/index.ts';
import { exactly } from '../../fields/moments.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { ApiError, type Row } from '../api.ts';
import { isEmpty } from '../model/meta.tsx';
import { Failure } from '../shell/Missing.tsx';
import { Facts } from './Facts.tsx';
import { HistoryBar } from './HistoryBar.tsx';
import { differing, useThen } from './moments.ts';
import { Panels } from './Panels.tsx';
import { RecordHead } from './RecordHead.tsx';
import s from './RecordPage.module.css';
import { Related } from './Related.tsx';
import { SideTable } from './SideTable.tsx';
import { Timeline } from './Timeline.tsx';

interface RecordThenProps {
  object: MetaObject;
  now: Row;
  /** ISO 8601. */
  at: string;
  /** The moment it is compared with; null: now; undefined: with none. */
  other: string | null | undefined;
  onChange(at: string | null, other: string | null | undefined): void;
}

interface ComparedProps {
  object: MetaObject;
  one: { at: string; row: Row };
  other: { at: string | null; row: Row };
}

/** What differs between two moments, the earlier one first, whichever was chosen first. */
function Compared({ object, one, other }: ComparedProps) {
  const services = useFieldServices();
  const sides = [one, other]
    .toSorted((a, b) => (a.at ?? '9').localeCompare(b.at ?? '9'))
    .map(({ at, row }) => ({ label: at ? exactly(at, services) : t('moment.now'), row }));
  const [from, to] = sides as [(typeof sides)[0], (typeof sides)[0]];
  const fields = differing(object, from.row, to.row);
  return (
    <section className={s.compared} aria-label={t('moment.compared', { from: from.label, to: to.label })}>
      {fields.length === 0 ? <p>{t('moment.same')}</p> : <SideTable fields={fields} one={from} other={to} />}
    </section>
  );
}

/** A record as it was: to be read, not changed; what differs from now is marked. */
export default function RecordThen({ object, now, at, other, onChange }: RecordThenProps) {
  const services = useFieldServices();
  const found = useThen(object, now.id, at);
  const second = useThen(object, now.id, other ?? null);
  const then = found.error ? undefined : found.data;
  const against = other === null ? now : second.data;
  const absent = found.error instanceof ApiError && found.error.status === 404;
  return (
    <>
      <HistoryBar
        object={object}
        id={now.id}
        at={at}
        other={other}
        differs={then && !found.isPlaceholderData ? differing(object, now, then).length : null}
        onMove={to => onChange(to, to === null ? undefined : other)}
        onCompare={to => onChange(at, to)}
      />
      {found.isPending && (
        <div className={s.wait}>
          <SkeletonLines count={9} />
        </div>
      )}
      {absent && <EmptyState icon="history" title={t('moment.before', { when: exactly(at, services) })} />}
      {found.error && !absent && <Failure error={found.error} retry={() => void found.refetch()} />}
      {then && !isEmpty(then.deletedAt) && (
        <p className={s.trashed} role="status">
          {t('moment.trash')}
        </p>
      )}
      {then && other === undefined && (
        <Panels
          head={<RecordHead object={object} row={then} />}
          facts={<Facts object={object} row={then} now={now} />}
          middle={<Timeline object={object} id={now.id} until={at} />}
          related={<Related object={object} row={then} asOf={at} />}
        />
      )}
      {then && other !== undefined && (
        <div className={s.page}>
          <RecordHead object={object} row={then} />
          {other && second.error && (
            <EmptyState icon="history" title={t('moment.before', { when: exactly(other, services) })} />
          )}
          {against && (
            <Compared object={object} one={{ at, row: then }} other={{ at: other, row: against }} />
          )}
        </div>
      )}
    </>
  );
}
