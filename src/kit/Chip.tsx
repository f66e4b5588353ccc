import type { ReactNode } from 'react';
import s from './Chip.module.css';
import { tintNamed, tintStyle } from './tint.ts';

/** A value out of a few: soft, never louder than the text around it. */
export function Chip({ colour, children }: { colour?: string | null; children: ReactNode }) {
  return (
    <span className={s.chip} dir="auto" style={tintStyle(tintNamed(colour))}>
      {children}
    </span>
  );
}
