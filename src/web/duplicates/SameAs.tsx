import { inText } from '../model/language.ts';
import './words.ts';
import type { DuplicateHit, MetaObject } from '../../engine/index.ts';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import s from './SameAs.module.css';

interface SameAsProps {
  object: MetaObject;
  hits: DuplicateHit[];
  /** What can be done with one of them. */
  actions: { label: string; run(hit: DuplicateHit): void }[];
}

/** A line under a form: what there may be already, and what can be done about it. Never in the way of typing. */
export function SameAs({ object, hits, actions }: SameAsProps) {
  const [first, ...others] = hits;
  if (!first) return <div aria-live="polite" />;
  const blocked = first.mode === 'block';
  const one = inText(object.label);
  return (
    <div className={s.line} data-blocked={blocked || undefined} aria-live="polite">
      <Icon name={blocked ? 'ban' : 'copy'} className={s.mark} />
      <div className={s.body}>
        <p>
          {t(blocked ? 'same.there' : 'same.may', { object: one })}{' '}
          <a className={s.name} href={`/${object.path}/${first.id}`} target="_blank" rel="noreferrer">
            {first.title || t('record.untitled', { object: one })}
          </a>
          {others.length > 0 && ` ${t('same.others', { count: others.length })}`}
          <span className={s.rules}>{first.rules.join(' · ')}</span>
        </p>
        {blocked && <p>{t('same.blocked')}</p>}
        <p className={s.actions}>
          {actions.map(({ label, run }) => (
            <button key={label} type="button" className={s.action} onClick={() => run(first)}>
              {label}
            </button>
          ))}
        </p>
      </div>
    </div>
  );
}

/** Those that a rule refuses stand first: they keep the form from being saved. */
export function blockedFirst(hits: DuplicateHit[]): DuplicateHit[] {
  return hits.toSorted((a, b) => Number(b.mode === 'block') - Number(a.mode === 'block'));
}
