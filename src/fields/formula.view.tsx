import { LineEdit } from './inputs.tsx';
import { computedText } from './moments.tsx';
import { Figure, filterOf, sentenceOf } from './parts.tsx';
import { str } from './read.tsx';
import { readNumeral } from './reading.ts';
import { type EditProps, type FieldView, type ShowProps, useFieldServices } from './view.ts';

const text: FieldView['text'] = (value, _field, format) => computedText(value, format);

function Show({ value, field }: ShowProps) {
  return <Figure>{text(value, field, useFieldServices())}</Figure>;
}

function Edit(props: EditProps) {
  const { locale } = useFieldServices();
  return (
    <LineEdit
      {...props}
      text={str(props.value)}
      read={typed => {
        const read = readNumeral(typed, locale);
        return read === null ? typed : Number(read);
      }}
    />
  );
}

export const formulaView: FieldView = {
  type: 'formula',
  align: 'end',
  width: 120,
  Show,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
