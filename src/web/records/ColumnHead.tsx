// biome-ignore-all lint/a11y/useSemanticElements: virtual grids and list boxes cannot be tables and selects.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid or input as a whole has the focus; cells are active descendants.
// biome-ignore-all lint/a11y/noStaticElementInteractions: the grid or input as a whole has the keys.

import { type DragEvent, type PointerEvent, useState } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { Icon } from '../../kit/Icon.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { t } from '../../kit/words.ts';
import { reordered } from '../model/view-state.ts';
import { ColumnItems } from './ColumnItems.tsx';
import { within } from './columns.ts';
import s from './Table.module.css';
import type { ListModel } from './use-list.ts';

function direction(list: ListModel, field: MetaField): 'ascending' | 'descending' | 'none' {
  if (list.state.sort[0] === field.name) return 'ascending';
  return list.state.sort[0] === `-${field.name}` ? 'descending' : 'none';
}

export interface HeadProps {
  object: MetaObject;
  field: MetaField;
  list: ListModel;
  /** The width it has at least. */
  width: number;
  /** Where it stands, if it does not move sideways. */
  stands: number | undefined;
  /** Shows a width while it is being pulled; null when that is over. */
  onPull(width: number | null): void;
  /** The column whose head is being dragged. */
  dragged: string | null;
  onDrag(name: string | null): void;
}

/** The edge by which a column is pulled wider or narrower; twice on it gives the usual width back. */
function Edge({ field, list, onPull }: Pick<HeadProps, 'field' | 'list' | 'onPull'>) {
  function pull(event: PointerEvent<HTMLElement>) {
    const edge = event.currentTarget;
    const head = edge.parentElement;
    if (!head || event.button !== 0) return;
    event.preventDefault();
    edge.setPointerCapture(event.pointerId);
    const from = event.clientX;
    const start = head.offsetWidth;
    const way = getComputedStyle(head).direction === 'rtl' ? -1 : 1;
    let now: number | null = null;
    edge.onpointermove = moved => {
      now = within(start + (moved.clientX - from) * way);
      onPull(now);
    };
    const over = () => {
      edge.onpointermove = edge.onpointerup = edge.onpointercancel = null;
      if (now !== null) list.setWidth(field.name, now);
      onPull(null);
    };
    edge.onpointerup = over;
    edge.onpointercancel = over;
  }
  return (
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={t('list.width', { field: field.label })}
      className={s.edge}
      onPointerDown={pull}
      onDoubleClick={() => list.setWidth(field.name, null)}
    />
  );
}

/** Where a head that is dragged would fall, and letting it fall. */
function useDrop({ object, field, list, dragged, onDrag }: HeadProps) {
  const [side, setSide] = useState<'before' | 'after' | null>(null);
  const takes = dragged !== null && dragged !== field.name;
  function sideOf(event: DragEvent<HTMLElement>) {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const right = event.clientX > left + width / 2;
    const rtl = getComputedStyle(event.currentTarget).direction === 'rtl';
    return right !== rtl || field.name === object.title ? 'after' : 'before';
  }
  return {
    side: takes ? side : null,
    on: {
      onDragOver(event: DragEvent<HTMLElement>) {
        if (!takes) return;
        event.preventDefault();
        setSide(sideOf(event));
      },
      onDragLeave: () => setSide(null),
      onDrop(event: DragEvent<HTMLElement>) {
        if (!takes) return;
        event.preventDefault();
        setSide(null);
        onDrag(null);
        const after = sideOf(event) === 'after';
        list.change({ columns: reordered(list.state.columns, dragged, field.name, after) });
      },
    },
  };
}

/** The head of a column: its name, what can be done to the column, and the column itself to pull and to drag. */
export function ColumnHead(props: HeadProps) {
  const { object, field, list, onDrag } = props;
  const sorted = direction(list, field);
  const drop = useDrop(props);
  return (
    <div
      role="columnheader"
      className={s.headCell}
      aria-sort={sorted}
      data-align={viewOf(field.type).align}
      data-drop={drop.side ?? undefined}
      data-frozen={props.stands !== undefined || undefined}
      style={props.stands === undefined ? undefined : { insetInlineStart: props.stands }}
      {...drop.on}
    >
      <Menu
        position="bottom-start"
        width={200}
        of={
          <button
            type="button"
            className={s.headButton}
            tabIndex={-1}
            draggable={field.name !== object.title}
            onDragStart={event => {
              event.dataTransfer.effectAllowed = 'move';
              event.dataTransfer.setData('text/plain', field.label);
              onDrag(field.name);
            }}
            onDragEnd={() => onDrag(null)}
          >
            <span className={s.headText}>{field.label}</span>
            {sorted !== 'none' && (
              <Icon name={sorted === 'ascending' ? 'arrow-up' : 'arrow-down'} size={14} />
            )}
          </button>
        }
      >
        <ColumnItems {...props} />
      </Menu>
      <Edge {...props} />
    </div>
  );
}
