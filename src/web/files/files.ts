/** Files of a record: which there are, how one of them is shown, and attaching more. */
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import type { Json, MetaField, MetaObject } from '../../engine/index.ts';
import { list, record, reference, str } from '../../fields/read.tsx';
import { type Page, type Row, readTogether, upload } from '../api.ts';
import { aboutFilter } from '../model/about.ts';
import { fieldOf, objectNamed, useMeta } from '../model/meta.tsx';
import { fileHolders } from '../model/page-layout.ts';
import { fail, keys, settle } from '../model/records.ts';

export interface AttachedFile {
  id: string;
  name: string;
  mediaType: string;
  /** Bytes. */
  size: number;
  /** ISO 8601. */
  at: string;
  by: string;
}

/** How a file is shown; null where it is only downloaded. */
export type Kind = 'picture' | 'pdf' | 'sound' | 'film' | 'table' | 'markdown' | 'text' | null;

const endings: [RegExp, Kind][] = [
  [/^image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml)$|\.(png|jpe?g|gif|webp|avif|bmp|svg)$/, 'picture'],
  [/^application\/pdf$|\.pdf$/, 'pdf'],
  [/^audio\/(mpeg|mp4|ogg|wav|flac)$|\.(mp3|m4a|ogg|wav|flac)$/, 'sound'],
  [/^video\/(mp4|webm)$|\.(mp4|webm)$/, 'film'],
  [/\.(csv|tsv)$|^text\/csv$/, 'table'],
  [/\.(md|markdown)$|^text\/markdown$/, 'markdown'],
  [/^text\/(?!html)|^application\/(json|xml)$|\.(txt|log|json|xml|ya?ml|ics|vcf|eml|ini|sql)$/, 'text'],
];

/** Told by the media type, or by the name where the browser that sent it did not know. */
export function kindOf({ name, mediaType }: Pick<AttachedFile, 'name' | 'mediaType'>): Kind {
  const told = (text: string) => endings.find(([pattern]) => pattern.test(text.toLowerCase()))?.[1];
  const byType = told(mediaType);
  // A table calls itself text too; its name says more.
  return (byType && byType !== 'text' ? byType : (told(name) ?? byType)) ?? null;
}

const icons: Record<NonNullable<Kind>, string> = {
  picture: 'photo',
  pdf: 'file-type-pdf',
  sound: 'music',
  film: 'movie',
  table: 'table',
  markdown: 'markdown',
  text: 'file-text',
};

export function iconOf(kind: Kind): string {
  return kind ? icons[kind] : 'file';
}

/** 1536 → "1.5 kB". */
export function sizeText(bytes: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** step;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[step]!,
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value);
}

/** A record of a file, whole or as another one shows it. */
export function asFile(item: Json): AttachedFile | null {
  const row = record(item);
  const named = record(row.name);
  if (typeof row.id !== 'string') return null;
  return {
    id: row.id,
    name: str(row.name) || str(named.full),
    mediaType: str(row.mediaType),
    size: Number(row.size ?? 0),
    at: str(row.createdAt),
    by: reference(row.owner ?? null)?.title || reference(row.createdBy ?? null)?.title || '',
  };
}

const most = 100;

/** What is asked of one kind of record that holds files: itself where it is a file, else the files it names. */
function askedOf(field: MetaField | null, about: Json) {
  return {
    filter: field ? { and: [about, { field: field.name, op: 'notEmpty' }] } : about,
    sort: ['-createdAt'],
    limit: most,
    ...(field ? { fields: [field.name], include: [field.name] } : {}),
  } satisfies Json;
}

/** The files attached to a record and to what was said and sent about it, latest first. */
export function useFiles(object: MetaObject, id: string) {
  const meta = useMeta();
  const sources = useMemo(() => {
    const file = objectNamed(meta, 'file');
    const all = [
      ...(file?.timeline ? [{ object: file, field: null }] : []),
      ...fileHolders(meta).map(holder => ({ object: holder.object, field: holder.field })),
    ];
    return all.flatMap(source => {
      const by = fieldOf(source.object, source.object.timeline?.about ?? '');
      return by ? [{ ...source, about: aboutFilter(by, object, id) as Json }] : [];
    });
  }, [meta, object, id]);
  return useQueries({
    queries: sources.map(({ object: kind, field, about }) => ({
      queryKey: keys.groups(kind.name, { filesOf: id, object: object.name }),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        readTogether<Page>(`/api/${kind.path}/search`, { body: askedOf(field, about), signal }),
    })),
    combine: answers => {
      const files = answers.flatMap((answer, index) => {
        const field = sources[index]?.field;
        const rows = answer.data?.data ?? [];
        return rows.flatMap(row => (field ? list(row[field.name] ?? null) : [row as Json])).map(asFile);
      });
      const known = new Map(files.flatMap(file => (file ? [[file.id, file] as const] : [])));
      return {
        files: [...known.values()].sort((a, b) => b.at.localeCompare(a.at)),
        pending: answers.some(answer => answer.isPending),
        error: answers.find(answer => answer.error)?.error ?? null,
      };
    },
  });
}

/** A file on its way to the server. */
export interface Sending {
  key: number;
  name: string;
  /** From 0 to 1. */
  done: number;
  stop(): void;
}

let sending: Sending[] = [];
let last = 0;
const listeners = new Set<() => void>();

function change(next: Sending[]) {
  sending = next;
  for (const listener of listeners) listener();
}

/** Files on their way, of all pages: one may go on with something else meanwhile. */
export function useSending(): Sending[] {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => sending,
  );
}

/** Attaches files to a record, one after the other. */
export function useAttach(object: MetaObject, id: string): (files: File[]) => Promise<void> {
  const client = useQueryClient();
  return async files => {
    for (const file of files) {
      const key = ++last;
      const abort = new AbortController();
      const set = (done: number) =>
        change([
          ...sending.filter(each => each.key !== key),
          { key, name: file.name, done, stop: () => abort.abort() },
        ]);
      set(0);
      try {
        const about = `${object.name}:${id}`;
        const path = `/api/uploads?${new URLSearchParams({ name: file.name, about })}`;
        await upload<Row>(path, file, { progress: set, signal: abort.signal });
      } catch (error) {
        if (!abort.signal.aborted) fail(error);
      }
      change(sending.filter(each => each.key !== key));
      settle(client, 'file');
    }
    void client.invalidateQueries({ queryKey: keys.timeline(id) });
  };
}
