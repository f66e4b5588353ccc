/** Saved views as the browser knows them: which there are, which is open, and who may change one. */
import { useMemo } from 'react';
import type { Meta, MetaObject } from '../../engine/index.ts';
import { reference } from '../../fields/read.tsx';
import type { Row } from '../api.ts';
import { rowsOf } from './cache.ts';
import { objectNamed, useMeta } from './meta.tsx';
import { type Query, recordsQuery, useRecords } from './records.ts';
import { type ViewSearch, viewAll } from './view-state.ts';

/** All views in reach, of all lists: the navigation, the palette and every list read the same answer. */
const query: Query = { sort: ['position', 'name'], include: ['defaultFor'], limit: 500 };

export function viewsQuery(view: MetaObject) {
  return recordsQuery(view, query);
}

export function useViews(): { views: Row[]; pending: boolean } {
  const meta = useMeta();
  const object = objectNamed(meta, 'view');
  const found = useRecords(object ?? (meta.objects[0] as MetaObject), query, object !== undefined);
  const views = useMemo(() => (object ? rowsOf(found.data) : []), [object, found.data]);
  return { views, pending: object !== undefined && found.isPending };
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
