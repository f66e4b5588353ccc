/** What the page of recurring revenue asks for, without anything to see. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Json } from '../../../engine/index.ts';
import { read } from '../../../web/api.ts';
import { keys } from '../../../web/model/records.ts';
import type { RecurringRevenue, RevenueKind, RevenueRecords } from './recurring.ts';
import type { Renewals } from './renewals.ts';
import { type RevenueSearch, readRevenue } from './revenue-view.ts';

export function useRevenueState() {
  const navigate = useNavigate();
  const search = readRevenue(useSearch({ strict: false }) as Record<string, unknown>);
  return {
    search,
    by: search.by ?? ('product' as const),
    months: search.months ?? '12',
    days: search.days ?? '90',
    change(patch: Partial<RevenueSearch>) {
      const next = Object.entries({ ...search, ...patch }).filter(([, value]) => value !== undefined);
      void navigate({ to: '.', search: Object.fromEntries(next) as never, replace: true });
    },
  };
}

export type RevenueState = ReturnType<typeof useRevenueState>;

/** Reports stand with what is counted of an object: they are asked for anew when its records change. */
function useReport<T>(name: string, object: string, input: { [key: string]: Json }) {
  return useQuery({
    queryKey: keys.groups(object, { report: name, input }),
    queryFn: ({ signal }) => read<T>(`/api/reports/${name}`, { body: input, signal }),
    placeholderData: keepPreviousData,
  });
}

export const useRecurring = ({ by, months }: RevenueState) =>
  useReport<RecurringRevenue>('recurring-months', 'subscription', { by, months: Number(months) });

export const useRenewals = ({ days }: RevenueState) =>
  useReport<Renewals>('renewals', 'contract', { days: Number(days) });

/** A figure whose subscriptions someone wants to see. */
export interface Behind {
  title: string;
  before: string;
  to: string;
  kind: RevenueKind;
  by?: string;
  value?: string | null;
}

export const useBehind = ({ title: _, ...input }: Behind) =>
  useReport<RevenueRecords>('recurring-records', 'subscription', { ...input });
