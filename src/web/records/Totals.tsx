// biome-ignore-all lint/a11y/useSemanticElements: virtual grids and list boxes cannot be tables and selects.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid or input as a whole has the focus; cells are active descendants.

import { useMemo } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { useFieldServices } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { Icon } from '../../kit/Icon.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { Skeleton } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { textOfTotal, totalsOf } from '../model/groups.ts';
import { useGroups } from '../model/records.ts';
import s from './Table.module.css';
import { askTotals } from './use-groups.ts';
import type { ListModel } from './use-list.ts';

/** Chooses what is computed of a column below the rows. */
export function TotalItems({ field, list }: { field: MetaField; list: ListModel }) {
  const { totals } = list.state;
  const { [field.name]: chosen, ...rest } = totals;
  if (field.aggregates.length === 0) return null;
  return (
    <>
      <Menu.Label>{t('total.label')}</Menu.Label>
      {field.aggregates.map(({ name, label }) => (
        <Menu.Item
          key={name}
          aria-current={name === chosen || undefined}
          leftSection={<Icon name={name === chosen ? 'check' : 'point'} />}
          onClick={() => list.change({ totals: name === chosen ? rest : { ...totals, [field.name]: name } })}
        >
          {label}
        </Menu.Item>
      ))}
    </>
  );
}

/** What is computed of all rows that match, loaded or not. */
export function Totals({
  object,
  list,
  standing,
}: {
  object: MetaObject;
  list: ListModel;
  standing: number[];
}) {
  const format = useFieldServices();
  const { columns, filter, q, state } = list;
  const totals = useMemo(() => totalsOf(columns, state.totals, false), [columns, state.totals]);
  const found = useGroups(object, askTotals(totals, { filter, q }), totals.length > 0);
  if (totals.length === 0) return null;
  const [all] = found.data?.data ?? [];
  return (
    <div className={s.totals} role="row">
      <div className={s.check} role="gridcell" />
      {columns.map((field, index) => {
        const at = totals.findIndex(total => total.field.name === field.name);
        const total = totals[at];
        return (
          <div
            key={field.name}
            role="gridcell"
            className={s.cell}
            data-align={viewOf(field.type).align}
            data-frozen={index < standing.length || undefined}
            style={index < standing.length ? { insetInlineStart: standing[index] } : undefined}
          >
            {total && (
              <Menu
                position="top-start"
                width={220}
                of={
                  <button type="button" className={s.total} tabIndex={-1}>
                    <span className={s.totalWord}>
                      {field.aggregates.find(({ name }) => name === total.op)?.label}
                    </span>
                    {found.isPending ? (
                      <Skeleton width={48} />
                    ) : (
                      <span>
                        {textOfTotal(total, all?.values[at + 1] ?? null, format) || t('total.nothing')}
                      </span>
                    )}
                  </button>
                }
              >
                <TotalItems field={field} list={list} />
              </Menu>
            )}
          </div>
        );
      })}
    </div>
  );
}
