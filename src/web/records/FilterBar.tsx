import { type ReactNode, useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { filterOf, groupOf } from '../model/filter.ts';
import type { ViewState } from '../model/view-state.ts';
import { Chip } from './ConditionChip.tsx';
import s from './FilterBar.module.css';
import { FilterItems } from './FilterItems.tsx';

interface FilterBarProps {
  object: MetaObject;
  state: Pick<ViewState, 'filter'>;
  /** How many records match, where that is known. */
  count: number | undefined;
  change(part: Pick<ViewState, 'filter'>): void;
  /** Stands behind the last filter, and wraps with them. */
  children?: ReactNode;
}

/** Filters as sentences, each of which opens to be rewritten; groups of them stand in a frame of their own. */
export function FilterBar({ object, state, count, change, children }: FilterBarProps) {
  const [open, setOpen] = useState<string | null>(null);
  const group = groupOf(state.filter);
  if (!group) {
    return (
      <div className={s.bar} data-sideways>
        <Chip text={t('filter.advanced')} onRemove={() => change({ filter: null })} />
        {children}
      </div>
    );
  }
  return (
    <div className={s.bar} data-sideways>
      <FilterItems
        bar={{ object, count, open, setOpen }}
        group={group}
        place=""
        depth={0}
        onChange={next => change({ filter: filterOf(next) })}
      />
      {group.items.length > 0 && (
        <Button look="quiet" onClick={() => change({ filter: null })}>
          {t('filter.clear')}
        </Button>
      )}
      {children}
    </div>
  );
}
