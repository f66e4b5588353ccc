import { useState } from 'react';
import { Input, inputStyles } from '../kit/Input.tsx';
import { Select } from '../kit/Select.tsx';
import { t } from '../kit/words.ts';
import { LineEdit, Parts } from './inputs.tsx';
import { numberFormat } from './intl.ts';
import { Figure, filterOf, sentenceOf } from './parts.tsx';
import { numeral, record, str } from './read.tsx';
import { readNumeral } from './reading.ts';
import { type EditProps, type FieldView, type ShowProps, useFieldServices } from './view.ts';

const common = [
  'EUR',
  'USD',
  'GBP',
  'CHF',
  'SEK',
  'NOK',
  'DKK',
  'PLN',
  'CZK',
  'HUF',
  'JPY',
  'CNY',
  'INR',
  'AUD',
  'CAD',
  'BRL',
  'AED',
  'SAR',
];

const text: FieldView['text'] = (value, _field, format) => {
  const { amount, currency } = record(value);
  const number = numeral(amount ?? value);
  const whole = !/\.\d*[1-9]/.test(number);
  return numberFormat(format.locale, {
    style: 'currency',
    currency: str(currency) || format.currency,
    minimumFractionDigits: whole ? 0 : undefined,
    maximumFractionDigits: whole ? 0 : undefined,
  }).format(number);
};

function Show({ value, field }: ShowProps) {
  return <Figure>{text(value, field, useFieldServices())}</Figure>;
}

function Edit(props: EditProps) {
  const services = useFieldServices();
  const given = record(props.value);
  const [currency, setCurrency] = useState(
    str(given.currency) || str(props.field.options.currency) || services.currency,
  );
  const [amount, setAmount] = useState(str(given.amount));
  const read = (typed: string, unit: string) =>
    typed.trim() === '' ? null : { amount: readNumeral(typed, services.locale) ?? typed, currency: unit };
  if (props.place === 'cell')
    return <LineEdit {...props} end mode="decimal" text={amount} read={typed => read(typed, currency)} />;
  return (
    <Parts {...props}>
      <span className={inputStyles.row}>
        <Input
          id={props.id}
          inputMode="decimal"
          aria-label={props.id ? undefined : props.field.label}
          wrong={Boolean(props.error)}
          autoFocus={props.autoFocus}
          value={amount}
          onChange={event => {
            setAmount(event.target.value);
            props.onChange(read(event.target.value, currency));
          }}
        />
        <Select
          label={t('field.currency')}
          value={currency}
          options={[...new Set([currency, services.currency, ...common])].map(code => ({
            value: code,
            label: code,
          }))}
          onChange={unit => {
            setCurrency(unit);
            props.onChange(read(amount, unit));
          }}
        />
      </span>
    </Parts>
  );
}

export const moneyView: FieldView = {
  type: 'money',
  short: true,
  align: 'end',
  width: 130,
  Show,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  pastedOver: (pasted, before) => {
    const currency = str(record(before).currency);
    return currency && /^[\s\d.,'’−-]*\d[\s\d.,'’−-]*$/.test(pasted) ? `${pasted} ${currency}` : pasted;
  },
  sentence: sentenceOf(text),
};
