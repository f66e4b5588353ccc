import './conditions-words.ts';
import { useEffect, useRef, useState } from 'react';
import type { Json, MetaObject } from '../../engine/index.ts';
import type { ConditionsProps } from '../../fields/view.ts';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { complete, type Filter, fieldAtPath, finished } from '../model/filter.ts';
import { wordsOf } from '../model/filter-words.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { useRecords } from '../model/records.ts';
import s from './Conditions.module.css';
import { FilterBar } from './FilterBar.tsx';

/** A filter that is kept in a field: in words with how many match now, and rewritten as the filter of a list is. */
export default function Conditions({ object: name, ...props }: ConditionsProps) {
  const object = objectNamed(useMeta(), name);
  if (!object) return <span>{t('conditions.hidden')}</span>;
  return props.onChange ? (
    <Asked {...props} object={object} onChange={props.onChange} />
  ) : (
    <Told object={object} filter={props.value as Filter | null} brief={props.brief} />
  );
}

interface AskedProps extends Omit<ConditionsProps, 'object'> {
  object: MetaObject;
  onChange(value: Json): void;
}

function Asked({ object, value, onChange, onDone, onCancel, autoFocus, label, id }: AskedProps) {
  const meta = useMeta();
  const whole = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (autoFocus) whole.current?.querySelector('button')?.focus();
  }, [autoFocus]);
  // A condition that is being written stands here, and is handed on once it can be asked.
  const [draft, setDraft] = useState<Filter | null>(value as Filter | null);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms of their own.
    <div ref={whole} role="group" aria-label={label} id={id} data-cell={onDone && true} className={s.asked}>
      <FilterBar
        object={object}
        state={{ filter: draft }}
        count={undefined}
        change={({ filter = null }) => {
          setDraft(filter);
          onChange(finished(filter, path => fieldAtPath(meta, object, path)) as Json);
        }}
      />
      <Matching object={object} filter={draft} />
      {onDone && (
        <div className={s.foot}>
          <Button look="primary" onClick={onDone}>
            {t('conditions.save')}
          </Button>
          <Button onClick={onCancel}>{t('form.cancel')}</Button>
        </div>
      )}
    </div>
  );
}

interface ToldProps {
  object: MetaObject;
  filter: Filter | null;
  brief?: boolean | undefined;
}

function Told({ object, filter, brief }: ToldProps) {
  const words = wordsOf(useMeta(), object, filter);
  if (brief) return <span className={s.brief}>{words}</span>;
  return (
    <span className={s.told}>
      <span>{words}</span>
      <Matching object={object} filter={filter} />
    </span>
  );
}

/** How many records match at the moment. */
function Matching({ object, filter }: ToldProps) {
  const meta = useMeta();
  const asked = complete(filter, path => fieldAtPath(meta, object, path));
  const found = useRecords(object, { filter: asked, fields: [], limit: 1, count: 'exact' });
  const count = found.data?.pages[0]?.count;
  return (
    <span className={s.count} aria-live="polite">
      {count !== undefined && t('conditions.count', { count })}
    </span>
  );
}
