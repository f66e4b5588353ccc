import { LineEdit } from './inputs.tsx';
import { filterOf, Outside, sentenceOf } from './parts.tsx';
import { str } from './read.tsx';
import type { EditProps, FieldView } from './view.ts';

const text: FieldView['text'] = value => str(value);

function Edit(props: EditProps) {
  return <LineEdit {...props} text={str(props.value)} read={typed => typed} mode="email" />;
}

export const emailView: FieldView = {
  type: 'email',
  width: 220,
  Show: ({ value, place }) => (
    <Outside place={place} href={`mailto:${str(value)}`}>
      {str(value)}
    </Outside>
  ),
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
