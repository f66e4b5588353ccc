/** The review queue on screen: where one is in it, and what was decided last. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { MetaObject, Pair, PairState } from '../../engine/index.ts';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { fail, keys, useActions } from '../model/records.ts';
import { decide, type PairPages, pairsKey, previewQuery, usePairs } from './pairs.ts';

const said = {
  open: 'duplicates.saidOpen',
  later: 'duplicates.saidLater',
  different: 'duplicates.saidDifferent',
} as const;

const same = (one: Pair, other: Pair) => one.a.id === other.a.id && one.b.id === other.b.id;

/** The pages without a pair. */
export function withoutPair(pages: PairPages | undefined, pair: Pair): PairPages | undefined {
  if (!pages?.pages.some(({ data }) => data.some(each => same(each, pair)))) return pages;
  return {
    ...pages,
    pages: pages.pages.map(page => ({
      ...page,
      data: page.data.filter(each => !same(each, pair)),
      ...(page.count === undefined ? {} : { count: page.count - 1 }),
    })),
  };
}

/** Decides at once and tells the server; the last decision can be taken back, also a merge. */
function useDecisions(object: MetaObject, state: PairState) {
  const client = useQueryClient();
  const actions = useActions();
  const last = useRef<(() => void) | null>(null);

  const takeOut = (pair: Pair) =>
    client.setQueryData<PairPages>(pairsKey(object, state), pages => withoutPair(pages, pair));

  async function say(pair: Pair, next: PairState, before: PairState | null) {
    try {
      await decide(object, pair, next);
      const undo = () => void say(pair, before ?? 'open', null);
      last.current = before ? undo : null;
      toast(t(said[next]), before ? { action: { label: t('toast.undo'), run: undo } } : {});
    } catch (error) {
      fail(error);
    }
    await client.invalidateQueries({ queryKey: [...keys.object(object.name), 'duplicates'] });
  }

  return {
    decide(pair: Pair | undefined, next: PairState) {
      if (!pair || !object.can.edit || next === state) return;
      takeOut(pair);
      void say(pair, next, state);
    },
    merged(pair: Pair, changeSet: string) {
      takeOut(pair);
      last.current = () => void actions.undo(changeSet);
    },
    undo() {
      last.current?.();
      last.current = null;
    },
  };
}

/** What comes next is there before it is asked for. */
function useAhead(
  object: MetaObject,
  following: Pair | undefined,
  found: ReturnType<typeof usePairs>,
  left: number,
) {
  const client = useQueryClient();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  useEffect(() => {
    if (following)
      void client.prefetchQuery(previewQuery(object, [following.a.id, following.b.id].toSorted()));
  }, [client, object, following]);
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && left < 5) void fetchNextPage();
  }, [left, hasNextPage, isFetchingNextPage, fetchNextPage]);
}

export function useQueue(object: MetaObject) {
  const [state, setState] = useState<PairState>('open');
  const [place, setPlace] = useState(0);
  const found = usePairs(object, state);
  const decisions = useDecisions(object, state);
  const pairs = found.data?.pages.flatMap(page => page.data) ?? [];
  const at = Math.min(place, Math.max(0, pairs.length - 1));
  useAhead(object, pairs[at + 1], found, pairs.length - at);
  const first = found.data?.pages[0];
  return {
    state,
    pairs,
    at,
    count: first?.count,
    certain: first?.certain ?? 0,
    weights: first?.weights,
    editable: object.can.edit,
    waiting: found.isPending,
    error: found.data ? null : found.error,
    retry: () => void found.refetch(),
    more: found.hasNextPage ? () => void found.fetchNextPage() : null,
    show(next: PairState) {
      setState(next);
      setPlace(0);
    },
    go: (index: number) => setPlace(Math.max(0, Math.min(index, pairs.length - 1))),
    decide: (next: PairState) => decisions.decide(pairs[at], next),
    merged: decisions.merged,
    undo: decisions.undo,
  };
}

export type Queue = ReturnType<typeof useQueue>;
