import { LineEdit } from './inputs.tsx';
import { durationWords, readDuration } from './moments.tsx';
import { Figure, filterOf, sentenceOf } from './parts.tsx';
import type { EditProps, FieldView } from './view.ts';

const text: FieldView['text'] = value => durationWords(value);

function Edit(props: EditProps) {
  return (
    <LineEdit
      {...props}
      end={props.place === 'cell'}
      text={props.value === null ? '' : durationWords(props.value)}
      read={typed => readDuration(typed) ?? typed}
      placeholder="1h 30m"
    />
  );
}

export const durationView: FieldView = {
  type: 'duration',
  short: true,
  align: 'end',
  width: 110,
  Show: ({ value }) => <Figure>{durationWords(value)}</Figure>,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
