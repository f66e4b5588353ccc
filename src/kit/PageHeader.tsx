import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import s from './PageHeader.module.css';

/** The top bar of a page: where I am, and at the right what can be done. */
export function PageHeader({
  icon,
  title,
  lead,
  tabs,
  children,
}: {
  icon?: string;
  title: string;
  lead?: ReactNode;
  /** Ways to look at it, between title and actions; on phones below both. */
  tabs?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className={s.header}>
      <div className={s.title}>
        {lead}
        {icon && <Icon name={icon} className={s.icon} />}
        <h1 className={s.text} dir="auto">
          {title}
        </h1>
      </div>
      {tabs}
      <div className={s.actions}>{children}</div>
    </header>
  );
}
