import './words.ts';
import type { MetaField } from '../../engine/index.ts';
import { said, saidSentence, saidTitle } from '../../fields/said.ts';
import { type Format, useFieldServices } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { fieldOf, objectNamed, useMeta } from '../model/meta.tsx';
import type { TimelineEntry } from '../model/records.ts';
import s from './Timeline.module.css';

type Change = NonNullable<TimelineEntry['changes']>[number];

/** A value in the words of the person: amounts, days and choices as they write them. */
function saidValue(change: Change, at: 0 | 1, field: MetaField | undefined, format: Format): string | null {
  const told = at === 0 ? change.before : change.after;
  if (told === null || !field) return told;
  if (field.options.choices)
    return told
      .split(', ')
      .map(part => said(part))
      .join(', ');
  const value = change.values?.[at] ?? null;
  return value === null ? saidTitle(told, field.relation?.to) : viewOf(field.type).text(value, field, format);
}

export function Changes({ entry }: { entry: TimelineEntry }) {
  const services = useFieldServices();
  const object = objectNamed(useMeta(), entry.object);
  const nothing = t('timeline.nothing');
  return (
    <ul className={s.changes}>
      {entry.changes?.map(change => {
        const field = object && fieldOf(object, change.field);
        return (
          <li key={change.field} className={s.change}>
            <span className={s.field}>{field?.label ?? change.label}</span>
            <span className={s.before}>{saidValue(change, 0, field, services) ?? nothing}</span>
            <Icon name="arrow-right" size={14} label={t('timeline.became')} className={s.arrow} />
            <span className={s.after}>{saidValue(change, 1, field, services) ?? nothing}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** What happened, with the values in it as the person writes them. */
export function useSentence({ sentence, object: name, changes }: TimelineEntry): string {
  const object = objectNamed(useMeta(), name);
  const services = useFieldServices();
  const [only, more] = changes ?? [];
  const field = only && object && fieldOf(object, only.field);
  if (!only?.values || more || !field) return saidSentence(sentence);
  // From the end: the values stand after the name of who did it and that of the field.
  return saidSentence(
    ([1, 0] as const).reduce((text, at) => {
      const told = at === 0 ? only.before : only.after;
      const from = told ? text.lastIndexOf(told) : -1;
      if (!told || from === -1) return text;
      const value = saidValue(only, at, field, services) ?? told;
      return text.slice(0, from) + value + text.slice(from + told.length);
    }, sentence),
  );
}
