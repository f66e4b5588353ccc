/** Files on their way to the server, one after another, each with how far it is. They go on while other pages are open. */
import { useSyncExternalStore } from 'react';
import { type Row, upload as uploadFile } from '../api.ts';

export interface Upload {
  key: number;
  file: File;
  /** Bytes that have arrived. */
  sent: number;
  state: 'waiting' | 'sending' | 'sent' | 'failed';
  /** Of the file on the server. */
  id: string | null;
  error: unknown;
}

let next = 1;
let uploads: Upload[] = [];
let sending: { key: number; abort: AbortController } | null = null;
const listeners = new Set<() => void>();

function publish(list: Upload[]) {
  uploads = list;
  for (const listener of listeners) listener();
}

function patch(key: number, change: Partial<Upload>) {
  publish(uploads.map(upload => (upload.key === key ? { ...upload, ...change } : upload)));
}

export function useUploads(): Upload[] {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => uploads,
  );
}

/** Takes files in. One that failed and is chosen again takes the place of the failed one. */
export function addUploads(files: File[]) {
  const same = (a: File, b: File) => a.name === b.name && a.size === b.size;
  const kept = uploads.filter(
    ({ file, state }) => state !== 'failed' || !files.some(other => same(file, other)),
  );
  const fresh = files.filter(file => !kept.some(upload => same(upload.file, file)));
  publish([
    ...kept,
    ...fresh.map(file => ({ key: next++, file, sent: 0, state: 'waiting' as const, id: null, error: null })),
  ]);
  void sendNext();
}

export function removeUpload(key: number) {
  if (sending?.key === key) sending.abort.abort();
  publish(uploads.filter(upload => upload.key !== key));
}

export function retryUpload(key: number) {
  patch(key, { state: 'waiting', sent: 0, error: null });
  void sendNext();
}

export function clearUploads() {
  sending?.abort.abort();
  publish([]);
}

async function sendNext() {
  const upload = uploads.find(({ state }) => state === 'waiting');
  if (!upload || sending) return;
  const { key } = upload;
  patch(key, { state: 'sending' });
  try {
    patch(key, { state: 'sent', sent: upload.file.size, id: (await send(upload)).id });
  } catch (error) {
    patch(key, { state: 'failed', error });
  }
  sending = null;
  void sendNext();
}

/** How far it is, at most ten times a second: that is as often as people see. */
function send({ key, file }: Upload): Promise<Row> {
  const abort = new AbortController();
  sending = { key, abort };
  let told = 0;
  return uploadFile<Row>(`/api/uploads?name=${encodeURIComponent(file.name)}`, file, {
    signal: abort.signal,
    progress(done) {
      if (done < 1 && performance.now() - told < 100) return;
      told = performance.now();
      patch(key, { sent: Math.round(done * file.size) });
    },
  });
}
