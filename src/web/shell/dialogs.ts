/** Which of the application's floating parts is open. */
import { useSyncExternalStore } from 'react';
import type { Json } from '../../engine/index.ts';
import type { Row } from '../api.ts';

/** Text for the cells of one row: field → text. */
export interface Pasted {
  row: Row;
  cells: Record<string, string>;
}

/** A value that a change set made and someone changed since. */
export interface UndoConflict {
  object: string;
  id: string;
  field: string;
  after: Json;
  now: Json;
}

export type Dialog =
  | { kind: 'palette' }
  | { kind: 'keys' }
  | { kind: 'menu' }
  /** What one is told. */
  | { kind: 'notifications' }
  /** What can be made from anywhere. */
  | { kind: 'add' }
  /** `onMade` gets what was made, or the record that it was added to, instead of leading there. */
  | {
      kind: 'create';
      object: string;
      values?: Record<string, Json>;
      onMade?(made: { id: string; title: string }): void;
    }
  | { kind: 'undo'; changeSet: string; count: number; conflicts: UndoConflict[] }
  /** A saved view of an object: changes the one with `id`, or makes one of `values`. */
  | { kind: 'view'; object: string; id?: string; values?: Record<string, Json> }
  /** Of one record, or of many: `run` then takes the input. */
  | {
      kind: 'verb';
      object: string;
      id: string | null;
      verb: string;
      many?: { count: number; run(input: Json): void };
    }
  | { kind: 'merge'; object: string; ids: string[]; onDone?: () => void }
  /** Cells of a clipboard and the rows they would fall on; `over`: rows for which there is none. */
  | { kind: 'paste'; object: string; rows: Pasted[]; over: number }
  | { kind: 'why'; object: string; id: string }
  | { kind: 'restore'; object: string; id: string; at: string; onDone?: () => void };

let current: Dialog | null = null;
const listeners = new Set<() => void>();

export function openDialog(dialog: Dialog | null) {
  current = dialog;
  for (const listener of listeners) listener();
}

export function closeDialog() {
  openDialog(null);
}

/** Also while it is still on its way to the screen: keys are meant for it already. */
export function isDialogOpen(): boolean {
  return current !== null;
}

export function useDialog(): Dialog | null {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
