import './words.ts';
import { Link } from '@tanstack/react-router';
import type { KeyboardEvent, ReactNode } from 'react';
import type { MetaField } from '../../engine/index.ts';
import { reference } from '../../fields/read.tsx';
import { IconButton } from '../../kit/Button.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { inText } from '../model/language.ts';
import type { Panel } from '../model/page-layout.ts';
import { type Query, useRecords } from '../model/records.ts';
import { relatedFilter, useLinking } from '../model/related.ts';
import { defaultState, searchOf } from '../model/view-state.ts';
import { AddRelated } from './AddRelated.tsx';
import s from './Related.module.css';
import type { RelatedProps } from './Related.tsx';
import { factsOf, RelatedItem } from './RelatedItem.tsx';
import { RelatedTotals } from './RelatedTotals.tsx';
import { SidePanel } from './SidePanel.tsx';
import { countOf } from './use-list.ts';

const shown = 5;

/** Beyond this many nobody counts along; the estimate may be off there. */
const countedTo = 1_000;

/** Arrow keys go from one record of a list to the next. */
function walk(event: KeyboardEvent<HTMLElement>) {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!way) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(`.${s.item}`)];
  const next = items[items.indexOf(document.activeElement as HTMLElement) + way];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export interface ListProps extends RelatedProps {
  panel: Extract<Panel, { kind: 'list' }>;
}

/** The first few of what stands in a panel. */
export function panelQuery(
  { other, field }: ListProps['panel'],
  id: string,
  more: { below?: boolean | undefined; asOf?: string | undefined } = {},
): Query {
  const names = [other.title, field.name, ...factsOf(other, field.name).map(fact => fact.name)];
  return {
    filter: relatedFilter(field, id, more.below),
    sort: other.list.sort,
    fields: [...new Set(names)],
    limit: shown,
    count: 'estimated',
    asOf: more.asOf,
  };
}

/** The address of the whole list of what belongs to a record. */
export function useWholeList({ row, below, panel: { field, other } }: ListProps) {
  const filter = relatedFilter(field, row.id, below);
  return {
    filter,
    search: searchOf(other, {
      ...defaultState(other),
      layout: 'table',
      filter: filter && { and: [filter] },
    }),
  };
}

/** The first few of what belongs to a record, with the way to all of them. */
export function RelatedList(props: ListProps) {
  const { object, row, asOf, panel } = props;
  const { label, other, field } = panel;
  const facts = factsOf(other, field.name);
  const { filter, search } = useWholeList(props);
  const { unlink } = useLinking(object, row, field, other);
  const query = panelQuery(panel, row.id, { below: props.below, asOf });
  const found = useRecords(other, query, filter !== null);
  if (!filter || found.error) return null;
  const rows = rowsOf(found.data);
  const count = countOf(found.data?.pages[0]?.count, rows.length, found.hasNextPage) ?? rows.length;
  const empty = !found.isPending && rows.length === 0;
  const many = count > countedTo ? t('page.moreThan', { count: countedTo }) : t('page.count', { count });
  const lead = (heading: ReactNode) => (
    <Link
      to="/$object"
      params={{ object: other.path }}
      search={search}
      className={s.whole}
      title={t('page.openList', { label })}
    >
      {heading}
    </Link>
  );
  return (
    <SidePanel
      label={label}
      count={count > 0 ? many : null}
      empty={empty}
      {...(asOf || empty ? {} : { lead })}
      action={!asOf && <AddRelated {...props} />}
    >
      {found.isPending && <SkeletonLines count={2} height={44} />}
      {!asOf && rows.length > 0 && <RelatedTotals other={other} filter={filter} />}
      <ul onKeyDown={walk}>
        {rows.slice(0, shown).map(item => (
          <li key={item.id} className={s.entry}>
            <RelatedItem object={other} row={item} facts={facts} />
            {unlink && !asOf && reaches(item, field, row.id) && (
              <span className={s.unlink}>
                <IconButton
                  icon="unlink"
                  size={24}
                  label={t('page.unlink', { object: inText(other.label) })}
                  onClick={() => void unlink(item)}
                />
              </span>
            )}
          </li>
        ))}
      </ul>
      {count > shown && !asOf && (
        <Link to="/$object" params={{ object: other.path }} search={search} className={s.all}>
          {t('related.all', { count: many })}
        </Link>
      )}
    </SidePanel>
  );
}

/** Whether it links to this record itself, and not to one below. */
function reaches(item: Row, field: MetaField, id: string): boolean {
  const value = item[field.name] ?? null;
  return (Array.isArray(value) ? value : [value]).some(each => reference(each)?.id === id);
}
