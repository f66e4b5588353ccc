import type { MetaObject } from '../../engine/index.ts';
import { Avatar } from '../../kit/Avatar.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { inText } from '../model/language.ts';
import { lookOf, titleOf, useMeta } from '../model/meta.tsx';
import s from './Name.module.css';

export function useTitle(object: MetaObject, row: Row): string {
  return titleOf(useMeta(), object, row) || t('record.untitled', { object: inText(object.label) });
}

/** A record by its name, as the head of a row, card or page. */
export function Name({
  object,
  row,
  size = 20,
}: {
  object: MetaObject;
  row: Row;
  size?: 16 | 20 | 24 | 32 | 40;
}) {
  const meta = useMeta();
  const title = useTitle(object, row);
  const look = lookOf(meta, object.name);
  return (
    <span className={s.name} data-size={size}>
      {(look === 'round' || look === 'square') && (
        <Avatar id={row.id} title={title} round={look === 'round'} size={size} />
      )}
      <span className={s.text}>{title}</span>
    </span>
  );
}
