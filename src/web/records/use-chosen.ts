/** What is chosen in a list: some rows, or all that the list finds. */
import type { MetaObject } from '../../engine/index.ts';
import { type Act, act, type Chosen } from '../model/bulk.ts';
import { useActions, useRecords } from '../model/records.ts';
import type { ListModel } from './use-list.ts';

/** What is chosen in a list, and acting on it. */
export function useChosen(object: MetaObject, list: ListModel) {
  const actions = useActions();
  const { filter, q, state } = list;
  // What a long list says of its length is an estimate; what is about to be changed is counted.
  const counted = useRecords(
    object,
    { filter, q, fields: [], limit: 1, count: 'exact', ...(state.trash ? { trash: 'only' } : {}) },
    list.every,
  );
  const count = counted.data?.pages[0]?.count ?? list.count ?? list.rows.length;
  const chosen: Chosen = {
    rows: list.rows.filter(row => list.selected.has(row.id)),
    every: list.every ? { filter, q, count } : null,
  };
  return {
    chosen,
    run(order: Act) {
      void act(actions, object, chosen, order);
      list.setSelected(new Set());
    },
  };
}
