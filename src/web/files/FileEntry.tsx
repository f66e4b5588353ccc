import { lazy, Suspense, useState } from 'react';
import { relatively } from '../../fields/moments.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Icon } from '../../kit/Icon.tsx';
import type { Row } from '../api.ts';
import s from './Files.module.css';
import { type AttachedFile, asFile, iconOf, kindOf, sizeText } from './files.ts';

const Viewer = lazy(() => import('./Viewer.tsx'));

function Thumb({ file }: { file: AttachedFile }) {
  const kind = kindOf(file);
  const [broken, setBroken] = useState(false);
  if (kind === 'picture' && !broken)
    return (
      <img
        className={s.thumb}
        src={`/api/files/${file.id}/preview`}
        alt=""
        loading="lazy"
        decoding="async"
        onError={() => setBroken(true)}
      />
    );
  return (
    <span className={s.thumb}>
      <Icon name={iconOf(kind)} size={20} />
    </span>
  );
}

/** A file by its picture, name and size. */
export function FileButton({ file, onOpen }: { file: AttachedFile; onOpen(): void }) {
  const services = useFieldServices();
  return (
    <button type="button" className={s.file} onClick={onOpen}>
      <Thumb file={file} />
      <span className={s.named}>
        <span className={s.name}>{file.name}</span>
        <span className={s.meta}>
          {sizeText(file.size, services.locale)} · {relatively(file.at, services)}
        </span>
      </span>
    </button>
  );
}

/** A file among what happened: a click shows it. */
export default function FileEntry({ row }: { row: Row }) {
  const [open, setOpen] = useState(false);
  const file = asFile(row);
  if (!file) return null;
  return (
    <div className={s.said}>
      <FileButton file={file} onOpen={() => setOpen(true)} />
      {open && (
        <Suspense fallback={null}>
          <Viewer files={[file]} open={file.id} onOpen={id => setOpen(id !== null)} />
        </Suspense>
      )}
    </div>
  );
}
