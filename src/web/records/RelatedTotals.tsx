import type { Json, MetaObject } from '../../engine/index.ts';
import { optionsOf } from '../../fields/read.tsx';
import { Coming } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Filter } from '../model/filter.ts';
import { fieldOf, isEmpty } from '../model/meta.tsx';
import { useGroups } from '../model/records.ts';
import s from './Related.module.css';
import { Value } from './Value.tsx';

/** What related records come to: open and won amounts, as their object declares. One request. */
export function RelatedTotals({ other, filter }: { other: MetaObject; filter: Filter }) {
  const { totals } = other;
  const by = totals && fieldOf(other, totals.by);
  const sum = totals && fieldOf(other, totals.sum);
  const found = useGroups(
    other,
    {
      filter: filter as Json,
      groupBy: totals ? [{ field: totals.by }] : [],
      values: totals ? [{ op: 'sum', field: totals.sum }, { op: 'count' }] : [],
    },
    totals !== null,
  );
  if (found.isLoading) return <Coming />;
  if (!totals || !by || !sum || !found.data) return null;
  const named = new Map(optionsOf(by).map(({ value, label }) => [value, label]));
  const lines = totals.of.flatMap(value => {
    const group = found.data.data.find(each => each.group[totals.by] === value);
    const [amount = null, count = null] = group?.values ?? [];
    return isEmpty(amount) ? [] : [{ value, amount, count: Number(count) }];
  });
  if (lines.length === 0) return null;
  return (
    <dl className={s.totals}>
      {lines.map(({ value, amount, count }) => (
        <div key={value} className={s.total} data-value={value}>
          <dt>{t('page.total', { label: named.get(value) ?? value, count })}</dt>
          <dd>
            <Value row={{ id: value, version: 0, [sum.name]: amount }} field={sum} place="card" />
          </dd>
        </div>
      ))}
    </dl>
  );
}
