import { Icon } from '../kit/Icon.tsx';
import { t } from '../kit/words.ts';
import s from './parts.module.css';
import { filterOf, sentenceOf } from './parts.tsx';
import type { EditProps, FieldView, ShowProps } from './view.ts';

const text: FieldView['text'] = value => String(Number(value));

function steps(field: EditProps['field']): number[] {
  const max = Number(field.options.max ?? 5) || 5;
  return Array.from({ length: max }, (_, i) => i + 1);
}

function Show({ value, field }: ShowProps) {
  return (
    <span className={s.stars} role="img" aria-label={t('field.stars', { count: Number(value) })}>
      {steps(field).map(step => (
        <Icon key={step} name="star" size={14} className={step <= Number(value) ? s.on : undefined} />
      ))}
    </span>
  );
}

function Edit({ value, field, onChange, onDone, onCancel, id }: EditProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend, and the caller gives the label.
    <span className={s.stars} data-quiet id={id} role="group" aria-label={field.label}>
      {steps(field).map(step => (
        <button
          key={step}
          type="button"
          className={s.star}
          aria-label={t('field.stars', { count: step })}
          aria-pressed={value === step}
          onKeyDown={event => event.key === 'Escape' && onCancel?.()}
          onClick={() => {
            onChange(value === step && !field.required ? null : step);
            onDone?.();
          }}
        >
          <Icon name="star" className={step <= Number(value ?? 0) ? s.on : undefined} />
        </button>
      ))}
    </span>
  );
}

export const ratingView: FieldView = {
  type: 'rating',
  short: true,
  width: 120,
  Show,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
