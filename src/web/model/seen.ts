/** The records that someone has looked at on this device, the latest first. What of them is still in reach, the server says. */
import { useEffect, useMemo, useState } from 'react';
import type { Meta } from '../../engine/index.ts';

export interface Seen {
  object: string;
  id: string;
}

const most = 12;

const place = ({ workspace, me }: Meta) => `farley-seen-${workspace.name}-${me.id}`;

function read(meta: Meta): Seen[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place(meta)) ?? '[]');
    return Array.isArray(kept) ? (kept as Seen[]) : [];
  } catch {
    return [];
  }
}

/** Notes that a record is being looked at. */
export function useSeen(meta: Meta, object: string, id: string) {
  useEffect(() => {
    const others = read(meta).filter(seen => seen.id !== id);
    localStorage.setItem(place(meta), JSON.stringify([{ object, id }, ...others].slice(0, most)));
  }, [meta, object, id]);
}

/** What was looked at, by object, and in which order. */
export function useRecentlySeen(meta: Meta): { order: string[]; byObject: Map<string, string[]> } {
  const [seen] = useState(() => read(meta));
  return useMemo(
    () => ({
      order: seen.map(({ id }) => id),
      byObject: new Map(
        [...Map.groupBy(seen, ({ object }) => object)].map(([name, some]) => [
          name,
          some.map(({ id }) => id),
        ]),
      ),
    }),
    [seen],
  );
}
