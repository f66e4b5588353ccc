/** What another app handed over: words in the address, files where the worker of the browser left them. */
import { useEffect, useState } from 'react';

export interface ShareSearch {
  title?: string;
  text?: string;
  url?: string;
  /** It arrived before there was a worker to take it. */
  lost?: boolean;
}

export function readShareSearch(search: Record<string, unknown>): ShareSearch {
  const word = (name: string) =>
    typeof search[name] === 'string' && search[name] ? { [name]: search[name] } : {};
  return {
    ...word('title'),
    ...word('text'),
    ...word('url'),
    ...(search.lost === 'true' || search.lost === true ? { lost: true } : {}),
  };
}

/** The words as one note: apps say a link in the text, as its address, or both; each line once. */
export function noteOf({ title, text, url }: ShareSearch): string {
  const lines: string[] = [];
  for (const part of [title, text, url]) {
    const line = part?.trim();
    if (line && !lines.some(known => known.includes(line))) lines.push(line);
  }
  return lines.join('\n\n');
}

/** What a record made of it is called: the title, else the first line of the text that is no link. */
export function nameOf({ title, text }: ShareSearch): string {
  const lines = (text ?? '').split('\n').map(line => line.trim());
  const name = title?.trim() || lines.find(line => line && !/^https?:\/\//.test(line)) || '';
  return name.length > 120 ? `${name.slice(0, 119)}…` : name;
}

const place = 'shared';

async function waiting(): Promise<File[]> {
  if (!('caches' in globalThis) || !(await caches.has(place))) return [];
  const cache = await caches.open(place);
  const found = await Promise.all(
    (await cache.keys()).map(async key => {
      const answer = await cache.match(key);
      if (!answer) return [];
      const name = decodeURIComponent(answer.headers.get('farley-name') ?? '');
      return [new File([await answer.blob()], name, { type: answer.headers.get('content-type') ?? '' })];
    }),
  );
  return found.flat();
}

/** The files that wait, null while they are fetched; and letting go of them once they have found their place. */
export function useSharedFiles() {
  const [files, setFiles] = useState<File[] | null>(null);
  useEffect(() => {
    waiting()
      .catch(() => [])
      .then(setFiles);
  }, []);
  return { files, setFiles, forget: () => void globalThis.caches?.delete(place) };
}
