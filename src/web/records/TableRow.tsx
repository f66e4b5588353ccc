// biome-ignore-all lint/a11y/useSemanticElements: virtual grids and list boxes cannot be tables and selects.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid or input as a whole has the focus; cells are active descendants.
// biome-ignore-all lint/a11y/noStaticElementInteractions: the grid or input as a whole has the keys.
import { Link } from '@tanstack/react-router';
import { type MouseEvent, memo, useRef } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { IconButton } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { EditInPlace } from './EditInPlace.tsx';
import { Name, useTitle } from './Name.tsx';
import s from './Table.module.css';
import { Value } from './Value.tsx';

export interface RowEvents {
  cell(row: number, column: number, how: { twice: boolean; extend: boolean }): void;
  /** The mouse goes down on a cell, and over others: together a range. */
  press(row: number, column: number): void;
  over(row: number, column: number): void;
  close(): void;
  toggle(id: string): void;
  peek(id: string): void;
  restore(row: Row): void;
}

interface RowProps {
  object: MetaObject;
  row: Row;
  index: number;
  start: number;
  columns: MetaField[];
  /** Where the first columns stand, which do not move sideways. */
  stands: number[];
  active: number | null;
  /** The columns of the range that is chosen; null where the row is none of it. */
  from: number | null;
  to: number | null;
  editing: boolean;
  selected: boolean;
  peeked: boolean;
  /** In the trash, from where it can be brought back. */
  trashed: boolean;
  /** The same object for the life of the table, so that rows are drawn only when they change. */
  on: RowEvents;
}

function TitleCell({ object, row, trashed, on }: Pick<RowProps, 'object' | 'row' | 'trashed' | 'on'>) {
  return (
    <>
      <Link to="/$object/$id" params={{ object: object.path, id: row.id }} className={s.title} tabIndex={-1}>
        <Name object={object} row={row} />
      </Link>
      <span className={s.peek}>
        {trashed && (
          <IconButton
            icon="arrow-back-up"
            label={t('list.restore')}
            size={24}
            tabIndex={-1}
            onClick={() => on.restore(row)}
          />
        )}
        <IconButton
          icon="layout-sidebar-right-expand"
          label={t('list.peek')}
          size={24}
          tabIndex={-1}
          onClick={() => on.peek(row.id)}
        />
      </span>
    </>
  );
}

/**
 * Whether a click is for the cell and not for what stands in it. The first click on a cell selects it even where it
 * falls on a link; a link is followed from a cell that is selected, or with Ctrl or ⌘. The title always leads on.
 */
function takesClick(event: MouseEvent, active: boolean, title: boolean): boolean {
  if (!(event.target instanceof Element) || event.target.closest('button, input, textarea, select'))
    return false;
  if (!event.target.closest('a')) return true;
  if (title || event.ctrlKey || event.metaKey || (active && event.detail === 1)) return false;
  event.preventDefault();
  return true;
}

export const TableRow = memo(function TableRow(props: RowProps) {
  const { object, row, index, columns, stands, active, from, to, editing, selected, on } = props;
  const title = useTitle(object, row);
  /** Whether the cell had the cursor before the mouse went down on it. */
  const pressed = useRef(false);
  return (
    <div
      className={s.row}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-selected={selected || undefined}
      data-peeked={props.peeked || undefined}
      style={{ transform: `translateY(${props.start}px)` }}
    >
      <div className={s.check} role="gridcell">
        <label className={s.tick}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={t('list.select', { title })}
            checked={selected}
            onChange={() => on.toggle(row.id)}
          />
        </label>
      </div>
      {columns.map((field, column) => {
        const here = active === column;
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the grid as a whole has the keys.
          <div
            key={field.name}
            id={`cell-${index}-${column}`}
            role="gridcell"
            className={s.cell}
            aria-readonly={!field.editable || undefined}
            data-align={viewOf(field.type).align}
            data-active={here || undefined}
            data-editing={(here && editing) || undefined}
            data-within={(from !== null && to !== null && column >= from && column <= to) || undefined}
            data-frozen={column < stands.length || undefined}
            style={column < stands.length ? { insetInlineStart: stands[column] } : undefined}
            onClick={event => {
              if (!takesClick(event, here, field.name === object.title)) return;
              // The press has put the cursor there; a click on the cell that had it edits.
              on.cell(index, column, { twice: pressed.current && !event.shiftKey, extend: event.shiftKey });
            }}
            onPointerDown={event => {
              pressed.current = here && from === null;
              const plain = event.button === 0 && event.pointerType === 'mouse' && !event.shiftKey;
              const target = event.target as Element;
              if (plain && !editing && !here && !target.closest('a, button, input')) on.press(index, column);
            }}
            onPointerEnter={event => {
              if (event.buttons === 1) on.over(index, column);
            }}
            onDoubleClick={() => on.cell(index, column, { twice: true, extend: false })}
          >
            {here && editing ? (
              <EditInPlace object={object} row={row} field={field} onClose={on.close} />
            ) : field.name === object.title ? (
              <TitleCell object={object} row={row} trashed={props.trashed} on={on} />
            ) : (
              <Value row={row} field={field} place="cell" />
            )}
          </div>
        );
      })}
    </div>
  );
});
