/**
 * Importing a file: read → batches → values by field types → links, one statement per field and batch → the one write
 * path → report. Bad rows never stop it: each is handed on in its original form with the reason. All batches are one
 * change set, so that the whole import can be undone. Memory does not grow with the file.
 */
import { basename } from 'node:path';
import type { Context } from '../context.ts';
import { analyzeGrown } from '../db/statistics.ts';
import { largestMeeting } from '../duplicates/find.ts';
import { FarleyError } from '../errors.ts';
import type { Field } from '../field.ts';
import { newId } from '../id.ts';
import { objectOf } from '../records/scope.ts';
import type { Operation } from '../records/write.ts';
import { BatchWriter } from './batch.ts';
import { type Contents, openContents } from './contents.ts';
import { FailureFile } from './failure-file.ts';
import type { ImportReport } from './findings.ts';
import type { ImportMap } from './map.ts';
import { BatchLines, type Counts, type Earlier, type LaterLink, Outcome } from './outcome.ts';
import { type LinkPlan, type Plan, planImport } from './plan.ts';
import { missingMessage, withLinks } from './rows.ts';
import type { FileRow, KeepFile, TableFile } from './table.ts';
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
  /** Takes in files that rows bring along, such as attachments. Default: they are left out. */
  keep?: KeepFile;
  /** Contents of files that rows name by their ids. Default: those in the same archive. */
  contents?: Contents;
  /** Fields that are not there and whose values are only checked: of a dry run. */
  newFields?: Field[];
  /** Rows per batch. Default 1,500. */
  batchSize?: number;
  /** Told after each batch. */
  report?: (progress: ImportProgress) => void;
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

/** How far it is. `letters`: of a row on average, with delimiters and line end; 0 where that is not counted. */
export type ImportProgress = Counts & { letters: number };

/** Imports a file. Throws what concerns the file or the map as a whole; everything else is in the report. */
export async function importFile(
  ctx: Context,
  { path, name = basename(path), map = {}, object, match, ...options }: ImportOptions,
): Promise<ImportReport> {
  const whole = { ...map, ...(object ? { object } : {}), ...(match ? { match } : {}) };
  const keep = options.dryRun ? null : (options.keep ?? null);
  const file = await openTable(path, name, map.file, ctx.settings.locale, keep);
  const contents = options.contents ?? (await openContents([{ path, name }]));
  const { keep: _, ...rest } = options;
  return importTable(ctx, file, { ...rest, name, map: whole, contents, ...(keep ? { keep } : {}) });
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
  const { label = `Import of ${name}`, changeSet = newId() } = ctx;
  const within = { ...ctx, via: 'import', label, changeSet };
  const { newFields = [] } = options;
  const planned = {
    ...object,
    fields: new Map([...object.fields, ...newFields.map(each => [each.name, each] as const)]),
  };
  const run = (inside: Context) => {
    const plan = { ...planImport(inside, planned, map, file), object };
    return new ImportRun(inside, plan, file, options).run();
  };
  if (options.dryRun) return takenBack(within, run);
  const report = await run(within);
  // Tables that follow look up rows of this one, and lists are opened as soon as it is there.
  const made = Object.values(report.linked).reduce((sum, count) => sum + count, report.created);
  await analyzeGrown(ctx.tx ?? ctx.db, ctx.schema, made);
  return report;
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

/** Rows per batch: what is under way at the same time is what an import keeps in memory. */
const rowsAtOnce = 1_500;
/** Rows with a content each, which takes its time: how far it is, is told and kept after each batch. */
const contentsAtOnce = 100;

class ImportRun {
  readonly #ctx: Context;
  readonly #plan: Plan;
  readonly #file: TableFile;
  readonly #options: TableOptions;
  readonly #lines: BatchLines;
  readonly #writer: BatchWriter;
  /** Rows read so far, and the letters in them where they tell how far it is. */
  readonly #read = { rows: 0, letters: 0 };
  readonly #all = new Outcome();
  readonly #failureFile: FailureFile | null;

  constructor(ctx: Context, plan: Plan, file: TableFile, options: TableOptions) {
    this.#ctx = ctx;
    this.#plan = plan;
    this.#file = file;
    this.#options = options;
    this.#lines = new BatchLines(ctx, options.part ?? 0);
    this.#writer = new BatchWriter(
      ctx,
      plan,
      this.#lines,
      file.dialect?.delimiter ?? ', ',
      { contents: options.contents ?? null, keep: options.keep ?? null },
      options.newFields,
    );
    this.#failureFile = options.failures
      ? new FailureFile(options.failures, file.columns, file.dialect?.delimiter ?? ',')
      : null;
  }

  async run(): Promise<ImportReport> {
    const earlier = await this.#lines.read();
    if (earlier.report) return this.#again(earlier.report);
    this.#all.add(earlier.linked);
    try {
      await this.#writeAll(earlier);
      await this.#linkLater();
    } finally {
      await this.#failureFile?.close();
    }
    const report = this.#report();
    if (!this.#options.signal?.aborted) await this.#lines.close(report);
    return report;
  }

  /** All of it was done by an earlier attempt; the rows it refused stay where they are. */
  #again(report: ImportReport): ImportReport {
    const { rows, created, updated, unchanged, skipped, failed } = report;
    this.#options.report?.({ rows, created, updated, unchanged, skipped, failed, letters: 0 });
    return report;
  }

  async #writeAll(earlier: Earlier) {
    const running = new Set<Promise<void>>();
    const failures: unknown[] = [];
    const heavy = this.#plan.links.some(({ options }) => options.content);
    const most = this.#plan.map.duplicates ? largestMeeting : rowsAtOnce;
    const size = this.#options.batchSize ?? (heavy ? contentsAtOnce : most);
    try {
      for await (const { place, rows, done } of ahead(batches(this.#file.rows(), size, earlier))) {
        this.#count(rows);
        if (done) await this.#take(rows, done);
        else {
          const batch = await this.#writer.draft(place, rows);
          const written = this.#writer
            .write(batch)
            .then(outcome => this.#take(rows, outcome))
            .catch(error => void failures.push(error))
            .finally(() => running.delete(written));
          running.add(written);
          if (running.size >= this.#atOnce) await Promise.race(running);
        }
        if (this.#options.signal?.aborted || failures.length > 0) break;
      }
    } finally {
      await Promise.all(running);
    }
    if (failures.length > 0) throw failures[0];
  }

  /**
   * Batches written at the same time, so that neither Farley nor PostgreSQL waits for the other. Where a row may mean a
   * record of an earlier batch, and within the one transaction of a dry run, they are written one after the other.
   */
  get #atOnce(): number {
    const { match, links, object, map } = this.#plan;
    return match || map.duplicates || this.#ctx.tx || links.some(link => link.target === object) ? 1 : 2;
  }

  #count(rows: FileRow[]) {
    this.#read.rows += rows.length;
    if (!this.#file.dialect) return;
    for (const { cells } of rows) for (const cell of cells) this.#read.letters += cell.length + 1;
  }

  /** Takes in what came of a batch, now or in an earlier attempt. */
  async #take(rows: FileRow[], outcome: Outcome) {
    this.#all.add(outcome);
    if (this.#failureFile && outcome.refused.size > 0)
      for (const row of rows) {
        const problem = outcome.refused.get(row.row);
        if (problem !== undefined) await this.#failureFile.add(row, problem);
      }
    this.#options.report?.({ ...this.#all.counts, letters: this.#read.letters / this.#read.rows });
  }

  /** Links to records that stood further down in the file, now that all are there. */
  async #linkLater() {
    for (const [index, link] of this.#plan.links.entries()) {
      const own = this.#all.later.filter(later => later.link === index);
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
      const ids = hits.flatMap(([, hit]) => (typeof hit === 'object' ? [hit] : []));
      for (const [key, hit] of hits)
        if (typeof hit === 'string')
          this.#all.warnings.add(
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
        this.#all.warnings.add(
          `${problems[0]?.message} ${link.field.label} was left empty.`,
          rows[index]!,
          '',
        );
  }

  #report(): ImportReport {
    const { counts, linked, warnings, failures, aside } = this.#all;
    const changed = counts.created + counts.updated + Object.keys(linked).length > 0;
    return {
      object: this.#plan.object.name,
      file: this.#options.name,
      format: this.#file.format,
      table: this.#file.name,
      encoding: this.#file.encoding?.name ?? null,
      delimiter: this.#file.dialect?.delimiter ?? null,
      notes: this.#file.notes,
      dryRun: this.#options.dryRun ?? false,
      ...counts,
      rows: counts.rows - aside,
      linked,
      warnings: warnings.list,
      failures: failures.list,
      ...(this.#options.newFields ? { newFields: this.#writer.newFields } : {}),
      unusedColumns: this.#plan.unusedColumns,
      changeSet: changed && !this.#options.dryRun ? this.#ctx.changeSet! : null,
    };
  }
}

/** Letters of a batch after which it is written, however few rows it has. */
const mostLetters = 16 * 1024 ** 2;

interface Batch {
  /** Place of the first row among all of the table. */
  place: number;
  rows: FileRow[];
  /** What came of it in an earlier attempt. */
  done?: Outcome;
}

/** Rows in batches. Those that are done already stay as they were, whatever the size is now. */
async function* batches(
  rows: AsyncIterable<FileRow>,
  size: number,
  { batches: earlier }: Earlier,
): AsyncGenerator<Batch> {
  let batch: Batch = { place: 0, rows: [] };
  let [next, letters] = [0, 0];
  const ended = () => {
    const known = earlier.get(batch.place);
    const whole: Batch = known ? { ...batch, done: known.outcome } : batch;
    batch = { place: next, rows: [] };
    letters = 0;
    return whole;
  };
  for await (const row of rows) {
    const known = earlier.get(batch.place);
    batch.rows.push(row);
    next++;
    for (const cell of row.cells) letters += cell.length;
    const full = batch.rows.length === size || letters > mostLetters;
    if (known ? batch.rows.length === known.rows : full || earlier.has(next)) yield ended();
  }
  if (batch.rows.length > 0) yield ended();
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
