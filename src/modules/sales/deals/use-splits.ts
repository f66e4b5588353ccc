/** The splits of a deal as they are, and as someone is setting them. */
import { useState } from 'react';
import type { Json, MetaObject } from '../../../engine/index.ts';
import { reference, str } from '../../../fields/read.tsx';
import type { Row } from '../../../web/api.ts';
import { rowsOf } from '../../../web/model/cache.ts';
import { objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { fail, useActions, useRecords } from '../../../web/model/records.ts';

export interface SplitDraft {
  key: number;
  user: Json;
  kind: string;
  /** As typed. */
  share: string;
}

/** Percent of the revenue splits, to a thousandth. */
export function sumOf(drafts: Pick<SplitDraft, 'kind' | 'share'>[]): number {
  const all = drafts.filter(({ kind }) => kind === 'revenue').map(({ share }) => Number(share) || 0);
  return Math.round(all.reduce((so, each) => so + each, 0) * 1_000) / 1_000;
}

/** Where one starts: the splits there are, or all of it for the owner. */
function draftsOf(splits: Row[], deal: Row): SplitDraft[] {
  if (splits.length === 0) return [{ key: 0, user: deal.owner ?? null, kind: 'revenue', share: '100' }];
  return splits.map((split, key) => ({
    key,
    user: split.user ?? null,
    kind: str(split.kind),
    share: String(split.share ?? ''),
  }));
}

/** One more: what is left, or someone who helped. */
function next(drafts: SplitDraft[]): SplitDraft {
  const rest = Math.max(0, 100 - sumOf(drafts));
  return { key: Date.now(), user: null, kind: rest > 0 ? 'revenue' : 'overlay', share: String(rest || 10) };
}

export function useSplits(object: MetaObject, row: Row) {
  const meta = useMeta();
  const actions = useActions();
  const of = objectNamed(meta, 'dealSplit');
  const found = useRecords(
    of ?? object,
    { filter: { field: 'deal', op: 'is', value: row.id }, sort: ['kind', '-share'], limit: 100 },
    of !== undefined,
  );
  const splits = of ? rowsOf(found.data) : [];
  const [drafts, setDrafts] = useState<SplitDraft[] | null>(null);
  const [busy, setBusy] = useState(false);
  const verb = object.can.edit ? object.verbs.find(({ name }) => name === 'split') : undefined;
  const set = (key: number, part: Partial<SplitDraft>) =>
    setDrafts(now => now?.map(each => (each.key === key ? { ...each, ...part } : each)) ?? null);

  async function save() {
    if (!verb || !drafts) return;
    setBusy(true);
    try {
      const stated = drafts.map(({ user, kind, share }) => ({
        user: reference(user)?.id ?? '',
        kind,
        share: Number(share),
      }));
      await actions.run(object, row.id, verb.name, verb.label, { splits: stated });
      setDrafts(null);
    } catch (error) {
      fail(error);
    }
    setBusy(false);
  }

  const sum = sumOf(drafts ?? []);
  const revenue = drafts?.some(({ kind }) => kind === 'revenue');
  return {
    of,
    splits,
    drafts,
    busy,
    sum,
    uneven: Boolean(revenue) && Math.abs(sum - 100) > 0.001,
    complete: drafts?.every(({ user, share }) => reference(user) && Number(share) >= 0) ?? false,
    begin: verb ? () => setDrafts(draftsOf(splits, row)) : null,
    add: () => setDrafts(now => [...(now ?? []), next(now ?? [])]),
    set,
    remove: (key: number) => setDrafts(now => now?.filter(each => each.key !== key) ?? null),
    cancel: () => setDrafts(null),
    save,
  };
}
