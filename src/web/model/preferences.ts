/** What someone has arranged for themselves wherever they sign in: kept with their user record, not in the browser. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Json } from '../../engine/index.ts';
import { record } from '../../fields/read.tsx';
import { type Row, read, write } from '../api.ts';
import { fail } from './records.ts';

/** How often a command was used, and when last (days since 1970). */
export type Uses = Record<string, [count: number, day: number]>;

export interface Preferences {
  /** Action → key, where it is not the usual one. */
  keys: Record<string, string>;
  /** What they closed for good. */
  closed: string[];
  used: Uses;
}

export const meKey = ['me'] as const;
export const meQuery = { queryKey: meKey, queryFn: () => read<{ user: Row }>('/api/me'), staleTime: 60_000 };

/** What a record says, without what this version does not know. */
export function readPreferences(value: Json | undefined): Preferences {
  const { keys, closed, used } = record(value ?? null);
  return {
    keys: Object.fromEntries(
      Object.entries(record(keys ?? null)).flatMap(([action, key]) =>
        typeof key === 'string' ? [[action, key]] : [],
      ),
    ),
    closed: Array.isArray(closed) ? closed.filter(each => typeof each === 'string') : [],
    used: Object.fromEntries(
      Object.entries(record(used ?? null)).flatMap(([id, use]) => {
        const [count, day] = Array.isArray(use) ? use : [];
        return typeof count === 'number' && typeof day === 'number' ? [[id, [count, day]]] : [];
      }),
    ),
  };
}

/** Null until they are known. `change` writes what it is given over what there was. */
export function usePreferences() {
  const client = useQueryClient();
  const { data } = useQuery(meQuery);
  const kept = data?.user.preferences;
  const known = data !== undefined;
  const preferences = useMemo(() => (known ? readPreferences(kept) : null), [known, kept]);

  async function change(next: Partial<Preferences>): Promise<boolean> {
    try {
      const before = readPreferences(client.getQueryData<{ user: Row }>(meKey)?.user.preferences);
      const answer = await write<{ user: Row }>('PATCH', '/api/me', {
        preferences: { ...before, ...next } as unknown as Json,
      });
      client.setQueryData(meKey, answer.data);
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  }
  return { preferences, change };
}
