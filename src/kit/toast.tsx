import { useSyncExternalStore } from 'react';
import { IconButton } from './Button.tsx';
import { Icon } from './Icon.tsx';
import s from './toast.module.css';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'wrong';
  action?: { label: string; run(): void };
  detail?: string;
  /** Something to download or look at. */
  link?: { label: string; href: string };
}

const life = 8000;
let next = 1;
let toasts: Toast[] = [];
const listeners = new Set<() => void>();
const timers = new Map<number, ReturnType<typeof setTimeout>>();
/** Someone points at them, or has come to them by keys: nothing goes away under their hands. */
let held = false;

function publish(list: Toast[]) {
  toasts = list;
  for (const listener of listeners) listener();
}

export function dismiss(id: number) {
  clearTimeout(timers.get(id));
  timers.delete(id);
  publish(toasts.filter(toast => toast.id !== id));
  if (toasts.length === 0) held = false;
}

function age(id: number) {
  clearTimeout(timers.get(id));
  if (!held)
    timers.set(
      id,
      setTimeout(() => dismiss(id), life),
    );
}

function hold(on: boolean) {
  held = on;
  for (const { id } of toasts) age(id);
}

/** Says that something succeeded (with Undo where it can be undone) or failed; stays for eight seconds, longer in someone's hands. */
export function toast(text: string, more: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  const id = next++;
  publish([...toasts.slice(-2), { id, text, tone: 'plain', ...more }]);
  age(id);
  return id;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** One of them, with what can be done about it. */
export function ToastItem({ item, closeLabel }: { item: Toast; closeLabel: string }) {
  return (
    <div className={s.toast} data-tone={item.tone}>
      <Icon name={item.tone === 'wrong' ? 'alert-triangle' : 'circle-check'} className={s.mark} />
      <div className={s.text}>
        {item.text}
        {item.detail && <div className={s.detail}>{item.detail}</div>}
      </div>
      {item.link && (
        <a className={s.action} href={item.link.href} download>
          {item.link.label}
        </a>
      )}
      {item.action && (
        <button
          type="button"
          className={s.action}
          onClick={() => {
            item.action?.run();
            dismiss(item.id);
          }}
        >
          {item.action.label}
        </button>
      )}
      <IconButton icon="x" label={closeLabel} size={24} onClick={() => dismiss(item.id)} />
    </div>
  );
}

export function Toasts({ closeLabel }: { closeLabel: string }) {
  const list = useSyncExternalStore(subscribe, () => toasts);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it does nothing but stay while someone is there.
    <section
      className={s.stack}
      aria-live="polite"
      aria-relevant="additions"
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      {list.map(item => (
        <ToastItem key={item.id} item={item} closeLabel={closeLabel} />
      ))}
    </section>
  );
}
