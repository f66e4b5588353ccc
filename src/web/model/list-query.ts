/** What a list asks the server, of what it shows: by the page, and ahead of it. */
import type { QueryClient } from '@tanstack/react-query';
import type { Meta, MetaObject } from '../../engine/index.ts';
import { rowsOf } from './cache.ts';
import { complete, type Filter, fieldAtPath, finished } from './filter.ts';
import { isList } from './layouts.ts';
import { metaQuery, objectAt, objectNamed } from './meta.tsx';
import { type Query, recordsQuery } from './records.ts';
import { defaultState, savedState, stateOf, type ViewSearch, type ViewState } from './view-state.ts';
import { openView, viewsQuery } from './views.ts';

/** The filter without what is still being written: as a view keeps it, and as it is asked. */
export function filtersOf(meta: Meta, object: MetaObject, filter: Filter | null) {
  const fieldAt = (path: string) => fieldAtPath(meta, object, path);
  const kept = finished(filter, fieldAt);
  return { kept, filter: complete(kept, fieldAt) };
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
    fields: [...new Set([object.title, ...columns])],
    limit: 100,
    count: 'estimated',
    ...(trash ? { trash: 'only' as const } : {}),
  };
}

/** Has the first rows of a list there before its page is drawn. What cannot be had, the page asks for itself. */
export async function prefetchList(client: QueryClient, path: string, search: ViewSearch): Promise<void> {
  const meta = await client.ensureQueryData(metaQuery);
  const [object, view] = [objectAt(meta, path), objectNamed(meta, 'view')];
  if (!object) return;
  const views = view ? rowsOf(await client.ensureInfiniteQueryData(viewsQuery(view))) : [];
  const own = views.filter(each => each.object === object.name);
  const opened = openView(own, search.view, meta.me.role);
  const state = stateOf(object, search, opened ? savedState(object, opened) : defaultState(object));
  if (!isList(state.layout) || (state.group && !state.trash)) return;
  const { filter } = filtersOf(meta, object, state.filter);
  await client.prefetchInfiniteQuery(recordsQuery(object, listQuery(object, state, filter, state.q)));
}
