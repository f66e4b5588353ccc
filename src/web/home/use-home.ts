/** The home page of this person: their own, that of their role, or the usual one; and keeping it. */
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Json, MetaObject } from '../../engine/index.ts';
import { record, reference } from '../../fields/read.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { type Answer, type Row, write } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { fail, keys, useActions, useRecords } from '../model/records.ts';
import { type ArrangedPage, type Block, readBlocks } from './arrangement.ts';

const query = { include: ['defaultFor'], sort: ['-updatedAt'], limit: 200 };

/** Of home, or of another page whose blocks are arranged as those of home are. */
export function useHome(page: ArrangedPage) {
  const meta = useMeta();
  const client = useQueryClient();
  const actions = useActions();
  const object = objectNamed(meta, 'home');
  const found = useRecords(object ?? (meta.objects[0] as MetaObject), query, object !== undefined);
  const rows = useMemo(
    () => (object ? rowsOf(found.data) : []).filter(row => (row.page ?? 'home') === page.name),
    [object, found.data, page.name],
  );
  const own =
    rows.find(row => row.visibility === 'private' && reference(row.owner)?.id === meta.me.id) ?? null;
  const ofRole = (role: string) => rows.find(row => record(row.defaultFor ?? null).name === role) ?? null;
  const shared = ofRole(meta.me.role);
  const { usual, views } = page;
  const blocks = useMemo(() => blocksOf(usual, views, own ?? shared), [own, shared, usual, views]);

  async function settled(work: Promise<Answer<unknown>>) {
    try {
      const { changeSet } = await work;
      toast(t('arrange.saved'), actions.offerUndo(changeSet));
    } catch (error) {
      fail(error);
    }
    if (object) await client.invalidateQueries({ queryKey: keys.lists(object.name) });
  }

  function put(row: Row | null, values: { [name: string]: Json }) {
    if (!object) return Promise.resolve();
    const path = `/api/${object.path}${row ? `/${row.id}` : ''}`;
    return settled(write(row ? 'PATCH' : 'POST', path, row ? { blocks: values.blocks ?? [] } : values));
  }

  return {
    page,
    blocks,
    /** While it is not known whether there is one of one's own. */
    pending: object !== undefined && found.isPending,
    /** Whether it is one's own. */
    isOwn: own !== null,
    canArrange: object?.can.create === true,
    save: (next: Block[]) => put(own, { name: meta.me.name, page: page.name, blocks: asJson(next) }),
    /** For everyone of a role who has none of their own; administrators do this. */
    saveFor: (role: { id: string; name: string; label: string }, next: Block[]) =>
      put(ofRole(role.name), {
        name: role.label,
        page: page.name,
        blocks: asJson(next),
        visibility: 'everyone',
        defaultFor: role.id,
      }),
    /** Gives one's own up. */
    reset: () =>
      own && object ? settled(write('DELETE', `/api/${object.path}/${own.id}`)) : Promise.resolve(),
  };
}

function blocksOf(usual: Block[], views: boolean, kept: Row | null): Block[] {
  const known = usual.map(({ kind }) => kind);
  return kept ? readBlocks(kept.blocks, known).filter(({ kind }) => views || kind !== 'view') : usual;
}

function asJson(blocks: Block[]): Json {
  return blocks.map(({ kind, at, view }) => ({ kind, at, ...(view ? { view } : {}) }));
}
