import type { MetaField } from '../../engine/index.ts';
import { t } from '../../kit/words.ts';
import { type Condition, type Group, isGroup } from '../model/filter.ts';
import { AddFilter } from './AddFilter.tsx';
import { type Bar, ConditionChip } from './ConditionChip.tsx';
import s from './FilterBar.module.css';

/** Groups within groups beyond this are shown and edited, but not offered. */
const deepest = 2;

interface FilterItemsProps {
  bar: Bar;
  group: Group;
  place: string;
  depth: number;
  onChange(next: Group): void;
}

function placeOf(outer: string, index: number): string {
  return outer === '' ? String(index) : `${outer}.${index}`;
}

/** A condition on the field at a path, as it starts: without its operand. */
function started(field: MetaField, path: string): Condition | null {
  const operator = field.operators.find(o => o.operand === 'many') ?? field.operators[0];
  return operator ? { field: path, op: operator.name, value: null } : null;
}

/** The conditions of a group, and its groups. A group of one is that one. */
export function FilterItems({ bar, group, place, depth, onChange }: FilterItemsProps) {
  const { object, setOpen } = bar;
  const { items, match } = group;
  const set = (index: number, item: Group['items'][number] | null) => {
    if (item === null || (isGroup(item) && item.items.length === 0))
      return onChange({ match, items: items.toSpliced(index, 1) });
    const [only, ...more] = isGroup(item) ? item.items : [];
    onChange({ match, items: items.with(index, only && more.length === 0 ? only : item) });
  };
  return (
    <>
      {items.map((item, index) => {
        const here = placeOf(place, index);
        if (isGroup(item))
          return (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
            // biome-ignore lint/suspicious/noArrayIndexKey: groups are told apart by their place only.
            <span key={index} role="group" aria-label={t('filter.group')} className={s.group}>
              <FilterItems
                bar={bar}
                group={item}
                place={here}
                depth={depth + 1}
                onChange={next => set(index, next)}
              />
            </span>
          );
        return (
          <ConditionChip
            // biome-ignore lint/suspicious/noArrayIndexKey: conditions are told apart by their place only.
            key={index}
            bar={bar}
            condition={item}
            place={here}
            onChange={next => set(index, next)}
            onRemove={() => {
              setOpen(null);
              set(index, null);
            }}
            onBeside={
              depth < deepest
                ? () => {
                    const more: Condition = { ...item, value: null };
                    setOpen(placeOf(here, 1));
                    set(index, { match: match === 'all' ? 'any' : 'all', items: [item, more] });
                  }
                : undefined
            }
            other={match === 'all' ? 'or' : 'and'}
          />
        );
      })}
      {items.length > 1 && (
        <button
          type="button"
          className={s.match}
          onClick={() => onChange({ items, match: match === 'all' ? 'any' : 'all' })}
        >
          {t(`filter.${match}`)}
        </button>
      )}
      <AddFilter
        object={object}
        named={depth === 0 && items.length === 0}
        onAdd={(field, path) => {
          const condition = started(field, path);
          if (!condition) return;
          onChange({ match, items: [...items, condition] });
          setOpen(placeOf(place, items.length));
        }}
        onReason={reason =>
          onChange(
            match === 'all'
              ? { match, items: [...items, ...reason.items] }
              : { match, items: [...items, reason] },
          )
        }
      />
    </>
  );
}
