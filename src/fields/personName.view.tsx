import { useState } from 'react';
import { Input, inputStyles } from '../kit/Input.tsx';
import { t } from '../kit/words.ts';
import { LineEdit, Parts } from './inputs.tsx';
import { filterOf, Line, sentenceOf } from './parts.tsx';
import { record, str } from './read.tsx';
import type { EditProps, FieldView } from './view.ts';

const text: FieldView['text'] = value => str(record(value).full) || str(value);

/** A name whose parts nobody knows is edited as a whole, in the first box. */
function Edit(props: EditProps) {
  const name = record(props.value);
  const whole = !name.given && !name.family;
  const [first, setFirst] = useState(whole ? str(name.full) : str(name.given));
  const [last, setLast] = useState(str(name.family));
  function set(given: string, family: string) {
    const { full: _, given: _given, family: _family, ...kept } = name;
    if (!given.trim() && !family.trim()) return props.onChange(null);
    const full = [kept.prefix, given, kept.middle, family, kept.suffix].map(str).filter(Boolean).join(' ');
    if (whole && !family.trim() && name.full) return props.onChange({ full: given });
    props.onChange({ ...kept, full, ...(given ? { given } : {}), ...(family ? { family } : {}) });
  }
  return (
    <Parts {...props}>
      <span className={inputStyles.row}>
        <Input
          id={props.id}
          place={props.place}
          wrong={Boolean(props.error)}
          autoFocus={props.autoFocus}
          value={first}
          placeholder={t('field.first')}
          aria-label={t('field.first')}
          onChange={event => {
            setFirst(event.target.value);
            set(event.target.value, last);
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
            set(first, event.target.value);
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
  person: true,
  Show: ({ value, field }) => (
    <Line>{text(value, field, { locale: 'en', timeZone: 'UTC', currency: 'EUR', country: 'AT' })}</Line>
  ),
  Edit,
  write: value => {
    const { full, ...parts } = record(value);
    return Object.keys(parts).length > 0 ? parts : (full ?? value);
  },
  Filter: filterOf({ One: Operand }),
  text,
  sentence: sentenceOf(text),
};
