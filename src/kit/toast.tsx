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

function publish(list: Toast[]) {
  toasts = list;
  for (const listener of listeners) listener();
}

export function dismiss(id: number) {
  publish(toasts.filter(toast => toast.id !== id));
}

/** Says that something succeeded (with Undo where it can be undone) or failed; stays for eight seconds. */
export function toast(text: string, more: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  const id = next++;
  publish([...toasts.slice(-2), { id, text, tone: 'plain', ...more }]);
  setTimeout(() => dismiss(id), life);
  return id;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts({ closeLabel }: { closeLabel: string }) {
  const list = useSyncExternalStore(subscribe, () => toasts);
  return (
    <section className={s.stack} aria-live="polite" aria-relevant="additions">
      {list.map(item => (
        <div key={item.id} className={s.toast} data-tone={item.tone}>
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
      ))}
    </section>
  );
}
