import { NumberEdit } from './inputs.tsx';
import { numberFormat } from './intl.ts';
import { Figure, filterOf, sentenceOf } from './parts.tsx';
import { numeral } from './read.tsx';
import { type EditProps, type FieldView, type Format, type ShowProps, useFieldServices } from './view.ts';

const text: FieldView['text'] = (value, _field, format: Format) =>
  numberFormat(format.locale, { maximumFractionDigits: 10 }).format(numeral(value));

function Show({ value, field }: ShowProps) {
  return <Figure>{text(value, field, useFieldServices())}</Figure>;
}

const Edit = (props: EditProps) => <NumberEdit edit={props} of={read => read} />;

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
