import { Link, type LinkProps } from '@tanstack/react-router';
import { type CSSProperties, type ReactNode, useState } from 'react';
import { IconButton } from '../../../kit/Button.tsx';
import { Icon } from '../../../kit/Icon.tsx';
import { Menu } from '../../../kit/Menu.tsx';
import { SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import s from './CardTable.module.css';
import type { Drawable } from './card-picture.ts';
import c from './Dashboards.module.css';
import type { CardKind } from './dashboard-view.ts';
import { saveCsv, savePicture } from './save-card.ts';

export type CardLink = Pick<LinkProps, 'to' | 'params' | 'search'>;

/** A card's rows with where each leads, and what is drawn of them. */
export interface CardRows extends Drawable {
  links?: (CardLink | null)[];
  /** Where single cells lead, the first of which is that of the row's name. */
  cellLinks?: (CardLink | null)[][];
}

interface CardFrameProps {
  kind: CardKind;
  /** What it says, where it says something. */
  finding?: string | null;
  note?: ReactNode;
  /** What is chosen of it, such as a segment. */
  choice?: ReactNode;
  table: CardRows | null;
  /** Instead of the picture, where there is nothing to draw. */
  empty?: string | null;
  children: ReactNode;
}

/** A card of a dashboard: what it is, its picture or its table, and ways to take it along. */
export function CardFrame({ kind, finding, note, choice, table, empty, children }: CardFrameProps) {
  const [asTable, setAsTable] = useState(false);
  const name = t(`dashboard.card.${kind}`);
  const menu = table && !empty && (
    <Menu
      position="bottom-end"
      width={200}
      of={<IconButton icon="dots" label={t('dashboard.more', { card: name })} />}
    >
      <Menu.Item
        leftSection={<Icon name={asTable ? 'chart-bar' : 'table'} />}
        onClick={() => setAsTable(!asTable)}
      >
        {t(asTable ? 'dashboard.asPicture' : 'dashboard.asTable')}
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="download" />} onClick={() => saveCsv(name, table)}>
        {t('dashboard.csv')}
      </Menu.Item>
      {(['svg', 'png'] as const).map(format => (
        <Menu.Item
          key={format}
          leftSection={<Icon name="photo" />}
          onClick={() => void savePicture(format, { kind, title: name, finding: finding ?? '' }, table)}
        >
          {t(`dashboard.${format}`)}
        </Menu.Item>
      ))}
    </Menu>
  );
  return (
    <section className={c.card} data-card={kind} aria-label={name}>
      <header className={c.head}>
        <div className={c.headText}>
          <h2 className={c.title}>{finding ?? name}</h2>
          {finding && <p className={c.name}>{name}</p>}
        </div>
        {choice}
        {menu}
      </header>
      <div className={c.body}>
        {!table ? (
          <SkeletonLines count={6} />
        ) : empty ? (
          <p className={c.empty}>{empty}</p>
        ) : asTable ? (
          <AsTable table={table} />
        ) : (
          children
        )}
      </div>
      {note && !empty && table && <p className={c.note}>{note}</p>}
    </section>
  );
}

/** Of a table with that many figures beside each name: on a phone the name stands above them, where they are too many. */
export function manyFigures(count: number) {
  return count > 3 ? { 'data-figures': true, style: { '--figures': count } as CSSProperties } : {};
}

/** Its rows as they are, every one a way to what is behind it. */
export function AsTable({ table: { head, rows, links, cellLinks } }: { table: CardRows }) {
  return (
    <div className={s.tableBox} data-sideways>
      <table className={s.table} {...manyFigures(head.length - 1)}>
        <thead>
          <tr>
            {head.map((title, index) => (
              <th key={title} scope="col" data-number={index > 0 || undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ texts: [first, ...rest] }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two segments may be called the same.
            <tr key={index}>
              <th scope="row">{links?.[index] ? <Link {...links[index]}>{first}</Link> : first}</th>
              {rest.map((text, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells stand where they stand.
                <td key={place}>
                  {cellLinks?.[index]?.[place + 1] ? (
                    <Link {...cellLinks[index][place + 1]} className={s.number}>
                      {text}
                    </Link>
                  ) : (
                    text
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
