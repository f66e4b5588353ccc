import { useEffect, useRef } from 'react';

type Handler = (event: KeyboardEvent) => void;

function typing(target: EventTarget | null): boolean {
  // Nobody types into a box that is ticked.
  if (target instanceof HTMLInputElement && /^(radio|checkbox)$/.test(target.type)) return false;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function chord(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : '';
  return mod + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

/** Keys of the page as a whole: `mod+k`, `?`, `g`. Plain letters stay with whoever is typing. */
export function useKeys(handlers: Record<string, Handler>) {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const pressed = chord(event);
      const handler = latest.current[pressed];
      if (!handler || event.defaultPrevented || event.altKey) return;
      if (
        !pressed.startsWith('mod+') &&
        (typing(event.target) || document.querySelector('[role="dialog"][aria-modal="true"]'))
      )
        return;
      event.preventDefault();
      handler(event);
    }
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
