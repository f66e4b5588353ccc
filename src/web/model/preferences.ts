/** What someone has arranged for themselves wherever they sign in: kept with their user record, not in the browser. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Json } from '../../engine/index.ts';
import { record } from '../../fields/read.tsx';
import { type Row, read, write } from '../api.ts';
import { fail } from './records.ts';
import type { Density, Widths } from './view-state.ts';

/** How often a command was used, and when last (days since 1970). */
export type Uses = Record<string, [count: number, day: number]>;

const densities = ['compact', 'normal', 'comfortable'] as const satisfies Density[];
const schemes = ['auto', 'light', 'dark'] as const;

/** How Farley looks to someone; what is left out is as usual. */
export interface Looks {
  scheme?: (typeof schemes)[number];
  density?: Density;
  rail?: 'open' | 'folded';
  /** Groups of the rail that show their heading alone, each by the name of its first object. */
  folded?: string[];
  /** Widths of the columns of lists without a view, by object. */
  widths?: Record<string, Widths>;
}

export interface Preferences {
  /** Action → key, where it is not the usual one. */
  keys: Record<string, string>;
  /** What they closed for good. */
  closed: string[];
  used: Uses;
  looks: Looks;
}

export const meKey = ['me'] as const;
/** What the server tells of the caller. */
export interface Me {
  user: Row;
  /** Those of the same account. */
  workspaces?: { name: string; label: string }[];
}

export const meQuery = { queryKey: meKey, queryFn: () => read<Me>('/api/me'), staleTime: 60_000 };

function readWidths(value: Json): Record<string, Widths> {
  const numbers = (columns: Json) =>
    Object.fromEntries(Object.entries(record(columns)).filter(([, width]) => typeof width === 'number'));
  return Object.fromEntries(
    Object.entries(record(value)).map(([object, columns]) => [object, numbers(columns) as Widths]),
  );
}

/** The looks in a record, or in the browser's copy. */
export function readLooks(value: Json | undefined): Looks {
  const { scheme, density, rail, folded, widths } = record(value ?? null);
  const known = {
    scheme: schemes.find(each => each === scheme),
    density: densities.find(each => each === density),
    rail: (['open', 'folded'] as const).find(each => each === rail),
    folded: Array.isArray(folded) ? folded.filter(each => typeof each === 'string') : undefined,
    widths: widths === undefined ? undefined : readWidths(widths),
  };
  return Object.fromEntries(Object.entries(known).filter(([, each]) => each !== undefined)) as Looks;
}

/** What a record says, without what this version does not know. */
export function readPreferences(value: Json | undefined): Preferences {
  const { keys, closed, used, looks } = record(value ?? null);
  return {
    keys: Object.fromEntries(
      Object.entries(record(keys ?? null)).flatMap(([action, key]) =>
        typeof key === 'string' ? [[action, key]] : [],
      ),
    ),
    looks: readLooks(looks),
    closed: Array.isArray(closed) ? closed.filter(each => typeof each === 'string') : [],
    used: Object.fromEntries(
      Object.entries(record(used ?? null)).flatMap(([id, use]) => {
        const [count, day] = Array.isArray(use) ? use : [];
        return typeof count === 'number' && typeof day === 'number' ? [[id, [count, day]]] : [];
      }),
    ),
  };
}

/** Counted, as the answer to one knows nothing of the next. */
let changes = 0;

/** Null until they are known. `change` writes what it is given over what there was. */
export function usePreferences() {
  const client = useQueryClient();
  const { data } = useQuery(meQuery);
  const kept = data?.user.preferences;
  const known = data !== undefined;
  const preferences = useMemo(() => (known ? readPreferences(kept) : null), [known, kept]);

  async function change(next: Partial<Preferences>): Promise<boolean> {
    try {
      await client.ensureQueryData(meQuery);
      // As it is now: of two changes at once, the second begins with the first.
      const known = client.getQueryData<Me>(meKey)!;
      const mine = ++changes;
      const preferences = { ...readPreferences(known.user.preferences), ...next } as unknown as Json;
      // It holds at once: whoever looks meanwhile sees what was chosen, and the next change begins with it.
      client.setQueryData(meKey, { ...known, user: { ...known.user, preferences } });
      const answer = await write<Me>('PATCH', '/api/me', { preferences });
      if (mine === changes) client.setQueryData(meKey, answer.data);
      return true;
    } catch (error) {
      void client.invalidateQueries({ queryKey: meKey });
      fail(error);
      return false;
    }
  }
  return { preferences, change };
}
