import { LineEdit } from './inputs.tsx';
import { Figure, filterOf, sentenceOf } from './parts.tsx';
import { readNumber, str } from './read.tsx';
import { type EditProps, type FieldView, type Format, type ShowProps, useFieldServices } from './view.ts';

const text: FieldView['text'] = (value, _field, format: Format) =>
  new Intl.NumberFormat(format.locale, { style: 'percent', maximumFractionDigits: 2 }).format(
    Number(value) / 100,
  );

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
        const read = readNumber(typed.replace('%', ''), locale);
        return read === null ? typed : Number(read);
      }}
    />
  );
}

export const percentView: FieldView = {
  type: 'percent',
  short: true,
  align: 'end',
  width: 100,
  Show,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
