import { Link } from '@tanstack/react-router';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { ApiError } from '../api.ts';
import { useMeta } from '../model/meta.tsx';
import { failureText } from '../model/records.ts';
import { setDraft } from './draft.ts';
import s from './Files.module.css';
import { clearUploads, removeUpload, retryUpload, type Upload } from './uploads.ts';
import type { useReading } from './use-reading.ts';

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

/** What has been chosen so far, and what becomes of it. */
export function Chosen({ uploads, draft, reading, error, all, read }: ReturnType<typeof useReading>) {
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
