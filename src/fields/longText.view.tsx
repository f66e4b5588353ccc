import { AreaEdit, PanelEdit } from './inputs.tsx';
import s from './parts.module.css';
import { filterOf, Line, sentenceOf } from './parts.tsx';
import { str } from './read.tsx';
import type { EditProps, FieldView } from './view.ts';

const text: FieldView['text'] = value => str(value);

function Edit(props: EditProps) {
  const value = str(props.value);
  if (props.place === 'form') return <AreaEdit {...props} text={value} />;
  return (
    <PanelEdit edit={props} shown={<Line>{value}</Line>} width={360}>
      {() => <AreaEdit {...props} autoFocus text={value} />}
    </PanelEdit>
  );
}

export const longTextView: FieldView = {
  type: 'longText',
  width: 260,
  long: true,
  Show: ({ value, place }) =>
    place === 'full' ? (
      <span className={s.long}>{str(value)}</span>
    ) : (
      <Line title={str(value)}>{str(value)}</Line>
    ),
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
