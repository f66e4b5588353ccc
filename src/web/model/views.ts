/** Saved views as the browser knows them: which there are, which is open, and who may change one. */
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Meta } from '../../engine/index.ts';
import { reference } from '../../fields/read.tsx';
import { type Page, type Row, read } from '../api.ts';
import { rowsOf } from './cache.ts';
import { type Query, recordsQuery } from './records.ts';
import { type ViewSearch, viewAll } from './view-state.ts';

const query: Query = { sort: ['position', 'name'], include: ['defaultFor'], limit: 500 };

/** Where they are: index.html has the server send the same ahead of the scripts. */
export const viewsAddress = '/api/views?sort=position,name&include=defaultFor&limit=500';

/** All views in reach, of all lists: the navigation, the palette and every list read the same answer. */
export const viewsQuery = infiniteQueryOptions({
  ...recordsQuery({ name: 'view', path: 'views' }, query),
  queryFn: () => read<Page>(viewsAddress),
});

export function useViews(): { views: Row[]; pending: boolean } {
  const found = useInfiniteQuery(viewsQuery);
  const views = useMemo(() => rowsOf(found.data), [found.data]);
  return { views, pending: found.isPending };
}

/** The role's name, as `include` spells the link out. */
function roleOf(view: Row): unknown {
  const role = view.defaultFor;
  return role !== null && typeof role === 'object' && !Array.isArray(role) ? role.name : null;
}

/** The view with which a list opens for a role. */
export function defaultView(views: Row[], role: string): Row | null {
  return views.find(view => roleOf(view) === role) ?? null;
}

/** The view an address asks for: null for none, undefined when it is gone or not for this reader. */
export function openView(views: Row[], asked: ViewSearch['view'], role: string): Row | null | undefined {
  if (asked === viewAll) return null;
  return asked ? views.find(view => view.id === asked) : defaultView(views, role);
}

/** Mirrors what the server allows: the owner, and administrators where it is for everyone. */
export function mayChange(view: Row, me: Meta['me']): boolean {
  return reference(view.owner)?.id === me.id || (me.administer && view.visibility === 'everyone');
}
