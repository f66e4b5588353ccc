import { NumberEdit } from './inputs.tsx';
import { numberFormat } from './intl.ts';
import { Figure, filterOf, sentenceOf } from './parts.tsx';
import { type EditProps, type FieldView, type Format, type ShowProps, useFieldServices } from './view.ts';

const text: FieldView['text'] = (value, _field, format: Format) =>
  numberFormat(format.locale, { style: 'percent', maximumFractionDigits: 2 }).format(Number(value) / 100);

function Show({ value, field }: ShowProps) {
  return <Figure>{text(value, field, useFieldServices())}</Figure>;
}

const Edit = (props: EditProps) => <NumberEdit edit={props} of={Number} sign={/[%٪]/} />;

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
