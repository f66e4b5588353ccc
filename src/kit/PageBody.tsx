import type { ReactNode } from 'react';
import s from './PageBody.module.css';

/** What stands under the head of a page and scrolls: as wide as one reads, or as figures beside each other need. */
export function PageBody({ wide, children }: { wide?: boolean; children: ReactNode }) {
  return (
    <div className={s.page}>
      <div className={s.inner} data-wide={wide || undefined}>
        {children}
      </div>
    </div>
  );
}
