/** The lines of a virtual list. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useState } from 'react';
import { type ListModel, rowHeight } from './use-list.ts';

/** The lines in sight, which are loaded when they come there. */
export function useLines(
  list: ListModel,
  grid: React.RefObject<HTMLDivElement | null>,
  at: number | undefined,
) {
  const height = rowHeight(list.density);
  // First what is in sight; what comes into it next is drawn once that stands.
  const [ahead, setAhead] = useState(0);
  useEffect(() => {
    const soon = setTimeout(() => setAhead(12), 200);
    return () => clearTimeout(soon);
  }, []);
  const virtual = useVirtualizer({
    count: list.lines.length,
    getScrollElement: () => grid.current,
    estimateSize: () => height,
    getItemKey: index => list.lines[index]?.key ?? index,
    overscan: ahead,
    scrollPaddingStart: 36,
    scrollPaddingEnd: Object.keys(list.state.totals).length > 0 ? 44 : 8,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new height is the reason to measure.
  useEffect(() => virtual.measure(), [height, virtual]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other lines, or more of them, are the reason to look.
  useEffect(() => list.reach(first, last), [first, last, list.lines, list.records.hasNextPage]);
  useEffect(() => {
    if (at !== undefined) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, virtual]);
  return { items, height, size: virtual.getTotalSize() };
}
