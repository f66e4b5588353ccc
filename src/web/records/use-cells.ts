/** The cursor of a table: one cell, or a range from where it began, moved by keys and by the mouse. */

import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { readingKey } from '../../kit/direction.ts';
import { reordered } from '../model/view-state.ts';
import { actionOf } from '../shell/keys.ts';
import { widthOf, widthStep, within } from './columns.ts';
import type { ListModel } from './use-list.ts';

export interface CellAt {
  row: number;
  column: number;
}

/** Lines and columns of a range, both ends in it. */
export interface Range {
  top: number;
  bottom: number;
  start: number;
  end: number;
}

/** Moves the cell cursor; null when the key is not about moving. */
function movedCell(key: string, { row, column }: CellAt, rows: number, columns: number): CellAt | null {
  const rowTo = (to: number) => ({ row: Math.max(0, Math.min(rows - 1, to)), column });
  const columnTo = (to: number) => ({ row, column: Math.max(0, Math.min(columns - 1, to)) });
  switch (readingKey(key)) {
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

export function rangeOf(from: CellAt, to: CellAt): Range {
  return {
    top: Math.min(from.row, to.row),
    bottom: Math.max(from.row, to.row),
    start: Math.min(from.column, to.column),
    end: Math.max(from.column, to.column),
  };
}

/** Where the cursor stands, and whether it edits. */
function useCursor(list: ListModel) {
  const [active, setActive] = useState<CellAt | null>(null);
  const [anchor, setAnchor] = useState<CellAt | null>(null);
  const [editing, setEditing] = useState(false);
  const grid = useRef<HTMLDivElement>(null);
  const stopEditing = useCallback(() => {
    setEditing(false);
    grid.current?.focus({ preventScroll: true });
  }, []);

  /** With `extend`, the range grows or shrinks to the cell instead of beginning there. */
  function put(at: CellAt, extend = false) {
    setAnchor(extend ? (anchor ?? active ?? at) : null);
    setActive(at);
  }

  function edit(at: CellAt) {
    put(at);
    const may = list.columns[at.column]?.editable && list.editable;
    if (may && list.lines[at.row]?.kind === 'row') setEditing(true);
  }

  return {
    active,
    /** The cells chosen; the one of the cursor where there is no range. */
    range: active && rangeOf(anchor ?? active, active),
    put,
    /** Leaves the one cell of the cursor; false where there is no range. */
    single(): boolean {
      setAnchor(null);
      return anchor !== null;
    },
    editing,
    edit,
    stopEditing,
    grid,
  };
}

/** What keys do to the line, the cell and the column under the cursor. */
function useActs(list: ListModel, { grid, edit, put }: ReturnType<typeof useCursor>) {
  const { columns, lines } = list;

  /** What can be done to the column of the cell. */
  function openMenu(column: number) {
    const heads = grid.current?.querySelectorAll<HTMLElement>('[role="columnheader"] button[aria-haspopup]');
    heads?.[column]?.click();
  }

  return {
    act(event: KeyboardEvent, at: CellAt): boolean {
      const { key } = event;
      const line = lines[at.row];
      const action = actionOf(event, ['list.peek', 'list.select', 'list.menu']);
      if (line?.kind === 'group' && (key === 'Enter' || action === 'list.peek')) {
        list.groups?.toggle(line.group.key);
        return true;
      }
      const row = line?.kind === 'row' ? line.row : undefined;
      if (key === 'Enter') edit(at);
      else if (action === 'list.peek' && row) list.setPeek(list.peek === row.id ? null : row.id);
      else if (action === 'list.select' && row) list.toggle(row.id);
      else if (action === 'list.menu') openMenu(at.column);
      else return false;
      return true;
    },
    /** Alt with an arrow sizes the column of the cell, with Shift it moves the column. */
    arrange(key: string, at: CellAt, moves: boolean): boolean {
      const { column } = at;
      const field = columns[column];
      const by = { ArrowLeft: -1, ArrowRight: 1 }[readingKey(key)];
      if (!field || !by) return false;
      const beside = columns[column + by];
      if (!moves) list.setWidth(field.name, within(widthOf(columns, column, list.widths) + by * widthStep));
      else if (beside && column > 0 && column + by > 0) {
        list.change({ columns: reordered(list.state.columns, field.name, beside.name, by > 0) });
        put({ ...at, column: column + by });
      }
      return true;
    },
  };
}

export function useCells(list: ListModel) {
  const cursor = useCursor(list);
  const { active, grid, put } = cursor;
  const { act, arrange } = useActs(list, cursor);
  const { columns, lines } = list;

  function onPlainKey(event: KeyboardEvent, at: CellAt): boolean {
    if (event.key === 'Escape') return cursor.single();
    const next = movedCell(event.key, at, lines.length, columns.length);
    if (!next) return act(event, at);
    put(active ? next : at, event.shiftKey && active !== null);
    const line = lines[next.row];
    if (list.peek && line?.kind === 'row') list.setPeek(line.row.id);
    return true;
  }

  return {
    ...cursor,
    onKeyDown(event: KeyboardEvent) {
      if (cursor.editing || event.target !== grid.current) return;
      const at = active ?? { row: 0, column: 0 };
      const mod = event.ctrlKey || event.metaKey;
      const done = mod
        ? event.key !== 'Enter' && act(event, at)
        : event.altKey
          ? arrange(event.key, at, event.shiftKey)
          : onPlainKey(event, at);
      if (done) event.preventDefault();
    },
  };
}

/** Ends with the mouse button, wherever that is let go. */
export function useDragging() {
  const dragging = useRef(false);
  useEffect(() => {
    const over = () => {
      dragging.current = false;
    };
    document.addEventListener('pointerup', over);
    return () => document.removeEventListener('pointerup', over);
  }, []);
  return dragging;
}
