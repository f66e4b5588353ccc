import type { Json } from '../engine/index.ts';
import { Area } from '../kit/Input.tsx';
import s from './parts.module.css';
import { filterOf, Line, sentenceOf } from './parts.tsx';
import type { EditProps, FieldView, ShowProps } from './view.ts';

const text: FieldView['text'] = value => JSON.stringify(value);

function read(typed: string): Json {
  try {
    return JSON.parse(typed) as Json;
  } catch {
    return typed;
  }
}

function Edit(props: EditProps) {
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

function Show({ value, place }: ShowProps) {
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
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
