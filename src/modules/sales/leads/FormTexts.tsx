import { Area, Input, Labelled } from '../../../kit/Input.tsx';
import { t } from '../../../kit/words.ts';
import s from './FormEditor.module.css';
import { type FormEditing, textNames } from './use-form-editor.ts';

/** What a form says besides its questions, in the language that is chosen. */
export function FormTexts({ editing }: { editing: FormEditing }) {
  const { language } = editing;
  return (
    <fieldset className={s.question}>
      <legend>{t('lead.form.texts')}</legend>
      {textNames.map(name => {
        const Box = name === 'heading' || name === 'button' ? Input : Area;
        return (
          <Labelled key={name} label={t(`lead.form.text.${name}`)} htmlFor={`form-text-${name}`}>
            <Box
              id={`form-text-${name}`}
              lang={language}
              dir="auto"
              placeholder={editing.ownText(name)}
              value={editing.textOf(name)}
              onChange={(event: { currentTarget: { value: string } }) =>
                editing.setText(name, event.currentTarget.value)
              }
            />
          </Labelled>
        );
      })}
    </fieldset>
  );
}
