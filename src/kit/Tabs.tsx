import type { KeyboardEvent } from 'react';
import { readingKey } from './direction.ts';
import { Icon } from './Icon.tsx';
import s from './Tabs.module.css';

interface TabsProps<Name extends string> {
  label: string;
  tabs: { name: Name; label: string; icon?: string }[];
  open: Name;
  /** `line`: over what they are the parts of. `pills`: among other controls. */
  look?: 'line' | 'pills';
  /** Where they stand, when that differs from page to page. */
  className?: string;
  onOpen(name: Name): void;
}

/** Tabs: one stop of the keyboard, and arrow keys go from one to the next. */
export function Tabs<Name extends string>(props: TabsProps<Name>) {
  const { label, tabs, open, look = 'line', className, onOpen } = props;
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[readingKey(event.key)];
    if (!way) return;
    const at = tabs.findIndex(({ name }) => name === open);
    const next = tabs[(at + way + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    // Lists around them walk by arrows, too.
    event.stopPropagation();
    onOpen(next.name);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.name}"]`)?.focus();
  }
  return (
    <div
      className={className ? `${s.tabs} ${className}` : s.tabs}
      data-look={look}
      role="tablist"
      aria-label={label}
      onKeyDown={onKeyDown}
    >
      {tabs.map(tab => (
        <button
          key={tab.name}
          type="button"
          role="tab"
          data-tab={tab.name}
          aria-selected={open === tab.name}
          tabIndex={open === tab.name ? 0 : -1}
          className={s.tab}
          onClick={() => onOpen(tab.name)}
        >
          {tab.icon && <Icon name={tab.icon} />}
          {tab.label}
        </button>
      ))}
    </div>
  );
}
