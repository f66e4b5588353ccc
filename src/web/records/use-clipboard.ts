/** Cells of a table go to the clipboard and come from it, as they do in a spreadsheet. */
import type { ClipboardEvent, KeyboardEvent, SyntheticEvent } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { useFieldServices } from '../../fields/view.ts';
import { openDialog } from '../shell/dialogs.ts';
import { cellsOfText, placed, textOfCells } from './cells.ts';
import type { useCells } from './use-cells.ts';
import type { ListModel } from './use-list.ts';

/** What the grid listens to: copying, pasting, emptying by Delete, and all other keys of its cells. */
export function useClipboard(object: MetaObject, list: ListModel, cells: ReturnType<typeof useCells>) {
  const format = useFieldServices();
  const { columns, lines } = list;
  const { range, grid } = cells;

  /** Puts cells over those that are chosen, once people have seen what that does. */
  function put(event: SyntheticEvent, clipboard: string[][]) {
    if (cells.editing || !range || !list.editable || event.target !== grid.current) return;
    const { rows: filled, over } = placed(clipboard, lines, columns, range);
    if (filled.length === 0) return;
    event.preventDefault();
    openDialog({ kind: 'paste', object: object.name, rows: filled, over });
  }

  return {
    onCopy(event: ClipboardEvent) {
      if (cells.editing || !range || event.target !== grid.current) return;
      event.clipboardData.setData('text/plain', textOfCells(lines, columns, range, format));
      event.preventDefault();
    },
    onPaste: (event: ClipboardEvent) => put(event, cellsOfText(event.clipboardData.getData('text/plain'))),
    onKeyDown(event: KeyboardEvent) {
      if (event.key === 'Delete' || event.key === 'Backspace') put(event, [['']]);
      else cells.onKeyDown(event);
    },
  };
}
