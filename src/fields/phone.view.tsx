import { LineEdit } from './inputs.tsx';
import { filterOf, Outside, sentenceOf } from './parts.tsx';
import { str } from './read.tsx';
import type { EditProps, FieldView } from './view.ts';

const text: FieldView['text'] = value => str(value);

function Edit(props: EditProps) {
  return <LineEdit {...props} text={str(props.value)} read={typed => typed} mode="tel" />;
}

export const phoneView: FieldView = {
  type: 'phone',
  width: 160,
  Show: ({ value, place }) => (
    <Outside place={place} href={`tel:${str(value)}`}>
      {str(value)}
    </Outside>
  ),
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
