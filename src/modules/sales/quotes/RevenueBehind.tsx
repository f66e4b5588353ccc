import { Link } from '@tanstack/react-router';
import { SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { rowsOf } from '../../../web/model/cache.ts';
import { nameOf } from '../../../web/model/days.ts';
import { fieldOf, formatOf, objectNamed, titleOf, useMeta } from '../../../web/model/meta.tsx';
import { useRecords } from '../../../web/model/records.ts';
import { Value } from '../../../web/records/Value.tsx';
import { DialogFrame } from '../../../web/shell/DialogFrame.tsx';
import { Failure } from '../../../web/shell/Missing.tsx';
import { useMoney } from '../forecast/use-forecast.ts';
import c from './Revenue.module.css';
import { type Behind, useBehind } from './use-revenue.ts';

interface BehindProps {
  behind: Behind;
  currency: string;
  close(): void;
}

/** The subscriptions that a figure stands on, with what each came to on both days. */
export function RevenueBehind({ behind, currency, close }: BehindProps) {
  const meta = useMeta();
  const object = objectNamed(meta, 'subscription')!;
  const money = useMoney(currency);
  const { locale } = formatOf(meta);
  const found = useBehind(behind);
  const lines = found.data?.subscriptions ?? [];
  const whose = ['company', 'contact'].flatMap(name => fieldOf(object, name) ?? []);
  const records = useRecords(
    object,
    {
      filter: { field: 'id', op: 'isAnyOf', value: lines.map(({ id }) => id) },
      fields: [object.title, ...whose.map(({ name }) => name)],
      limit: 200,
    },
    lines.length > 0,
  );
  const rows = new Map((lines.length > 0 ? rowsOf(records.data) : []).map(row => [row.id, row]));
  return (
    <DialogFrame title={behind.title} icon="repeat" size={640} onClose={close}>
      <div className={c.behind}>
        {found.error ? (
          <Failure error={found.error} retry={() => void found.refetch()} />
        ) : !found.data || (lines.length > 0 && records.isPending) ? (
          <SkeletonLines count={6} />
        ) : (
          <>
            <p className={c.fine}>{t('revenue.subscriptions', { count: found.data.count })}</p>
            <table className={c.table}>
              <thead>
                <tr>
                  <th scope="col">{object.label}</th>
                  <th scope="col" data-number>
                    {nameOf(behind.before, 'day', locale)}
                  </th>
                  <th scope="col" data-number>
                    {nameOf(behind.to, 'day', locale)}
                  </th>
                </tr>
              </thead>
              <tbody>
                {lines.map(({ id, before, after }) => {
                  const row = rows.get(id);
                  const customer = row && whose.find(({ name }) => row[name]);
                  return (
                    <tr key={id}>
                      <th scope="row">
                        <Link to="/$object/$id" params={{ object: object.path, id }} className={c.number}>
                          {row ? titleOf(meta, object, row) : t('revenue.hidden')}
                        </Link>
                        {row && customer && (
                          <span className={c.fine}>
                            <Value row={row} field={customer} place="card" />
                          </span>
                        )}
                      </th>
                      <td data-number>{money(before)}</td>
                      <td data-number>{money(after)}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </>
        )}
      </div>
    </DialogFrame>
  );
}
