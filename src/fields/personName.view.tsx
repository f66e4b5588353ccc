import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Input, inputStyles } from '../kit/Input.tsx';
import { LineEdit, Parts } from './inputs.tsx';
import { filterOf, Line, sentenceOf } from './parts.tsx';
import { record, str } from './read.ts';
import type { EditProps, FieldView } from './view.ts';

const text: FieldView['text'] = value => {
  const name = record(value);
  return str(name.full) || [name.first, name.last].map(str).filter(Boolean).join(' ') || str(value);
};

function Edit(props: EditProps) {
  const { t } = useTranslation();
  const given = record(props.value);
  const [first, setFirst] = useState(str(given.first));
  const [last, setLast] = useState(str(given.last));
  function set(change: { first?: string; last?: string }) {
    const { full: _, ...kept } = given;
    const next = { ...kept, first: change.first ?? first, last: change.last ?? last };
    props.onChange(
      next.first.trim() || next.last.trim()
        ? { ...next, first: next.first || null, last: next.last || null }
        : null,
    );
  }
  return (
    <Parts {...props}>
      <span className={inputStyles.row}>
        <Input
          id={props.id}
          place={props.place}
          wrong={Boolean(props.error)}
          // biome-ignore lint/a11y/noAutofocus: editing in place starts where the person clicked.
          autoFocus={props.autoFocus}
          value={first}
          placeholder={t('field.first')}
          aria-label={t('field.first')}
          onChange={event => {
            setFirst(event.target.value);
            set({ first: event.target.value });
          }}
        />
        <Input
          place={props.place}
          wrong={Boolean(props.error)}
          value={last}
          placeholder={t('field.last')}
          aria-label={t('field.last')}
          onChange={event => {
            setLast(event.target.value);
            set({ last: event.target.value });
          }}
        />
      </span>
    </Parts>
  );
}

function Operand(props: EditProps) {
  return <LineEdit {...props} text={str(props.value)} read={typed => typed} />;
}

export const personNameView: FieldView = {
  type: 'personName',
  width: 220,
  Show: ({ value, field }) => (
    <Line>{text(value, field, { locale: 'en', timeZone: 'UTC', currency: 'EUR', country: 'AT' })}</Line>
  ),
  Edit,
  Filter: filterOf({ One: Operand }),
  text,
  sentence: sentenceOf(text),
};
