import { useMeta } from '../model/meta.tsx';
import s from './Duplicates.module.css';

/** Work on the queue that goes on by itself; `share` of it is done, null while that is not known. */
export function Scanning({ label, share }: { label: string; share: number | null }) {
  const { locale } = useMeta().workspace;
  return (
    <span className={s.scanning} role="status">
      <progress className={s.progress} max={1} value={share ?? undefined} aria-label={label} />
      {label}
      {share !== null && ` ${share.toLocaleString(locale, { style: 'percent' })}`}
    </span>
  );
}
