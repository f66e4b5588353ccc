import { t } from 'i18next';
import { useId, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { Icon } from '../kit/Icon.tsx';
import { inputStyles } from '../kit/Input.tsx';
import s from './parts.module.css';
import { filterOf, Outside, sentenceOf } from './parts.tsx';
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
    try {
      const added = await Promise.all(Array.from(files ?? []).map(file => services.upload(file)));
      props.onChange([...kept, ...added.map(file => ({ ...file }))]);
    } finally {
      setBusy(false);
    }
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
  Show: ({ value, place }) => (
    <span className={s.names}>
      {list(value).map(item => {
        const file = reference(item);
        const name = file?.title || str(record(item).name);
        return (
          <span key={file?.id ?? name} className={s.inline}>
            <Icon name="paperclip" size={14} />
            <Outside place={place} href={str(record(item).url) || `/api/files/${file?.id ?? ''}/content`}>
              {name}
            </Outside>
          </span>
        );
      })}
    </span>
  ),
  Edit,
  Filter: filterOf({ One: Edit }),
  text,
  sentence: sentenceOf(text),
  write: value => list(value).map(item => reference(item)?.id ?? item),
};
