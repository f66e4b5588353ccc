/** A filter in words: as a field that keeps one tells it, and where a part of one cannot be opened to be rewritten. */
import i18next from 'i18next';
import type { Meta, MetaObject } from '../../engine/index.ts';
import { t } from '../../kit/words.ts';
import {
  type Condition,
  type Filter,
  fieldAtPath,
  type Group,
  groupOf,
  innerOf,
  isGroup,
  labelAtPath,
  objectAtPath,
  sentence,
} from './filter.ts';
import { formatOf } from './meta.tsx';

/** A filter as a sentence; groups within it stand in brackets. */
export function wordsOf(meta: Meta, object: MetaObject, filter: Filter | null): string {
  const group = groupOf(filter);
  return group ? groupWords(meta, object, group) : t('filter.advanced');
}

function groupWords(meta: Meta, object: MetaObject, { match, items }: Group): string {
  const type = match === 'all' ? 'conjunction' : 'disjunction';
  const parts = items.map(item =>
    isGroup(item) ? `(${groupWords(meta, object, item)})` : conditionWords(meta, object, item),
  );
  return new Intl.ListFormat(i18next.language, { type }).format(parts);
}

export function conditionWords(meta: Meta, object: MetaObject, condition: Condition): string {
  const inner = innerOf(condition);
  const there = inner && objectAtPath(meta, object, condition.field);
  const field = inner ? undefined : fieldAtPath(meta, object, condition.field);
  const label = labelAtPath(meta, object, condition.field);
  if (there)
    return t(condition.op === 'none' ? 'filter.none' : 'filter.some', {
      relation: label,
      conditions: wordsOf(meta, there, inner),
    });
  if (!field) return t('filter.unknown', { field: condition.field });
  const { verb, object: operand } = sentence(condition, field, formatOf(meta));
  return [label, verb, operand].filter(Boolean).join(' ');
}
