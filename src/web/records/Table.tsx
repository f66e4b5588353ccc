// biome-ignore-all lint/a11y/useSemanticElements: virtual grids and list boxes cannot be tables and selects.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid or input as a whole has the focus; cells are active descendants.
// biome-ignore-all lint/a11y/noStaticElementInteractions: the grid or input as a whole has the keys.
import { useMemo, useRef, useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Skeleton } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { useActions } from '../model/records.ts';
import { usePointed } from '../model/sight.ts';
import type { Widths } from '../model/view-state.ts';
import { useAheadOf } from './ahead.ts';
import { ColumnHead } from './ColumnHead.tsx';
import { least, standing, template, widthOf } from './columns.ts';
import { GroupLoaders, GroupRow } from './GroupRow.tsx';
import s from './Table.module.css';
import { type RowEvents, TableRow } from './TableRow.tsx';
import { Totals } from './Totals.tsx';
import { useCells, useDragging } from './use-cells.ts';
import { useClipboard } from './use-clipboard.ts';
import { useLines } from './use-lines.ts';
import type { ListModel } from './use-list.ts';

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

/** The rows of a list: virtual, with a cell cursor, edited in place. */
export function Table({ object, list }: { object: MetaObject; list: ListModel }) {
  const actions = useActions();
  const { columns, rows, lines, frozen } = list;
  const cells = useCells(list);
  const dragging = useDragging();
  const { active, range, grid } = cells;
  const [pulled, setPulled] = useState<Widths | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const widths = pulled ?? list.widths;
  const grids = useMemo(() => template(columns, widths, frozen), [columns, widths, frozen]);
  const stands = useMemo(() => standing(columns, widths, frozen), [columns, widths, frozen]);
  const { items, height, size } = useLines(list, grid, active?.row);
  const line = active ? lines[active.row] : undefined;
  const under = line?.kind === 'row' ? line.row : undefined;
  useAheadOf(object, under?.id ?? null);
  usePointed(object.name, under);

  const on = useStable<RowEvents>({
    cell(row, column, { twice, extend }) {
      if (twice) cells.edit({ row, column });
      else cells.put({ row, column }, extend);
      grid.current?.focus({ preventScroll: true });
    },
    press(row, column) {
      dragging.current = true;
      cells.put({ row, column });
    },
    over(row, column) {
      if (dragging.current) cells.put({ row, column }, true);
    },
    close: cells.stopEditing,
    toggle: list.toggle,
    peek: list.setPeek,
    restore: (row: Row) => void actions.restore(object, [row]),
  });

  const clipboard = useClipboard(object, list, cells);
  const several = range !== null && (range.top < range.bottom || range.start < range.end);
  const allSelected = rows.length > 0 && rows.every(row => list.isSelected(row.id));
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
      {...clipboard}
      data-range={several || undefined}
      style={
        {
          '--columns': grids,
          '--least': `${least(columns, widths)}px`,
          '--row': `${height}px`,
        } as React.CSSProperties
      }
    >
      <GroupLoaders object={object} list={list} />
      <div className={s.head} role="row" aria-rowindex={1}>
        <div className={s.check} role="columnheader">
          <label className={s.tick}>
            <input
              type="checkbox"
              aria-label={t('list.selectAll')}
              checked={allSelected}
              onChange={() => list.setSelected(new Set(allSelected ? [] : rows.map(row => row.id)))}
            />
          </label>
        </div>
        {columns.map((field, index) => (
          <ColumnHead
            key={field.name}
            object={object}
            field={field}
            list={list}
            width={widthOf(columns, index, widths)}
            stands={stands[index]}
            onPull={width => setPulled(width === null ? null : { ...list.widths, [field.name]: width })}
            dragged={dragged}
            onDrag={setDragged}
          />
        ))}
      </div>
      <div className={s.space} style={{ blockSize: size }} role="rowgroup">
        {items.map(item => {
          const line = lines[item.index];
          if (!line) return null;
          const place = { index: item.index, start: item.start };
          if (line.kind === 'wait')
            return (
              <div
                key={line.key}
                className={s.row}
                aria-hidden
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <span />
                <span className={s.cell}>
                  <Skeleton width="60%" />
                </span>
              </div>
            );
          if (line.kind === 'group')
            return (
              list.groups && (
                <GroupRow
                  key={line.key}
                  {...place}
                  groups={list.groups}
                  group={line.group}
                  open={line.open}
                  columns={columns}
                  active={active?.row === item.index}
                />
              )
            );
          const { row } = line;
          const within = several && item.index >= range.top && item.index <= range.bottom;
          return (
            <TableRow
              key={line.key}
              {...place}
              object={object}
              row={row}
              columns={columns}
              stands={stands}
              active={active?.row === item.index ? active.column : null}
              from={within ? range.start : null}
              to={within ? range.end : null}
              editing={cells.editing && active?.row === item.index}
              selected={list.isSelected(row.id)}
              peeked={list.peek === row.id}
              trashed={list.state.trash && object.can.delete}
              on={on}
            />
          );
        })}
      </div>
      <Totals object={object} list={list} standing={stands} />
    </div>
  );
}
