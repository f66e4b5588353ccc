import { LineEdit } from './inputs.tsx';
import { filterOf, Line, Outside, sentenceOf } from './parts.tsx';
import { str } from './read.tsx';
import type { EditProps, FieldView } from './view.ts';

const text: FieldView['text'] = value => str(value);

function bare(address: string): string {
  return address.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '');
}

function Edit(props: EditProps) {
  return <LineEdit {...props} text={str(props.value)} read={typed => typed} mode="url" />;
}

export const urlView: FieldView = {
  type: 'url',
  width: 180,
  Show: ({ value, place }) =>
    /^https?:/i.test(str(value)) ? (
      <Outside place={place} href={str(value)}>
        {bare(str(value))}
      </Outside>
    ) : (
      <Line>{str(value)}</Line>
    ),
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
