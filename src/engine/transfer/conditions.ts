/** Which rows of a table are meant, by what their cells say. */
import type { RowCondition } from './map.ts';

/** What the cells of a row must say; `reason`: why rows are skipped that do not. */
export interface Condition {
  /** Of the cell that is told with the reason. */
  index: number;
  reason: string;
  /** The other rows are no rows of this table. */
  quiet: boolean;
  holds(cells: string[]): boolean;
}

const plain = (text: string) => text.trim().toLowerCase();

/** Prepares a condition of a table with these columns. */
export function conditionOf(condition: RowCondition, columns: string[]): Condition {
  const at = (names: string[] = []) => names.map(name => columns.indexOf(name));
  const { column, is, isNot = [], filled, empty, not = false, quiet = false } = condition;
  const index = column === undefined ? -1 : columns.indexOf(column);
  const [wanted, unwanted] = [is?.map(plain), isNot.map(plain)];
  const [some, none] = [filled && at(filled), at(empty)];
  const stated = (cells: string[]) => (place: number) => (cells[place]?.trim() ?? '') !== '';
  return {
    index: index >= 0 ? index : ((some ?? none)[0] ?? -1),
    reason: reasonOf(condition),
    quiet,
    holds: cells => {
      const text = plain(cells[index] ?? '');
      const all =
        (column === undefined || !wanted || wanted.includes(text)) &&
        (column === undefined || !unwanted.includes(text)) &&
        (!some || some.some(stated(cells))) &&
        !none.some(stated(cells));
      return all !== not;
    },
  };
}

function reasonOf({ column, filled, not }: RowCondition): string {
  if (column !== undefined) return `The row is left out by what ${column} says.`;
  if (not || !filled) return 'The row is of another kind.';
  return `The row says nothing in ${filled.join(', ')}.`;
}

/** Columns that a condition looks at. */
export function columnsIn({ column, filled = [], empty = [] }: RowCondition): string[] {
  return [...(column === undefined ? [] : [column]), ...filled, ...empty];
}
