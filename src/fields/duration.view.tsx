import { LineEdit } from './inputs.tsx';
import { durationWords, readDuration } from './moments.tsx';
import { Figure, filterOf, sentenceOf } from './parts.tsx';
import { type EditProps, type FieldView, useFieldServices } from './view.ts';

const text: FieldView['text'] = (value, _field, format) => durationWords(value, format.locale);

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
  Show: ({ value, field }) => <Figure>{text(value, field, useFieldServices())}</Figure>,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
