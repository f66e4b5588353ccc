import { type DragEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { Chosen } from './Chosen.tsx';
import { setDraft } from './draft.ts';
import { Earlier } from './Earlier.tsx';
import s from './Files.module.css';
import { takeHanded } from './handed.ts';
import { addUploads, clearUploads } from './uploads.ts';
import { usePasting } from './use-pasting.ts';
import { useReading } from './use-reading.ts';

const accepted =
  '.csv,.tsv,.txt,.tab,.xlsx,.xls,.xlsb,.ods,.json,.ndjson,.jsonl,.vcf,.vcard,.ics,.ical,.mbox,.eml,.zip,.gz';

/** The first step: files by dropping, choosing or pasting. */
export function Files() {
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const state = useReading();
  const paste = usePasting(addUploads);

  useEffect(() => {
    const handed = takeHanded();
    if (handed.length === 0) return;
    // Files from elsewhere begin a new import.
    clearUploads();
    setDraft(null);
    addUploads(handed);
  }, []);

  const drag = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      addUploads(Array.from(event.dataTransfer.files));
    },
  };
  return (
    <>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept={accepted}
        aria-label={t('import.files.choose')}
        onChange={event => {
          addUploads(Array.from(event.target.files ?? []));
          event.target.value = '';
        }}
      />
      <section className={s.zone} data-over={over || undefined} aria-label={t('import.files.drop')} {...drag}>
        <Icon name="upload" size={28} className={s.mark} />
        <h2 className={s.lead}>{t(over ? 'import.files.now' : 'import.files.drop')}</h2>
        <p className={s.text}>{t('import.files.text')}</p>
        <div className={s.buttons}>
          <Button look="primary" onClick={() => picker.current?.click()}>
            {t('import.files.choose')}
          </Button>
          <Button icon="clipboard-list" onClick={() => void paste()}>
            {t('import.files.paste')}
          </Button>
        </div>
        <p className={s.kinds}>{t('import.files.kinds')}</p>
      </section>
      <Chosen {...state} />
      {state.reading && <SkeletonLines count={4} height={52} />}
      {!state.reading && state.all.length === 0 && state.uploads.length === 0 && <Earlier />}
    </>
  );
}
