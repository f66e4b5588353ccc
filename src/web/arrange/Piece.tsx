import { type DragEvent, type KeyboardEvent, type ReactNode, useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import s from './Arranging.module.css';
import type { ArrangingModel } from './use-arranging.ts';

/** What is being dragged. */
export interface Dragged {
  kind: 'fact' | 'head' | 'panel';
  name: string;
}

/** What can be done with a piece, from its menu. */
export interface Step {
  label: string;
  icon: string;
  run(): void;
}

interface PieceProps {
  dragged: Dragged | null;
  /** What it is when it is dragged. */
  as: Dragged;
  label: string;
  icon: string;
  children?: ReactNode;
  /** Said beside it. */
  note?: string | null;
  steps: (Step | null)[];
  onDrag(dragged: Dragged | null): void;
  /** What may fall on it. */
  takes(dragged: Dragged): boolean;
  onDrop(dragged: Dragged): void;
  /** Alt with the arrow keys. */
  onShift?(by: 1 | -1): void;
}

/** The handlers of a place where pieces may fall. */
export function useTarget(
  dragged: Dragged | null,
  takes: (dragged: Dragged) => boolean,
  onDrop: (dragged: Dragged) => void,
) {
  const [over, setOver] = useState(false);
  const fits = dragged !== null && takes(dragged);
  return {
    over: over && fits,
    on: {
      onDragOver(event: DragEvent) {
        if (!fits) return;
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop(event: DragEvent) {
        if (!fits || !dragged) return;
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        onDrop(dragged);
      },
    },
  };
}

/** A fact or a panel that can be moved: dragged, by Alt with the arrow keys, or by its menu. */
export function Piece(props: PieceProps) {
  const { dragged, as, label, icon, children, note, steps, onDrag, takes, onDrop, onShift } = props;
  const { over, on } = useTarget(dragged, takes, onDrop);
  function onKeyDown(event: KeyboardEvent) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key] as 1 | -1 | undefined;
    if (!event.altKey || !by || !onShift) return;
    event.preventDefault();
    onShift(by);
  }
  return (
    <li
      className={s.piece}
      data-over={over || undefined}
      data-lifted={(dragged?.kind === as.kind && dragged.name === as.name) || undefined}
      draggable
      onDragStart={event => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', label);
        onDrag(as);
      }}
      onDragEnd={() => onDrag(null)}
      {...on}
    >
      <Icon name="grip-vertical" size={14} className={s.grip} />
      <Icon name={icon} />
      <span className={s.label}>{label}</span>
      {children && <span className={s.value}>{children}</span>}
      {note && <span className={s.note}>{note}</span>}
      <Menu
        position="bottom-end"
        width={220}
        of={
          <IconButton
            icon="dots"
            size={24}
            label={t('page.piece', { name: label })}
            data-piece={`${as.kind}-${as.name}`}
            onKeyDown={onKeyDown}
          />
        }
      >
        {steps
          .filter(step => step !== null)
          .map(step => (
            <Menu.Item key={step.label} leftSection={<Icon name={step.icon} />} onClick={step.run}>
              {step.label}
            </Menu.Item>
          ))}
      </Menu>
    </li>
  );
}

export interface PartProps {
  object: MetaObject;
  row: Row;
  model: ArrangingModel;
  dragged: Dragged | null;
  onDrag(dragged: Dragged | null): void;
}
