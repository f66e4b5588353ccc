import { Link } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { reference } from '../../fields/read.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { Avatar } from '../../kit/Avatar.tsx';
import { IconButton } from '../../kit/Button.tsx';
import { readingKey } from '../../kit/direction.ts';
import { Icon } from '../../kit/Icon.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { fieldOf, isEmpty } from '../model/meta.tsx';
import { actionOf } from '../shell/keys.ts';
import s from './Board.module.css';
import type { Drag } from './Board.tsx';
import { useTitle } from './Name.tsx';
import { type Column, cardFields, isMark } from './use-board.ts';
import { Value } from './Value.tsx';

/** What one does with a card. */
export interface CardEvents {
  onDrag(drag: Drag | null): void;
  onMove(row: Row, from: Column, to: Column, after: string | null): void;
  onPeek(id: string): void;
}

interface CardProps extends CardEvents {
  object: MetaObject;
  by: MetaField;
  row: Row;
  column: Column;
  columns: Column[];
  lifted: boolean;
  /** The card under which this one stands after moving up by one. */
  above: string | null;
  below: string | null;
  /** `last`: the column holds no more than these `count`. */
  place: { index: number; count: number; last: boolean };
  /** Pixels from the top of the column. */
  start: number;
  /** Tells the column how high it came out. */
  measure(card: HTMLElement | null): void;
}

function neighbour(columns: Column[], column: Column, by: 1 | -1): Column | undefined {
  return columns[columns.findIndex(c => c.id === column.id) + by];
}

/** What stands in words gets a line of its own; amounts, dates and the owner share the last one. */
function CardFacts({ object, row, fields }: { object: MetaObject; row: Row; fields: MetaField[] }) {
  const services = useFieldServices();
  const sum = object.board?.sum;
  const isOwner = (field: MetaField) =>
    field.relation?.many === false &&
    services.look(field.relation.to) === 'round' &&
    (field.name === object.owner || field.name === 'owner');
  const owner = fields.find(isOwner);
  const held = owner && reference(row[owner.name]);
  const short = fields
    .filter(field => viewOf(field.type).short && !isMark(field))
    .sort((a, b) => Number(b.name === sum) - Number(a.name === sum));
  const marks = fields.filter(isMark);
  const lines = fields
    .filter(field => field !== owner && !short.includes(field) && !isMark(field))
    .slice(0, 2);
  return (
    <>
      {lines.map(field => (
        <div key={field.name} className={s.cardLine} title={field.label}>
          <Value row={row} field={field} place="card" />
        </div>
      ))}
      {(short.length > 0 || marks.length > 0 || held) && (
        <div className={s.cardFoot}>
          {short.slice(0, 2).map(field => (
            <span
              key={field.name}
              className={s.cardFact}
              title={field.label}
              data-strong={field.name === sum || undefined}
            >
              <Value row={row} field={field} place="card" />
            </span>
          ))}
          {marks.map(field => (
            <span key={field.name} className={s.cardFact}>
              <Value row={row} field={field} place="card" />
            </span>
          ))}
          {held && owner && (
            <span
              className={s.cardOwner}
              role="img"
              title={`${owner.label}: ${held.title}`}
              aria-label={`${owner.label}: ${held.title}`}
            >
              <Avatar id={held.id} title={held.title} round size={20} />
            </span>
          )}
        </div>
      )}
    </>
  );
}

export function BoardCard(props: CardProps) {
  const { object, by, row, column, columns, place, onMove } = props;
  const title = useTitle(object, row);
  const fields = cardFields(object, by).filter(field => !isEmpty(row[field.name]));
  const marked = fieldOf(object, object.board?.marks ?? '');

  function moveBy(pressed: string): boolean {
    const key = readingKey(pressed);
    const sideways = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : null;
    const to = sideways && neighbour(columns, column, sideways);
    if (to) onMove(row, column, to, null);
    else if (key === 'ArrowUp' && place.index > 0) onMove(row, column, column, props.above);
    else if (key === 'ArrowDown' && place.index < place.count - 1) onMove(row, column, column, props.below);
    else return false;
    return true;
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== event.currentTarget) return;
    if (actionOf(event, ['list.peek'])) props.onPeek(row.id);
    else if (!event.altKey || !moveBy(event.key)) return;
    event.preventDefault();
  }

  return (
    <li
      ref={props.measure}
      className={s.card}
      data-card={row.id}
      data-index={place.index}
      aria-posinset={place.index + 1}
      aria-setsize={place.last ? place.count : -1}
      style={{ transform: `translateY(${props.start}px)` }}
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
      {marked && row[marked.name] === true && (
        <div className={s.cardMark}>
          <Icon name="alert-triangle" size={14} />
          {marked.label}
        </div>
      )}
      <CardFacts object={object} row={row} fields={fields} />
      <span className={s.cardMenu}>
        <Menu
          position="bottom-end"
          width={200}
          of={<IconButton icon="dots" size={24} label={t('board.card', { title })} />}
        >
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
        </Menu>
      </span>
    </li>
  );
}
