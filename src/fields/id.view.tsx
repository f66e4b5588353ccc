import { LineEdit } from './inputs.tsx';
import { filterOf, Line, sentenceOf } from './parts.tsx';
import { str } from './read.tsx';
import type { EditProps, FieldView } from './view.ts';

const text: FieldView['text'] = value => str(value);

function Edit(props: EditProps) {
  return <LineEdit {...props} text={str(props.value)} read={typed => typed} mode="text" />;
}

export const idView: FieldView = {
  type: 'id',
  width: 140,
  Show: ({ value }) => <Line title={str(value)}>{str(value)}</Line>,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
