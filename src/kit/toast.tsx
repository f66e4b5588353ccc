import { useSyncExternalStore } from 'react';
import { IconButton } from './Button.tsx';
import { Icon } from './Icon.tsx';
import s from './toast.module.css';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'wrong';
  /** It stays until this has been answered. */
  action?: { label: string; run(): unknown };
  /** What it tells of, such as a change: where that is taken back elsewhere, it goes. */
  of?: string;
  /** Its action is under way. */
  busy?: true;
  detail?: string;
  /** Something to download or look at. */
  link?: { label: string; href: string };
}

const life = 8000;
let next = 1;
/** The newest first. */
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

/** What it told of is no longer so. */
export function dismissOf(of: string) {
  for (const toast of toasts.filter(each => each.of === of && !each.busy)) dismiss(toast.id);
}

/** Does what it offers, once, and leaves it there until that is answered. */
export async function act(id: number): Promise<void> {
  const item = toasts.find(each => each.id === id);
  if (!item?.action || item.busy) return;
  clearTimeout(timers.get(id));
  publish(toasts.map(each => (each === item ? { ...item, busy: true } : each)));
  try {
    await item.action.run();
  } finally {
    dismiss(id);
  }
}

function age(id: number) {
  clearTimeout(timers.get(id));
  if (!held && !toasts.some(toast => toast.id === id && toast.busy))
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
  publish([{ id, text, tone: 'plain', ...more }, ...toasts.slice(0, 2)]);
  age(id);
  return id;
}

/** Those on screen. */
export const shownToasts = () => toasts;

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
          aria-disabled={item.busy}
          onClick={() => void act(item.id)}
        >
          {item.action.label}
        </button>
      )}
      <IconButton icon="x" label={closeLabel} size={24} onClick={() => dismiss(item.id)} />
    </div>
  );
}

export function Toasts({ closeLabel }: { closeLabel: string }) {
  const list = useSyncExternalStore(subscribe, shownToasts);
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
