/** Which blocks stand where on the page with which the day begins. Pure. */
import type { Json } from '../../engine/index.ts';

export const places = ['main', 'side', 'below'] as const;
export type Place = (typeof places)[number];
const kinds = ['tasks', 'today', 'attention', 'seen', 'favourites', 'recent', 'targets'] as const;

export interface Block {
  /** One of those that the page knows, or `view`. */
  kind: string;
  at: Place;
  /** Id of the saved view that is shown. */
  view?: string;
}

/** Where nobody has said otherwise. */
export const usual: Block[] = [
  { kind: 'favourites', at: 'main' },
  { kind: 'tasks', at: 'main' },
  { kind: 'targets', at: 'main' },
  { kind: 'today', at: 'side' },
  { kind: 'attention', at: 'side' },
  { kind: 'seen', at: 'side' },
  { kind: 'recent', at: 'below' },
];

/** A page whose blocks people arrange. */
export interface ArrangedPage {
  name: string;
  usual: Block[];
  /** Whether saved views stand among its blocks. */
  views: boolean;
  nameOf(block: Block): string;
}

/** What a record says, without what this version does not know. */
export function readBlocks(value: Json | undefined, known: readonly string[] = kinds): Block[] {
  return (Array.isArray(value) ? value : []).flatMap((each): Block[] => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return [];
    const { kind, at, view } = each;
    const place = places.find(name => name === at);
    if (!place) return [];
    if (kind === 'view') return typeof view === 'string' ? [{ kind, at: place, view }] : [];
    const one = known.find(name => name === kind);
    return one ? [{ kind: one, at: place }] : [];
  });
}

export function keyOfBlock({ kind, view }: Block): string {
  return view ? `${kind}-${view}` : kind;
}

const same = (block: Block) => (each: Block) => keyOfBlock(each) === keyOfBlock(block);

/** A block put before another one of a place, or at its end. */
export function put(blocks: Block[], block: Block, at: Place, before: Block | null): Block[] {
  if (before && same(block)(before)) return blocks;
  const rest = blocks.filter(each => !same(block)(each));
  const index = before ? rest.findIndex(same(before)) : -1;
  const moved = { ...block, at };
  return index === -1 ? [...rest, moved] : [...rest.slice(0, index), moved, ...rest.slice(index)];
}

/** A block one up or down in its place. */
export function moved(blocks: Block[], block: Block, by: 1 | -1): Block[] {
  const own = blocks.filter(({ at }) => at === block.at);
  const index = own.findIndex(same(block));
  if (by === -1) {
    const above = own[index - 1];
    return above ? put(blocks, block, block.at, above) : blocks;
  }
  return index + 1 < own.length ? put(blocks, block, block.at, own[index + 2] ?? null) : blocks;
}

export function without(blocks: Block[], block: Block): Block[] {
  return blocks.filter(each => !same(block)(each));
}
