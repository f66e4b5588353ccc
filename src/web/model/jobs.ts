/** Imports that this window has ordered. Their ids are kept for the session, so that they survive a reload. */
import { useSyncExternalStore } from 'react';
import type { Json } from '../../engine/index.ts';
import { read, upload } from '../api.ts';

export interface Job {
  id: string;
  label: string;
  state: 'queued' | 'running' | 'waiting' | 'done' | 'failed' | (string & {});
  startedAt: string | null;
  endedAt: string | null;
  /** Rows so far. */
  done: number;
  error: string | null;
  result: Json;
}

const place = 'farley-imports';
const listeners = new Set<() => void>();
let ids = stored();

function stored(): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(place) ?? '[]');
    return Array.isArray(kept) ? kept.filter(id => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

function keep(next: string[]) {
  ids = next;
  sessionStorage.setItem(place, JSON.stringify(ids));
  for (const listener of listeners) listener();
}

/** Hands a file over to be imported; what becomes of it, the progress shows. */
export async function startImport(object: string, file: File) {
  const csv = file.type ? file : new File([file], file.name, { type: 'text/csv' });
  const query = new URLSearchParams({ object, name: file.name });
  const { id } = await upload<{ id: string }>(`/api/imports?${query}`, csv);
  keep([...ids, id]);
}

export function forgetJob(id: string) {
  keep(ids.filter(kept => kept !== id));
}

export function useJobIds(): string[] {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ids,
  );
}

export function readJob(id: string): Promise<Job> {
  return read<Job>(`/api/jobs/${id}`);
}

/** Rows per second since the job started; null before there is anything to divide. */
export function rateOf(job: Pick<Job, 'startedAt' | 'done'>, now: number): number | null {
  const seconds = job.startedAt ? (now - Date.parse(job.startedAt)) / 1000 : 0;
  return seconds >= 1 && job.done > 0 ? Math.round(job.done / seconds) : null;
}
