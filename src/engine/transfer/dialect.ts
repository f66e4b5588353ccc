/** How a file of separated values is written: its delimiter and line ends, found by looking at its first rows. */

export interface Dialect {
  delimiter: string;
  /** What ends a row. */
  lineEnds: string[];
  /** Lines before the header, such as Excel's `sep=;`. */
  skipLines: number;
}

const candidates = [',', ';', '\t', '|', '^', '~', ':', '\x1f', '\x01'];
const rowsSeen = 50;

/** Reads the dialect off the beginning of a file. */
export function detectDialect(text: string, stated?: string): Dialect {
  const [, declared] = /^sep=(.)\r?\n?/i.exec(text) ?? [];
  const lineEnds = detectLineEnds(text);
  const delimiter = stated || declared || bestDelimiter(text, lineEnds);
  return { delimiter, lineEnds, skipLines: declared ? 1 : 0 };
}

/** A lone CR ends a row only where nothing else does: in other files it is part of a value. */
function detectLineEnds(text: string): string[] {
  const bare = outsideQuotes(text);
  if (bare.includes('\n')) return ['\r\n', '\n'];
  return bare.includes('\r') ? ['\r'] : ['\r\n', '\n'];
}

function outsideQuotes(text: string): string {
  return text
    .split('"')
    .filter((_, index) => index % 2 === 0)
    .join('');
}

/** The delimiter that cuts most of the first rows into the same number of cells, and into more than one. */
function bestDelimiter(text: string, lineEnds: string[]): string {
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of candidates) {
    const score = consistency(cellCounts(text, delimiter, lineEnds));
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function consistency(counts: number[]): number {
  const cut = counts.filter(count => count > 1);
  if (cut.length === 0) return 0;
  const byCount = Map.groupBy(cut, count => count);
  const [usual, rows] = [...byCount].sort((a, b) => b[1].length - a[1].length || b[0] - a[0])[0]!;
  // The header counts double: what does not cut it is not the delimiter. More cells break ties.
  const header = counts[0] === usual ? 1 : counts[0]! > 1 ? 0.5 : 0;
  return rows.length / counts.length + header + Math.min(usual, 50) / 1_000;
}

/** Cells per row of the first rows. What stands in quotes is taken out first: the whole of a cell, not a stray mark. */
function cellCounts(text: string, delimiter: string, lineEnds: string[]): number[] {
  const escaped = delimiter.replace(/[\\^|]/g, '\\$&');
  const quotedCell = new RegExp(`(^|[\\r\\n${escaped}])[ ]*"(?:[^"]|"")*"`, 'g');
  const rows = text.replace(quotedCell, '$1x').split(lineEnds.includes('\n') ? /\r?\n/ : '\r');
  // The last row of a long sample may be cut.
  if (rows.length > 2) rows.pop();
  return rows
    .filter(row => row.trim() !== '' || row.includes(delimiter))
    .slice(0, rowsSeen)
    .map(row => row.split(delimiter).length);
}
