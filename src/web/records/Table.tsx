// biome-ignore-all lint/a11y/useSemanticElements: virtual grids and list boxes cannot be tables and selects.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid or input as a whole has the focus; cells are active descendants.
// biome-ignore-all lint/a11y/noStaticElementInteractions: the grid or input as a whole has the keys.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaObject } from '../../engine/index.ts';
import type { Row } from '../api.ts';
import { useActions } from '../model/records.ts';
import { reordered, type Widths } from '../model/view-state.ts';
import { ColumnHead } from './ColumnHead.tsx';
import { least, template, widthOf, widthStep, within } from './columns.ts';
import s from './Table.module.css';
import { type RowEvents, TableRow } from './TableRow.tsx';
import { type ListModel, rowHeight } from './use-list.ts';

export interface CellAt {
  row: number;
  column: number;
}

/** Moves the cell cursor; null when the key is not about moving. */
function movedCell(key: string, { row, column }: CellAt, rows: number, columns: number): CellAt | null {
  const rowTo = (to: number) => ({ row: Math.max(0, Math.min(rows - 1, to)), column });
  const columnTo = (to: number) => ({ row, column: Math.max(0, Math.min(columns - 1, to)) });
  switch (key) {
    case 'ArrowDown':
      return rowTo(row + 1);
    case 'ArrowUp':
      return rowTo(row - 1);
    case 'PageDown':
      return rowTo(row + 15);
    case 'PageUp':
      return rowTo(row - 15);
    case 'ArrowRight':
      return columnTo(column + 1);
    case 'ArrowLeft':
      return columnTo(column - 1);
    case 'Home':
      return columnTo(0);
    case 'End':
      return columnTo(columns - 1);
    default:
      return null;
  }
}

/** One object whose functions always do what the latest ones would. */
function useStable<T extends object>(latest: T): T {
  const ref = useRef(latest);
  ref.current = latest;
  return useMemo(() => {
    const names = Object.keys(ref.current) as (keyof T)[];
    const call =
      (name: keyof T) =>
      (...args: unknown[]) =>
        (ref.current[name] as (...args: unknown[]) => unknown)(...args);
    return Object.fromEntries(names.map(name => [name, call(name)])) as T;
  }, []);
}

function useCells(list: ListModel) {
  const [active, setActive] = useState<CellAt | null>(null);
  const [editing, setEditing] = useState(false);
  const grid = useRef<HTMLDivElement>(null);
  const { columns, rows } = list;

  const stopEditing = useCallback(() => {
    setEditing(false);
    grid.current?.focus({ preventScroll: true });
  }, []);

  function edit(at: CellAt) {
    const field = columns[at.column];
    setActive(at);
    if (field?.editable && list.editable) setEditing(true);
  }

  function act(key: string, at: CellAt): boolean {
    const row = rows[at.row];
    if (key === 'Enter') edit(at);
    else if (key === ' ' && row) list.setPeek(list.peek === row.id ? null : row.id);
    else if (key === 'x' && row) list.toggle(row.id);
    else return false;
    return true;
  }

  function go(to: CellAt) {
    setActive(to);
    if (list.peek) list.setPeek(rows[to.row]?.id ?? null);
  }

  /** Alt with an arrow sizes the column of the cell, with Shift it moves the column. */
  function arrange(key: string, column: number, moves: boolean): boolean {
    const field = columns[column];
    const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (!field || !by) return false;
    const beside = columns[column + by];
    if (!moves) list.setWidth(field.name, within(widthOf(columns, column, list.widths) + by * widthStep));
    else if (beside && column > 0 && column + by > 0) {
      list.change({ columns: reordered(list.state.columns, field.name, beside.name, by > 0) });
      setActive(at => at && { ...at, column: column + by });
    }
    return true;
  }

  function onKeyDown(event: KeyboardEvent) {
    if (editing || event.target !== grid.current || event.ctrlKey || event.metaKey) return;
    const at = active ?? { row: 0, column: 0 };
    if (event.altKey) {
      if (arrange(event.key, at.column, event.shiftKey)) event.preventDefault();
      return;
    }
    const next = movedCell(event.key, at, rows.length, columns.length);
    if (next) go(active ? next : at);
    else if (!act(event.key, at)) return;
    event.preventDefault();
  }

  return { active, setActive, editing, edit, stopEditing, grid, onKeyDown };
}

/** The rows of a list: virtual, with a cell cursor, edited in place. */
export function Table({ object, list }: { object: MetaObject; list: ListModel }) {
  const { t } = useTranslation();
  const actions = useActions();
  const { columns, rows, records } = list;
  const cells = useCells(list);
  const { active, grid } = cells;
  const height = rowHeight(list.density);
  const [pulled, setPulled] = useState<Widths | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const widths = pulled ?? list.widths;
  const grids = useMemo(() => template(columns, widths), [columns, widths]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => grid.current,
    estimateSize: () => height,
    overscan: 12,
    scrollPaddingStart: 36,
    scrollPaddingEnd: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new height is the reason to measure.
  useEffect(() => virtual.measure(), [height, virtual]);
  useEffect(() => {
    if (records.hasNextPage && !records.isFetchingNextPage && last >= rows.length - 30)
      void records.fetchNextPage();
  }, [last, rows.length, records]);
  useEffect(() => {
    if (active) virtual.scrollToIndex(active.row, { align: 'auto' });
  }, [active, virtual]);

  const on = useStable<RowEvents>({
    cell(row, column, twice) {
      if (twice) cells.edit({ row, column });
      else cells.setActive({ row, column });
      grid.current?.focus({ preventScroll: true });
    },
    close: cells.stopEditing,
    toggle: list.toggle,
    peek: list.setPeek,
    restore: (row: Row) => void actions.restore(object, [row]),
  });

  const allSelected = rows.length > 0 && rows.every(row => list.selected.has(row.id));
  return (
    <div
      ref={grid}
      className={s.grid}
      role="grid"
      tabIndex={0}
      aria-label={object.plural}
      aria-rowcount={list.count ?? -1}
      aria-colcount={columns.length + 1}
      aria-multiselectable
      aria-activedescendant={active ? `cell-${active.row}-${active.column}` : undefined}
      onKeyDown={cells.onKeyDown}
      style={
        {
          '--columns': grids,
          '--least': `${least(columns, widths)}px`,
          '--row': `${height}px`,
        } as React.CSSProperties
      }
    >
      <div className={s.head} role="row" aria-rowindex={1}>
        <div className={s.check} role="columnheader">
          <input
            type="checkbox"
            aria-label={t('list.selectAll')}
            checked={allSelected}
            onChange={() => list.setSelected(new Set(allSelected ? [] : rows.map(row => row.id)))}
          />
        </div>
        {columns.map((field, index) => (
          <ColumnHead
            key={field.name}
            object={object}
            field={field}
            list={list}
            width={widthOf(columns, index, widths)}
            onPull={width => setPulled(width === null ? null : { ...list.widths, [field.name]: width })}
            dragged={dragged}
            onDrag={setDragged}
          />
        ))}
      </div>
      <div className={s.space} style={{ blockSize: virtual.getTotalSize() }} role="rowgroup">
        {items.map(item => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <TableRow
              key={row.id}
              object={object}
              row={row}
              index={item.index}
              start={item.start}
              columns={columns}
              active={active?.row === item.index ? active.column : null}
              editing={cells.editing && active?.row === item.index}
              selected={list.selected.has(row.id)}
              peeked={list.peek === row.id}
              trashed={list.state.trash && object.can.delete}
              on={on}
            />
          );
        })}
      </div>
    </div>
  );
}
