import './words.ts';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { Input } from '../../kit/Input.tsx';
import { Select } from '../../kit/Select.tsx';
import { t } from '../../kit/words.ts';
import { rowsOf } from '../model/cache.ts';
import { objectNamed, titleOf, useMeta } from '../model/meta.tsx';
import { type TimelineWish, useRecords } from '../model/records.ts';
import s from './TimelineFilter.module.css';

/** How long people pause before their words are looked for, in milliseconds. */
const pause = 200;

/** People who may have written something; those of a large workspace are found by words. */
function People({ value, onChange }: { value: string; onChange(id: string): void }) {
  const meta = useMeta();
  const author = meta.objects.flatMap(each => each.fields.filter(field => field.name === 'createdBy'))[0];
  const users = objectNamed(meta, author?.relation?.to);
  const found = useRecords(
    users ?? meta.objects[0]!,
    { sort: users ? [users.title] : [], fields: users ? [users.title] : [], limit: 200 },
    users !== undefined,
  );
  const options = users
    ? rowsOf(found.data).map(row => ({ value: row.id, label: titleOf(meta, users, row) }))
    : [];
  return (
    <Select
      quiet
      label={t('timelineFilter.by')}
      value={value}
      options={[{ value: '', label: t('timelineFilter.anyone') }, ...options]}
      onChange={onChange}
    />
  );
}

/** What of a timeline is shown: words, kind, person. */
export function TimelineFilter({ wish, onWish }: { wish: TimelineWish; onWish(wish: TimelineWish): void }) {
  const meta = useMeta();
  const [text, setText] = useState('');
  const look = useDebouncedCallback((q: string) => onWish({ ...wish, q: q.trim() || undefined }), pause);
  const activities = meta.objects.filter(object => object.timeline);
  return (
    <search className={s.filter} aria-label={t('timelineFilter.title')}>
      <Input
        type="search"
        placeholder={t('timelineFilter.search')}
        aria-label={t('timelineFilter.search')}
        value={text}
        onChange={event => {
          setText(event.target.value);
          look(event.target.value);
        }}
      />
      <Select
        quiet
        label={t('timelineFilter.kind')}
        value={wish.kind ?? ''}
        options={[
          { value: '', label: t('timelineFilter.everything') },
          { value: 'change,event', label: t('timelineFilter.changes') },
          ...activities.map(object => ({ value: object.name, label: object.plural })),
        ]}
        onChange={kind => onWish({ ...wish, kind: kind || undefined })}
      />
      <People value={wish.by ?? ''} onChange={by => onWish({ ...wish, by: by || undefined })} />
    </search>
  );
}
