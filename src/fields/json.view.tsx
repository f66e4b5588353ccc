import type { Json } from '../engine/index.ts';
import { Area } from '../kit/Input.tsx';
import s from './parts.module.css';
import { filterOf, Line, sentenceOf } from './parts.tsx';
import { type EditProps, type FieldView, type ShowProps, useFieldServices } from './view.ts';

const text: FieldView['text'] = value => JSON.stringify(value);

function read(typed: string): Json {
  try {
    return JSON.parse(typed) as Json;
  } catch {
    return typed;
  }
}

/** The object whose records a value filters, where it is a filter: option `filterOf`. */
function filtered(field: EditProps['field']): string | null {
  const { filterOf } = field.options;
  return typeof filterOf === 'string' ? filterOf : null;
}

function Edit(props: EditProps) {
  const of = filtered(props.field);
  return of === null ? <EditText {...props} /> : <EditFilter {...props} of={of} />;
}

function EditFilter({
  of,
  value,
  field,
  onChange,
  onDone,
  onCancel,
  autoFocus,
  place,
  id,
}: EditProps & { of: string }) {
  const { Conditions } = useFieldServices();
  const own = place === 'cell' ? { onDone, onCancel } : {};
  return (
    <Conditions
      object={of}
      value={value}
      onChange={onChange}
      label={field.label}
      id={id}
      autoFocus={autoFocus}
      {...own}
    />
  );
}

function EditText(props: EditProps) {
  return (
    <Area
      id={props.id}
      dir="ltr"
      style={{ fontFamily: 'var(--mono)', fontSize: 'var(--text-meta)' }}
      aria-label={props.field.label}
      wrong={Boolean(props.error)}
      defaultValue={props.value === null ? '' : JSON.stringify(props.value, null, 2)}
      onChange={event => props.onChange(event.target.value.trim() === '' ? null : read(event.target.value))}
      onBlur={() => props.place === 'cell' && props.onDone?.()}
      onKeyDown={event => event.key === 'Escape' && props.onCancel?.()}
    />
  );
}

function Show({ value, field, place }: ShowProps) {
  const { Conditions } = useFieldServices();
  const of = filtered(field);
  if (of !== null) return <Conditions object={of} value={value} brief={place !== 'full'} />;
  return place === 'full' ? (
    <code className={s.code}>{JSON.stringify(value, null, 2)}</code>
  ) : (
    <Line>{JSON.stringify(value)}</Line>
  );
}

export const jsonView: FieldView = {
  type: 'json',
  width: 200,
  Show,
  Edit,
  Filter: filterOf({ One: EditText }),
  text,
  sentence: sentenceOf(text),
};
