import { DateEdit } from './DateEdit.tsx';
import { exactly, relatively } from './moments.tsx';
import { filterOf, Hinted, sentenceOf } from './parts.tsx';
import { str } from './read.tsx';
import { type EditProps, type FieldView, type ShowProps, useFieldServices } from './view.ts';

const text: FieldView['text'] = (value, _field, format) => exactly(str(value), format);

function Show({ value }: ShowProps) {
  const services = useFieldServices();
  return <Hinted hint={exactly(str(value), services)}>{relatively(str(value), services)}</Hinted>;
}

function Edit(props: EditProps) {
  return <DateEdit {...props} withTime />;
}

export const dateTimeView: FieldView = {
  type: 'dateTime',
  short: true,
  moment: 'time',
  width: 130,
  Show,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
