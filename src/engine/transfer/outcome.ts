/** What came of a batch of rows. It is kept until the table is done, so that an import that was cut off goes on behind it. */
import type { Context } from '../context.ts';
import type { Runner } from '../db/database.ts';
import { FarleyError } from '../errors.ts';
import type { Json } from '../field.ts';
import { tableOf } from '../records/scope.ts';
import { sql } from '../sql.ts';
import { type Finding, Findings, type ImportReport } from './findings.ts';

export type Counts = Pick<ImportReport, 'rows' | 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed'>;

/** A link whose target was not there when its row was written. */
export interface LaterLink {
  row: number;
  id: string;
  /** Its place among the links of the plan. */
  link: number;
  keys: string[];
  /** Links of the same field that were found at once. */
  given: Json;
}

interface Kept {
  counts: Counts;
  linked: Record<string, number>;
  warnings: Finding[];
  failures: Finding[];
  refused: [number, string][];
  later: LaterLink[];
  /** Absent in lines of an earlier Farley. */
  aside?: number;
}

export class Outcome {
  readonly counts: Counts = { rows: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 };
  /** Linked records that were made: object → how many. */
  readonly linked: Record<string, number> = {};
  readonly warnings = new Findings();
  readonly failures = new Findings();
  /** Number of a row → why it was refused. */
  readonly refused = new Map<number, string>();
  readonly later: LaterLink[] = [];
  /** Rows that are another table's, among `counts.rows`. */
  aside = 0;

  skip(row: number, message: string, value: string) {
    this.counts.skipped++;
    this.warnings.add(message, row, value);
  }

  refuse(row: number, problem: string, text: string) {
    this.counts.failed++;
    this.failures.add(problem, row, text.slice(0, 200));
    this.refused.set(row, problem);
  }

  madeLinked(object: string, count: number) {
    if (count > 0) this.linked[object] = (this.linked[object] ?? 0) + count;
  }

  /** Adds what came of other rows. Which of them were refused stays with those. */
  add({ counts, linked, warnings, failures, later, aside }: Outcome) {
    this.aside += aside;
    for (const name of Object.keys(counts) as (keyof Counts)[]) this.counts[name] += counts[name];
    for (const [object, count] of Object.entries(linked)) this.madeLinked(object, count);
    this.warnings.take(warnings.list);
    this.failures.take(failures.list);
    this.later.push(...later);
  }

  toJSON(): Kept {
    const { counts, linked, warnings, failures, refused, later, aside } = this;
    const found = { warnings: warnings.list, failures: failures.list };
    return { counts, linked, ...found, refused: [...refused], later, aside };
  }

  static from({ counts, linked, warnings, failures, refused, later, aside = 0 }: Kept): Outcome {
    const outcome = new Outcome();
    outcome.aside = aside;
    Object.assign(outcome.counts, counts);
    Object.assign(outcome.linked, linked);
    outcome.warnings.take(warnings);
    outcome.failures.take(failures);
    for (const [row, problem] of refused) outcome.refused.set(row, problem);
    outcome.later.push(...later);
    return outcome;
  }
}

/** What earlier attempts at a table have left. */
export interface Earlier {
  /** The report, where all of it is done. */
  report: ImportReport | null;
  /** Place of a batch's first row → how many rows it has, and what came of them. */
  batches: Map<number, { rows: number; outcome: Outcome }>;
  /** Linked records made for batches, whether those are done or not. */
  linked: Outcome;
}

/** The lines that an import has written so far, in one workspace: for one table of one change set. */
export class BatchLines {
  readonly #ctx: Context;
  readonly #part: number;

  constructor(ctx: Context, part: number) {
    this.#ctx = ctx;
    this.#part = part;
  }

  get #table() {
    return tableOf(this.#ctx.schema, 'import_batch');
  }

  get #own() {
    return sql`set_id = ${this.#ctx.changeSet}::uuid and part = ${this.#part}`;
  }

  async read(): Promise<Earlier> {
    const { tx, db } = this.#ctx;
    await this.requireInForce(tx ?? db);
    const lines = await (tx ?? db).run<{ place: number; rows: number; outcome: string }>(
      sql`select place, rows, outcome::text as outcome from ${this.#table} where ${this.#own}`,
    );
    const earlier: Earlier = { report: null, batches: new Map(), linked: new Outcome() };
    for (const { place, rows, outcome } of lines) {
      const kept = JSON.parse(outcome) as unknown;
      if (place === whole) earlier.report = kept as ImportReport;
      else if (rows > 0) earlier.batches.set(place, { rows, outcome: Outcome.from(kept as Kept) });
      else earlier.linked.add(Outcome.from(kept as Kept));
    }
    return earlier;
  }

  /** Refuses to go on where the change set was undone. `lock`: undoing waits until the transaction has ended. */
  async requireInForce(runner: Runner, lock = false) {
    const [set] = await runner.run<{ undone: boolean }>(
      sql`select undone_by is not null as undone from ${tableOf(this.#ctx.schema, 'change_set')}
        where id = ${this.#ctx.changeSet}::uuid ${lock ? sql`for share` : sql``}`,
    );
    if (set?.undone)
      throw new FarleyError(
        'alreadyUndone',
        'This import was undone, and does not go on. Import the file anew.',
      );
  }

  /** A batch is done: written with its records, so that both are there or neither. */
  async done(runner: Runner, place: number, rows: number, outcome: Outcome) {
    await this.#write(runner, place, rows, outcome.toJSON());
  }

  /** Linked records were made for a batch that is not done yet. */
  async linked(runner: Runner, place: number, outcome: Outcome) {
    await this.#write(runner, place, 0, outcome.toJSON());
  }

  /** The table is done. What is told of its batches stands in the report. */
  async close(report: ImportReport) {
    const { tx, db } = this.#ctx;
    await (tx ?? db).run(
      sql`with gone as (delete from ${this.#table} where ${this.#own})
        insert into ${this.#table} (set_id, part, place, rows, outcome)
          values (${this.#ctx.changeSet}::uuid, ${this.#part}, ${whole}, 0, ${JSON.stringify(report)}::jsonb)`,
    );
  }

  #write(runner: Runner, place: number, rows: number, outcome: Kept) {
    return runner.run(
      sql`insert into ${this.#table} (set_id, part, place, rows, outcome)
        values (${this.#ctx.changeSet}::uuid, ${this.#part}, ${place}, ${rows}, ${JSON.stringify(outcome)}::jsonb)`,
    );
  }
}

/** Stands for all batches together. */
const whole = -1;
