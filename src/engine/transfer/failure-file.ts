/** The rows that could not be imported, as they were, with the reason: to be corrected and imported again. */
import { type FileHandle, open } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import { markFormulas } from './formulas.ts';
import type { FileRow } from './table.ts';

export class FailureFile {
  readonly #path: string;
  readonly #columns: string[];
  readonly #delimiter: string;
  #file: FileHandle | undefined;
  /** Lines not yet written. */
  #pending = '';
  #last = Promise.resolve();

  constructor(path: string, columns: string[], delimiter: string) {
    this.#path = path;
    this.#columns = columns;
    this.#delimiter = delimiter;
  }

  /** Adds a row, after those that were added before; the first one makes the file. */
  add(row: FileRow, problem: string): Promise<void> {
    this.#last = this.#last.then(() => this.#add(row, problem));
    return this.#last;
  }

  async #add({ row, cells }: FileRow, problem: string) {
    if (!this.#file) {
      this.#file = await open(this.#path, 'w', 0o600);
      await this.#line([...this.#columns.filter(column => !reasons.has(column)), ...reasons]);
    }
    // Rows of such a file that fail again get their new reason instead of a second one.
    const original = this.#columns.flatMap((column, index) =>
      reasons.has(column) ? [] : [cells[index] ?? ''],
    );
    // What a row has too much stands behind, so that the reason stays in its column.
    await this.#line([...original, String(row), problem, ...cells.slice(this.#columns.length)]);
  }

  async close() {
    try {
      await this.#last.catch(() => {});
      await this.#flush();
    } finally {
      await this.#file?.close();
    }
  }

  async #line(cells: string[]) {
    // What is marked already came so.
    const safe = cells.map(cell => (cell.startsWith("'") ? cell : markFormulas(cell)));
    this.#pending += stringify([safe], { delimiter: this.#delimiter });
    if (this.#pending.length >= writtenAt) await this.#flush();
  }

  async #flush() {
    const text = this.#pending;
    this.#pending = '';
    if (text !== '') await this.#file!.appendFile(text);
  }
}

/** Characters that are written together. */
const writtenAt = 65_536;
const reasons = new Set(['_row', '_problem']);
