/**
 * Words over what the pointer or the keyboard's focus rests on: of anything that says `data-hint`. One layer for the whole
 * page instead of a part around each place, of which a list has hundreds.
 */
import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import s from './Hints.module.css';

interface Shown {
  text: string;
  /** Of what it explains. */
  place: DOMRect;
  /** Beside it at the end of the line, instead of above it. */
  beside: boolean;
}

/** Milliseconds of rest before words appear; the next ones follow at once while some stand. */
const rest = 400;
const gap = 6;

function hintedBy(event: Event): HTMLElement | null {
  const found = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-hint]') : null;
  return found?.dataset.hint ? found : null;
}

/** Listens for the whole page; `keep` holds the words while the pointer is on them. */
function useShown() {
  const [shown, setShown] = useState<Shown | null>(null);
  const timer = useRef(0);
  const of = useRef<HTMLElement | null>(null);
  const later = (run: () => void, milliseconds: number) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(run, milliseconds);
  };
  const latest = useRef({ show: (_: HTMLElement, _wait: number) => {}, hide: (_wait: number) => {} });
  latest.current = {
    show(element, wait) {
      if (of.current === element) return void clearTimeout(timer.current);
      later(
        () => {
          if (!element.isConnected) return;
          of.current = element;
          const { hint = '', hintSide } = element.dataset;
          setShown({ text: hint, place: element.getBoundingClientRect(), beside: hintSide === 'end' });
        },
        shown ? 0 : wait,
      );
    },
    hide(wait) {
      later(() => {
        of.current = null;
        setShown(null);
      }, wait);
    },
  };
  useEffect(() => {
    const over = (event: PointerEvent) => {
      const element = hintedBy(event);
      if (element && (event.pointerType !== 'touch' || element.dataset.hintTouch !== undefined))
        latest.current.show(element, rest);
      else if (!(event.target instanceof Element && event.target.closest(`.${s.hint}`)))
        latest.current.hide(100);
    };
    const focus = (event: FocusEvent) => {
      const element = hintedBy(event);
      if (element?.matches(':focus-visible')) latest.current.show(element, 0);
    };
    const gone = () => latest.current.hide(0);
    const key = (event: KeyboardEvent) => event.key === 'Escape' && gone();
    const on = { passive: true, capture: true };
    const listeners = [
      ['pointerover', over],
      ['pointerdown', gone],
      ['focusin', focus],
      ['focusout', gone],
      ['scroll', gone],
      ['keydown', key],
    ] as [string, EventListener][];
    for (const [name, listener] of listeners) document.addEventListener(name, listener, on);
    return () => {
      clearTimeout(timer.current);
      for (const [name, listener] of listeners) document.removeEventListener(name, listener, on);
    };
  }, []);
  return shown;
}

/** Where it fits: above or beside, else below, and never out of the window. */
function put(element: HTMLElement | null, { place, beside }: Shown) {
  if (!element) return;
  const { offsetWidth: width, offsetHeight: height } = element;
  const { innerWidth, innerHeight } = window;
  const toRight = document.documentElement.dir !== 'rtl';
  const x = beside
    ? toRight
      ? place.right + gap
      : place.left - gap - width
    : place.left + (place.width - width) / 2;
  const above = place.top - gap - height;
  const y = beside ? place.top + (place.height - height) / 2 : above < gap ? place.bottom + gap : above;
  const within = (at: number, most: number) => Math.max(gap, Math.min(at, most - gap));
  const left = within(x, innerWidth - width);
  const top = within(y, innerHeight - height);
  element.style.translate = `${Math.round(left)}px ${Math.round(top)}px`;
}

/** Stands once, around nothing, at the end of the application. */
export function Hints() {
  const shown = useShown();
  if (!shown) return null;
  return createPortal(
    <div key={shown.text} ref={element => put(element, shown)} role="tooltip" className={s.hint}>
      {shown.text}
    </div>,
    document.body,
  );
}
