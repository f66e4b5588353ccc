import { Menu, Popover } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { record, reference, str } from '../../fields/read.tsx';
import { Avatar } from '../../kit/Avatar.tsx';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import type { Asked } from './ForecastDialog.tsx';
import { usePercent } from './ForecastHead.tsx';
import s from './ForecastTable.module.css';
import type { Figures, Forecast } from './forecast.ts';
import {
  attainment,
  type Category,
  categories,
  isAdjusted,
  net,
  type SellerRow,
  treeOf,
} from './forecast-view.ts';
import {
  allCategories,
  dealsOf,
  type ForecastState,
  type Money,
  type Said,
  useMoney,
} from './use-forecast.ts';

interface TableProps {
  forecast: Forecast;
  state: ForecastState;
  said: Said;
  ask(asked: Asked): void;
}

/** Sellers below their managers; arrow keys walk from line to line and open and close them. */
export function ForecastTable(props: TableProps) {
  const { t } = useTranslation();
  const { forecast, state } = props;
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = treeOf(forecast.sellers, closed);
  const money = useMoney(forecast.currency);
  const toggle = (key: string, open: boolean) =>
    setClosed(now => new Set(open ? [...now].filter(each => each !== key) : [...now, key]));
  const heads = [
    ...categories.map(name => t(`forecast.category.${name}`)),
    t('forecast.weighted'),
    t('forecast.quota'),
    t('forecast.attainment'),
  ];
  return (
    <section aria-label={t('forecast.sellers')}>
      <h2 className={s.heading}>{t('forecast.sellers')}</h2>
      <div className={s.scroll}>
        <table className={s.table}>
          <thead>
            <tr>
              <th scope="col">{t('forecast.seller')}</th>
              {heads.map(head => (
                <th key={head} scope="col" data-number>
                  {head}
                </th>
              ))}
              <th className={s.more}>
                <span className={s.hidden}>{t('forecast.adjust')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr key={row.key} data-own={row.own || undefined}>
                <th scope="row" style={{ paddingInlineStart: row.level * 20 }}>
                  <Name row={row} toggle={toggle} />
                </th>
                <Cells {...props} row={row} money={money} />
                <td className={s.more}>
                  <Actions {...props} row={row} />
                </td>
              </tr>
            ))}
          </tbody>
          {forecast.sellers.length > 1 && (
            <tfoot>
              <tr>
                <th scope="row">
                  <span className={s.name}>{t('forecast.total')}</span>
                </th>
                <Numbers figures={forecast.total} state={state} money={money} name={t('forecast.total')} />
                <td className={s.more} />
              </tr>
            </tfoot>
          )}
        </table>
      </div>
    </section>
  );
}

/** Up and down go to the next line that can be opened; right opens, left closes. */
function walk(event: KeyboardEvent<HTMLButtonElement>, open: boolean, toggle: (open: boolean) => void) {
  const away = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (away) {
    const all = [
      ...(event.currentTarget.closest('table')?.querySelectorAll<HTMLElement>('[data-line]') ?? []),
    ];
    all[all.indexOf(event.currentTarget) + away]?.focus();
  } else if (event.key === 'ArrowRight' && !open) toggle(true);
  else if (event.key === 'ArrowLeft' && open) toggle(false);
  else return;
  event.preventDefault();
}

function useNameOf() {
  const { t } = useTranslation();
  return ({ user, own }: SellerRow) => {
    const name = user ? (user.title ?? user.id.slice(0, 8)) : t('forecast.nobody');
    return own ? t('forecast.own', { name }) : name;
  };
}

function Name({ row, toggle }: { row: SellerRow; toggle(key: string, open: boolean): void }) {
  const { t } = useTranslation();
  const name = useNameOf()(row);
  const open = row.open === true;
  return (
    <span className={s.name}>
      {row.open === null ? (
        <span className={s.noToggle} />
      ) : (
        <button
          type="button"
          data-line
          className={s.toggle}
          aria-expanded={open}
          aria-label={t(open ? 'forecast.collapse' : 'forecast.expand', { name })}
          onClick={() => toggle(row.key, !open)}
          onKeyDown={event => walk(event, open, to => toggle(row.key, to))}
        >
          <Icon name={open ? 'chevron-down' : 'chevron-right'} size={14} />
        </button>
      )}
      {row.user && !row.own && <Avatar id={row.user.id} title={name} round />}
      <span className={s.title}>{name}</span>
    </span>
  );
}

interface CellsProps extends TableProps {
  row: SellerRow;
  money: Money;
}

function Cells({ row, money, state, said }: CellsProps) {
  const name = useNameOf()(row);
  const mark = (category: Category) =>
    isAdjusted(row.figures, category) && <Adjusted category={category} row={row} money={money} said={said} />;
  return (
    <Numbers figures={row.figures} state={state} money={money} name={name} users={row.users} mark={mark} />
  );
}

interface NumbersProps {
  figures: Figures;
  state: ForecastState;
  money: Money;
  name: string;
  users?: SellerRow['users'];
  mark?(category: Category): React.ReactNode;
}

function Numbers({ figures, state, money, name, users, mark }: NumbersProps) {
  const { t } = useTranslation();
  const percent = usePercent();
  const share = attainment(figures);
  const figure = (label: string, amount: string, of: string[]) =>
    Number(amount) === 0 ? (
      <span className={s.nothing}>{money(0)}</span>
    ) : (
      <Link
        {...dealsOf(state.input, of, users)}
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
  const { t } = useTranslation();
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

function Actions({ row, said, ask }: CellsProps | (TableProps & { row: SellerRow })) {
  const { t } = useTranslation();
  const name = useNameOf()({ ...row, own: false });
  const { user } = row;
  if (!user || row.own || !(said.mayAdjust || said.maySet)) return null;
  return (
    <Menu position="bottom-end" width={190}>
      <Menu.Target>
        <IconButton icon="dots" label={t('forecast.actions', { name })} />
      </Menu.Target>
      <Menu.Dropdown>
        {said.mayAdjust && (
          <Menu.Item
            leftSection={<Icon name="adjustments" />}
            onClick={() => ask({ kind: 'adjustment', user: { id: user.id, name } })}
          >
            {t('forecast.adjust')}
          </Menu.Item>
        )}
        {said.maySet && (
          <Menu.Item
            leftSection={<Icon name="target" />}
            onClick={() => ask({ kind: 'quota', user: { id: user.id, name } })}
          >
            {t('forecast.setQuota')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
