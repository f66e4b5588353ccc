/**
 * The import that is being prepared in this window: what was uploaded, what the server proposes, what the person chose.
 * Kept for the session, so that neither leaving the page nor reloading it loses anything.
 */
import { useSyncExternalStore } from 'react';
import type {
  FieldMap,
  ImportMap,
  Json,
  MetaObject,
  RefusedFile,
  TableProposal,
} from '../../engine/index.ts';

export interface SentFile {
  id: string;
  name: string;
  size: number;
}

/** What a person decides about a table beyond its columns. Only what differs from the proposal stands here. */
export interface Settings {
  match?: string;
  mode?: 'create' | 'update';
  empty?: 'clear';
  duplicates?: 'meet';
  /** A person who brings a file rather has a contact without its phone number than none. */
  unreadable?: 'empty';
  overwrite?: true;
  backwards?: true;
  /** Field that links → what becomes of rows whose link leads nowhere. */
  missing: Record<string, Missing>;
}

export type Missing = 'fail' | 'empty' | 'create';

/** How its columns stood when they were proposed. Rows of the screen keep to it, so that none jumps while it is edited. */
export type Sureness = 'unsure' | 'new' | 'sure' | 'left';

export interface TableDraft extends TableProposal {
  /** Left out of the import as a whole. */
  out: boolean;
  /** Column → how it was proposed. */
  groups: Record<string, Sureness>;
  /** The person said what the rows are. */
  told?: true;
  /** Columns that the person decided. */
  chosen: string[];
  /** The columns were changed, and the map that goes with them is on its way. */
  settling: boolean;
  settings: Settings;
}

export interface Draft {
  /** Who prepares it: whoever signs in after them in this window does not see their files. */
  by: string;
  files: SentFile[];
  system: string | null;
  tables: TableDraft[];
  /** Files that hold nothing to import, and why. */
  refused: RefusedFile[];
  /** The last check: its job, and the plan that was checked. */
  check: { job: string; plan: string } | null;
}

const place = 'farley-import';
const listeners = new Set<() => void>();
let current = stored();

function stored(): Draft | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? 'null') as Draft | null;
    // One of an earlier version of this page is asked for again.
    return kept && Array.isArray(kept.refused) ? kept : null;
  } catch {
    return null;
  }
}

export function setDraft(draft: Draft | null) {
  current = draft;
  try {
    // What is half decided is not kept: columns and map always belong together.
    if (!draft) sessionStorage.removeItem(place);
    else if (!isSettling(draft)) sessionStorage.setItem(place, JSON.stringify(draft));
  } catch {
    // More than the browser keeps: it lives as long as the page.
    sessionStorage.removeItem(place);
  }
  for (const listener of listeners) listener();
}

/** What this person has prepared. */
export function useDraft(by: string): Draft | null {
  const draft = useSyncExternalStore(
    listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
  return draft?.by === by ? draft : null;
}

/** Changes one table of whatever the draft is by then. */
export function changeTable(key: string, change: (table: TableDraft) => TableDraft) {
  if (!current) return;
  setDraft({
    ...current,
    tables: current.tables.map(table => (keyOf(table) === key ? change(table) : table)),
  });
}

export function noteCheck(check: Draft['check']) {
  if (current) setDraft({ ...current, check });
}

/** Whether a map is still on its way. */
export function isSettling({ tables }: Draft): boolean {
  return tables.some(({ settling }) => settling);
}

/** Names a table among all of a draft. */
export function keyOf({ file, table, part = '' }: Pick<TableProposal, 'file' | 'table' | 'part'>): string {
  return `${file}\n${table}\n${part}`;
}

/** From here on a proposal needs no look; below the second it does. */
const sure = 0.9;
const unsure = 0.75;

export type Word = 'sure' | 'likely' | 'look';

/** How sure a proposal is, as a word. */
export function wordFor(confidence: number): Word {
  return confidence >= sure ? 'sure' : confidence >= unsure ? 'likely' : 'look';
}

function surenessOf({ target, confidence, used }: TableProposal['columns'][number]): Sureness {
  if (target === '-') return used === undefined ? 'left' : 'sure';
  if (target.startsWith('+')) return 'new';
  return wordFor(confidence) === 'look' ? 'unsure' : 'sure';
}

/** Whether the proposal is to leave the table out, and sure of it: nobody has to say what it is. */
export function keptOut({ object, confidence }: Pick<TableProposal, 'object' | 'confidence'>): boolean {
  return object === null && confidence >= sure;
}

/** A table as it is proposed, before anyone has decided anything. */
export function tableDraft(proposal: TableProposal): TableDraft {
  const groups = Object.fromEntries(proposal.columns.map(column => [column.column, surenessOf(column)]));
  return {
    ...proposal,
    out: keptOut(proposal),
    groups,
    chosen: [],
    settling: false,
    settings: { missing: {}, unreadable: 'empty' },
  };
}

export interface PlannedTable {
  file: string;
  table: string;
  part?: string;
  map: ImportMap;
  fields: TableProposal['fields'];
}

/** What someone decided of a table that a new proposal has too, with the same columns; null where nothing was. */
export function decidedBefore(before: Draft | null, table: TableProposal): TableDraft | null {
  const same = before?.tables.find(other => keyOf(other) === keyOf(table));
  if (!same || same.columns.length !== table.columns.length) return null;
  if (same.columns.some(({ column }, index) => column !== table.columns[index]!.column)) return null;
  const set = JSON.stringify(same.settings) !== JSON.stringify(tableDraft(table).settings);
  return same.out !== keptOut(same) || same.told || set || same.chosen.length > 0 ? same : null;
}

/** Whether rows of the table are imported as things stand. */
export function takesPart(table: TableDraft): boolean {
  return !table.out && table.map !== null && Object.keys(table.map.fields ?? {}).length > 0;
}

/** Whether so few columns fit that the rows are perhaps something else. */
export function doubtful({ columns, chosen }: TableDraft): boolean {
  const fitting = columns.filter(({ target, column }) => chosen.includes(column) || !/^[-+]/.test(target));
  return columns.length > 2 && fitting.length * 3 < columns.length;
}

/** Whether no column gives what records of the object cannot be without: their title, or what it can be made of. */
export function nameless({ map, settings }: TableDraft, object: MetaObject | undefined): boolean {
  const title = object?.fields.find(({ name }) => name === object.title);
  if (!title?.required || !map || settings.mode === 'update') return false;
  return ![title.name, ...(title.fallback ?? [])].some(name => Object.hasOwn(map.fields ?? {}, name));
}

/** What is ordered: the maps as the server made them, with the person's decisions on top. */
export function planOf(draft: Draft): PlannedTable[] {
  return draft.tables.filter(takesPart).map(({ file, table, part, map, fields, settings }) => ({
    file,
    table,
    ...(part === undefined ? {} : { part }),
    map: withSettings(map ?? {}, settings),
    fields,
  }));
}

function withSettings(map: ImportMap, settings: Settings): ImportMap {
  const { missing, ...rest } = settings;
  const fields = Object.entries(map.fields ?? {}).map(([name, given]) => {
    const decided = missing[name];
    return [name, decided && typeof given === 'object' ? linked(given, decided) : given];
  });
  return { ...map, ...rest, fields: Object.fromEntries(fields) as ImportMap['fields'] };
}

function linked(given: FieldMap, decided: Missing): FieldMap {
  const { create: _, missing: __, ...rest } = given.link ?? {};
  const link = decided === 'create' ? { ...rest, create: true } : { ...rest, missing: decided };
  const also = given.also?.map(other => linked(other, decided));
  return { ...given, link, ...(also ? { also } : {}) };
}

/** What stands for a link that leads nowhere, by proposal or decision. */
export function missingOf(map: FieldMap, decided: Missing | undefined): Missing {
  return decided ?? (map.link?.create ? 'create' : (map.link?.missing ?? 'fail'));
}

/** The fields of a map that link to records, in its order. */
export function linksOf(map: ImportMap | null): [string, FieldMap][] {
  return Object.entries(map?.fields ?? {}).flatMap(([name, given]) =>
    typeof given === 'object' && given.link ? [[name, given] as [string, FieldMap]] : [],
  );
}

/** Fields by which rows can meet records that exist: those that one column gives as it stands. */
export function matchable(map: ImportMap | null): string[] {
  const names = Object.entries(map?.fields ?? {}).flatMap(([name, given]) => {
    const { column, parts, split, link, constant } =
      typeof given === 'string' ? { column: given } : (given as FieldMap);
    return column !== undefined && !parts && !split && !link && constant === undefined ? [name] : [];
  });
  return map?.externalId ? ['externalId', ...names] : names;
}

/** Rows of all tables that take part; null where one is too long to have been counted. */
export function rowsOf(tables: TableDraft[]): number | null {
  return tables.reduce<number | null>(
    (sum, { rows }) => (sum === null || rows === null ? null : sum + rows),
    0,
  );
}

/** The plan as a text: equal texts, equal plans. */
export function planText(plan: PlannedTable[]): string {
  return JSON.stringify(plan as unknown as Json);
}
