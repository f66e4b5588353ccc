/** What keys do, in one table: usual ones, those that someone has chosen instead, and listening to them. */
import { type KeyboardEvent as ReactKeyboardEvent, useEffect, useRef, useSyncExternalStore } from 'react';
import { isDialogOpen } from './dialogs.ts';

type Handler = (event: KeyboardEvent) => void;

/** Actions whose key can be chosen, by section, with the usual one. `mod` is ⌘ or Ctrl. */
const usual = {
  'everywhere.palette': 'mod+k',
  'everywhere.keys': '?',
  'everywhere.rail': '[',
  'everywhere.add': 'c',
  'everywhere.notifications': 'b',
  'list.create': 'c',
  'list.peek': ' ',
  'list.select': 'x',
  'list.menu': 'm',
  'record.next': 'j',
  'record.before': 'k',
  'review.next': 'j',
  'review.before': 'k',
  'review.merge': 'm',
  'review.different': 'd',
  'review.later': 'l',
  'review.undo': 'u',
  'calendar.today': 't',
  'calendar.later': 'j',
  'calendar.earlier': 'k',
  'calendar.day': 'd',
  'calendar.week': 'w',
  'calendar.workweek': 'x',
  'calendar.month': 'm',
  'calendar.agenda': 'a',
} as const;

export type Action = keyof typeof usual;
export const actions = Object.keys(usual) as Action[];

/** Keys that stay as they are: those of spreadsheets, forms and dialogs. */
export const fixed: Record<string, [name: string, shown: string[]][]> = {
  everywhere: [['escape', ['Esc']]],
  list: [
    ['move', ['↑', '↓', '←', '→']],
    ['range', ['Shift', '↑', '↓', '←', '→']],
    ['copy', ['mod', 'C', 'V']],
    ['empty', ['Del']],
    ['edit', ['↵']],
    ['view', ['1', '…', '9']],
    ['width', ['Alt', '←', '→']],
    ['place', ['Alt', 'Shift', '←', '→']],
  ],
  board: [
    ['column', ['Alt', '←', '→']],
    ['rank', ['Alt', '↑', '↓']],
  ],
  calendar: [
    ['move', ['Alt', '↑', '↓', '←', '→']],
    ['stretch', ['Alt', 'Shift', '↑', '↓', '←', '→']],
  ],
  form: [['save', ['mod', '↵']]],
};

export const sections = ['everywhere', 'list', 'record', 'board', 'calendar', 'review', 'form'];

export const sectionOf = (action: Action) => action.split('.')[0]!;

let chosen: Record<string, string> = {};
const listeners = new Set<() => void>();

/** Keys that someone has chosen: action → key. */
export function chooseKeys(next: Record<string, string>) {
  if (JSON.stringify(next) === JSON.stringify(chosen)) return;
  chosen = next;
  for (const listener of listeners) listener();
}

export function useChosenKeys(): Record<string, string> {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => chosen,
  );
}

export function usualKey(action: Action): string {
  return usual[action];
}

export function keyOf(action: Action, own: Record<string, string> = chosen): string {
  return own[action] ?? usual[action];
}

const isAction = (name: string): name is Action => name in usual;

/** `mod+k` as it is shown: `mod`, `K`. */
export function shownKey(key: string): string[] {
  return key.split(/(?<=mod)\+/).map(part => {
    if (part === ' ') return 'Space';
    return part.length === 1 ? part.toLocaleUpperCase() : part;
  });
}

/** What presses keys that pages of the browser or the interface itself need. */
const unfit =
  /^(mod\+)?(Escape|Enter|Tab|Arrow\w+|Delete|Backspace|Home|End|PageUp|PageDown|Shift|Control|Alt|AltGraph|Meta|CapsLock|Dead|Process|Unidentified|\d)$|^mod\+[acfhlnpqrstvwxyz+-]$|^\/$/;

export function isFit(key: string): boolean {
  return !unfit.test(key);
}

/** The action that has the key already where the other would want it; its own page's key may stand over a general one. */
export function takenBy(action: Action, key: string, own: Record<string, string>): Action | null {
  const section = sectionOf(action);
  const meets = (other: Action) => {
    const pair = [action, other];
    if (pair.includes('list.create') && pair.includes('everywhere.add')) return false;
    const there = sectionOf(other);
    return there === section || there === 'everywhere' || section === 'everywhere';
  };
  return actions.find(other => other !== action && meets(other) && keyOf(other, own) === key) ?? null;
}

function typing(target: EventTarget | null): boolean {
  // Nobody types into a box that is ticked.
  if (target instanceof HTMLInputElement && /^(radio|checkbox)$/.test(target.type)) return false;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** What was pressed: `mod+k`, `x`, `F2`. */
export function chord(
  event: Pick<KeyboardEvent | ReactKeyboardEvent, 'ctrlKey' | 'metaKey' | 'key'>,
): string {
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : '';
  return mod + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

/** The one of these actions that was meant by what was pressed. */
export function actionOf(event: ReactKeyboardEvent, among: Action[]): Action | null {
  const pressed = chord(event);
  return among.find(action => keyOf(action) === pressed) ?? null;
}

/** Keys of the page as a whole: actions, or keys that stay as they are. Plain letters stay with whoever is typing. */
export function useKeys(handlers: Partial<Record<Action | (string & {}), Handler>>) {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const pressed = chord(event);
      const name = Object.keys(latest.current).find(
        each => (isAction(each) ? keyOf(each) : each) === pressed,
      );
      const handler = name === undefined ? undefined : latest.current[name];
      if (!handler || event.defaultPrevented || event.altKey) return;
      if (
        !pressed.startsWith('mod+') &&
        (typing(event.target) ||
          isDialogOpen() ||
          document.querySelector('[role="dialog"][aria-modal="true"]'))
      )
        return;
      event.preventDefault();
      handler(event);
    }
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
