import type { MetaObject } from '../../engine/index.ts';
import { t } from '../../kit/words.ts';
import s from './Peek.module.css';
import { RecordPane } from './RecordPane.tsx';

interface PeekProps {
  object: MetaObject;
  id: string;
  onClose(): void;
  /** Told where the record went, when it was merged into another. */
  onMerged(id: string): void;
}

/** A record beside its list. */
export default function Peek({ object, id, onClose, onMerged }: PeekProps) {
  return (
    <aside className={s.peek} aria-label={t('list.peek')}>
      <RecordPane object={object} id={id} onClose={onClose} onDeleted={onClose} onMerged={onMerged} />
    </aside>
  );
}
