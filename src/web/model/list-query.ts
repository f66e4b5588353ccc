/** What a list asks the server, of what it shows: by the page, and ahead of it. */
import type { QueryClient } from '@tanstack/react-query';
import type { Meta, MetaObject } from '../../engine/index.ts';
import { viewOf } from '../../fields/views.ts';
import { read } from '../api.ts';
import { rowsOf } from './cache.ts';
import { complete, type Filter, fieldAtPath, finished } from './filter.ts';
import { isList } from './layouts.ts';
import { fieldOf, metaQuery, objectAt } from './meta.tsx';
import { type Query, recordsQuery } from './records.ts';
import { defaultState, savedState, stateOf, type ViewSearch, type ViewState } from './view-state.ts';
import { openView, viewsQuery } from './views.ts';

/** The filter without what is still being written: as a view keeps it, and as it is asked. */
export function filtersOf(meta: Meta, object: MetaObject, filter: Filter | null) {
  const fieldAt = (path: string) => fieldAtPath(meta, object, path);
  const kept = finished(filter, fieldAt);
  return { kept, filter: complete(kept, fieldAt) };
}

/** What the view of a field wants to know beside its value. */
function besidesOf(object: MetaObject, name: string): string[] {
  const field = fieldOf(object, name);
  return (field && viewOf(field.type).besides?.(field)) ?? [];
}

export function listQuery(
  object: MetaObject,
  { sort, columns, trash }: Pick<ViewState, 'sort' | 'columns' | 'trash'>,
  filter: Filter | null,
  q: string,
): Query {
  return {
    filter,
    q,
    sort,
    fields: [...new Set([object.title, ...columns, ...columns.flatMap(name => besidesOf(object, name))])],
    limit: 100,
    count: 'estimated',
    ...(trash ? { trash: 'only' as const } : {}),
  };
}

/** Has the first rows of a list there before its page is drawn. What cannot be had, the page asks for itself. */
export async function prefetchList(client: QueryClient, path: string, search: ViewSearch): Promise<void> {
  const [meta, views] = await Promise.all([
    client.ensureQueryData(metaQuery),
    client.ensureInfiniteQueryData(viewsQuery),
  ]);
  const object = objectAt(meta, path);
  if (!object) return;
  const own = rowsOf(views).filter(each => each.object === object.name);
  const opened = openView(own, search.view, meta.me.role);
  const state = stateOf(object, search, opened ? savedState(object, opened) : defaultState(object));
  if (!isList(state.layout) || (state.group && !state.trash)) return;
  const { filter } = filtersOf(meta, object, state.filter);
  const query = listQuery(object, state, filter, state.q);
  // At once: what would go with it is asked for only when the frame has been drawn.
  await client.prefetchInfiniteQuery(recordsQuery(object, query, read));
}
