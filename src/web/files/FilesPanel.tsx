import '../records/words.ts';
import { lazy, Suspense, useId, useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { IconButton } from '../../kit/Button.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { SidePanel } from '../records/SidePanel.tsx';
import { Failure } from '../shell/Missing.tsx';
import { FileButton } from './FileEntry.tsx';
import s from './Files.module.css';
import { useAttach, useFiles } from './files.ts';

const Viewer = lazy(() => import('./Viewer.tsx'));

const shownFirst = 6;

interface FilesPanelProps {
  object: MetaObject;
  id: string;
  /** With room for all: in the middle of the page. */
  wide?: boolean;
}

/** The files of a record: to look through, to download, to add to. */
export function FilesPanel({ object, id, wide }: FilesPanelProps) {
  const input = useId();
  const mayAdd = objectNamed(useMeta(), 'file')?.can.create === true;
  const attach = useAttach(object, id);
  const { files, pending, error } = useFiles(object, id);
  const [open, setOpen] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const shown = wide || all ? files : files.slice(0, shownFirst);
  const empty = !pending && !error && files.length === 0;
  return (
    <SidePanel
      label={t('page.files')}
      count={files.length > 0 ? files.length : null}
      empty={empty && !wide}
      action={
        mayAdd && (
          <>
            <input
              id={input}
              type="file"
              multiple
              hidden
              onChange={event => {
                void attach([...(event.target.files ?? [])]);
                event.target.value = '';
              }}
            />
            <IconButton
              icon="upload"
              size={24}
              label={t('page.attach')}
              onClick={() => document.getElementById(input)?.click()}
            />
          </>
        )
      }
    >
      {pending && <SkeletonLines count={2} height={44} />}
      {error && wide && <Failure error={error} />}
      {empty && wide && <p className={s.none}>{t('page.noFiles')}</p>}
      <ul className={s.files} data-wide={wide || undefined}>
        {shown.map(file => (
          <li key={file.id}>
            <FileButton file={file} onOpen={() => setOpen(file.id)} />
          </li>
        ))}
      </ul>
      {files.length > shown.length && (
        <button type="button" className={s.all} onClick={() => setAll(true)}>
          {t('related.all', { count: files.length })}
        </button>
      )}
      {open !== null && (
        <Suspense fallback={null}>
          <Viewer files={files} open={open} onOpen={setOpen} />
        </Suspense>
      )}
    </SidePanel>
  );
}
