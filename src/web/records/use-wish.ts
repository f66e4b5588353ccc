/** What the reader of a list types, as filters to choose from. */
import { useDeferredValue, useMemo } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { list, reference } from '../../fields/read.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { type Condition, filterOf, groupOf, sentence } from '../model/filter.ts';
import { fieldOf } from '../model/meta.tsx';
import { wishIn } from '../model/wish.ts';
import type { ListModel } from './use-list.ts';

export interface Suggestion {
  key: string;
  /** "Stage is Won · Close date is in the period this month". */
  text: string;
  choose(): void;
}

/** Records that rows on the screen are linked to, by field. */
function seenIn({ rows, columns }: Pick<ListModel, 'rows' | 'columns'>) {
  const seen = new Map<string, { id: string; title: string }[]>();
  for (const { name } of columns) {
    const titles = new Map<string, string>();
    for (const row of rows)
      for (const item of list(row[name])) {
        const linked = reference(item);
        if (linked && linked.title !== linked.id) titles.set(linked.id, linked.title);
      }
    if (titles.size > 0)
      seen.set(
        name,
        [...titles].map(([id, title]) => ({ id, title })),
      );
  }
  return seen;
}

/** Beside the filter that is there; where any of several suffices, all of the new ones hold besides. */
function added(filter: ListModel['state']['filter'], conditions: Condition[]) {
  const group = groupOf(filter);
  if (!group) return { and: [filter!, ...conditions] };
  const before = group.match === 'all' ? group.items : [group];
  return filterOf({ match: 'all', items: [...before, ...conditions] });
}

export function useWish(object: MetaObject, model: ListModel): Suggestion[] {
  const format = useFieldServices();
  const typed = useDeferredValue(model.state.q);
  const { columns, rows } = model;
  const seen = useMemo(() => (typed ? seenIn({ rows, columns }) : new Map()), [typed, rows, columns]);
  const wish = useMemo(
    () => typed && wishIn(typed, { object, columns: columns.map(({ name }) => name), format, seen }),
    [typed, object, columns, format, seen],
  );
  if (!wish) return [];
  const said = (condition: Condition) => {
    const field = fieldOf(object, condition.field)!;
    const parts = sentence(condition, field, format);
    return [parts.subject, parts.verb, parts.object].filter(Boolean).join(' ');
  };
  const suggestion = (conditions: Condition[]): Suggestion => ({
    key: JSON.stringify(conditions),
    text: conditions.map(said).join(' · '),
    choose: () => model.change({ filter: added(model.state.filter, conditions), q: wish.rest }),
  });
  const last = wish.conditions.slice(0, -1);
  return [suggestion(wish.conditions), ...wish.instead.map(other => suggestion([...last, other]))];
}
