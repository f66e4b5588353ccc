import { Link } from '@tanstack/react-router';
import { Icon } from '../../../kit/Icon.tsx';
import { SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { rowsOf } from '../../../web/model/cache.ts';
import { fieldOf, isEmpty, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { useRecords } from '../../../web/model/records.ts';
import { Name } from '../../../web/records/Name.tsx';
import { Value } from '../../../web/records/Value.tsx';
import { DialogFrame } from '../../../web/shell/DialogFrame.tsx';
import { Failure } from '../../../web/shell/Missing.tsx';
import c from './Dashboards.module.css';
import { type Behind, type DashboardState, listOf, useBehind } from './use-dashboard.ts';

interface BehindProps {
  behind: Behind;
  state: DashboardState;
  close(): void;
}

/** Ids that an address can carry. */
const mostInAddress = 100;

/** The deals behind a mark that no filter describes: where they stood on a day past. */
export function BehindDialog({ behind, state, close }: BehindProps) {
  const object = objectNamed(useMeta(), 'deal')!;
  const found = useBehind(state, behind);
  const ids = found.data?.ids ?? [];
  const filter = { field: 'id', op: 'isAnyOf', value: ids };
  const fields = ['company', 'amount', 'stage', 'owner'].flatMap(name => fieldOf(object, name) ?? []);
  const records = useRecords(
    object,
    { filter, fields: [object.title, ...fields.map(({ name }) => name)], sort: ['-amount'], limit: 100 },
    ids.length > 0,
  );
  const rows = ids.length > 0 ? rowsOf(records.data) : [];
  const count = found.data?.count ?? 0;
  return (
    <DialogFrame title={behind.title} icon="businessplan" size={640} onClose={close}>
      <div className={c.behind}>
        {found.error ? (
          <Failure error={found.error} retry={() => void found.refetch()} />
        ) : !found.data || (ids.length > 0 && records.isPending) ? (
          <SkeletonLines count={6} />
        ) : (
          <>
            <p className={c.behindCount}>
              {t('dashboard.records', { count })}
              {count > rows.length && ` · ${t('dashboard.recordsMost', { count: rows.length })}`}
              {ids.length > 0 && ids.length <= mostInAddress && (
                <Link {...listOf(object.path, filter)} className={c.behindList}>
                  {t('dashboard.openList')}
                  <Icon name="arrow-right" size={14} />
                </Link>
              )}
            </p>
            <ul>
              {rows.map(row => (
                <li key={row.id}>
                  <Link
                    to="/$object/$id"
                    params={{ object: object.path, id: row.id }}
                    className={c.behindRow}
                  >
                    <Name object={object} row={row} />
                    <span className={c.behindFacts}>
                      {fields
                        .filter(({ name }) => !isEmpty(row[name]))
                        .map(field => (
                          <Value key={field.name} row={row} field={field} place="card" />
                        ))}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </DialogFrame>
  );
}
