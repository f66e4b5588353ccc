import type { MetaField } from '../engine/index.ts';
import { DateEdit } from './DateEdit.tsx';
import { exactly, relatively, withHour } from './moments.tsx';
import { filterOf, Hinted, sentenceOf } from './parts.tsx';
import { record, str } from './read.tsx';
import { type EditProps, type FieldView, type ShowProps, useFieldServices } from './view.ts';

const text: FieldView['text'] = (value, _field, format) => exactly(str(value), format);

/** Whether it takes whole days, where the record says so. */
function besides({ options }: MetaField): string[] {
  const { unless } = record(options.hours ?? null);
  return typeof unless === 'string' ? [unless] : [];
}

function Show({ value, field, values }: ShowProps) {
  const services = useFieldServices();
  const hours = field.options.hours && besides(field).every(name => values?.[name] === false);
  const words = hours ? withHour : relatively;
  return <Hinted hint={exactly(str(value), services)}>{words(str(value), services)}</Hinted>;
}

function Edit(props: EditProps) {
  return <DateEdit {...props} withTime />;
}

export const dateTimeView: FieldView = {
  type: 'dateTime',
  short: true,
  moment: 'time',
  width: 150,
  besides,
  Show,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
