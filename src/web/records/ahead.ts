/** What the page of a record shows, fetched before it is opened. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { useMeta } from '../model/meta.tsx';
import { layoutFor, panelsAt, useLayouts } from '../model/page-layout.ts';
import { prefetchPage, recordsQuery } from '../model/records.ts';
import { panelQuery } from './RelatedList.tsx';

/** Milliseconds for which a cursor rests before what it is on is fetched ahead. */
const rest = 120;

/** Has the record, its latest entries and the lists at its side there: one request. */
export function useAhead(object: MetaObject): (id: string) => void {
  const client = useQueryClient();
  const meta = useMeta();
  const { layouts } = useLayouts();
  return id => {
    prefetchPage(client, object, id);
    for (const panel of panelsAt(meta, object, layoutFor(meta, object, layouts), 'side')) {
      const query = panel.kind === 'list' ? panelQuery(panel, id) : null;
      if (panel.kind === 'list' && query?.filter)
        void client.prefetchInfiniteQuery(recordsQuery(panel.other, query));
    }
  };
}

/** The same for the record on which a cursor rests; null: on none. */
export function useAheadOf(object: MetaObject, id: string | null) {
  const ahead = useAhead(object);
  const latest = useRef(ahead);
  latest.current = ahead;
  useEffect(() => {
    if (!id) return;
    const soon = setTimeout(() => latest.current(id), rest);
    return () => clearTimeout(soon);
  }, [id]);
}
