/** What stands in the address of the page of recurring revenue. Pure. */
import type { RevenueKind, RevenueSegment } from './recurring.ts';

export const revenueSegments: RevenueSegment[] = ['product', 'sector', 'country', 'owner'];
export const spans = ['6', '12', '24'] as const;
export const horizons = ['30', '60', '90', '365'] as const;

/** Movements in the order in which they are drawn, those that add first. */
export const movements = ['new', 'expansion', 'reactivated', 'contraction', 'churned'] as const;
export type Movement = Exclude<RevenueKind, 'all'>;

export type RevenueSearch = Record<string, string | undefined> & {
  tab?: 'renewals';
  by?: RevenueSegment;
  months?: (typeof spans)[number];
  /** Of the renewals. */
  days?: (typeof horizons)[number];
};

export function readRevenue(search: Record<string, unknown>): RevenueSearch {
  return {
    tab: search.tab === 'renewals' ? 'renewals' : undefined,
    by: revenueSegments.find(name => name === search.by),
    months: spans.find(count => count === search.months),
    days: horizons.find(count => count === search.days),
  };
}
