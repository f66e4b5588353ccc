import { useId, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { inputStyles } from '../kit/Input.tsx';
import { t } from '../kit/words.ts';
import { FileNames } from './file.view.tsx';
import { One, Several } from './link.view.tsx';
import { filterOf, sentenceOf } from './parts.tsx';
import { list, record, reference, str } from './read.tsx';
import { type EditProps, type FieldView, useFieldServices } from './view.ts';

const text: FieldView['text'] = value =>
  list(value)
    .map(item => reference(item)?.title || str(record(item).name))
    .join(', ');

function Edit(props: EditProps) {
  const services = useFieldServices();
  const input = useId();
  const [busy, setBusy] = useState(false);
  const kept = list(props.value);
  async function add(files: FileList | null) {
    setBusy(true);
    const added = await Promise.all(Array.from(files ?? []).map(file => services.upload(file)));
    setBusy(false);
    props.onChange([...kept, ...added.filter(file => file !== null).map(file => ({ ...file }))]);
    props.onDone?.();
  }
  return (
    <span className={inputStyles.row}>
      <input
        id={props.id ?? input}
        type="file"
        multiple
        hidden
        onChange={event => void add(event.target.files)}
      />
      <Button icon="upload" busy={busy} onClick={() => document.getElementById(props.id ?? input)?.click()}>
        {t('field.upload')}
      </Button>
      <FileNames value={props.value} place="card" />
      {kept.length > 0 && (
        <Button look="quiet" onClick={() => props.onChange([])}>
          {t('field.clear')}
        </Button>
      )}
    </span>
  );
}

export const filesView: FieldView = {
  type: 'files',
  width: 180,
  Show: FileNames,
  Edit,
  Filter: filterOf({ One, Many: Several }),
  text,
  sentence: sentenceOf(text),
  write: value => list(value).map(item => reference(item)?.id ?? item),
};
