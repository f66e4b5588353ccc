import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { t } from '../../kit/words.ts';
import { inText } from '../model/language.ts';
import s from './DropToImport.module.css';
import { handOver } from './handed.ts';

/** Files dragged over a list can be dropped anywhere on it: they go to the page that imports them. */
export function DropToImport({ object }: { object: MetaObject }) {
  const navigate = useNavigate();
  const [over, setOver] = useState(false);
  useEffect(() => {
    let inside = 0;
    const own = (event: DragEvent) =>
      event.dataTransfer?.types.includes('Files') === true &&
      !document.querySelector('[role="dialog"][aria-modal="true"]');
    const handlers: Record<string, (event: DragEvent) => void> = {
      dragenter: () => {
        inside++;
        setOver(true);
      },
      // Enter and leave are told of every element on the way.
      dragleave: () => {
        inside = Math.max(0, inside - 1);
        setOver(inside > 0);
      },
      dragover: event => event.preventDefault(),
      drop: event => {
        event.preventDefault();
        inside = 0;
        setOver(false);
        handOver(Array.from(event.dataTransfer?.files ?? []));
        void navigate({ to: '/import', search: { object: object.name } });
      },
    };
    const listener = (event: Event) => own(event as DragEvent) && handlers[event.type]?.(event as DragEvent);
    for (const type of Object.keys(handlers)) document.addEventListener(type, listener);
    return () => {
      for (const type of Object.keys(handlers)) document.removeEventListener(type, listener);
    };
  }, [navigate, object.name]);
  if (!over) return null;
  return (
    <div className={s.over} role="status">
      <span className={s.words}>{t('list.drop', { objects: inText(object.plural) })}</span>
    </div>
  );
}
