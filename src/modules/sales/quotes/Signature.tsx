import { type PointerEvent, useRef, useState } from 'react';
import { useVisit } from '../../../web/open/page.ts';
import s from './QuotePage.module.css';

/** Pixels of the drawing that is kept. */
const [wide, high] = [600, 180];

/** A signature drawn by finger, pen or mouse. It is never needed: the typed name counts, so the keyboard is enough. */
export function Signature({ onChange }: { onChange(drawn: string | null): void }) {
  const { t } = useVisit();
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<{ x: number; y: number } | null>(null);
  const [drawn, setDrawn] = useState(false);

  const place = ({ clientX, clientY, currentTarget }: PointerEvent<HTMLCanvasElement>) => {
    const box = currentTarget.getBoundingClientRect();
    return {
      x: ((clientX - box.left) * wide) / box.width,
      y: ((clientY - box.top) * high) / box.height,
    };
  };
  const down = (event: PointerEvent<HTMLCanvasElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    last.current = place(event);
  };
  const move = (event: PointerEvent<HTMLCanvasElement>) => {
    const from = last.current;
    const pen = event.currentTarget.getContext('2d');
    if (!from || !pen) return;
    const to = place(event);
    pen.strokeStyle = getComputedStyle(event.currentTarget).color;
    pen.lineWidth = 3;
    pen.lineCap = 'round';
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
    last.current = to;
  };
  const up = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!last.current) return;
    last.current = null;
    setDrawn(true);
    onChange(event.currentTarget.toDataURL('image/png'));
  };
  const clear = () => {
    canvas.current?.getContext('2d')?.clearRect(0, 0, wide, high);
    setDrawn(false);
    onChange(null);
  };
  return (
    <div className={s.signing}>
      <div className={s.signingHead}>
        <span>{t('offer.signature')}</span>
        {drawn && (
          <button type="button" className={s.plain} onClick={clear}>
            {t('offer.clear')}
          </button>
        )}
      </div>
      <canvas
        ref={canvas}
        width={wide}
        height={high}
        className={s.pad}
        role="img"
        aria-label={t('offer.signature')}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
      />
      <p className={s.small}>{t('offer.drawHint')}</p>
    </div>
  );
}
