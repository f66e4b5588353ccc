/** What an import tells: counts, and warnings and failures summed up with examples, however many rows there are. */
import type { Format } from './table.ts';

export interface Finding {
  message: string;
  /** How many rows. */
  count: number;
  /** The first few of them. */
  examples: { row: number; value: string }[];
}

const examplesKept = 3;
/** Kinds of findings told one by one; what differs in every row is summed up beyond. */
const kindsKept = 200;
const others = 'Others, each of its own kind.';

export class Findings {
  readonly #kinds = new Map<string, Finding>();
  #others = 0;

  add(message: string, row: number, value: string) {
    const known = this.#kinds.get(message);
    if (known) {
      known.count++;
      if (known.examples.length < examplesKept) known.examples.push({ row, value });
    } else if (this.#kinds.size < kindsKept) {
      this.#kinds.set(message, { message, count: 1, examples: [{ row, value }] });
    } else this.#others++;
  }

  /** Adds what was found elsewhere. */
  take(findings: Finding[]) {
    for (const { message, count, examples } of findings) {
      if (message === others) this.#others += count;
      else {
        const [first, ...more] = examples;
        this.add(message, first?.row ?? 0, first?.value ?? '');
        const known = this.#kinds.get(message);
        if (!known) this.#others += count - 1;
        else {
          known.count += count - 1;
          known.examples.push(...more.slice(0, examplesKept - known.examples.length));
        }
      }
    }
  }

  /** The most frequent first. */
  get list(): Finding[] {
    const kinds = [...this.#kinds.values()].sort((a, b) => b.count - a.count);
    const rest = { message: others, count: this.#others, examples: [] };
    return this.#others > 0 ? [...kinds, rest] : kinds;
  }
}

/** What a field would hold that a dry run does not make. */
export interface NewField {
  name: string;
  label: string;
  /** Name of its type. */
  type: string;
  /** Rows that have a value for it. */
  filled: number;
  /** Some of the values, as they would be kept. */
  examples: string[];
}

export interface ImportReport {
  object: string;
  file: string;
  format: Format;
  /** Name of the table, where the file has several; else the file's own. */
  table: string;
  /** Null where the file is no text. */
  encoding: string | null;
  /** Null where the values are not separated by one. */
  delimiter: string | null;
  /** What of the file was not read. */
  notes: string[];
  dryRun: boolean;
  /** Rows read. */
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  failed: number;
  /** Linked records that were made: object → how many. */
  linked: Record<string, number>;
  warnings: Finding[];
  failures: Finding[];
  /** Only of a dry run: fields that the import would make. */
  newFields?: NewField[];
  /** Columns that no field takes its value from. */
  unusedColumns: string[];
  /** What undoes the whole import; null where nothing was changed. */
  changeSet: string | null;
}

/** The report as text for a terminal. */
export function reportText(report: ImportReport): string {
  const count = (n: number) => n.toLocaleString('en');
  const lines = [
    `${report.file}: ${count(report.rows)} rows (${kind(report)}) → ${report.object}`,
    ...(['created', 'updated', 'unchanged', 'skipped', 'failed'] as const)
      .filter(done => report[done] > 0 || done === 'created')
      .map(done => `  ${done.padEnd(10)} ${count(report[done]).padStart(9)}`),
    ...Object.entries(report.linked).map(
      ([object, n]) => `  linked     ${count(n).padStart(9)} × ${object} made`,
    ),
    ...section('Warnings', report.warnings),
    ...section('Failed rows', report.failures),
  ];
  for (const { label, type, filled, examples } of report.newFields ?? [])
    lines.push(`New field ${label} (${type}): ${count(filled)} values, such as ${examples.join(' · ')}`);
  lines.push(...report.notes);
  if (report.unusedColumns.length > 0) lines.push(`Columns not used: ${report.unusedColumns.join(', ')}`);
  if (report.dryRun) lines.push('This was a dry run: nothing was written.');
  else if (report.changeSet) lines.push(`Undo with: POST /api/undo/${report.changeSet}`);
  return lines.join('\n');
}

function section(title: string, findings: Finding[]): string[] {
  if (findings.length === 0) return [];
  return [
    `${title}:`,
    ...findings.map(({ message, count, examples }) => {
      const rows = examples.map(example => example.row).join(', ');
      const more = count > examples.length ? ' …' : '';
      return `  ${count.toLocaleString('en').padStart(9)} × ${message}${rows ? ` (row ${rows}${more})` : ''}`;
    }),
  ];
}

/** How the file was read: the encoding and delimiter of text, or else its format and table. */
function kind({ format, table, file, encoding, delimiter }: ImportReport): string {
  if (delimiter !== null) return `${encoding}, ${named(delimiter)}`;
  return table === file ? format : `${format}, ${table}`;
}

function named(delimiter: string): string {
  const names: Record<string, string> = { '\t': 'tab', ',': 'comma', ';': 'semicolon', '|': 'pipe' };
  return names[delimiter] ?? JSON.stringify(delimiter);
}
