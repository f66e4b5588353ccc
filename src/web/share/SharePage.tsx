import '../words.ts';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useId, useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { useFieldServices } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Area, Labelled } from '../../kit/Input.tsx';
import { PageHeader } from '../../kit/PageHeader.tsx';
import { Picker } from '../../kit/Picker.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { type Row, upload } from '../api.ts';
import { iconOf, kindOf, sizeText } from '../files/files.ts';
import { inText } from '../model/language.ts';
import { fieldOf, objectNamed, useMeta } from '../model/meta.tsx';
import { fail, useActions } from '../model/records.ts';
import { aboutValue } from '../records/Composer.tsx';
import { openDialog } from '../shell/dialogs.ts';
import { latest, searchRecords } from './choose.tsx';
import s from './Share.module.css';
import { nameOf, noteOf, readShareSearch, useSharedFiles } from './shared.ts';

/** Writes the note and attaches the files, then leads to the record. */
function useKeep(note: string, files: File[], forget: () => void) {
  const meta = useMeta();
  const actions = useActions();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const kind = objectNamed(meta, 'note');

  async function keep(object: MetaObject, id: string, title: string) {
    setBusy(true);
    try {
      if (kind && note.trim())
        await actions.create(kind, { body: note.trim(), ...aboutValue(kind, object, id) });
      for (const file of files) {
        const query = new URLSearchParams({ name: file.name, about: `${object.name}:${id}` });
        await upload<Row>(`/api/uploads?${query}`, file);
      }
      forget();
      toast(t('share.kept', { title }));
      await navigate({ to: '/$object/$id', params: { object: object.path, id }, replace: true });
    } catch (error) {
      fail(error);
    }
    setBusy(false);
  }
  return { keep, busy };
}

function SharedFiles({ files, onChange }: { files: File[]; onChange(files: File[]): void }) {
  const { locale } = useFieldServices();
  if (files.length === 0) return null;
  return (
    <Labelled label={t('share.files')}>
      <ul className={s.files}>
        {files.map(file => (
          <li key={`${file.name} ${file.size}`} className={s.file}>
            <Icon name={iconOf(kindOf({ name: file.name, mediaType: file.type }))} />
            <span className={s.name}>{file.name}</span>
            <span className={s.size}>{sizeText(file.size, locale)}</span>
            <IconButton
              icon="x"
              size={24}
              label={t('share.remove', { name: file.name })}
              onClick={() => onChange(files.filter(each => each !== file))}
            />
          </li>
        ))}
      </ul>
    </Labelled>
  );
}

/** Where what another app shared finds its record: one there is, or a new one. */
export function SharePage() {
  const search = readShareSearch(useSearch({ strict: false }) as Record<string, unknown>);
  const { files, setFiles, forget } = useSharedFiles();
  const nothing = files?.length === 0 && !noteOf(search);
  return (
    <>
      <PageHeader icon="share" title={t('share.title')} />
      <div className={s.page}>
        <div className={s.inner}>
          {files === null ? (
            <SkeletonLines count={4} />
          ) : nothing ? (
            <EmptyState
              icon="share"
              title={t(search.lost ? 'share.lost' : 'share.none')}
              text={t(search.lost ? 'share.lostText' : 'share.noneText')}
            />
          ) : (
            <Shared
              files={files}
              onFiles={setFiles}
              forget={forget}
              text={noteOf(search)}
              name={nameOf(search)}
            />
          )}
        </div>
      </div>
    </>
  );
}

interface SharedProps {
  files: File[];
  onFiles(files: File[]): void;
  forget(): void;
  text: string;
  name: string;
}

function Shared({ files, onFiles, forget, text, name }: SharedProps) {
  const meta = useMeta();
  const id = useId();
  const [note, setNote] = useState(text);
  const { keep, busy } = useKeep(note, files, forget);
  const offered = meta.objects.filter(each => each.key !== null && each.can.create && !each.timeline);

  function make(object: MetaObject) {
    const title = fieldOf(object, object.title);
    const named = title && viewOf(title.type).person ? { full: name } : name;
    openDialog({
      kind: 'create',
      object: object.name,
      values: name ? { [object.title]: named } : {},
      onMade: made => void keep(object, made.id, made.title),
    });
  }

  return (
    <>
      <p className={s.lead}>{t('share.lead')}</p>
      <Labelled label={t('share.text')} htmlFor={id}>
        <Area id={id} rows={5} value={note} onChange={event => setNote(event.target.value)} />
      </Labelled>
      <SharedFiles files={files} onChange={onFiles} />
      <h2 className={s.heading}>{t('share.onRecord')}</h2>
      <div className={s.picker} aria-busy={busy}>
        <Picker
          chosen={[]}
          label={t('share.onRecord')}
          search={words => (words.trim() ? searchRecords(meta.objects, words) : latest(meta, offered))}
          words={{ search: t('share.find'), none: t('share.noRecord'), clear: t('field.clear') }}
          onPick={option => {
            const [objectName, record] = option.id.split(':');
            const object = objectNamed(meta, objectName);
            if (object && record && !busy) void keep(object, record, option.label);
          }}
        />
      </div>
      <h2 className={s.heading}>{t('share.make')}</h2>
      <div className={s.make}>
        {offered.map(object => (
          <Button key={object.name} icon={object.icon} disabled={busy} onClick={() => make(object)}>
            {t('list.new', { object: inText(object.label) })}
          </Button>
        ))}
      </div>
    </>
  );
}
