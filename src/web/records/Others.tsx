import './words.ts';
import type { MetaObject } from '../../engine/index.ts';
import { Avatar } from '../../kit/Avatar.tsx';
import { t } from '../../kit/words.ts';
import { fieldOf } from '../model/meta.tsx';
import { type OtherViewer, useOthers } from '../model/presence.ts';
import s from './Others.module.css';

const most = 4;

/** Others who look at the record now, and what they are changing. */
export function Others({ object, id }: { object: MetaObject; id: string }) {
  const others = useOthers(object, id);
  const said = ({ user, field }: OtherViewer) => {
    const label = field && fieldOf(object, field)?.label;
    return label
      ? t('page.edits', { name: user.title, field: label })
      : t('page.looks', { name: user.title });
  };
  return (
    <ul className={s.others} aria-label={t('page.others')} aria-live="polite">
      {others.slice(0, most).map(viewer => (
        <li
          key={viewer.user.id}
          className={s.other}
          data-edits={viewer.field !== null || undefined}
          data-hint={said(viewer)}
        >
          <Avatar id={viewer.user.id} title={viewer.user.title} round size={24} />
          <span className={viewer.field === null ? 'sr-only' : s.words}>{said(viewer)}</span>
        </li>
      ))}
      {others.length > most && (
        <li className={s.more}>{t('page.othersMore', { count: others.length - most })}</li>
      )}
    </ul>
  );
}
