import './words.ts';
import { Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { reference } from '../../fields/read.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Picker } from '../../kit/Picker.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import type { Row } from '../api.ts';
import { FilesPanel } from '../files/FilesPanel.tsx';
import { rowsOf } from '../model/cache.ts';
import { inText } from '../model/language.ts';
import { fieldOf, isEmpty, lookOf, useMeta } from '../model/meta.tsx';
import { type Panel, type PanelPlace, panelsOf, useLayout } from '../model/page-layout.ts';
import { useRecord, useRecords } from '../model/records.ts';
import { linkTo, preset, relatedFilter, useLinking } from '../model/related.ts';
import { defaultState, searchOf } from '../model/view-state.ts';
import { openDialog } from '../shell/dialogs.ts';
import { Name } from './Name.tsx';
import s from './Related.module.css';
import { RelatedTotals } from './RelatedTotals.tsx';
import { TreeCard } from './TreeCard.tsx';
import { countOf } from './use-list.ts';
import { Value } from './Value.tsx';

const shown = 5;
/** Beyond this many nobody counts along; the estimate may be off there. */
const countedTo = 1_000;

interface RelatedProps {
  object: MetaObject;
  row: Row;
  /** ISO 8601: what was related then. */
  asOf?: string;
  /** With what belongs to the records below it. */
  below?: boolean;
}

/** Two short facts under a related record's name: what its list shows, without what links back here. */
function factsOf(other: MetaObject, back: string): MetaField[] {
  const names = other.highlights.length > 0 ? other.highlights : other.list.columns;
  return names
    .filter(name => name !== other.title && name !== back)
    .map(name => fieldOf(other, name))
    .filter(field => field !== undefined)
    .slice(0, 3);
}

function Item({ object, row, facts }: { object: MetaObject; row: Row; facts: MetaField[] }) {
  const look = lookOf(useMeta(), object.name);
  const shownFacts = facts.filter(field => !isEmpty(row[field.name])).slice(0, 2);
  return (
    <Link to="/$object/$id" params={{ object: object.path, id: row.id }} className={s.item}>
      <Name object={object} row={row} size={20} />
      {shownFacts.length > 0 && (
        <span className={s.facts} data-indent={look === 'round' || look === 'square' || undefined}>
          {shownFacts.map(field => (
            <span key={field.name} className={s.fact}>
              <Value row={row} field={field} place="card" />
            </span>
          ))}
        </span>
      )}
    </Link>
  );
}

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

interface ListProps extends RelatedProps {
  panel: Extract<Panel, { kind: 'list' }>;
}

/** Making a record that belongs here, or having one that is there belong here. */
export function AddMenu({ object, row, panel: { field, other } }: ListProps) {
  const { t } = useTranslation();
  const services = useFieldServices();
  const [opened, setOpened] = useState(false);
  const [picking, setPicking] = useState(false);
  const show = (open: boolean) => {
    setOpened(open);
    if (!open) setPicking(false);
  };
  const { mayLink, link } = useLinking(object, row, field, other);
  const create = () =>
    openDialog({ kind: 'create', object: other.name, values: preset(field, object, row.id, '') });
  const label = t('page.add', { object: inText(other.label) });
  if (!other.can.create && !mayLink) return null;
  if (!mayLink) return <IconButton icon="plus" size={24} label={label} onClick={create} />;
  return (
    <Menu
      position="bottom-end"
      width={picking ? 280 : 220}
      opened={opened}
      onChange={show}
      closeOnItemClick={false}
    >
      <Menu.Target>
        <IconButton icon="plus" size={24} label={label} />
      </Menu.Target>
      <Menu.Dropdown>
        {picking ? (
          <Picker
            chosen={[]}
            search={text => services.searchRecords(other.name, text).then(found => found.map(linkTo))}
            onPick={({ id }) => {
              show(false);
              void link(id);
            }}
            words={{ search: t('page.find'), none: t('page.noneFound'), clear: '' }}
            label={t('page.link', { object: inText(other.label) })}
          />
        ) : (
          <>
            {other.can.create && (
              <Menu.Item leftSection={<Icon name="plus" />} closeMenuOnClick onClick={create}>
                {t('list.create', { object: inText(other.label) })}
              </Menu.Item>
            )}
            <Menu.Item leftSection={<Icon name="link" />} onClick={() => setPicking(true)}>
              {t('page.link', { object: inText(other.label) })}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
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

function RelatedList(props: ListProps) {
  const { t } = useTranslation();
  const { object, row, asOf, panel } = props;
  const { label, other, field } = panel;
  const facts = factsOf(other, field.name);
  const { filter, search } = useWholeList(props);
  const { unlink } = useLinking(object, row, field, other);
  const found = useRecords(
    other,
    {
      filter,
      sort: other.list.sort,
      fields: [...new Set([other.title, field.name, ...facts.map(f => f.name)])],
      limit: shown,
      count: 'estimated',
      asOf,
    },
    filter !== null,
  );
  if (!filter || found.error) return null;
  const rows = rowsOf(found.data);
  const count = countOf(found.data?.pages[0]?.count, rows.length, found.hasNextPage) ?? rows.length;
  const empty = !found.isPending && rows.length === 0;
  const many = count > countedTo ? t('page.moreThan', { count: countedTo }) : t('page.count', { count });
  const title = (
    <>
      {label} {count > 0 && <span className={s.count}>{many}</span>}
    </>
  );
  return (
    <section className={s.list} data-empty={empty || undefined} aria-label={label}>
      <header className={s.head}>
        <h2 className={s.heading}>
          {asOf || empty ? (
            title
          ) : (
            <Link
              to="/$object"
              params={{ object: other.path }}
              search={search}
              className={s.whole}
              title={t('page.openList', { label })}
            >
              {title}
            </Link>
          )}
        </h2>
        {!asOf && <AddMenu {...props} />}
      </header>
      {found.isPending && <SkeletonLines count={2} height={44} />}
      {!asOf && rows.length > 0 && <RelatedTotals other={other} filter={filter} />}
      <ul onKeyDown={walk}>
        {rows.slice(0, shown).map(item => (
          <li key={item.id} className={s.entry}>
            <Item object={other} row={item} facts={facts} />
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
    </section>
  );
}

/** Whether it links to this record itself, and not to one below. */
function reaches(item: Row, field: MetaField, id: string): boolean {
  const value = item[field.name] ?? null;
  return (Array.isArray(value) ? value : [value]).some(each => reference(each)?.id === id);
}

/** A record this one points to, with the facts that matter about it. */
function Linked({ field, other, id }: { field: MetaField; other: MetaObject; id: string }) {
  const found = useRecord(other, id);
  if (!found.data) return null;
  return (
    <section className={s.list} aria-label={field.label}>
      <header className={s.head}>
        <h2 className={s.heading}>{field.label}</h2>
      </header>
      <Item object={other} row={found.data} facts={factsOf(other, '')} />
    </section>
  );
}

/** The panels that stand at a place, in the order of the layout. */
export function usePanels(object: MetaObject, place: PanelPlace): Panel[] {
  const meta = useMeta();
  const layout = useLayout(object);
  const all = panelsOf(meta, object);
  return layout.panels.flatMap(each => {
    const panel = all.find(({ name }) => name === each.panel);
    return panel && each.place === place ? [panel] : [];
  });
}

function PanelOf({ panel, ...props }: RelatedProps & { panel: Panel }) {
  if (panel.kind === 'list') return <RelatedList {...props} panel={panel} />;
  if (panel.kind === 'link') {
    const to = reference(props.row[panel.field.name]);
    return to && <Linked field={panel.field} other={panel.other} id={to.id} />;
  }
  // What was attached then, and what stood above, nobody asks.
  if (props.asOf) return null;
  if (panel.kind === 'hierarchy') return <TreeCard object={props.object} row={props.row} />;
  return <FilesPanel object={props.object} id={props.row.id} />;
}

/** What this record points to, and what leads here from other records. */
export function Related(props: RelatedProps) {
  const { t } = useTranslation();
  const panels = usePanels(props.object, 'side');
  if (panels.length === 0) return <p className={s.none}>{t('related.nothing')}</p>;
  return (
    <div className={s.lists}>
      {panels.map(panel => (
        <PanelOf key={panel.name} {...props} panel={panel} />
      ))}
    </div>
  );
}
