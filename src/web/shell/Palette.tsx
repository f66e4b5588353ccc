// biome-ignore-all lint/a11y/useSemanticElements: virtual grids and list boxes cannot be tables and selects.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid or input as a whole has the focus; cells are active descendants.
// biome-ignore-all lint/a11y/noStaticElementInteractions: the grid or input as a whole has the keys.
import { Modal } from '@mantine/core';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Avatar } from '../../kit/Avatar.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { closeDialog } from './dialogs.ts';
import s from './Palette.module.css';
import { type Command, usePalette } from './use-palette.ts';

/** One line that leads anywhere and does anything. */
export default function Palette() {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const { commands, searching, behind } = usePalette(text);
  // Whoever types fast means the first of what they have typed, not of what stands there yet.
  const [taking, setTaking] = useState(false);
  const active = Math.min(at, Math.max(0, commands.length - 1));

  useEffect(() => {
    list.current?.querySelector(`[data-at="${active}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  useEffect(() => {
    if (!taking || behind) return;
    setTaking(false);
    take(commands[active]);
  });

  function take(command: Command | undefined) {
    if (!command) return;
    closeDialog();
    command.run();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown') setAt(Math.min(active + 1, commands.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(active - 1, 0));
    else if (event.key === 'Enter' && behind) setTaking(true);
    else if (event.key === 'Enter') take(commands[active]);
    else return;
    event.preventDefault();
  }

  return (
    <Modal
      opened
      onClose={closeDialog}
      withCloseButton={false}
      size={620}
      padding={0}
      yOffset="12vh"
      classNames={{ content: s.content, header: s.header }}
      title={t('palette.title')}
    >
      <div className={s.line} data-top>
        <Icon name="search" size={18} />
        <input
          className={s.input}
          data-autofocus
          value={text}
          placeholder={t('palette.placeholder')}
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={commands.length > 0 ? `${id}-${active}` : undefined}
          aria-label={t('palette.title')}
          onChange={event => {
            setText(event.target.value);
            setAt(0);
            setTaking(false);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={t('palette.title')}
        className={s.list}
        aria-busy={searching}
      >
        {commands.map((command, index) => (
          <div key={command.id} role="presentation">
            {commands[index - 1]?.section !== command.section && (
              <p className={s.section}>{command.section}</p>
            )}
            <div
              id={`${id}-${index}`}
              data-at={index}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              className={s.command}
              onPointerMove={() => setAt(index)}
              onClick={() => take(command)}
              onKeyDown={() => undefined}
            >
              {command.avatar ? (
                <Avatar id={command.avatar.id} title={command.label} round={command.avatar.round} size={20} />
              ) : (
                <Icon name={command.icon} className={s.icon} />
              )}
              <span className={s.label}>{command.label}</span>
              {command.hint && <span className={s.hint}>{command.hint}</span>}
            </div>
          </div>
        ))}
        {commands.length === 0 && !searching && <p className={s.none}>{t('palette.none', { text })}</p>}
      </div>
    </Modal>
  );
}
