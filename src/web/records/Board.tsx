import { useState } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { Select } from '../../kit/Select.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { both, equals, type Filter } from '../model/filter.ts';
import { boardFields } from '../model/layouts.ts';
import s from './Board.module.css';
import { BoardColumn } from './BoardColumn.tsx';
import { type Column, useColumns, useMove, useScopes, useTotals } from './use-board.ts';

interface BoardProps {
  object: MetaObject;
  /** The field whose values are the columns. Default: the first that can be. */
  by?: string;
  filter: Filter | null;
  q: string;
  onPeek(id: string): void;
}

/** The card that is being dragged, and where it would fall. */
export interface Drag {
  row: Row;
  from: Column;
}

export default function Board(props: BoardProps) {
  const fields = boardFields(props.object);
  const by = fields.find(field => field.name === props.by) ?? fields[0];
  if (!by) return <EmptyState icon="layout-kanban" title={t('board.impossible')} />;
  return <Arranged key={by.name} {...props} by={by} />;
}

/** The field of the cards that says which group of columns they belong to, where they have one of their own. */
function ownScope(
  object: MetaObject,
  by: MetaField,
  to: string | undefined,
  scope: string | null,
): Filter | null {
  const own = to
    ? object.fields.find(f => f.name !== by.name && f.relation?.to === to && !f.relation.many)
    : undefined;
  return own && scope ? equals(own, scope) : null;
}

function Arranged({ object, by, filter, q, onPeek }: Omit<BoardProps, 'by'> & { by: MetaField }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const { scopes, to: scopeTo, pending: scopesPending } = useScopes(by);
  const scope = chosen ?? scopes[0]?.id ?? null;
  const { columns, pending } = useColumns(by, scope);
  const whole = both(filter, ownScope(object, by, scopeTo, scope));
  const totals = useTotals(object, by, whole, q);
  const move = useMove(object, by, whole, q);
  if (pending || scopesPending) {
    return (
      <div className={s.wait}>
        <SkeletonLines count={8} />
      </div>
    );
  }
  return (
    <div className={s.board}>
      {scopes.length > 1 && (
        <div className={s.scopes}>
          <Select
            quiet
            label={t('board.scope')}
            value={scope ?? ''}
            options={scopes.map(o => ({ value: o.id, label: o.title }))}
            onChange={setChosen}
          />
        </div>
      )}
      <div className={s.columns} data-sideways>
        {columns.map(column => (
          <BoardColumn
            key={column.id ?? 'none'}
            object={object}
            by={by}
            column={column}
            columns={columns}
            filter={whole}
            q={q}
            totals={totals(column.id)}
            drag={drag}
            onDrag={setDrag}
            onMove={(row, from, to, after) => {
              setDrag(null);
              void move(row, from, to, after);
            }}
            onPeek={onPeek}
          />
        ))}
      </div>
    </div>
  );
}
