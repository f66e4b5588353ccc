/** Asking for what may be the same, and deciding about it. */
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type {
  DuplicateHit,
  Json,
  MergePreview,
  MetaObject,
  Pair,
  PairState,
  Weights,
} from '../../engine/index.ts';
import { t } from '../../kit/words.ts';
import { type Row, read, write } from '../api.ts';
import { inText } from '../model/language.ts';
import { isEmpty } from '../model/meta.tsx';
import { keys, written } from '../model/records.ts';

export interface PairPage {
  data: Pair[];
  next: string | null;
  /** On the first page; at most `countedTo`. */
  count?: number;
  /** Those of them that are as good as certain. */
  certain?: number;
  weights: Omit<Weights, 'prior'>;
}

export type PairPages = InfiniteData<PairPage, string | null>;

/** Pairs that are counted at most. */
export const countedTo = 1_000;

/** What a merge would do, with its records as rows. */
export type Preview = Omit<MergePreview, 'records'> & { records: Row[] };

export function pairsKey(object: MetaObject, state: PairState) {
  return [...keys.object(object.name), 'duplicates', state] as const;
}

export function usePairs(object: MetaObject, state: PairState) {
  return useInfiniteQuery<PairPage, Error, PairPages, readonly unknown[], string | null>({
    queryKey: pairsKey(object, state),
    queryFn: ({ pageParam, signal }) =>
      read<PairPage>(
        `/api/${object.path}/duplicates?state=${state}${pageParam ? `&after=${encodeURIComponent(pageParam)}` : ''}`,
        { signal },
      ),
    initialPageParam: null,
    getNextPageParam: page => page.next,
    enabled: object.duplicates.length > 0,
  });
}

/** What merging `ids` into the first of them would do. */
export function previewQuery(object: MetaObject, ids: string[]) {
  return {
    // Apart from records: what was just merged is not asked about once more.
    queryKey: ['merge', object.name, ids] as const,
    staleTime: 5_000,
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      read<Preview>(`/api/${object.path}/${ids[0]}/merge/preview`, {
        body: { others: ids.slice(1) },
        signal,
      }),
    enabled: ids.length > 1,
  };
}

export function usePreview(object: MetaObject, ids: string[]) {
  return useQuery({ ...previewQuery(object, ids), placeholderData: keepPreviousData });
}

export function decide(object: MetaObject, { a, b }: Pick<Pair, 'a' | 'b'>, state: PairState) {
  return write('PUT', `/api/${object.path}/duplicates/${a.id}/${b.id}`, { state });
}

const pause = 350;

function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/**
 * Records that may be the same as what is being typed. Asked once typing pauses; an answer that is late is dropped.
 * With `id`, of a record that exists.
 */
export function useSame(
  object: MetaObject | undefined,
  values: Record<string, Json>,
  id?: string,
): DuplicateHit[] {
  const compared = Object.fromEntries(
    (object?.duplicates ?? []).flatMap(name => (isEmpty(values[name]) ? [] : [[name, values[name] as Json]])),
  );
  const text = useSettled(JSON.stringify(object ? written(object, compared) : {}));
  const found = useQuery({
    queryKey: ['same', object?.name, id, text],
    queryFn: ({ signal }) =>
      read<{ data: DuplicateHit[] }>(`/api/${object?.path}/duplicates`, {
        body: { values: JSON.parse(text) as Json, ...(id ? { id } : {}) },
        signal,
      }),
    enabled: (object?.duplicates.length ?? 0) > 0 && (id !== undefined || text !== '{}'),
    placeholderData: keepPreviousData,
    // Nobody is kept from saving because this failed.
    retry: false,
  });
  return text === '{}' && id === undefined ? [] : (found.data?.data ?? []);
}

/** What a pair is called: the titles of both records. */
export function useTitles(object: MetaObject) {
  const untitled = t('record.untitled', { object: inText(object.label) });
  return ({ a, b }: Pair) => [a.title || untitled, b.title || untitled] as const;
}
