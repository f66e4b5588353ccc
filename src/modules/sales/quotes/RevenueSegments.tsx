import { optionsOf } from '../../../fields/read.tsx';
import { Select } from '../../../kit/Select.tsx';
import { t } from '../../../kit/words.ts';
import { addDays, nameOf } from '../../../web/model/days.ts';
import { fieldOf, formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { useMoney } from '../forecast/use-forecast.ts';
import c from './Revenue.module.css';
import type { RevenueProps } from './Revenue.tsx';
import { revenueSegments } from './revenue-view.ts';

/** What recurs by product, sector, country or owner, now and before the first month. */
export function RevenueSegments({ revenue, state, ask }: RevenueProps) {
  const meta = useMeta();
  const { locale } = formatOf(meta);
  const money = useMoney(revenue.currency);
  const { by } = state;
  const company = objectNamed(meta, 'company');
  const sectors = company && fieldOf(company, 'sector');
  const title = (value: string | null, named: string | null) => {
    if (value === null) return t('revenue.unsaid');
    if (by === 'country') return new Intl.DisplayNames(locale, { type: 'region' }).of(value) ?? value;
    if (by === 'sector')
      return (sectors && optionsOf(sectors).find(option => option.value === value)?.label) ?? value;
    return named ?? t('revenue.hidden');
  };
  const [first, last] = [revenue.months[0]!, revenue.months.at(-1)!];
  const before = addDays(first.from, -1);
  return (
    <section className={c.card} aria-label={t('revenue.segments')}>
      <header className={c.head}>
        <h2 className={c.title}>{t('revenue.segments')}</h2>
        <Select
          label={t('revenue.by')}
          value={by}
          options={revenueSegments.map(value => ({ value, label: t(`revenue.segment.${value}`) }))}
          onChange={next => state.change({ by: revenueSegments.find(name => name === next) })}
        />
      </header>
      <div className={c.scroll} data-sideways>
        <table className={c.table}>
          <thead>
            <tr>
              <th scope="col">{t(`revenue.segment.${by}`)}</th>
              <th scope="col" data-number>
                {nameOf(before, 'month', locale)}
              </th>
              <th scope="col" data-number>
                {nameOf(last.to, 'month', locale)}
              </th>
              <th scope="col" data-number>
                {t('revenue.change')}
              </th>
              <th scope="col" data-number>
                {t('revenue.figure.customers')}
              </th>
            </tr>
          </thead>
          <tbody>
            {revenue.segments.map(row => {
              const name = title(row.value, row.title);
              return (
                <tr key={row.value ?? ''}>
                  <th scope="row">{name}</th>
                  <td data-number>{money(row.before)}</td>
                  <td data-number>
                    <button
                      type="button"
                      className={c.number}
                      onClick={() =>
                        ask({ title: name, before, to: last.to, kind: 'all', by, value: row.value })
                      }
                    >
                      {money(row.recurring)}
                    </button>
                  </td>
                  <td data-number>{money(Number(row.recurring) - Number(row.before), true)}</td>
                  <td data-number>{row.customers.toLocaleString(locale)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
