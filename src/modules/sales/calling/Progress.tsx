import { t } from '../../../kit/words.ts';
import s from './Calling.module.css';

/** How many of a list have been called. */
export function Progress({ done, left }: { done: number; left: number }) {
  return (
    <span className={s.progress}>
      <progress max={Math.max(1, done + left)} value={done} aria-label={t('calling.progress')} />
      <span>{t('calling.done', { done, all: done + left })}</span>
    </span>
  );
}
