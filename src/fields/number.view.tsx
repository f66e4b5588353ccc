import { NumberEdit } from './inputs.tsx';
import { numberFormat } from './intl.ts';
import { Figure, filterOf, Share, sentenceOf } from './parts.tsx';
import { type EditProps, type FieldView, type Format, type ShowProps, useFieldServices } from './view.ts';

/** Years and the like are declared without grouping: 1996, not 1,996; others with digits that are always shown: 4.20. */
const text: FieldView['text'] = (value, field, format: Format) =>
  numberFormat(format.locale, {
    minimumFractionDigits: Number(field.options.decimals ?? 0),
    maximumFractionDigits: Math.max(6, Number(field.options.decimals ?? 0)),
    useGrouping: field.options.grouped !== false,
  }).format(Number(value));

function Show({ value, field, place }: ShowProps) {
  const shown = text(value, field, useFieldServices());
  const whole = Number(field.options.outOf ?? 0);
  if (whole === 0 || place === 'full') return <Figure>{shown}</Figure>;
  return <Share label={field.label} shown={shown} value={Number(value)} whole={whole} />;
}

const Edit = (props: EditProps) => <NumberEdit edit={props} of={Number} />;

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
