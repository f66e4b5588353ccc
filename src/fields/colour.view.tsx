import { Input, inputStyles } from '../kit/Input.tsx';
import { LineEdit } from './inputs.tsx';
import s from './parts.module.css';
import { filterOf, sentenceOf } from './parts.tsx';
import { str } from './read.tsx';
import type { EditProps, FieldView } from './view.ts';

const text: FieldView['text'] = value => str(value);

function Edit(props: EditProps) {
  if (props.place === 'cell') return <LineEdit {...props} text={str(props.value)} read={typed => typed} />;
  return (
    <span className={inputStyles.row}>
      <Input
        type="color"
        style={{ inlineSize: 44, padding: 4 }}
        aria-label={props.field.label}
        value={str(props.value)}
        onChange={event => props.onChange(event.target.value)}
      />
      <LineEdit key={str(props.value)} {...props} text={str(props.value)} read={typed => typed} />
    </span>
  );
}

export const colourView: FieldView = {
  type: 'colour',
  width: 110,
  Show: ({ value }) => (
    <span className={s.inline}>
      <span className={s.swatch} style={{ background: str(value) }} />
      {str(value)}
    </span>
  ),
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
