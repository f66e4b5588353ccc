/**
 * Importing a file: read → batches → values by field types → links, one statement per field and batch → the one write
 * path → report. Bad rows never stop it: each is handed on in its original form with the reason. All batches are one
 * change set, so that the whole import can be undone. Memory does not grow with the file.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Context } from '../context.ts';
import { FarleyError, Refusal } from '../errors.ts';
import type { Json } from '../field.ts';
import { newId } from '../id.ts';
import { objectOf } from '../records/scope.ts';
import { scopeOf } from '../records/scope-of.ts';
import type { ItemResult, Operation } from '../records/write.ts';
import { normalise } from '../search/words.ts';
import { sql } from '../sql.ts';
import { FailureFile } from './failure-file.ts';
import { Findings, type ImportReport } from './findings.ts';
import type { ImportMap } from './map.ts';
import { type LinkPlan, type Plan, planImport } from './plan.ts';
import { type DraftRow, draftRow, missingMessage, resolveLinks, withLinks } from './rows.ts';
import type { FileRow, TableFile } from './table.ts';
import { openTable } from './tables.ts';
import { writeEach } from './write-each.ts';

export interface ImportOptions {
  path: string;
  /** What people call the file. Default: the last part of the path. */
  name?: string;
  /** Without one, columns are matched to fields by their names. */
  map?: ImportMap;
  /** Name of the object. Default: what the map says. */
  object?: string;
  /** Overrides the map's. */
  match?: string;
  /** Does everything, checks included, and takes it back: the report tells what would happen. */
  dryRun?: boolean;
  /** Where rows go that cannot be imported; made only when there are some. Default: they are only counted. */
  failures?: string;
  /** Rows per batch. Default 2,000. */
  batchSize?: number;
  /** Told after each batch. */
  report?: (progress: ImportProgress) => void;
  /** The import may have run before with the same change set, and been cut off: it goes on where it was. Default false. */
  again?: boolean;
  /** Which part of a change set this is, where several tables are imported as one. Default 0. */
  part?: number;
  /** Ends the import after the running batches; what was written stays and can be undone. */
  signal?: AbortSignal;
}

/** What is said of a table that is open already. */
export type TableOptions = Omit<ImportOptions, 'path' | 'object' | 'match' | 'name' | 'map'> & {
  name: string;
  map: ImportMap;
};

export type Counts = Pick<ImportReport, 'rows' | 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed'>;

/** How far it is. `letters`: of a row on average, with delimiters and line end; 0 where that is not counted. */
export type ImportProgress = Counts & { letters: number };

/** Imports a file. Throws what concerns the file or the map as a whole; everything else is in the report. */
export async function importFile(
  ctx: Context,
  { path, name = basename(path), map = {}, object, match, ...options }: ImportOptions,
): Promise<ImportReport> {
  const whole = { ...map, ...(object ? { object } : {}), ...(match ? { match } : {}) };
  const file = await openTable(path, name, map.file, ctx.settings.locale);
  return importTable(ctx, file, { ...options, name, map: whole });
}

/** Imports a table that was opened. */
export async function importTable(
  ctx: Context,
  file: TableFile,
  options: TableOptions,
): Promise<ImportReport> {
  const { map, name } = options;
  if (!map.object) throw new FarleyError('invalidInput', 'Say which object the rows become.');
  const object = objectOf(ctx, map.object);
  const within = { ...ctx, via: 'import', label: `Import of ${name}`, changeSet: ctx.changeSet ?? newId() };
  const run = (inside: Context) =>
    new ImportRun(inside, planImport(inside, object, map, file.columns), file, options).run();
  return options.dryRun ? takenBack(within, run) : run(within);
}

/** Runs in a transaction that is rolled back, so that a dry run meets exactly what the import would. */
export async function takenBack<T>(ctx: Context, run: (ctx: Context) => Promise<T>): Promise<T> {
  let report: T | undefined;
  const done = new Error('dry run');
  await ctx.db
    .transaction(async tx => {
      report = await run({ ...ctx, tx });
      throw done;
    })
    .catch(error => {
      if (error !== done) throw error;
    });
  return report!;
}

interface Going {
  draft: DraftRow;
  key: string;
  operation: Operation;
}

/** A link whose target was not there when its row was written. */
interface LaterLink {
  row: number;
  id: string;
  link: LinkPlan;
  keys: string[];
  /** Links of the same field that were found at once. */
  given: Json | undefined;
}

class ImportRun {
  readonly #ctx: Context;
  readonly #plan: Plan;
  readonly #file: TableFile;
  readonly #options: TableOptions;
  /** Rows read so far, and the letters in them where they tell how far it is. */
  readonly #read = { rows: 0, letters: 0 };
  readonly #counts: Counts = { rows: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 };
  readonly #warnings = new Findings();
  readonly #failures = new Findings();
  readonly #linked: Record<string, number> = {};
  readonly #later: LaterLink[] = [];
  readonly #failureFile: FailureFile | null;
  readonly #rowId: (row: number) => string;

  constructor(ctx: Context, plan: Plan, file: TableFile, options: TableOptions) {
    this.#ctx = ctx;
    this.#plan = plan;
    this.#file = file;
    this.#options = options;
    this.#rowId = rowIds(ctx.changeSet!, options.part ?? 0);
    this.#failureFile = options.failures
      ? new FailureFile(options.failures, file.columns, file.dialect?.delimiter ?? ',')
      : null;
  }

  async run(): Promise<ImportReport> {
    const running = new Set<Promise<void>>();
    const failures: unknown[] = [];
    try {
      for await (const batch of ahead(batches(this.#file.rows(), this.#options.batchSize ?? 2_000))) {
        const drafts = await this.#draft(batch);
        const written = this.#writeAll(drafts, batch.length)
          .catch(error => void failures.push(error))
          .finally(() => running.delete(written));
        running.add(written);
        if (running.size >= this.#atOnce) await Promise.race(running);
        if (this.#options.signal?.aborted || failures.length > 0) break;
      }
      await Promise.all(running);
      if (failures.length > 0) throw failures[0];
      await this.#linkLater();
    } finally {
      await Promise.all(running);
      await this.#failureFile?.close();
    }
    return this.#report();
  }

  /**
   * Batches written at the same time, so that neither Farley nor PostgreSQL waits for the other. Where a row may mean a
   * record of an earlier batch, and within the one transaction of a dry run, they are written one after the other.
   */
  get #atOnce(): number {
    const { match, links, object } = this.#plan;
    return match || this.#ctx.tx || links.some(link => link.target === object) ? 1 : 3;
  }

  /** Reads the values of a batch and resolves its links. */
  async #draft(rows: FileRow[]): Promise<DraftRow[]> {
    const warn = (row: number, message: string, value: string) => this.#warnings.add(message, row, value);
    const drafts = rows.map(row => draftRow(this.#plan, row, warn));
    this.#read.rows += rows.length;
    if (this.#file.dialect)
      for (const { cells } of rows) for (const cell of cells) this.#read.letters += cell.length + 1;
    await resolveLinks(this.#ctx, this.#plan, drafts, warn, (object, count) => {
      if (count > 0) this.#linked[object] = (this.#linked[object] ?? 0) + count;
    });
    return drafts;
  }

  async #writeAll(drafts: DraftRow[], rows: number) {
    for (const draft of drafts) if (draft.problem !== null) await this.#fail(draft, draft.problem);
    for (const wave of this.#waves(drafts.filter(draft => draft.problem === null))) await this.#write(wave);
    this.#counts.rows += rows;
    this.#options.report?.({ ...this.#counts, letters: this.#read.letters / this.#read.rows });
  }

  /** Rows that mean the same record are written one after the other: the second updates what the first created. */
  #waves(drafts: DraftRow[]): DraftRow[][] {
    if (!this.#plan.match) return [drafts];
    const waves: DraftRow[][] = [];
    const times = new Map<string, number>();
    for (const draft of drafts) {
      const key = this.#matchKey(draft);
      const time = key ? (times.get(normalise(key)) ?? 0) : 0;
      if (key) times.set(normalise(key), time + 1);
      waves[time] ??= [];
      waves[time].push(draft);
    }
    return waves;
  }

  #matchKey(draft: DraftRow): string {
    const key = this.#plan.match?.read(draft.cells, () => {}) ?? '';
    return key instanceof Refusal ? '' : key;
  }

  async #write(drafts: DraftRow[]) {
    const { match, map } = this.#plan;
    const keys = drafts.map(draft => this.#matchKey(draft));
    const found = match ? await match.finder.find(keys.filter(Boolean)) : new Map<string, never>();
    const going: Going[] = [];
    for (const [index, draft] of drafts.entries()) {
      const key = keys[index]!;
      const hit = found.get(key) ?? 'none';
      if (hit === 'several') await this.#fail(draft, `Several records have this ${match!.by}: "${key}".`);
      else if (hit === 'none' && map.mode === 'update')
        this.#skip(draft, 'There is no such record to update.', key);
      else if (hit !== 'none' && map.mode === 'create') this.#skip(draft, 'The record exists already.', key);
      else going.push({ draft, key, operation: this.#operation(draft, hit === 'none' ? null : hit.id) });
    }
    const fresh = await this.#withoutDone(going);
    await this.#mergeExternalIds(fresh.map(({ operation }) => operation));
    const results = await writeEach(
      this.#ctx,
      this.#plan.object.name,
      fresh.map(({ operation }) => operation),
    );
    for (const [index, { draft, key }] of fresh.entries()) await this.#settle(draft, key, results[index]!);
  }

  #operation(draft: DraftRow, id: string | null): Operation {
    const { externalId, match } = this.#plan;
    const values = { ...draft.values };
    const text = externalId?.read(draft.cells, () => {});
    if (externalId && typeof text === 'string' && text && !(id && match?.by === 'externalId'))
      values.externalIds = { [externalId.source]: text };
    if (id) return { op: 'update', id, values };
    values.id = (match?.by === 'id' && this.#matchKey(draft)) || this.#rowId(draft.row);
    return { op: 'create', values };
  }

  /** A job that was cut off starts again with the same change set: what it has made already is only counted. */
  async #withoutDone(going: Going[]): Promise<Going[]> {
    if (!this.#options.again) return going;
    const ids = going.flatMap(({ operation }) =>
      operation.op === 'create' ? [operation.values.id as string] : [],
    );
    const scope = scopeOf(this.#ctx, this.#plan.object);
    const rows = await (this.#ctx.tx ?? this.#ctx.db).run<{ id: string }>(
      sql`select id from ${scope.source} where id = any(${ids}::uuid[])`,
    );
    const made = new Set(rows.map(({ id }) => id));
    const fresh: Going[] = [];
    for (const one of going) {
      const id = one.operation.op === 'create' ? (one.operation.values.id as string) : '';
      if (made.has(id))
        await this.#settle(one.draft, one.key, { kind: 'created', id, version: 1, problems: [] });
      else fresh.push(one);
    }
    return fresh;
  }

  /** Ids of other systems that a record has already are kept. */
  async #mergeExternalIds(operations: Operation[]) {
    const updates = operations.filter(operation => operation.op === 'update' && operation.values.externalIds);
    if (updates.length === 0) return;
    const scope = scopeOf(this.#ctx, this.#plan.object);
    const ids = updates.map(operation => (operation.op === 'update' ? operation.id : ''));
    const rows = await (this.#ctx.tx ?? this.#ctx.db).run<{ id: string; known: string }>(
      sql`select id, external_ids::text as known from ${scope.source} where id = any(${ids}::uuid[])`,
    );
    const known = new Map(rows.map(row => [row.id, JSON.parse(row.known) as Record<string, string>]));
    for (const operation of updates) {
      if (operation.op !== 'update') continue;
      const own = operation.values.externalIds as Record<string, string>;
      operation.values.externalIds = { ...known.get(operation.id), ...own };
    }
  }

  async #settle(draft: DraftRow, key: string, result: ItemResult) {
    const { kind, id, problems } = result;
    if (kind === 'refused') {
      await this.#fail(draft, problems.map(problem => problem.message).join(' ') || 'It was refused.');
      return;
    }
    if (kind === 'created' || kind === 'updated' || kind === 'unchanged') this.#counts[kind]++;
    if (kind === 'created' && key) this.#plan.match?.finder.learn(key, id);
    for (const { link, keys } of draft.later)
      this.#later.push({ row: draft.row, id, link, keys, given: draft.values[link.field.name] });
  }

  #skip(draft: DraftRow, message: string, value: string) {
    this.#counts.skipped++;
    this.#warnings.add(message, draft.row, value);
  }

  async #fail(draft: DraftRow, problem: string) {
    this.#counts.failed++;
    this.#failures.add(
      problem,
      draft.row,
      draft.cells.join(this.#file.dialect?.delimiter ?? ', ').slice(0, 200),
    );
    await this.#failureFile?.add(draft, problem);
  }

  /** Links to records that stood further down in the file, now that all are there. */
  async #linkLater() {
    for (const link of this.#plan.links) {
      const own = this.#later.filter(later => later.link === link);
      for (let from = 0; from < own.length; from += 2_000)
        await this.#linkSome(link, own.slice(from, from + 2_000));
    }
  }

  async #linkSome(link: LinkPlan, some: LaterLink[]) {
    const found = await link.finder.find(some.flatMap(({ keys }) => keys));
    const updates: Operation[] = [];
    const rows: number[] = [];
    for (const { row, id, keys, given } of some) {
      const hits = keys.map(key => [key, found.get(key)!] as const);
      const ids = hits.flatMap(([, hit]) => (typeof hit === 'object' ? [hit.id] : []));
      for (const [key, hit] of hits)
        if (typeof hit === 'string')
          this.#warnings.add(
            `${missingMessage(link, key, hit)} ${link.field.label} was left empty.`,
            row,
            key,
          );
      if (ids.length === 0) continue;
      updates.push({ op: 'update', id, values: { [link.field.name]: withLinks(link, given, ids) } });
      rows.push(row);
    }
    const results = await writeEach(this.#ctx, this.#plan.object.name, updates);
    for (const [index, { kind, problems }] of results.entries())
      if (kind === 'refused')
        this.#warnings.add(`${problems[0]?.message} ${link.field.label} was left empty.`, rows[index]!, '');
  }

  #report(): ImportReport {
    const { created, updated } = this.#counts;
    const changed = created + updated + Object.keys(this.#linked).length > 0;
    return {
      object: this.#plan.object.name,
      file: this.#options.name,
      format: this.#file.format,
      table: this.#file.name,
      encoding: this.#file.encoding?.name ?? null,
      delimiter: this.#file.dialect?.delimiter ?? null,
      notes: this.#file.notes,
      dryRun: this.#options.dryRun ?? false,
      ...this.#counts,
      linked: this.#linked,
      warnings: this.#warnings.list,
      failures: this.#failures.list,
      unusedColumns: this.#plan.unusedColumns,
      changeSet: changed && !this.#options.dryRun ? this.#ctx.changeSet! : null,
    };
  }
}

/**
 * The ids of the records that rows become: the same whenever the same import reads them again, and in the order of the
 * file. UUIDs version 7 as others: the time of the change set, moved on by a millisecond every 4,096 rows.
 */
function rowIds(changeSet: string, part: number): (row: number) => string {
  const begun = Number.parseInt(changeSet.replaceAll('-', '').slice(0, 12), 16);
  const rest = createHash('sha256')
    .update(part === 0 ? changeSet : `${changeSet} ${part}`)
    .digest('hex')
    .slice(0, 15);
  const end = `8${rest.slice(0, 3)}-${rest.slice(3)}`;
  return row => {
    const time = (begun + Math.floor(row / 4096)).toString(16).padStart(12, '0');
    const counter = (row % 4096).toString(16).padStart(3, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${end}`;
  };
}

async function* batches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Reads the next item while the current one is worked on. */
async function* ahead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = items.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = items.next();
      // Whoever asks for it next gets the error; until then it must not count as unhandled.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await items.return(undefined);
  }
}
