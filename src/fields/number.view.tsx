import { LineEdit } from './inputs.tsx';
import { Figure, filterOf, Share, sentenceOf } from './parts.tsx';
import { readNumber, str } from './read.tsx';
import { type EditProps, type FieldView, type Format, type ShowProps, useFieldServices } from './view.ts';

/** Years and the like are declared without grouping: 1996, not 1,996. */
const text: FieldView['text'] = (value, field, format: Format) =>
  new Intl.NumberFormat(format.locale, {
    maximumFractionDigits: 6,
    useGrouping: field.options.grouped !== false,
  }).format(Number(value));

function Show({ value, field, place }: ShowProps) {
  const shown = text(value, field, useFieldServices());
  const whole = Number(field.options.outOf ?? 0);
  if (whole === 0 || place === 'full') return <Figure>{shown}</Figure>;
  return <Share label={field.label} shown={shown} value={Number(value)} whole={whole} />;
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
        return read === null ? typed : Number(read);
      }}
    />
  );
}

export const numberView: FieldView = {
  type: 'number',
  short: true,
  align: 'end',
  width: 110,
  Show,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
