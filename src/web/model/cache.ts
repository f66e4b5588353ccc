/** Changing rows in cached answers in place, without asking the server again. Pure. */
import type { InfiniteData } from '@tanstack/react-query';
import type { Page, Row } from '../api.ts';

/** Where a page begins, and how many rows it asks for. */
export interface Place {
  after: string;
  limit: number;
}

export type Pages = InfiniteData<Page, Place | null>;

const largestPage = 500;

/**
 * Where a list goes on: with as many rows again as are there, up to so many. What has been scrolled through is asked for anew
 * after each change, page after page: a few requests instead of hundreds.
 */
export function nextPlace(pages: Page[], after: string | null, limit: number): Place | null {
  const loaded = pages.reduce((sum, { data }) => sum + data.length, 0);
  return after === null ? null : { after, limit: Math.max(limit, Math.min(loaded, largestPage)) };
}

function mergedRow(old: Row, patch: Partial<Row> & { id: string }): Row {
  if (patch.version !== undefined && patch.version < old.version) return old;
  return { ...old, ...patch } as Row;
}

/** The pages with one row changed; the very same object when none of them holds it. */
export function patchPages(
  pages: Pages | undefined,
  patch: Partial<Row> & { id: string },
): Pages | undefined {
  if (!pages?.pages.some(page => page.data.some(row => row.id === patch.id))) return pages;
  return {
    ...pages,
    pages: pages.pages.map(page =>
      page.data.some(row => row.id === patch.id)
        ? { ...page, data: page.data.map(row => (row.id === patch.id ? mergedRow(row, patch) : row)) }
        : page,
    ),
  };
}

export function withoutRows(pages: Pages | undefined, ids: ReadonlySet<string>): Pages | undefined {
  if (!pages?.pages.some(page => page.data.some(row => ids.has(row.id)))) return pages;
  let gone = 0;
  const kept = pages.pages.map(page => {
    const data = page.data.filter(row => !ids.has(row.id));
    gone += page.data.length - data.length;
    return { ...page, data };
  });
  return {
    ...pages,
    pages: kept.map(page => (page.count === undefined ? page : { ...page, count: page.count - gone })),
  };
}

/** The pages with a row put in at a place, for optimistic moves between columns of a board. */
export function withRow(pages: Pages | undefined, row: Row, after: string | null): Pages | undefined {
  const [first, ...rest] = pages?.pages ?? [];
  if (!pages || !first) return pages;
  if (after === null) return { ...pages, pages: [{ ...first, data: [row, ...first.data] }, ...rest] };
  return {
    ...pages,
    pages: pages.pages.map(page => {
      const at = page.data.findIndex(item => item.id === after);
      return at < 0 ? page : { ...page, data: page.data.toSpliced(at + 1, 0, row) };
    }),
  };
}

export function rowsOf(pages: Pages | undefined): Row[] {
  return pages?.pages.flatMap(page => page.data) ?? [];
}
