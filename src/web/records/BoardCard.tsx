import { Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaField, MetaObject } from '../../engine/meta.ts';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import type { Row } from '../api.ts';
import { isEmpty } from '../data/meta.tsx';
import s from './Board.module.css';
import type { Drag } from './Board.tsx';
import { useTitle } from './Name.tsx';
import { type Column, cardFields } from './use-board.ts';
import { Value } from './Value.tsx';

interface CardProps {
  object: MetaObject;
  by: MetaField;
  row: Row;
  column: Column;
  columns: Column[];
  lifted: boolean;
  /** The card under which this one stands after moving up by one. */
  above: string | null;
  below: string | null;
  place: { first: boolean; last: boolean };
  onDrag(drag: Drag | null): void;
  onMove(row: Row, from: Column, to: Column, after: string | null): void;
  onPeek(id: string): void;
}

function neighbour(columns: Column[], column: Column, by: 1 | -1): Column | undefined {
  return columns[columns.findIndex(c => c.id === column.id) + by];
}

export function BoardCard(props: CardProps) {
  const { object, by, row, column, columns, onMove } = props;
  const { t } = useTranslation();
  const title = useTitle(object, row);
  const fields = cardFields(object, by).filter(field => !isEmpty(row[field.name]));

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === ' ' && event.target === event.currentTarget) {
      event.preventDefault();
      return props.onPeek(row.id);
    }
    if (!event.altKey && !event.shiftKey) return;
    const sideways = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : null;
    const to = sideways && neighbour(columns, column, sideways);
    if (to) onMove(row, column, to, null);
    else if (event.key === 'ArrowUp' && !props.place.first) onMove(row, column, column, props.above);
    else if (event.key === 'ArrowDown' && !props.place.last) onMove(row, column, column, props.below);
    else return;
    event.preventDefault();
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveElementInteractions: the card is focusable and its keys are listed under `?`.
    <li
      className={s.card}
      data-card={row.id}
      data-lifted={props.lifted || undefined}
      draggable={object.can.edit}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: cards move by keys.
      tabIndex={0}
      aria-label={title}
      onDragStart={event => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', title);
        props.onDrag({ row, from: column });
      }}
      onDragEnd={() => props.onDrag(null)}
      onKeyDown={onKeyDown}
    >
      <Link
        to="/$object/$id"
        params={{ object: object.path, id: row.id }}
        className={s.cardTitle}
        draggable={false}
        tabIndex={-1}
      >
        {title}
      </Link>
      <div className={s.cardFacts}>
        {fields.map(field => (
          <span
            key={field.name}
            className={s.cardFact}
            title={field.label}
            data-type={field.name === object.board?.sum ? 'strong' : undefined}
          >
            <Value row={row} field={field} place="card" />
          </span>
        ))}
      </div>
      <span className={s.cardMenu}>
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <IconButton icon="dots" size={24} label={t('board.card', { title })} />
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<Icon name="layout-sidebar-right-expand" />}
              onClick={() => props.onPeek(row.id)}
            >
              {t('list.peek')}
            </Menu.Item>
            <Menu.Label>{t('board.moveTo')}</Menu.Label>
            {columns
              .filter(c => c.id !== column.id && c.id !== null)
              .map(c => (
                <Menu.Item
                  key={c.id}
                  leftSection={<Icon name="arrow-right" />}
                  onClick={() => onMove(row, column, c, null)}
                >
                  {c.title}
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
      </span>
    </li>
  );
}
