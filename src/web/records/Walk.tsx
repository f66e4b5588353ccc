import { inText } from '../model/language.ts';
import './words.ts';
import { useNavigate } from '@tanstack/react-router';
import type { MetaObject } from '../../engine/index.ts';
import { IconButton } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import type { RecordSearch } from '../model/moment-state.ts';
import { placeOf } from '../model/walk.ts';
import { useKeys } from '../shell/keys.ts';
import { useAheadOf } from './ahead.ts';
import s from './RecordPage.module.css';

/** On to the next record of the list one came from; both neighbours are there before they are asked for. */
export function Walk({ object, id }: { object: MetaObject; id: string }) {
  const navigate = useNavigate();
  const place = placeOf(object.name, id);
  const { before = null, after = null } = place ?? {};
  useAheadOf(object, before);
  useAheadOf(object, after);
  // Back leads to the list, however far one walked.
  const go = (to: string | null) => {
    if (!to) return;
    // Whoever looks through one part of many records stays with that part.
    const search = ({ tab }: RecordSearch) => ({ tab });
    void navigate({ to: '/$object/$id', params: { object: object.path, id: to }, search, replace: true });
  };
  useKeys({ 'record.next': () => go(after), 'record.before': () => go(before) });
  if (!place || place.of < 2) return null;
  return (
    <div className={s.walk}>
      <span className={s.place}>{t('walk.place', { at: place.at, of: place.of })}</span>
      <IconButton
        icon="chevron-up"
        label={t('walk.before', { object: inText(object.label) })}
        disabled={!before}
        onClick={() => go(before)}
      />
      <IconButton
        icon="chevron-down"
        label={t('walk.after', { object: inText(object.label) })}
        disabled={!after}
        onClick={() => go(after)}
      />
    </div>
  );
}
