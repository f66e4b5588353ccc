/** Cells of a table as spreadsheets exchange them: text, tabs between columns, line ends between rows. Pure. */
import type { MetaField } from '../../engine/index.ts';
import type { Format } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import type { Row } from '../api.ts';
import { isEmpty } from '../model/meta.tsx';
import type { Pasted } from '../shell/dialogs.ts';
import type { Range } from './use-cells.ts';
import type { Line } from './use-groups.ts';

/** A text that holds what would end its cell stands in quotes, as Excel and Sheets have it. */
function quoted(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function textOfCells(lines: Line[], columns: MetaField[], range: Range, format: Format): string {
  const chosen = columns.slice(range.start, range.end + 1);
  return lines
    .slice(range.top, range.bottom + 1)
    .flatMap(line => {
      if (line.kind !== 'row') return [];
      const texts = chosen.map(field => {
        const value = line.row[field.name] ?? null;
        return isEmpty(value) ? '' : quoted(viewOf(field.type).text(value, field, format));
      });
      return [texts.join('\t')];
    })
    .join('\n');
}

/** Rows of cells out of what a spreadsheet copied; a cell in quotes may hold tabs and line ends. */
export function cellsOfText(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\n\r]*))(\t|\r\n|\n|\r|$)/y;
  for (let match = cell.exec(text); match; match = cell.exec(text)) {
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') break;
    if (match[3] !== '\t') rows.push([]);
  }
  // What is copied ends with a line end, which is no further row.
  return rows.filter((row, index) => index < rows.length - 1 || row.some(cell => cell !== ''));
}

/** Rows in one paste, at most: what the server takes. */
export const mostPasted = 1_000;

/** Field → text, as it is meant over what stands there. */
function cellsOver(row: Row, fields: MetaField[], texts: string[]): Record<string, string> {
  return Object.fromEntries(
    fields.map((field, at) => {
      const [text = '', over] = [texts[at], viewOf(field.type).pastedOver];
      return [field.name, over ? over(text, row[field.name] ?? null) : text];
    }),
  );
}

/**
 * Where the cells of the clipboard fall: from the first cell of the range on, over the rows that follow. One cell fills
 * the whole range. `over` counts rows of the clipboard for which there is none.
 */
export function placed(
  clipboard: string[][],
  lines: Line[],
  columns: MetaField[],
  range: Range,
): { rows: Pasted[]; over: number } {
  const single = clipboard.length === 1 && clipboard[0]?.length === 1;
  const chosen = lines
    .slice(range.top, range.bottom + 1)
    .flatMap(line => (line.kind === 'row' ? [line.row] : []));
  const below = lines.slice(range.top).flatMap(line => (line.kind === 'row' ? [line.row] : []));
  const width = range.end - range.start + 1;
  const given = single
    ? chosen.map(() => Array.from({ length: width }, () => clipboard[0]?.[0] ?? ''))
    : clipboard;
  const rows = given.slice(0, mostPasted).flatMap((texts, index): Pasted[] => {
    const row = below[index];
    const fields = columns.slice(range.start, range.start + texts.length);
    return row ? [{ row, cells: cellsOver(row, fields, texts) }] : [];
  });
  return { rows, over: given.length - rows.length };
}
