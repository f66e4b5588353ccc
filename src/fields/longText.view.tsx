import { lazy, Suspense } from 'react';
import type { Json } from '../engine/index.ts';
import { PanelEdit } from './inputs.tsx';
import { unmarked } from './mentions.ts';
import s from './parts.module.css';
import { filterOf, Line, sentenceOf } from './parts.tsx';
import { RichArea } from './RichArea.tsx';
import { str } from './read.tsx';
import type { EditProps, FieldView, ShowProps } from './view.ts';

const Markdown = lazy(() => import('./Markdown.tsx'));

const plain = (value: Json) => unmarked(str(value)).text;

function Rich({ edit, autoFocus }: { edit: EditProps; autoFocus?: boolean }) {
  return (
    <RichArea
      id={edit.id}
      label={edit.field.label}
      wrong={Boolean(edit.error)}
      autoFocus={autoFocus ?? edit.autoFocus}
      value={str(edit.value)}
      onChange={value => edit.onChange(value === '' ? null : value)}
      onSubmit={edit.place === 'cell' ? edit.onDone : undefined}
      onCancel={edit.onCancel}
    />
  );
}

function Edit(props: EditProps) {
  if (props.place === 'form') return <Rich edit={props} />;
  return (
    <PanelEdit edit={props} shown={<Line>{plain(props.value)}</Line>} width={420}>
      {() => <Rich edit={props} autoFocus />}
    </PanelEdit>
  );
}

function Show({ value, place }: ShowProps) {
  const words = plain(value);
  if (place !== 'full') return <Line title={words}>{words}</Line>;
  return (
    <Suspense fallback={<span className={s.long}>{words}</span>}>
      <Markdown text={str(value)} />
    </Suspense>
  );
}

export const longTextView: FieldView = {
  type: 'longText',
  width: 260,
  long: true,
  Show,
  Edit,
  Filter: filterOf({ One: Edit }),
  text: plain,
  sentence: sentenceOf(plain),
};
