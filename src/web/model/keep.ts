/** What someone follows and keeps at hand: records about records, theirs alone. */
import { useQueryClient } from '@tanstack/react-query';
import type { MetaObject } from '../../engine/index.ts';
import { reference } from '../../fields/read.tsx';
import { type Row, write } from '../api.ts';
import { rowsOf } from './cache.ts';
import { objectNamed, useMeta } from './meta.tsx';
import { fail, keys, type Query, useRecords } from './records.ts';

interface Kept {
  id: string;
  record: { object: string; id: string; title: string };
}

const atHand: Query = { sort: ['createdAt'], limit: 100 };

function useOwn(name: 'favourite' | 'follow', query: Query): { object: MetaObject | undefined; rows: Row[] } {
  const meta = useMeta();
  const object = objectNamed(meta, name);
  const found = useRecords(object ?? (meta.objects[0] as MetaObject), query, object !== undefined);
  return { object, rows: object ? rowsOf(found.data) : [] };
}

/** In the order in which they were chosen; what is out of reach by now is left out. */
export function useFavourites(): Kept[] {
  return useOwn('favourite', atHand).rows.flatMap(row => {
    const record = reference(row.record);
    return record?.object && record.title
      ? [{ id: row.id, record: { object: record.object, id: record.id, title: record.title } }]
      : [];
  });
}

/** Writes what is one's own without a word: the button shows what it did. */
function usePut(object: MetaObject | undefined) {
  const client = useQueryClient();
  return async (method: string, path: string, body?: Parameters<typeof write>[2]) => {
    if (!object) return;
    try {
      await write(method, `/api/${object.path}${path}`, body);
    } catch (error) {
      fail(error);
    }
    await client.invalidateQueries({ queryKey: keys.object(object.name) });
  };
}

/** Whether a record is kept at hand, and changing that; null where that is not for this role. */
export function useFavourite(of: { object: string; id: string }): { on: boolean; toggle(): void } | null {
  const { object, rows } = useOwn('favourite', atHand);
  const put = usePut(object);
  if (!object?.can.create) return null;
  const row = rows.find(each => reference(each.record)?.id === of.id);
  const toggle = () => void (row ? put('DELETE', `/${row.id}`) : put('POST', '', { record: { ...of } }));
  return { on: row !== undefined, toggle };
}

/** Whether one is told of news of a record: owners and makers are, unless they said otherwise. */
export function useFollow(object: MetaObject, record: Row): { on: boolean; toggle(): void } | null {
  const { me } = useMeta();
  const of = { object: object.name, id: record.id };
  const query = { filter: { field: 'record', op: 'is', value: of }, limit: 1 };
  const { object: follow, rows } = useOwn('follow', query);
  const put = usePut(follow);
  if (!follow?.can.create) return null;
  const [row] = rows;
  const people = [record.createdBy, object.owner ? record[object.owner] : null];
  const bySelf = people.some(value => reference(value ?? null)?.id === me.id);
  const on = row ? row.following === true : bySelf;
  const toggle = () =>
    void (row
      ? put('PATCH', `/${row.id}`, { following: !on })
      : put('POST', '', { record: of, following: !on }));
  return { on, toggle };
}
