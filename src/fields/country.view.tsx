import { CodeEdit, CodeName, nameOf } from './codes.tsx';
import { filterOf, sentenceOf } from './parts.tsx';
import { str } from './read.tsx';
import type { EditProps, FieldView, ShowProps } from './view.ts';

const text: FieldView['text'] = (value, _field, format) => nameOf(str(value), 'region', format.locale);

function Show({ value }: ShowProps) {
  return <CodeName value={value} kind="region" />;
}

function Edit(props: EditProps) {
  return <CodeEdit {...props} kind="region" />;
}

function Several(props: EditProps) {
  return <CodeEdit {...props} kind="region" many />;
}

export const countryView: FieldView = {
  type: 'country',
  width: 140,
  Show,
  Edit,
  Filter: filterOf({ One: Edit, Many: Several }),
  text,
  sentence: sentenceOf(text),
};
