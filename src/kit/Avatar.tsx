import s from './Avatar.module.css';
import { tintOf, tintStyle } from './tint.ts';

interface AvatarProps {
  id: string;
  title: string;
  /** People and users are round, everything else square. */
  round?: boolean;
  size?: 16 | 20 | 24 | 32 | 40;
}

export function initials(title: string): string {
  const words = title.trim().split(/\s+/).filter(Boolean);
  const first = Array.from(words[0] ?? '')[0] ?? '';
  const last = words.length > 1 ? (Array.from(words.at(-1) ?? '')[0] ?? '') : '';
  return (first + last).toLocaleUpperCase() || '·';
}

export function Avatar({ id, title, round = false, size = 20 }: AvatarProps) {
  const text = initials(title);
  return (
    <span
      aria-hidden
      className={s.avatar}
      data-round={round || undefined}
      style={{
        inlineSize: size,
        blockSize: size,
        fontSize: Math.round(size * (size > 20 ? 0.38 : 0.44)),
        ...tintStyle(tintOf(id)),
      }}
    >
      {size <= 20 && !round ? Array.from(text)[0] : text}
    </span>
  );
}
