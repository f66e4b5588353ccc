import { t } from '../../../kit/words.ts';
import { namesEvery, Scale } from '../../../web/layouts/drawings.tsx';
import { scaleOf } from '../../../web/layouts/measure.ts';
import { addDays, nameOf } from '../../../web/model/days.ts';
import { formatOf, useMeta } from '../../../web/model/meta.tsx';
import { useMoney } from '../forecast/use-forecast.ts';
import c from './Revenue.module.css';
import type { RevenueProps } from './Revenue.tsx';
import { type Movement, movements } from './revenue-view.ts';

type Month = RevenueProps['revenue']['months'][number];

/** What came and went each month: what adds above the line, what is lost below it; and the same as a table. */
export function RevenueMonths({ revenue, ask }: RevenueProps) {
  const { locale } = formatOf(useMeta());
  const money = useMoney(revenue.currency);
  const { months } = revenue;
  const nameOfMonth = (month: Month) => nameOf(month.to, 'month', locale);
  const open = (month: Month, kind: Movement | 'all') =>
    ask({
      title: `${t(`revenue.kind.${kind}`)}, ${nameOfMonth(month)}`,
      before: addDays(month.from, -1),
      to: month.to,
      kind,
    });
  return (
    <section className={c.card} aria-label={t('revenue.moved')}>
      <h2 className={c.title}>{t('revenue.moved')}</h2>
      <Drawing months={months} currency={revenue.currency} open={open} nameOfMonth={nameOfMonth} />
      <div className={c.scroll} data-sideways>
        <table className={c.table}>
          <thead>
            <tr>
              <th scope="col">{t('revenue.month')}</th>
              {[...movements, 'all' as const].map(kind => (
                <th key={kind} scope="col" data-number>
                  {t(`revenue.kind.${kind}`)}
                </th>
              ))}
              <th scope="col" data-number>
                {t('revenue.figure.customers')}
              </th>
            </tr>
          </thead>
          <tbody>
            {months.toReversed().map(month => (
              <tr key={month.to}>
                <th scope="row">{nameOfMonth(month)}</th>
                {movements.map(kind => (
                  <td key={kind} data-number>
                    {Number(month[kind]) === 0 ? (
                      <span className={c.nothing}>–</span>
                    ) : (
                      <button type="button" className={c.number} onClick={() => open(month, kind)}>
                        {money(month[kind], true)}
                      </button>
                    )}
                  </td>
                ))}
                <td data-number>
                  <button type="button" className={c.number} onClick={() => open(month, 'all')}>
                    {money(month.recurring)}
                  </button>
                </td>
                <td data-number>{month.customers.toLocaleString(locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface DrawingProps {
  months: Month[];
  currency: string;
  open(month: Month, kind: Movement): void;
  nameOfMonth(month: Month): string;
}

const losses = ['contraction', 'churned'] as const;
const gains = movements.filter(kind => !losses.some(loss => loss === kind));
const total = (month: Month, kinds: readonly Movement[]) =>
  kinds.reduce((sum, kind) => sum + Math.abs(Number(month[kind])), 0);

function Drawing({ months, currency, open, nameOfMonth }: DrawingProps) {
  const { locale } = formatOf(useMeta());
  const money = useMoney(currency);
  const [up, down] = [gains, losses].map(kinds => {
    const values = months.map(month => ({ value: total(month, kinds) }));
    return values.some(({ value }) => value > 0) ? scaleOf(values) : 0;
  });
  const whole = up! + down! || 1;
  const brief = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const short = new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' });
  const every = namesEvery(months.length, 640);
  const part = (month: Month, kind: Movement, most: number) =>
    Number(month[kind]) !== 0 && (
      <button
        key={kind}
        type="button"
        className={c.part}
        data-kind={kind}
        style={{ blockSize: `${(Math.abs(Number(month[kind])) / most) * 100}%` }}
        aria-label={`${t(`revenue.kind.${kind}`)}, ${nameOfMonth(month)}: ${money(month[kind], true)}`}
        title={`${t(`revenue.kind.${kind}`)}: ${money(month[kind], true)}`}
        onClick={() => open(month, kind)}
      />
    );
  return (
    <>
      <div className={c.drawing}>
        <div className={c.area}>
          <div className={c.scaleUp} style={{ blockSize: `${(up! / whole) * 100}%` }}>
            {up! > 0 && <Scale top={up!} textOf={value => brief.format(value)} />}
          </div>
          <ol className={c.columns}>
            {months.map((month, index) => (
              <li key={month.to} data-placed>
                <span className={c.gains} style={{ blockSize: `${(up! / whole) * 100}%` }}>
                  {gains.map(kind => part(month, kind, up!))}
                </span>
                <span className={c.losses} style={{ blockSize: `${(down! / whole) * 100}%` }}>
                  {losses.map(kind => part(month, kind, down!))}
                </span>
                <span className={c.monthName} aria-hidden>
                  {index % every === 0 ? short.format(new Date(month.to)) : ''}
                </span>
              </li>
            ))}
          </ol>
        </div>
      </div>
      <ul className={c.legend}>
        {movements.map(kind => (
          <li key={kind}>
            <span className={c.swatch} data-kind={kind} aria-hidden />
            {t(`revenue.kind.${kind}`)}
          </li>
        ))}
      </ul>
    </>
  );
}
