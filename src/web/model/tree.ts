/** The tree a record stands in: what is above it and what is below. */
import { useQuery } from '@tanstack/react-query';
import type { MetaObject } from '../../engine/index.ts';
import { readTogether } from '../api.ts';
import { keys } from './records.ts';

export interface TreeNode {
  id: string;
  title: string | null;
  parent: string | null;
}

export interface Tree {
  data: TreeNode[];
  more: boolean;
}

export function useTree(object: MetaObject, id: string) {
  return useQuery({
    queryKey: keys.groups(object.name, { treeOf: id }),
    queryFn: ({ signal }) => readTogether<Tree>(`/api/${object.path}/${id}/tree`, { signal }),
    enabled: object.hierarchy !== null,
  });
}

export interface Branch extends TreeNode {
  /** From 0. */
  level: number;
  /** How many stand directly below it. */
  below: number;
}

/** What of a tree is worth a card: those above, those beside and those directly below a record, as far as there is room. */
export function branches({ data }: Tree, id: string, most = 14): { shown: Branch[]; left: number } {
  const children = Map.groupBy(data, node => node.parent ?? '');
  const above = new Set<string>();
  for (let at = data.find(node => node.id === id); at; at = data.find(node => node.id === at?.parent))
    above.add(at.id);
  const walk = (parent: string, level: number): Branch[] =>
    (children.get(parent) ?? []).flatMap(node => {
      const near = above.has(node.id) || parent === id || above.has(parent);
      if (!near) return [];
      const below = children.get(node.id)?.length ?? 0;
      return [{ ...node, level, below }, ...walk(node.id, level + 1)];
    });
  const all = walk('', 0);
  const shown: Branch[] = [];
  let room = most - all.filter(node => above.has(node.id)).length;
  for (const node of all) {
    const first = above.has(node.id) || (node.parent === id && room > 0);
    if (first || room > 0) shown.push(node);
    if (!above.has(node.id)) room--;
  }
  return { shown, left: data.length - shown.length };
}
