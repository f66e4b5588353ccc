/** Imports and bulk changes that this window has ordered. Their ids are kept for the session, so that they survive a reload. */

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Json } from '../../engine/index.ts';
import { saidSentence } from '../../fields/said.ts';
import { ApiError, read, write } from '../api.ts';

export interface Job {
  id: string;
  label: string;
  state: 'queued' | 'running' | 'waiting' | 'done' | 'failed' | 'dead' | 'cancelled' | (string & {});
  startedAt: string | null;
  endedAt: string | null;
  /** Rows so far. */
  done: number;
  /** Rows in all, as far as that can be told. */
  total: number | null;
  error: string | null;
  result: Json;
  /** `count`, and the first of them as `examples` with `what` and `why`. */
  skipped?: Json;
}

/** Ids of jobs that this window has ordered, kept for the session. */
function jobList(place: string) {
  const listeners = new Set<() => void>();
  const stored = (): string[] => {
    try {
      const kept: unknown = JSON.parse(sessionStorage.getItem(place) ?? '[]');
      return Array.isArray(kept) ? kept.filter(id => typeof id === 'string') : [];
    } catch {
      return [];
    }
  };
  let ids = stored();
  const keep = (next: string[]) => {
    ids = next;
    sessionStorage.setItem(place, JSON.stringify(ids));
    for (const listener of listeners) listener();
  };
  return {
    add: (id: string) => keep([...ids, id]),
    forget: (id: string) => keep(ids.filter(kept => kept !== id)),
    get: () => ids,
    listen(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const imports = jobList('farley-imports');
const bulks = jobList('farley-bulks');

/** Orders an import, or the check of one, which the page that asks for it shows itself. Answers the id of its job. */
export async function orderImport(order: { [key: string]: Json }): Promise<string> {
  const { data } = await write<{ id: string }>('POST', '/api/imports', order);
  if (order.dryRun !== true) imports.add(data.id);
  return data.id;
}

export const forgetJob = imports.forget;

export function useJobIds(): string[] {
  return useSyncExternalStore(imports.listen, imports.get);
}

/** A bulk change that was ordered. */
export const keepBulk = bulks.add;
export const forgetBulk = bulks.forget;

export function useBulkIds(): string[] {
  return useSyncExternalStore(bulks.listen, bulks.get);
}

const ended = ['done', 'failed', 'dead', 'cancelled'];

export function isOver(job: Pick<Job, 'state'> | undefined): boolean {
  return job !== undefined && ended.includes(job.state);
}

/** A job of the ledger, asked for again as long as it goes on. */
function worded(job: Job): Job {
  return { ...job, label: saidSentence(job.label), error: job.error && saidSentence(job.error) };
}

export function jobQuery(id: string) {
  return {
    queryKey: ['job', id] as const,
    queryFn: async () => worded(await read<Job>(`/api/jobs/${id}`)),
    staleTime: 0,
    refetchInterval: (query: { state: { data?: Job | undefined } }) =>
      isOver(query.state.data) ? false : 700,
  };
}

/** Resolves when the job is over. Rejects where it cannot be asked for. */
export async function jobOver(client: QueryClient, id: string): Promise<Job> {
  for (;;) {
    const job = await client.fetchQuery(jobQuery(id));
    if (isOver(job)) return job;
    await new Promise(resolve => setTimeout(resolve, 700));
  }
}

export async function cancelJob(id: string): Promise<void> {
  await write('POST', `/api/jobs/${id}/cancel`);
}

/** Rows per second since the job started; null before there is anything to divide. */
export function rateOf(job: Pick<Job, 'startedAt' | 'done'>, now: number): number | null {
  const seconds = job.startedAt ? (now - Date.parse(job.startedAt)) / 1000 : 0;
  return seconds >= 1 && job.done > 0 ? Math.round(job.done / seconds) : null;
}

/** Seconds that the rest will take at this rate; null where that cannot be told. */
export function secondsLeft(job: Pick<Job, 'startedAt' | 'done' | 'total'>, now: number): number | null {
  const rate = rateOf(job, now);
  if (!rate || job.total === null || job.total <= job.done) return null;
  return Math.ceil((job.total - job.done) / rate);
}

interface WhenOver {
  ended(job: Job): void;
  forget(id: string): void;
  /** First words of the queries whose answers it may have changed. */
  changes: string[];
}

/**
 * A job that this window has ordered, as long as it runs; null before it is known, and from when it is over. Then `ended`
 * is told once, and what it may have changed is asked for anew.
 */
export function useUnderWay(id: string, then: WhenOver): Job | null {
  const client = useQueryClient();
  const told = useRef(false);
  const latest = useRef(then);
  latest.current = then;
  const { data: job, error } = useQuery(jobQuery(id));
  const gone = error instanceof ApiError && error.status === 404;
  const over = isOver(job);
  useEffect(() => {
    if (told.current || !(over || gone)) return;
    told.current = true;
    if (over && job) latest.current.ended(job);
    latest.current.forget(id);
    for (const name of latest.current.changes) void client.invalidateQueries({ queryKey: [name] });
  }, [over, gone, job, id, client]);
  return job && !over ? job : null;
}
