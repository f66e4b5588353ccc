import { Modal } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { exactly } from '../../fields/moments.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { read } from '../api.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { useActions } from '../model/records.ts';
import { Failure } from '../shell/Missing.tsx';
import s from './Files.module.css';
import { type AttachedFile, iconOf, kindOf, sizeText } from './files.ts';

const Markdown = lazy(() => import('../../fields/Markdown.tsx'));

interface ViewerProps {
  files: AttachedFile[];
  /** Id of the file that is shown. */
  open: string;
  onOpen(id: string | null): void;
}

interface TextPreview {
  text: string;
  cut: boolean;
  rows?: string[][];
}

function Table({ rows }: { rows: string[][] }) {
  const [head = [], ...body] = rows;
  return (
    <table className={s.table}>
      <thead>
        <tr>
          {head.map((cell, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: cells of a file have no identity but their place.
            <th key={index} scope="col">
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {body.map((row, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <tr key={line}>
            {row.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above.
              <td key={index}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How a text begins; tables as tables, Markdown as it is meant. */
function Words({ file }: { file: AttachedFile }) {
  const found = useQuery({
    queryKey: ['fileText', file.id],
    queryFn: ({ signal }) => read<TextPreview>(`/api/files/${file.id}/text`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (found.isPending) return <SkeletonLines count={6} />;
  if (found.error) return <Failure error={found.error} />;
  const { text, cut, rows } = found.data;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys.
    <div className={s.words} tabIndex={0} role="document" aria-label={file.name}>
      {cut && <p className={s.cut}>{t('page.cut')}</p>}
      {rows ? (
        <Table rows={rows} />
      ) : kindOf(file) === 'markdown' ? (
        <Suspense fallback={<pre className={s.plain}>{text}</pre>}>
          <Markdown text={text} />
        </Suspense>
      ) : (
        <pre className={s.plain}>{text}</pre>
      )}
    </div>
  );
}

/** A file as far as a browser can show it. */
function Shown({ file }: { file: AttachedFile }) {
  const [broken, setBroken] = useState(false);
  const kind = kindOf(file);
  const address = `/api/files/${file.id}/preview`;
  const fails = () => setBroken(true);
  const none = (
    <EmptyState
      icon={iconOf(kind)}
      title={t('page.notShown')}
      text={t('page.notShownText')}
      action={<Download file={file} />}
    />
  );
  if (broken) return none;
  if (kind === 'picture') return <img className={s.picture} src={address} alt={file.name} onError={fails} />;
  if (kind === 'pdf' && navigator.pdfViewerEnabled)
    return <iframe className={s.frame} src={address} title={file.name} />;
  if (kind === 'sound')
    // biome-ignore lint/a11y/useMediaCaption: what people attach has none.
    return <audio className={s.sound} src={address} controls onError={fails} aria-label={file.name} />;
  if (kind === 'film')
    // biome-ignore lint/a11y/useMediaCaption: what people attach has none.
    return <video className={s.picture} src={address} controls onError={fails} aria-label={file.name} />;
  if (kind === 'table' || kind === 'markdown' || kind === 'text') return <Words file={file} />;
  return none;
}

function Download({ file }: { file: AttachedFile }) {
  return (
    <Button
      icon="download"
      look="primary"
      onClick={() => window.location.assign(`/api/files/${file.id}/content`)}
    >
      {t('page.download')}
    </Button>
  );
}

/** One file large, its neighbours by arrow keys. */
export default function Viewer({ files, open, onOpen }: ViewerProps) {
  const services = useFieldServices();
  const kind = objectNamed(useMeta(), 'file');
  const actions = useActions();
  const at = files.findIndex(({ id }) => id === open);
  const file = files[at];
  const go = (by: number) => {
    const next = files[at + by];
    if (next) onOpen(next.id);
  };
  const rtl = document.documentElement.dir === 'rtl';
  useWindowEvent('keydown', event => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    // A player winds by the same keys.
    if (!way || event.target instanceof HTMLMediaElement) return;
    go(rtl ? -way : way);
  });
  if (!file) return null;
  async function remove() {
    if (!kind || !file) return;
    const next = files[at + 1] ?? files[at - 1];
    const done = await actions.trash(kind, [{ id: file.id, version: 0, name: file.name }]);
    if (done) onOpen(next?.id ?? null);
  }
  return (
    <Modal
      opened
      onClose={() => onOpen(null)}
      size="min(1100px, 96vw)"
      title={<span className={s.title}>{file.name}</span>}
      closeButtonProps={{ 'aria-label': t('toast.close') }}
      classNames={{ body: s.viewer, header: s.top, content: s.window }}
    >
      <div className={s.stage}>
        <Shown key={file.id} file={file} />
      </div>
      <footer className={s.foot}>
        <IconButton icon="chevron-left" label={t('page.before')} disabled={at === 0} onClick={() => go(-1)} />
        <span className={s.place}>{t('walk.place', { at: at + 1, of: files.length })}</span>
        <IconButton
          icon="chevron-right"
          label={t('page.after')}
          disabled={at === files.length - 1}
          onClick={() => go(1)}
        />
        <span className={s.about}>
          {[sizeText(file.size, services.locale), file.by, exactly(file.at, services)]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {kind?.can.delete && (
          <IconButton icon="trash" label={t('page.deleteFile')} onClick={() => void remove()} />
        )}
        <Download file={file} />
      </footer>
    </Modal>
  );
}
