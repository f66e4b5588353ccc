import { useState } from 'react';
import { Input } from '../kit/Input.tsx';
import { Select } from '../kit/Select.tsx';
import { t } from '../kit/words.ts';
import { countryCodes, nameOf } from './codes.tsx';
import { LineEdit, PanelEdit, Parts } from './inputs.tsx';
import s from './parts.module.css';
import { filterOf, Line, sentenceOf } from './parts.tsx';
import { pointIn, record, str } from './read.tsx';
import { type EditProps, type FieldView, type ShowProps, useFieldServices } from './view.ts';

const boxes = ['street', 'postalCode', 'city', 'region'] as const;
const keys = [...boxes, 'country'] as const;

/** Countries that write "Springfield, IL 62704", and those that write the code below the city. */
const codeAfterRegion = new Set([
  'US',
  'CA',
  'AU',
  'IN',
  'BR',
  'NG',
  'NZ',
  'PH',
  'SA',
  'SG',
  'TH',
  'ID',
  'ZA',
]);
const codeBelow = new Set(['GB', 'IE', 'IM', 'JE', 'GG', 'MT', 'KE', 'HK']);

/** Street, place, region, country by its name, as far as they are known and in the order of the country. */
function lines(value: ShowProps['value'], locale: string): string[] {
  const address = record(value);
  const country = str(address.country);
  const [city, code] = [str(address.city), str(address.postalCode)];
  const region = address.region === address.city ? '' : str(address.region);
  const line = (...parts: string[]) => parts.filter(Boolean).join(' ');
  let places = [line(code, city), region];
  if (codeAfterRegion.has(country)) places = [city, line(region, code)];
  else if (codeBelow.has(country)) places = [city, region, code];
  return [str(address.street), ...places, country && nameOf(country, 'region', locale)].filter(Boolean);
}

const text: FieldView['text'] = (value, _field, { locale }) => lines(value, locale).join(', ') || str(value);

function Boxes(props: EditProps) {
  const { locale } = useFieldServices();
  const [draft, setDraft] = useState(record(props.value));
  const set = (part: Record<string, string | null>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    props.onChange(keys.some(key => next[key]) ? next : null);
  };
  return (
    <Parts {...props}>
      {boxes.map((key, index) => (
        <Input
          key={key}
          id={index === 0 ? props.id : undefined}
          autoFocus={props.autoFocus && index === 0}
          value={str(draft[key])}
          placeholder={t(`field.address.${key}`)}
          aria-label={t(`field.address.${key}`)}
          wrong={Boolean(props.error)}
          onChange={event => set({ [key]: event.target.value || null })}
        />
      ))}
      <Select
        label={t('field.address.country')}
        value={str(draft.country)}
        options={[{ value: '', label: t('field.address.country') }, ...countryOptions(locale)]}
        onChange={country => set({ country: country || null })}
      />
    </Parts>
  );
}

function countryOptions(locale: string) {
  return countryCodes
    .map(code => ({ value: code, label: nameOf(code, 'region', locale) }))
    .sort((a, b) => a.label.localeCompare(b.label, locale));
}

function Edit(props: EditProps) {
  const services = useFieldServices();
  if (props.place === 'form') return <Boxes {...props} />;
  return (
    <PanelEdit edit={props} shown={<Line>{text(props.value, props.field, services)}</Line>} width={300}>
      {() => <Boxes {...props} autoFocus />}
    </PanelEdit>
  );
}

function Operand(props: EditProps) {
  return <LineEdit {...props} text={str(props.value)} read={typed => typed} />;
}

function Show({ value, place }: ShowProps) {
  const all = lines(value, useFieldServices().locale);
  if (place === 'full') return <span className={s.long}>{all.join('\n')}</span>;
  return <Line title={all.join(', ')}>{all.join(', ')}</Line>;
}

export const addressView: FieldView = {
  type: 'address',
  point: value => {
    const country = str(record(value).country);
    return pointIn(value) ?? (country ? { country } : null);
  },
  width: 220,
  Show,
  Edit,
  Filter: filterOf({ One: Operand }),
  text,
  sentence: sentenceOf(text),
};
