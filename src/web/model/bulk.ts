/** Acts on many records at once: on those chosen, or on all that match, as a job of the server. */
import type { Json, MetaObject } from '../../engine/index.ts';
import type { Row } from '../api.ts';
import { write } from '../api.ts';
import type { Filter } from './filter.ts';
import { keepBulk } from './jobs.ts';
import { type Actions, fail, written } from './records.ts';

/** What a window does itself, in one request; more is a job. */
const most = 500;

/** The records concerned. */
export interface Chosen {
  rows: Row[];
  /** All that match, loaded or not; null where it is the rows alone. */
  every: { filter: Filter | null; q: string; count: number } | null;
}

export type Act =
  | { act: 'update'; values: Record<string, Json> }
  | { act: 'delete' }
  | { act: 'restore' }
  | { act: 'verb'; verb: string; input: Json };

export function countOf({ rows, every }: Chosen): number {
  return every ? every.count : rows.length;
}

/** The filter that finds them again. */
export function filterOfChosen({ rows, every }: Chosen): Filter | null {
  return every ? every.filter : { field: 'id', op: 'isAnyOf', value: rows.map(row => row.id) };
}

/** Does it at once where they are few, else orders it; people are told either way. */
export async function act(actions: Actions, object: MetaObject, chosen: Chosen, order: Act): Promise<void> {
  const { rows, every } = chosen;
  if (every || rows.length > most || order.act === 'verb') return orderBulk(object, chosen, order);
  if (order.act === 'update') await actions.editMany(object, rows, order.values);
  else if (order.act === 'delete') await actions.trash(object, rows);
  else await actions.restore(object, rows);
}

async function orderBulk(object: MetaObject, chosen: Chosen, order: Act): Promise<void> {
  const filter = filterOfChosen(chosen);
  const given = order.act === 'update' ? { ...order, values: written(object, order.values) } : order;
  try {
    const { data } = await write<{ id: string }>('POST', `/api/${object.path}/bulk`, {
      ...given,
      ...(filter ? { filter: filter as Json } : {}),
      ...(chosen.every?.q ? { q: chosen.every.q } : {}),
    });
    keepBulk(data.id);
  } catch (error) {
    fail(error);
  }
}
