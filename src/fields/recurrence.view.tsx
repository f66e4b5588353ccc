import { lazy, Suspense } from 'react';
import { SkeletonLines } from '../kit/State.tsx';
import { PanelEdit } from './inputs.tsx';
import { filterOf, Line, sentenceOf } from './parts.tsx';
import { str } from './read.tsx';
import { ruleWords } from './recurrence-words.ts';
import { type EditProps, type FieldView, useFieldServices } from './view.ts';

const RecurrenceForm = lazy(() => import('./RecurrenceForm.tsx'));

const text: FieldView['text'] = (value, _field, format) => ruleWords(str(value), format);

function Words({ value }: { value: string }) {
  const words = ruleWords(value, useFieldServices());
  return <Line title={words}>{words}</Line>;
}

function Edit(edit: EditProps) {
  const value = str(edit.value);
  return (
    <PanelEdit edit={edit} shown={value ? <Words value={value} /> : null}>
      {close => (
        <Suspense fallback={<SkeletonLines count={5} />}>
          <RecurrenceForm
            value={value}
            label={edit.field.label}
            onChange={rule => edit.onChange(rule)}
            onClear={
              edit.field.required
                ? undefined
                : () => {
                    edit.onChange(null);
                    close();
                  }
            }
            onDone={close}
          />
        </Suspense>
      )}
    </PanelEdit>
  );
}

export const recurrenceView: FieldView = {
  type: 'recurrence',
  width: 180,
  Show: ({ value }) => <Words value={str(value)} />,
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
};
