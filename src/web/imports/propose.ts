/** What the server makes of uploaded files and of decisions about columns. Maps are made by the server alone. */
import type { QueryClient } from '@tanstack/react-query';
import type { Choice, ImportMap, Meta, Proposal, RefusedFile, TableProposal } from '../../engine/index.ts';
import { read } from '../api.ts';
import { objectNamed } from '../model/meta.tsx';
import {
  changeTable,
  type Draft,
  decidedBefore,
  keptOut,
  keyOf,
  type SentFile,
  type TableDraft,
  tableDraft,
} from './draft.ts';

export function targetsQuery(path: string) {
  return {
    queryKey: ['importTargets', path] as const,
    queryFn: async () => (await read<{ data: Choice[] }>(`/api/imports/targets/${path}`)).data,
    staleTime: 60_000,
  };
}

/** Tables as they would be imported, with what was decided of them `before`. `preset`: the list from which the person came, for what nobody recognises. */
export async function proposalFor(
  client: QueryClient,
  meta: Meta,
  files: SentFile[],
  preset: string | undefined,
  before: Draft | null = null,
): Promise<Draft> {
  const ids = files.map(({ id }) => id);
  const { system, tables, refused } = await read<Proposal & { refused: RefusedFile[] }>(
    '/api/imports/proposal',
    { body: { files: ids } },
  );
  const wanted = objectNamed(meta, preset);
  const drafts = await Promise.all(
    tables.map(async table => {
      const decided = decidedBefore(before, table);
      if (decided) return again(ids, table, decided, tables);
      return table.object === null && !keptOut(table) && wanted?.can.create
        ? tableDraft({ ...table, ...(await mapped(ids, table, wanted.name, objectsOf(tables))) })
        : tableDraft(table);
    }),
  );
  for (const object of new Set(drafts.map(({ object }) => object))) {
    const path = objectNamed(meta, object)?.path;
    if (path) void client.prefetchQuery(targetsQuery(path));
  }
  return { by: meta.me.id, files, system: system?.label ?? null, tables: drafts, refused, check: null };
}

/** A table that was proposed anew, as someone had decided it: the other files tell what it can link to. */
async function again(
  ids: string[],
  table: TableProposal,
  { object, columns, chosen, told, out, settings }: TableDraft,
  tables: TableProposal[],
): Promise<TableDraft> {
  const other = told === true && object !== null && object !== table.object;
  const proposed: TableProposal = other
    ? { ...table, ...(await mapped(ids, table, object, objectsOf(tables))) }
    : table;
  const fresh = { ...tableDraft(proposed), out, ...(told ? { told } : {}) };
  if (proposed.object === null || proposed.object !== object) return fresh;
  if (chosen.length === 0) return { ...fresh, settings: fitting({ ...fresh, settings }, proposed) };
  const wanted = proposed.columns.map(({ column, target }, index) => ({
    column,
    target: chosen.includes(column) ? columns[index]!.target : target,
  }));
  const answer = await mapped(ids, table, object, objectsOf(tables), wanted);
  return { ...fresh, ...answer, chosen, settings: fitting({ ...fresh, settings }, answer) };
}

const objectsOf = (tables: Pick<TableProposal, 'object'>[]) => tables.map(({ object }) => object);

type Mapped = Pick<TableProposal, 'object' | 'label' | 'columns' | 'fields' | 'map'>;

/** The map of a table as rows of an object: by the targets given, or as it is proposed. */
async function mapped(
  files: string[],
  { file, table, part, system }: TableProposal,
  object: string,
  objects: (string | null)[],
  columns?: { column: string; target: string }[],
): Promise<Mapped> {
  const answer = await read<{
    map: ImportMap;
    fields: TableProposal['fields'];
    columns: TableProposal['columns'];
  }>('/api/imports/map', {
    body: {
      object,
      files,
      file,
      table,
      ...(part === undefined ? {} : { part }),
      objects: [...new Set([object, ...objects.filter(name => name !== null)])],
      ...(system ? { system: system.name } : {}),
      ...(columns ? { columns } : {}),
    },
  });
  return { ...answer, object, label: null };
}

/** Decides what columns become. It shows at once; the map follows from the server. */
export async function chooseTarget(
  draft: Draft,
  table: TableDraft,
  names: string[],
  to: Pick<Choice, 'target' | 'label'>,
): Promise<void> {
  const key = keyOf(table);
  const columns = table.columns.map(one =>
    names.includes(one.column) ? { ...one, target: to.target, label: to.label } : one,
  );
  changeTable(key, now => ({
    ...now,
    columns,
    chosen: [...new Set([...now.chosen, ...names])],
    settling: true,
  }));
  // A choice made since is on its way with an answer of its own.
  const settle = (change: (now: TableDraft) => TableDraft) =>
    changeTable(key, now => {
      const same = now.columns.every((one, index) => one.target === columns[index]?.target);
      return same ? { ...change(now), settling: false } : now;
    });
  try {
    const answer = await mapped(
      draft.files.map(({ id }) => id),
      table,
      table.object ?? '',
      objectsOf(draft.tables),
      columns.map(({ column, target }) => ({ column, target })),
    );
    settle(now => ({ ...now, ...answer, settings: fitting(now, answer) }));
  } catch (error) {
    settle(now => ({ ...now, columns: table.columns, chosen: table.chosen }));
    throw error;
  }
}

/** Decides what the rows of a table are: its columns are proposed anew. */
export async function chooseObject(draft: Draft, table: TableDraft, object: string): Promise<void> {
  const ids = draft.files.map(({ id }) => id);
  const fresh = tableDraft({ ...table, ...(await mapped(ids, table, object, objectsOf(draft.tables))) });
  changeTable(keyOf(table), () => ({ ...fresh, told: true }));
}

/** Decisions that the new map still has a place for. */
function fitting({ settings }: TableDraft, { map }: Mapped): TableDraft['settings'] {
  const { match, missing, ...rest } = settings;
  const fields = map?.fields ?? {};
  const kept = match !== undefined && (match === 'externalId' || Object.hasOwn(fields, match));
  return {
    ...rest,
    ...(kept ? { match } : {}),
    missing: Object.fromEntries(Object.entries(missing).filter(([name]) => Object.hasOwn(fields, name))),
  };
}
