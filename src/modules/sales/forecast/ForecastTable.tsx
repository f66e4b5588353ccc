import { type KeyboardEvent, useState } from 'react';
import { Avatar } from '../../../kit/Avatar.tsx';
import { IconButton } from '../../../kit/Button.tsx';
import { readingKey } from '../../../kit/direction.ts';
import { Icon } from '../../../kit/Icon.tsx';
import { Menu } from '../../../kit/Menu.tsx';
import { t } from '../../../kit/words.ts';
import { Cells, Numbers, useNameOf } from './ForecastCells.tsx';
import type { Asked } from './ForecastDialog.tsx';
import s from './ForecastTable.module.css';
import type { Forecast } from './forecast.ts';
import { categories, type SellerRow, treeOf } from './forecast-view.ts';
import { type ForecastState, type Said, useMoney } from './use-forecast.ts';

interface TableProps {
  forecast: Forecast;
  state: ForecastState;
  said: Said;
  ask(asked: Asked): void;
}

/** Sellers below their managers; arrow keys walk from line to line and open and close them. */
export function ForecastTable(props: TableProps) {
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
                <Cells row={row} money={money} state={state} said={props.said} shared={forecast.shared} />
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
  } else if (readingKey(event.key) === 'ArrowRight' && !open) toggle(true);
  else if (readingKey(event.key) === 'ArrowLeft' && open) toggle(false);
  else return;
  event.preventDefault();
}

function Name({ row, toggle }: { row: SellerRow; toggle(key: string, open: boolean): void }) {
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

function Actions({ row, said, ask }: TableProps & { row: SellerRow }) {
  const name = useNameOf()({ ...row, own: false });
  const { user } = row;
  if (!user || row.own || !(said.mayAdjust || said.maySet)) return null;
  return (
    <Menu
      position="bottom-end"
      width={190}
      of={<IconButton icon="dots" label={t('forecast.actions', { name })} />}
    >
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
    </Menu>
  );
}
