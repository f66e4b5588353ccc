import { LineEdit } from './inputs.tsx';
import { Figure, filterOf, sentenceOf } from './parts.tsx';
import { str } from './read.tsx';
import type { EditProps, FieldView } from './view.ts';

const text: FieldView['text'] = value => str(value);

function Edit(props: EditProps) {
  return <LineEdit {...props} text={str(props.value)} read={typed => typed} />;
}

export const autoNumberView: FieldView = {
  type: 'autoNumber',
  width: 110,
  Show: ({ value }) => <Figure>{str(value)}</Figure>,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
