import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type DragEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { toast } from '../../kit/toast.tsx';
import { ApiError } from '../api.ts';
import { useMeta } from '../model/meta.tsx';
import { failureText } from '../model/records.ts';
import { type SentFile, setDraft, useDraft } from './draft.ts';
import { Earlier } from './Earlier.tsx';
import s from './Files.module.css';
import { takeHanded } from './handed.ts';
import { proposalFor } from './propose.ts';
import { addUploads, clearUploads, removeUpload, retryUpload, type Upload, useUploads } from './uploads.ts';

const route = getRouteApi('/frame/import');

const accepted =
  '.csv,.tsv,.txt,.tab,.xlsx,.xls,.xlsb,.ods,.json,.ndjson,.jsonl,.vcf,.vcard,.ics,.ical,.mbox,.eml,.zip,.gz';

function sizeText(bytes: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1000 ** power);
}

/** A copied table as a file; null where the text is none. */
function pastedFile(text: string, name: string): File | null {
  if (!/[\t\n;,]/.test(text.trim())) return null;
  const ending = text.includes('\t') ? 'tsv' : 'csv';
  return new File([text], `${name}.${ending}`, { type: 'text/plain' });
}

/** What a refusal says; a connection that broke has nothing to say but what to do. */
function failedText(error: unknown, broken: string): string {
  return error instanceof ApiError && error.status > 0 ? failureText(error) : broken;
}

interface LineProps {
  name: string;
  size: number;
  upload?: Upload;
  onRemove(): void;
}

function FileLine({ name, size, upload, onRemove }: LineProps) {
  const { t } = useTranslation();
  const { locale } = useMeta().workspace;
  const percent = upload && size > 0 ? Math.floor((upload.sent / size) * 100) : 100;
  const state = upload?.state ?? 'sent';
  return (
    <li className={s.file} data-state={state}>
      <Icon name={/\.(zip|gz)$/i.test(name) ? 'archive' : 'file-text'} />
      <span className={s.what}>
        <span className={s.name} dir="auto">
          {name}
        </span>
        <span className={s.detail}>
          {state === 'failed' ? failedText(upload?.error, t('import.files.failed')) : sizeText(size, locale)}
        </span>
      </span>
      {state === 'failed' && upload ? (
        <Button icon="refresh" onClick={() => retryUpload(upload.key)}>
          {t('import.files.retry')}
        </Button>
      ) : (
        <span className={s.state}>{t(`import.files.${state}`, { percent })}</span>
      )}
      <IconButton icon="x" label={t('import.files.remove', { name })} onClick={onRemove} />
      {state === 'sending' && (
        <span className={s.track} aria-hidden>
          <span className={s.gone} style={{ inlineSize: `${percent}%` }} />
        </span>
      )}
    </li>
  );
}

/** Reads what was uploaded as soon as all of it has arrived, and goes on to the columns. */
function useReading() {
  const meta = useMeta();
  const client = useQueryClient();
  const navigate = route.useNavigate();
  const { object: preset } = route.useSearch();
  const uploads = useUploads();
  const draft = useDraft(meta.me.id);
  const [reading, setReading] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const asked = useRef('');

  const read = useCallback(
    async (files: SentFile[], goOn: boolean) => {
      if (files.length === 0) return setDraft(null);
      setReading(true);
      setError(null);
      try {
        setDraft(await proposalFor(client, meta, files, preset, draft));
        clearUploads();
        if (goOn) await navigate({ search: { step: 'columns' } });
      } catch (problem) {
        setError(problem);
      }
      setReading(false);
    },
    [client, meta, preset, navigate, draft],
  );

  const sent = uploads.flatMap(({ id, file }): SentFile[] =>
    id === null ? [] : [{ id, name: file.name, size: file.size }],
  );
  const all = [...(draft?.files ?? []), ...sent];
  const ids = all.map(({ id }) => id).join();
  const complete = uploads.length > 0 && sent.length === uploads.length;
  useEffect(() => {
    if (!complete || asked.current === ids) return;
    asked.current = ids;
    void read(all, true);
  });
  return { uploads, draft, reading, error, all, read };
}

/** What has been chosen so far, and what becomes of it. */
function Chosen({ uploads, draft, reading, error, all, read }: ReturnType<typeof useReading>) {
  const { t } = useTranslation();
  if (all.length === 0 && uploads.length === 0) return null;
  return (
    <section className={s.chosen} aria-label={t('import.files.list')}>
      {error !== null && (
        <div className={s.problem} role="alert">
          <p className={s.problemTitle}>{t('import.files.unreadable')}</p>
          <p>{failureText(error)}</p>
          <p className={s.quiet}>{t('import.files.unreadableHelp')}</p>
        </div>
      )}
      <ul>
        {draft?.files.map(file => (
          <FileLine
            key={file.id}
            name={file.name}
            size={file.size}
            onRemove={() =>
              void read(
                draft.files.filter(({ id }) => id !== file.id),
                false,
              )
            }
          />
        ))}
        {uploads.map(upload => (
          <FileLine
            key={upload.key}
            name={upload.file.name}
            size={upload.file.size}
            upload={upload}
            onRemove={() => removeUpload(upload.key)}
          />
        ))}
      </ul>
      <div className={s.acts}>
        {error !== null && (
          <Button icon="refresh" busy={reading} onClick={() => void read(all, true)}>
            {t('import.files.readAgain')}
          </Button>
        )}
        {reading && error === null && (
          <span className={s.reading} role="status">
            <Icon name="loader" /> {t('import.files.reading')}
          </span>
        )}
        {draft && !reading && uploads.length === 0 && (
          <Link to="/import" search={{ step: 'columns' }} className={s.go}>
            {t('import.files.continue')}
          </Link>
        )}
        <Button
          look="quiet"
          onClick={() => {
            clearUploads();
            setDraft(null);
          }}
        >
          {t('import.files.discard')}
        </Button>
      </div>
    </section>
  );
}

function usePasting(add: (files: File[]) => void) {
  const { t } = useTranslation();
  const name = t('import.files.pasted');
  useEffect(() => {
    function onPaste(event: ClipboardEvent) {
      if (event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]'))
        return;
      const files = Array.from(event.clipboardData?.files ?? []);
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const table = files.length > 0 ? null : pastedFile(text, name);
      if (table) add([table]);
      else if (files.length > 0) add(files);
      else return;
      event.preventDefault();
    }
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, [add, name]);

  return async () => {
    try {
      const table = pastedFile(await navigator.clipboard.readText(), name);
      if (table) add([table]);
      else toast(t('import.files.noTable'), { tone: 'wrong' });
    } catch {
      const keys = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘ V' : 'Ctrl+V';
      toast(t('import.files.noClipboard', { keys }), { tone: 'wrong' });
    }
  };
}

/** The first step: files by dropping, choosing or pasting. */
export function Files() {
  const { t } = useTranslation();
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
