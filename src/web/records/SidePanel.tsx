import type { ReactNode } from 'react';
import s from './SidePanel.module.css';

interface SidePanelProps {
  label: string;
  /** How many there are, in words or figures; null says nothing. */
  count?: ReactNode;
  /** Puts the heading into what leads on, such as a link to all of them. */
  lead?(heading: ReactNode): ReactNode;
  /** Stands small, after those that hold something. */
  empty?: boolean;
  /** What can be done, at the end of the heading. */
  action?: ReactNode;
  children?: ReactNode;
}

/** One of the panels beside a record: what it is, how many there are, and they themselves. */
export function SidePanel({ label, count, lead, empty, action, children }: SidePanelProps) {
  const heading = (
    <>
      {label} {count != null && <span className={s.count}>{count}</span>}
    </>
  );
  return (
    <section className={s.panel} data-empty={empty || undefined} aria-label={label}>
      <header className={s.head}>
        <h2 className={s.heading}>{lead ? lead(heading) : heading}</h2>
        {action}
      </header>
      {children}
    </section>
  );
}
