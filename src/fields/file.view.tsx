import { useId, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { Icon } from '../kit/Icon.tsx';
import { inputStyles } from '../kit/Input.tsx';
import { t } from '../kit/words.ts';
import { One, Several } from './link.view.tsx';
import s from './parts.module.css';
import { filterOf, Outside, sentenceOf } from './parts.tsx';
import { list, record, reference, str } from './read.tsx';
import { type EditProps, type FieldView, type ShowProps, useFieldServices } from './view.ts';

/** The names of files, one or several. */
export const text: FieldView['text'] = value =>
  list(value)
    .map(item => reference(item)?.title || str(record(item).name))
    .join(', ');

/** Files by their names, each a download. */
export function FileNames({ value, place }: Pick<ShowProps, 'value' | 'place'>) {
  return (
    <span className={s.names} data-wrap={place === 'full' || undefined}>
      {list(value).map(item => {
        const file = reference(item);
        const name = file?.title || str(record(item).name);
        return (
          <span key={file?.id ?? name} className={s.inline}>
            <Icon name="paperclip" size={14} />
            <Outside place={place} href={`/api/files/${file?.id ?? ''}/content`}>
              {name}
            </Outside>
          </span>
        );
      })}
    </span>
  );
}

function Upload({ edit, many }: { edit: EditProps; many?: boolean }) {
  const services = useFieldServices();
  const own = useId();
  const input = edit.id ?? own;
  const [busy, setBusy] = useState(false);
  const kept = list(edit.value);
  async function add(files: FileList | null) {
    setBusy(true);
    const sent = await Promise.all(Array.from(files ?? []).map(file => services.upload(file)));
    setBusy(false);
    const added = sent.filter(file => file !== null).map(file => ({ ...file }));
    if (added.length > 0) edit.onChange(many ? [...kept, ...added] : added[0]!);
    edit.onDone?.();
  }
  return (
    <span className={inputStyles.row}>
      <input id={input} type="file" multiple={many} hidden onChange={event => void add(event.target.files)} />
      <Button icon="upload" busy={busy} onClick={() => document.getElementById(input)?.click()}>
        {t('field.upload')}
      </Button>
      <FileNames value={edit.value} place="card" />
      {kept.length > 0 && (
        <Button look="quiet" onClick={() => edit.onChange(many ? [] : null)}>
          {t('field.clear')}
        </Button>
      )}
    </span>
  );
}

/** Uploads one file. */
const UploadOne = (props: EditProps) => <Upload edit={props} />;
/** Uploads any number of files. */
export const UploadSeveral = (props: EditProps) => <Upload edit={props} many />;

export const fileView: FieldView = {
  type: 'file',
  width: 180,
  Show: FileNames,
  Edit: UploadOne,
  Filter: filterOf({ One, Many: Several }),
  text,
  sentence: sentenceOf(text),
  write: value => reference(value)?.id ?? value,
};
