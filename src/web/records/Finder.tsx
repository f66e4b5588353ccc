import { useRef } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { inText } from '../model/language.ts';
import s from './Finder.module.css';
import type { ListModel } from './use-list.ts';
import { useWish } from './use-wish.ts';

/** Looks for words in a list, and offers as filters what they may mean. */
export function Finder({ object, list }: { object: MetaObject; list: ListModel }) {
  const suggestions = useWish(object, list);
  const field = useRef<HTMLInputElement>(null);
  const offered = useRef<HTMLUListElement>(null);

  function walk(event: React.KeyboardEvent) {
    const buttons = [...(offered.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (event.key === 'Escape' && at >= 0) field.current?.focus();
    else if (event.key === 'ArrowDown') buttons[Math.min(at + 1, buttons.length - 1)]?.focus();
    else if (event.key === 'ArrowUp') (buttons[at - 1] ?? field.current)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows lead from the input to what it offers; all of it is reached by Tab too.
    <div className={s.finder} onKeyDown={walk}>
      <label className={s.line}>
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          value={list.state.q}
          placeholder={t('list.find')}
          aria-label={t('list.findIn', { objects: inText(object.plural) })}
          onChange={event => list.change({ q: event.target.value })}
        />
      </label>
      {suggestions.length > 0 && (
        <ul ref={offered} className={s.offered} aria-label={t('wish.title')}>
          {suggestions.map(({ key, text, choose }) => (
            <li key={key}>
              <button
                type="button"
                onClick={() => {
                  choose();
                  field.current?.focus();
                }}
              >
                <Icon name="filter" />
                <span>{text}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
