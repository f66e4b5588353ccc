/** Reading and changing records through the query cache. Changes show at once and are taken back when refused. */

import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  replaceEqualDeep,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { Json, Meta, MetaObject, UndoResult } from '../../engine/index.ts';
import { saidSentence } from '../../fields/said.ts';
import { viewOf } from '../../fields/views.ts';
import { dismissOf, type Toast, toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { ApiError, type Page, type Row, read, readTogether, write } from '../api.ts';
import { openDialog, type UndoConflict } from '../shell/dialogs.ts';
import { nextPlace, type Pages, type Place, patchPages, withoutRows } from './cache.ts';
import { type Sides, showConflict, undecided } from './conflict.ts';
import type { Filter } from './filter.ts';
import { isOver, type Job } from './jobs.ts';
import { inText } from './language.ts';
import { fieldOf, isEmpty, metaKey, objectNamed, titleOf, useMeta } from './meta.tsx';

export interface Query {
  filter?: Filter | null;
  sort?: string[];
  fields?: string[];
  /** Links to spell out. */
  include?: string[];
  q?: string;
  limit?: number;
  count?: 'exact' | 'estimated' | 'none';
  /** What was deleted, instead of what is there. */
  trash?: 'only';
  /** ISO 8601: the state of that moment. */
  asOf?: string;
}

export interface TimelineEntry {
  id: string;
  at: string;
  kind: 'change' | 'event' | 'activity';
  object: string;
  recordId: string;
  actor: { id: string; title: string } | null;
  via: string | null;
  icon: string;
  sentence: string;
  changes?: {
    field: string;
    label: string;
    before: string | null;
    after: string | null;
    /** Before and after; absent for links. */
    values?: [Json, Json];
  }[];
  record?: Row;
  /** The record below the one asked for that it tells of. */
  of?: { object: string; id: string; title: string | null };
  changeSet: string | null;
  /** Whether that was taken back since. */
  undone: boolean;
}

interface TimelinePage {
  data: TimelineEntry[];
  next: string | null;
}

export interface Group {
  group: Record<string, Json>;
  values: Json[];
}

export const keys = {
  object: (object: string) => ['records', object] as const,
  lists: (object: string) => ['records', object, 'list'] as const,
  list: (object: string, query: Query) => ['records', object, 'list', query] as const,
  record: (object: string, id: string) => ['records', object, 'record', id] as const,
  /** What is made of several records: asked for again when any of the object changes. */
  groups: (object: string, body: Json) => ['records', object, 'groups', body] as const,
  timeline: (id: string) => ['timeline', id] as const,
};

const pageSize = 100;

function bodyOf(query: Query, place: Place | null): Json {
  const body: Record<string, Json> = { limit: place?.limit ?? query.limit ?? pageSize };
  if (query.filter) body.filter = query.filter as Json;
  if (query.sort?.length) body.sort = query.sort;
  if (query.fields?.length) body.fields = query.fields;
  if (query.include?.length) body.include = query.include;
  if (query.q) body.q = query.q;
  if (query.count) body.count = query.count;
  if (query.trash) body.trash = query.trash;
  if (query.asOf) body.asOf = query.asOf;
  if (place) body.after = place.after;
  return body;
}

/** `ask`: by itself, or together with what else is asked for in the moment. */
export function recordsQuery(
  object: Pick<MetaObject, 'name' | 'path'>,
  query: Query,
  ask: typeof read = readTogether,
) {
  return infiniteQueryOptions<Page, Error, Pages, readonly unknown[], Place | null>({
    queryKey: keys.list(object.name, query),
    queryFn: ({ pageParam, signal }) =>
      ask<Page>(`/api/${object.path}/search`, { body: bodyOf(query, pageParam), signal }),
    initialPageParam: null,
    getNextPageParam: (page, pages) => nextPlace(pages, page.next, query.limit ?? pageSize),
  });
}

export function useRecords(object: MetaObject, query: Query, enabled = true) {
  return useInfiniteQuery({ ...recordsQuery(object, query), placeholderData: keepPreviousData, enabled });
}

export function recordQuery(object: MetaObject, id: string) {
  return {
    queryKey: keys.record(object.name, id),
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      readTogether<Row>(`/api/${object.path}/${id}`, { signal }),
    staleTime: 5_000,
    // An answer that was long under way does not put back what is known to be later.
    structuralSharing: (known: unknown, now: unknown) =>
      known && (known as Row).version > (now as Row).version ? known : replaceEqualDeep(known, now),
  };
}

export function useRecord(object: MetaObject, id: string) {
  return useQuery(recordQuery(object, id));
}

/** Has what the page of a record shows first there before it is asked for: the record and its latest entries. */
export function prefetchPage(client: QueryClient, object: MetaObject, id: string) {
  void client.prefetchQuery(recordQuery(object, id));
  void client.prefetchInfiniteQuery(timelineQuery(object, id, {}));
}

/** Follows a record that was merged into another to the one that stayed. */
export function useMerged(error: unknown, follow: (into: string) => void) {
  const into =
    error instanceof ApiError && error.code === 'merged' && typeof error.details.mergedInto === 'string'
      ? error.details.mergedInto
      : null;
  const latest = useRef(follow);
  latest.current = follow;
  useEffect(() => {
    if (into) latest.current(into);
  }, [into]);
}

export function useGroups(object: MetaObject, body: { [key: string]: Json }, enabled = true) {
  return useQuery({
    queryKey: keys.groups(object.name, body),
    queryFn: () => readTogether<{ data: Group[] }>(`/api/${object.path}/aggregate`, { body }),
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** What a timeline is narrowed to; what is left out is not. */
export interface TimelineWish {
  /** `change`, `event` and names of activity objects, with commas. */
  kind?: string;
  /** User id. */
  by?: string;
  q?: string;
  /** ISO 8601: what happened until then. */
  until?: string;
  /** `true`: with what happened to the records below it. */
  below?: 'true';
}

function timelineQuery(object: MetaObject, id: string, wish: TimelineWish) {
  return infiniteQueryOptions<
    TimelinePage,
    Error,
    InfiniteData<TimelinePage, string | null>,
    readonly unknown[],
    string | null
  >({
    queryKey: [...keys.timeline(id), wish],
    queryFn: ({ pageParam, signal }) => {
      const given = Object.entries({ ...wish, after: pageParam }).filter(([, value]) => value);
      const search = new URLSearchParams(given as [string, string][]).toString();
      return readTogether<TimelinePage>(`/api/${object.path}/${id}/timeline${search && `?${search}`}`, {
        signal,
      });
    },
    initialPageParam: null,
    getNextPageParam: page => page.next,
  });
}

export function useTimeline(object: MetaObject, id: string, wish: TimelineWish = {}) {
  return useInfiniteQuery({ ...timelineQuery(object, id, wish), placeholderData: keepPreviousData });
}

/** Puts a row into everything that shows it. */
export function patchEverywhere(client: QueryClient, object: string, patch: Partial<Row> & { id: string }) {
  client.setQueriesData<Pages>({ queryKey: keys.lists(object) }, pages => patchPages(pages, patch));
  client.setQueryData<Row>(keys.record(object, patch.id), row => (row ? ({ ...row, ...patch } as Row) : row));
}

/** After a write: what is counted, ordered or told anew, but not what is already right. */
export function settle(client: QueryClient, object: string, id?: string) {
  void client.invalidateQueries({ queryKey: ['records', object, 'groups'] });
  void client.invalidateQueries({ queryKey: keys.lists(object), refetchType: 'active' });
  void client.invalidateQueries({ queryKey: id ? keys.timeline(id) : ['timeline'] });
}

/** Values as they go to the server. */
export function written({ fields }: Pick<MetaObject, 'fields'>, values: Record<string, Json>): Json {
  const entries = Object.entries(values).map(([name, value]): [string, Json] => {
    const view = viewOf(fields.find(field => field.name === name)?.type ?? 'json');
    return [name, value === null || !view.write ? value : view.write(value)];
  });
  return Object.fromEntries(entries);
}

/** What to tell people about a failure: the problem at its field where there is one. */
export function failureText(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.unknown');
  if (error.code === 'offline') return t('error.offline');
  return error.problems[0]?.message ?? error.message;
}

export function fail(error: unknown) {
  toast(failureText(error), {
    tone: 'wrong',
    detail: error instanceof ApiError && error.requestId ? error.requestId : undefined,
  });
}

/** Versions that own edits made: the next edit, perhaps already waiting, builds on them and not on what was drawn. */
const ownVersions = new Map<string, number>();

/** Takes a change set back; a large one by a job, which is waited for however long it takes. */
async function takeBack(changeSet: string, keepLater: boolean): Promise<UndoResult> {
  const order = { keepLater, background: true };
  const { data } = await write<UndoResult | { job: string }>('POST', `/api/undo/${changeSet}`, order);
  if (!('job' in data)) return data;
  toast(t('toast.undoing'));
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, 1_000));
    const job = await read<Job>(`/api/jobs/${data.job}`);
    if (!isOver(job)) continue;
    const { undo, problem } = (job.result ?? {}) as { undo?: UndoResult; problem?: Record<string, unknown> };
    if (undo) return undo;
    throw new ApiError(409, problem ?? { detail: job.error ?? undefined });
  }
}

/** What can be done to records. Each action shows at once, says so when it succeeded, and offers to undo it. */
export class Actions {
  private readonly client: QueryClient;
  private readonly meta: Meta;

  constructor(client: QueryClient, meta: Meta) {
    this.client = client;
    this.meta = meta;
  }

  /** Takes a change set back. Where values were changed since, people are asked first. */
  async undo(changeSet: string, keepLater = false) {
    try {
      const data = await takeBack(changeSet, keepLater);
      dismissOf(changeSet);
      await this.client.invalidateQueries({ queryKey: ['records'] });
      // It may have taken back fields and rules too.
      for (const key of [['timeline'], ['changeSets'], ['duplicateRules'], metaKey])
        void this.client.invalidateQueries({ queryKey: key });
      const stay = (data.fields?.stay ?? []).flatMap(({ object: of, name }) => {
        const object = objectNamed(this.meta, of);
        return (object && fieldOf(object, name)?.label) ?? name;
      });
      if (stay.length === 0) toast(t('toast.undone'));
      else toast(t('toast.undoneFieldsStay', { count: stay.length, fields: stay.join(', ') }));
    } catch (error) {
      if (error instanceof ApiError && error.code === 'undoConflict') {
        const { count, conflicts } = error.details as { count?: number; conflicts?: UndoConflict[] };
        openDialog({ kind: 'undo', changeSet, count: count ?? 1, conflicts: conflicts ?? [] });
      } else fail(error);
    }
  }

  /** After a write of another kind that concerns records: says so, offers undo, has everything read again. */
  settled(text: string, changeSet: string | null) {
    this.succeeded(text, changeSet);
    void this.client.invalidateQueries({ queryKey: ['records'] });
    void this.client.invalidateQueries({ queryKey: ['timeline'] });
    void this.client.invalidateQueries({ queryKey: ['changeSets'] });
  }

  /** What a toast says of a change: that it can be taken back. */
  offerUndo(changeSet: string | null): Pick<Toast, 'of' | 'action'> {
    if (!changeSet) return {};
    return { of: changeSet, action: { label: t('toast.undo'), run: () => this.undo(changeSet) } };
  }

  private succeeded(text: string, changeSet: string | null) {
    toast(text, this.offerUndo(changeSet));
  }

  /** Changes fields of a record. `values` look as they are shown; they are put on screen before the server answers. */
  async edit(object: MetaObject, row: Row, values: Record<string, Json>): Promise<boolean> {
    const before: Partial<Row> = Object.fromEntries(
      Object.keys(values).map(name => [name, row[name] ?? null]),
    );
    patchEverywhere(this.client, object.name, { ...values, id: row.id });
    const tells = Object.keys(values).some(name => object.duplicates.includes(name));
    try {
      const answer = await write<Row>(
        'PATCH',
        `/api/${object.path}/${row.id}${tells ? '?duplicates=tell' : ''}`,
        written(object, values),
        {
          headers: () => ({ 'If-Match': `"${Math.max(row.version, ownVersions.get(row.id) ?? 0)}"` }),
          shown: true,
        },
      );
      ownVersions.set(row.id, answer.data.version);
      patchEverywhere(this.client, object.name, answer.data);
      settle(this.client, object.name, row.id);
      const label = fieldOf(object, Object.keys(values)[0] ?? '')?.label ?? '';
      this.succeeded(t('toast.changed', { field: label }), answer.changeSet);
      this.tellSame(object, row.id, answer.duplicates);
      return true;
    } catch (error) {
      patchEverywhere(this.client, object.name, { ...before, id: row.id });
      if (error instanceof ApiError && error.code === 'conflict' && error.details.fields)
        return this.collided(object, row.id, values, error.details.fields as Record<string, Sides>);
      fail(error);
      return false;
    }
  }

  /** Others wrote the same fields: what they wrote alike is as it should be, the rest is for people to decide. */
  private async collided(
    object: MetaObject,
    id: string,
    values: Record<string, Json>,
    fields: Record<string, Sides>,
  ): Promise<boolean> {
    const open = undecided(fields);
    const rest = Object.fromEntries(
      Object.entries(values).filter(([name]) => !(name in fields) || name in open),
    );
    if (Object.keys(open).length > 0) {
      showConflict({ object, id, fields: open, values: rest });
      void this.client.invalidateQueries({ queryKey: keys.record(object.name, id) });
      return false;
    }
    const now = await this.client.fetchQuery({ ...recordQuery(object, id), staleTime: 0 });
    patchEverywhere(this.client, object.name, now);
    return Object.keys(rest).length === 0 || this.edit(object, now, rest);
  }

  /** What an edit in place made look like another record. */
  private tellSame(object: MetaObject, id: string, others: string[]) {
    if (others.length === 0) return;
    const run = () => openDialog({ kind: 'merge', object: object.name, ids: [id, ...others.slice(0, 3)] });
    const text = t('toast.same', { count: others.length, object: inText(object.label) });
    toast(text, { action: { label: t('toast.compare'), run } });
  }

  async editMany(object: MetaObject, rows: Row[], values: Record<string, Json>) {
    const operations = rows.map(row => ({ op: 'update', id: row.id, values: written(object, values) }));
    for (const row of rows) patchEverywhere(this.client, object.name, { ...values, id: row.id });
    try {
      const order = { operations, atomic: true };
      const answer = await write('POST', `/api/${object.path}/batch`, order, { shown: true });
      this.succeeded(t('toast.changedMany', { count: rows.length }), answer.changeSet);
    } catch (error) {
      fail(error);
    }
    await this.client.invalidateQueries({ queryKey: keys.object(object.name) });
  }

  /** Makes a record; refusals go to the caller, whose form shows them at their fields. */
  async create(object: MetaObject, values: Record<string, Json>): Promise<Row> {
    const answer = await write<Row>('POST', `/api/${object.path}`, written(object, values));
    this.client.setQueryData(keys.record(object.name, answer.data.id), answer.data);
    settle(this.client, object.name);
    this.succeeded(
      t('toast.created', { title: titleOf(this.meta, object, answer.data) || object.label }),
      answer.changeSet,
    );
    return answer.data;
  }

  /** Gives a record what it lacks of `values`; what it has stays. Answers whether it is as it should be. */
  async fillIn(object: MetaObject, id: string, values: Record<string, Json>): Promise<boolean> {
    const row = await read<Row>(`/api/${object.path}/${id}`);
    const lacking = Object.entries(values).filter(([name]) => isEmpty(row[name]));
    return lacking.length === 0 || this.edit(object, row, Object.fromEntries(lacking));
  }

  async trash(object: MetaObject, rows: Row[]): Promise<boolean> {
    const ids = new Set(rows.map(row => row.id));
    this.client.setQueriesData<Pages>({ queryKey: keys.lists(object.name) }, pages =>
      withoutRows(pages, ids),
    );
    try {
      const only = rows.length === 1 ? rows[0] : undefined;
      const operations = rows.map(row => ({ op: 'delete', id: row.id }));
      const answer = only
        ? await write('DELETE', `/api/${object.path}/${only.id}`, undefined, { shown: true })
        : await write('POST', `/api/${object.path}/batch`, { operations, atomic: true }, { shown: true });
      const text = only
        ? t('toast.deleted', { title: titleOf(this.meta, object, only) || object.label })
        : t('toast.deletedMany', { count: rows.length });
      this.succeeded(text, answer.changeSet);
      settle(this.client, object.name);
      return true;
    } catch (error) {
      void this.client.invalidateQueries({ queryKey: keys.object(object.name) });
      fail(error);
      return false;
    }
  }

  async restore(object: MetaObject, rows: Row[]) {
    try {
      const [only] = rows;
      const answer =
        rows.length === 1 && only
          ? await write('POST', `/api/${object.path}/${only.id}/restore`)
          : await write('POST', `/api/${object.path}/batch`, {
              operations: rows.map(row => ({ op: 'restore', id: row.id })),
              atomic: true,
            });
      this.succeeded(t('toast.restored', { count: rows.length }), answer.changeSet);
    } catch (error) {
      fail(error);
    }
    await this.client.invalidateQueries({ queryKey: keys.object(object.name) });
  }

  /** `shown`: what comes of it is on the screen already. */
  async run(object: MetaObject, id: string, verb: string, label: string, input: Json, shown = false) {
    const path = `/api/${object.path}/${id}/${verb}`;
    const answer = await write<{ sentence?: string }>('POST', path, input, { shown });
    this.settled(
      saidSentence(answer.data.sentence ?? '') || t('toast.ran', { verb: label }),
      answer.changeSet,
    );
    return answer;
  }
}

export function useActions(): Actions {
  const client = useQueryClient();
  const meta = useMeta();
  return useMemo(() => new Actions(client, meta), [client, meta]);
}
