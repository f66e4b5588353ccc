import '../records/words.ts';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import s from './Files.module.css';
import { useAttach, useSending } from './files.ts';

/** Files on their way, how far each is, and stopping them. */
export function SendingFiles() {
  const sending = useSending();
  if (sending.length === 0) return null;
  return (
    <ul className={s.sending} aria-label={t('page.sending')}>
      {sending.map(({ key, name, done, stop }) => (
        <li key={key} className={s.sent}>
          <span className={s.name}>{name}</span>
          <progress className={s.bar} max={1} value={done} aria-label={name} />
          <IconButton icon="x" size={24} label={t('page.stopSending', { name })} onClick={stop} />
        </li>
      ))}
    </ul>
  );
}

const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');

interface DropFilesProps {
  object: MetaObject;
  id: string;
  title: string;
  children: ReactNode;
}

/** The page of a record takes files that are dropped on it. */
export function DropFiles({ object, id, title, children }: DropFilesProps) {
  const may = objectNamed(useMeta(), 'file')?.can.create === true;
  const attach = useAttach(object, id);
  const [over, setOver] = useState(false);
  // Children of the page enter and leave too; only the outermost counts.
  const depth = useRef(0);
  const on = {
    onDragEnter(event: DragEvent) {
      if (!hasFiles(event)) return;
      depth.current++;
      setOver(true);
    },
    onDragLeave(event: DragEvent) {
      if (!hasFiles(event)) return;
      depth.current = Math.max(0, depth.current - 1);
      if (depth.current === 0) setOver(false);
    },
    onDragOver(event: DragEvent) {
      if (hasFiles(event)) event.preventDefault();
    },
    onDrop(event: DragEvent) {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      void attach([...event.dataTransfer.files]);
    },
  };
  return (
    <div className={s.drop} {...(may ? on : {})}>
      {children}
      {over && (
        <div className={s.over} aria-hidden>
          <Icon name="upload" size={20} />
          {t('page.dropHere', { title })}
        </div>
      )}
      <SendingFiles />
    </div>
  );
}
