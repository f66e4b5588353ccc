import { Popover } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { record, reference, str } from '../../../fields/read.tsx';
import { Icon } from '../../../kit/Icon.tsx';
import { t } from '../../../kit/words.ts';
import { usePercent } from './ForecastHead.tsx';
import s from './ForecastTable.module.css';
import type { Figures } from './forecast.ts';
import { attainment, type Category, categories, isAdjusted, net, type SellerRow } from './forecast-view.ts';
import { allCategories, dealsOf, type ForecastState, type Money, type Said } from './use-forecast.ts';

/** What a line is called. */
export function useNameOf() {
  return ({ user, own }: SellerRow) => {
    const name = user ? (user.title ?? user.id.slice(0, 8)) : t('forecast.nobody');
    return own ? t('forecast.own', { name }) : name;
  };
}

interface CellsProps {
  state: ForecastState;
  said: Said;
  row: SellerRow;
  money: Money;
  shared: boolean;
}

/** The figures of a seller, marked where managers had a hand in them. */
export function Cells({ row, money, state, said, shared }: CellsProps) {
  const name = useNameOf()(row);
  const mark = (category: Category) =>
    isAdjusted(row.figures, category) && <Adjusted category={category} row={row} money={money} said={said} />;
  return (
    <Numbers
      figures={row.figures}
      state={state}
      money={money}
      name={name}
      users={row.users}
      shared={shared}
      mark={mark}
    />
  );
}

interface NumbersProps {
  figures: Figures;
  state: ForecastState;
  money: Money;
  name: string;
  users?: SellerRow['users'];
  shared?: boolean;
  mark?(category: Category): ReactNode;
}

/** Figures in cells, each a way to its deals. */
export function Numbers({ figures, state, money, name, users, shared, mark }: NumbersProps) {
  const percent = usePercent();
  const share = attainment(figures);
  const figure = (label: string, amount: string, of: string[]) =>
    Number(amount) === 0 ? (
      <span className={s.nothing}>{money(0)}</span>
    ) : (
      <Link
        {...dealsOf(state.input, of, users, shared)}
        className={s.number}
        aria-label={t('forecast.show', { name: `${name}, ${label}`, amount: money(amount) })}
      >
        {money(amount)}
      </Link>
    );
  return (
    <>
      {categories.map(category => {
        const label = t(`forecast.category.${category}`);
        return (
          <td key={category} data-number data-label={label}>
            {mark?.(category)}
            {figure(label, net(figures, category), [category])}
          </td>
        );
      })}
      <td data-number data-label={t('forecast.weighted')}>
        {figure(t('forecast.weighted'), figures.weighted, allCategories)}
      </td>
      <td data-number data-label={t('forecast.quota')}>
        {Number(figures.quota) === 0 ? (
          <span className={s.nothing}>–</span>
        ) : (
          <span className={s.plain}>{money(figures.quota)}</span>
        )}
      </td>
      <td data-number data-label={t('forecast.attainment')} data-done={(share ?? 0) >= 1 || undefined}>
        {share === null ? (
          <span className={s.nothing}>–</span>
        ) : (
          <span className={s.plain}>{percent(share)}</span>
        )}
      </td>
    </>
  );
}

interface AdjustedProps {
  category: Category;
  row: SellerRow;
  money: Money;
  said: Said;
}

/** Says that managers had a hand in it, and on demand what they said. */
function Adjusted({ category, row, money, said }: AdjustedProps) {
  const { figures, users } = row;
  const label = t(`forecast.category.${category}`);
  const all = said.adjustments.filter(
    each => str(each.category) === category && users.some(user => user?.id === reference(each.user)?.id),
  );
  return (
    <Popover position="bottom-end" offset={4} width={300} shadow="md" withRoles={false}>
      <Popover.Target>
        <button type="button" className={s.adjusted} aria-label={t('forecast.adjusted', { name: label })}>
          <Icon name="adjustments" size={14} />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={s.reasons}>
        <dl className={s.sums}>
          <dt>{t('forecast.gross')}</dt>
          <dd>{money(figures[category])}</dd>
          {all.map(each => (
            <div key={each.id} className={s.reason}>
              <dt>
                {str(each.reason)}
                <span className={s.who}>
                  {[reference(each.user)?.title, reference(each.createdBy)?.title]
                    .filter(Boolean)
                    .join(' ← ')}
                </span>
              </dt>
              <dd>{money(str(record(each.amount).amount), true, str(record(each.amount).currency))}</dd>
            </div>
          ))}
          <div className={`${s.reason} ${s.net}`}>
            <dt>{t('forecast.net')}</dt>
            <dd>{money(net(figures, category))}</dd>
          </div>
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}
