import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import s from './State.module.css';

/** What stands where nothing is yet: one line on what belongs here, one action. */
export function EmptyState({
  icon,
  title,
  text,
  action,
}: {
  icon: string;
  title: string;
  text?: string;
  action?: ReactNode;
}) {
  return (
    <div className={s.state}>
      <span className={s.mark}>
        <Icon name={icon} size={20} />
      </span>
      <p className={s.title}>{title}</p>
      {text && <p className={s.text}>{text}</p>}
      {action && <div className={s.action}>{action}</div>}
    </div>
  );
}

/** What happened, what to do, and the request id for whoever is asked for help. */
export function ErrorState({
  title,
  text,
  requestId,
  action,
}: {
  title: string;
  text?: string;
  requestId?: string | null;
  action?: ReactNode;
}) {
  return (
    <div className={s.state} role="alert">
      <span className={s.mark} data-wrong>
        <Icon name="alert-triangle" size={20} />
      </span>
      <p className={s.title}>{title}</p>
      {text && <p className={s.text}>{text}</p>}
      {action && <div className={s.action}>{action}</div>}
      {requestId && <code className={s.request}>{requestId}</code>}
    </div>
  );
}

export function Skeleton({ width, height = 10 }: { width: number | string; height?: number }) {
  return <span data-skeleton className={s.skeleton} style={{ inlineSize: width, blockSize: height }} />;
}

/** Nothing to see, but still to come: for what waits until all of it can stand at once. */
export function Coming() {
  return <span data-skeleton hidden />;
}

/** Lines of the final height, so that nothing jumps when the content comes. */
export function SkeletonLines({ count, height = 36 }: { count: number; height?: number }) {
  return (
    <div aria-hidden>
      {Array.from({ length: count }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no identity.
        <div key={i} className={s.line} style={{ blockSize: height }}>
          <Skeleton width={`${42 + ((i * 37) % 40)}%`} />
        </div>
      ))}
    </div>
  );
}
