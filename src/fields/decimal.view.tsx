import { LineEdit } from './inputs.tsx';
import { numberFormat } from './intl.ts';
import { Figure, filterOf, sentenceOf } from './parts.tsx';
import { numeral, readNumber, str } from './read.tsx';
import { type EditProps, type FieldView, type Format, type ShowProps, useFieldServices } from './view.ts';

const text: FieldView['text'] = (value, _field, format: Format) =>
  numberFormat(format.locale, { maximumFractionDigits: 10 }).format(numeral(value));

function Show({ value, field }: ShowProps) {
  return <Figure>{text(value, field, useFieldServices())}</Figure>;
}

function Edit(props: EditProps) {
  const { locale } = useFieldServices();
  return (
    <LineEdit
      {...props}
      end={props.place === 'cell'}
      mode="decimal"
      text={str(props.value)}
      read={typed => {
        const read = readNumber(typed, locale);
        return read === null ? typed : read;
      }}
    />
  );
}

export const decimalView: FieldView = {
  type: 'decimal',
  short: true,
  align: 'end',
  width: 120,
  Show,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
