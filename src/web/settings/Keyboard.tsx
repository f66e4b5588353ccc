import '../words.ts';
import { VisuallyHidden } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Kbd } from '../../kit/Kbd.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { usePreferences } from '../model/preferences.ts';
import {
  type Action,
  actions,
  chooseKeys,
  chord,
  fixed,
  isFit,
  keyOf,
  sectionOf,
  sections,
  shownKey,
  takenBy,
  usualKey,
} from '../shell/keys.ts';
import s from './Keyboard.module.css';
import { Section } from './parts.tsx';

/** The keys of this person, and keeping them. */
function useOwnKeys() {
  const { preferences, change } = usePreferences();
  const [waiting, setWaiting] = useState<Action | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const own = preferences?.keys ?? {};

  async function keep(keys: Record<string, string>) {
    if (!(await change({ keys }))) return;
    chooseKeys(keys);
    toast(t('keyboard.saved'), { action: { label: t('toast.undo'), run: () => void keep(own) } });
  }

  function reset(action: Action) {
    const { [action]: _, ...rest } = own;
    const other = takenBy(action, usualKey(action), rest);
    if (other) return say(other, usualKey(action));
    setProblem(null);
    void keep(rest);
  }

  function say(other: Action, key: string) {
    setProblem(t('keyboard.taken', { keys: shownKey(key).join(' '), action: t(`keys.${other}`) }));
  }

  /** Takes what was pressed for the action that waits for a key. */
  function press(event: KeyboardEvent) {
    if (!waiting || event.key === 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') return wait(null);
    if (/^(Shift|Control|Alt|AltGraph|Meta)$/.test(event.key)) return;
    const key = chord(event);
    if (event.altKey || !isFit(key)) return setProblem(t('keyboard.unfit'));
    const other = takenBy(waiting, key, own);
    if (other) return say(other, key);
    const { [waiting]: _, ...rest } = own;
    wait(null);
    void keep(key === usualKey(waiting) ? rest : { ...rest, [waiting]: key });
  }

  function wait(action: Action | null) {
    setProblem(null);
    setWaiting(action);
  }
  return { known: preferences !== null, own, waiting, problem, wait, press, reset, resetAll: () => keep({}) };
}

function Line({ action, keys }: { action: Action; keys: ReturnType<typeof useOwnKeys> }) {
  const name = t(`keys.${action}`);
  const waits = keys.waiting === action;
  return (
    <li className={s.line}>
      <span className={s.name}>{name}</span>
      {keys.own[action] !== undefined && (
        <IconButton
          icon="arrow-back-up"
          label={t('keyboard.reset', { action: name })}
          onClick={() => keys.reset(action)}
        />
      )}
      <button
        type="button"
        className={s.key}
        aria-pressed={waits}
        onClick={() => keys.wait(waits ? null : action)}
        onKeyDown={keys.press}
        onBlur={() => waits && keys.wait(null)}
      >
        <VisuallyHidden>{t('keyboard.change', { action: name })}</VisuallyHidden>
        {waits ? t('keyboard.press') : <Kbd keys={shownKey(keyOf(action, keys.own))} />}
      </button>
    </li>
  );
}

/** Which key does what, for this person. */
export function Keyboard() {
  const keys = useOwnKeys();
  if (!keys.known) return <SkeletonLines count={12} />;
  return (
    <Section
      title={t('keys.title')}
      lead={t('keyboard.lead')}
      action={
        Object.keys(keys.own).length > 0 && (
          <Button onClick={() => void keys.resetAll()}>{t('keyboard.resetAll')}</Button>
        )
      }
    >
      <p className={s.problem} role="alert">
        {keys.problem}
      </p>
      {sections.map(section => {
        const own = actions.filter(action => sectionOf(action) === section);
        const rest = fixed[section] ?? [];
        return (
          <section key={section} className={s.section} aria-label={t(`keys.${section}.title`)}>
            <h3 className={s.heading}>{t(`keys.${section}.title`)}</h3>
            <ul>
              {own.map(action => (
                <Line key={action} action={action} keys={keys} />
              ))}
              {rest.map(([name, shown]) => (
                <li key={name} className={s.line}>
                  <span className={s.name}>{t(`keys.${section}.${name}`)}</span>
                  <span className={s.fixed} title={t('keyboard.fixed')}>
                    <Kbd keys={shown} />
                  </span>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </Section>
  );
}
