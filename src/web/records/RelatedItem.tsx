import { Link } from '@tanstack/react-router';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import type { Row } from '../api.ts';
import { fieldOf, isEmpty, lookOf, useMeta } from '../model/meta.tsx';
import { Name } from './Name.tsx';
import s from './Related.module.css';
import { Value } from './Value.tsx';

/** Two short facts under a related record's name: what its list shows, without what links back here. */
export function factsOf(other: MetaObject, back: string): MetaField[] {
  const names = other.highlights.length > 0 ? other.highlights : other.list.columns;
  return names
    .filter(name => name !== other.title && name !== back)
    .map(name => fieldOf(other, name))
    .filter(field => field !== undefined)
    .slice(0, 3);
}

/** A related record as a line: its name, and what matters about it. */
export function RelatedItem({ object, row, facts }: { object: MetaObject; row: Row; facts: MetaField[] }) {
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
