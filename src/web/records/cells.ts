/** Cells of a table as spreadsheets exchange them: text, tabs between columns, line ends between rows. Pure. */
import type { MetaField } from '../../engine/index.ts';
import type { Format } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { isEmpty } from '../model/meta.tsx';
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
