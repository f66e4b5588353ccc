/** What an import tells: counts, and warnings and failures summed up with examples, however many rows there are. */

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

  /** The most frequent first. */
  get list(): Finding[] {
    const kinds = [...this.#kinds.values()].sort((a, b) => b.count - a.count);
    const rest = { message: 'Others, each of its own kind.', count: this.#others, examples: [] };
    return this.#others > 0 ? [...kinds, rest] : kinds;
  }
}

export interface ImportReport {
  object: string;
  file: string;
  encoding: string;
  delimiter: string;
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
  /** Columns that no field takes its value from. */
  unusedColumns: string[];
  /** What undoes the whole import; null where nothing was changed. */
  changeSet: string | null;
}

/** The report as text for a terminal. */
export function reportText(report: ImportReport): string {
  const count = (n: number) => n.toLocaleString('en');
  const lines = [
    `${report.file}: ${count(report.rows)} rows (${report.encoding}, ${named(report.delimiter)})`,
    ...(['created', 'updated', 'unchanged', 'skipped', 'failed'] as const)
      .filter(kind => report[kind] > 0 || kind === 'created')
      .map(kind => `  ${kind.padEnd(10)} ${count(report[kind]).padStart(9)}`),
    ...Object.entries(report.linked).map(
      ([object, n]) => `  linked     ${count(n).padStart(9)} × ${object} made`,
    ),
    ...section('Warnings', report.warnings),
    ...section('Failed rows', report.failures),
  ];
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

function named(delimiter: string): string {
  const names: Record<string, string> = { '\t': 'tab', ',': 'comma', ';': 'semicolon', '|': 'pipe' };
  return names[delimiter] ?? JSON.stringify(delimiter);
}
