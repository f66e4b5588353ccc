import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Input } from '../kit/Input.tsx';
import { LineEdit, PanelEdit, Parts } from './inputs.tsx';
import s from './parts.module.css';
import { filterOf, Line, sentenceOf } from './parts.tsx';
import { record, str } from './read.tsx';
import type { EditProps, FieldView, ShowProps } from './view.ts';

const keys = ['street', 'postalCode', 'city', 'region', 'country'] as const;

function lines(value: ShowProps['value']): string[] {
  const address = record(value);
  const place = [address.postalCode, address.city].map(str).filter(Boolean).join(' ');
  return [str(address.street), place, str(address.region), str(address.country)].filter(Boolean);
}

const text: FieldView['text'] = value => lines(value).join(', ') || str(value);

function Boxes(props: EditProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(record(props.value));
  return (
    <Parts {...props}>
      {keys.map((key, index) => (
        <Input
          key={key}
          id={index === 0 ? props.id : undefined}
          autoFocus={props.autoFocus && index === 0}
          value={str(draft[key])}
          placeholder={t(`field.address.${key}`)}
          aria-label={t(`field.address.${key}`)}
          wrong={Boolean(props.error)}
          onChange={event => {
            const next = { ...draft, [key]: event.target.value || null };
            setDraft(next);
            props.onChange(keys.some(k => next[k]) ? next : null);
          }}
        />
      ))}
    </Parts>
  );
}

function Edit(props: EditProps) {
  if (props.place === 'form') return <Boxes {...props} />;
  return (
    <PanelEdit
      edit={props}
      shown={
        <Line>{text(props.value, props.field, { locale: '', timeZone: '', currency: '', country: '' })}</Line>
      }
      width={300}
    >
      {() => <Boxes {...props} autoFocus />}
    </PanelEdit>
  );
}

function Operand(props: EditProps) {
  return <LineEdit {...props} text={str(props.value)} read={typed => typed} />;
}

function Show({ value, place }: ShowProps) {
  if (place === 'full') return <span className={s.long}>{lines(value).join('\n')}</span>;
  return <Line>{lines(value).join(', ')}</Line>;
}

export const addressView: FieldView = {
  type: 'address',
  width: 220,
  Show,
  Edit,
  Filter: filterOf({ One: Operand }),
  text,
  sentence: sentenceOf(text),
};
