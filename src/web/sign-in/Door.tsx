import type { ReactNode } from 'react';
import { t } from '../../kit/words.ts';
import s from './Door.module.css';

/** What stands before the application: one card on the desk. */
export function Door({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <main className={s.door}>
      <div className={s.brand}>
        <svg className={s.mark} viewBox="0 0 32 32" role="img" aria-label={t('shell.product')}>
          <rect width="32" height="32" rx="8" className={s.ground} />
          <path d="M11 24V8h11M11 16h8" className={s.letter} />
        </svg>
        <span>{t('shell.product')}</span>
      </div>
      <section className={s.card}>
        <h1 className={s.title}>{title}</h1>
        {text && <p className={s.text}>{text}</p>}
        {children}
      </section>
    </main>
  );
}
