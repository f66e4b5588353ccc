/** Controls that several field types share for editing. */
import { Popover } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import type { Json } from '../engine/index.ts';
import { Icon } from '../kit/Icon.tsx';
import { Input, inputStyles as s } from '../kit/Input.tsx';
import { Picker, type PickerOption } from '../kit/Picker.tsx';
import { t } from '../kit/words.ts';
import { str } from './read.tsx';
import { readNumeral } from './reading.ts';
import { type EditProps, useFieldServices } from './view.ts';

type Keys = Pick<EditProps, 'onDone' | 'onCancel'>;

export function editKeys({ onDone, onCancel }: Keys) {
  return (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing && onDone) {
      event.preventDefault();
      onDone();
    } else if (event.key === 'Escape' && onCancel) {
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    }
  };
}

interface LineProps extends EditProps {
  text: string;
  /** What the text stands for; the text itself where it cannot be read, so that the server says why. */
  read(text: string): Json;
  mode?: 'text' | 'decimal' | 'numeric' | 'email' | 'tel' | 'url';
  /** For text that runs from left to right in every script, as numbers and addresses do by their `mode`. */
  dir?: 'ltr';
  end?: boolean;
  suffix?: ReactNode;
  placeholder?: string;
}

export function LineEdit({ text, read, mode = 'text', dir, end, suffix, placeholder, ...edit }: LineProps) {
  const [draft, setDraft] = useState(text);
  const input = (
    <Input
      id={edit.id}
      place={edit.place}
      wrong={Boolean(edit.error)}
      aria-label={edit.id ? undefined : edit.field.label}
      aria-required={edit.field.required || undefined}
      inputMode={mode}
      dir={dir ?? (mode === 'text' ? 'auto' : 'ltr')}
      placeholder={placeholder}
      autoFocus={edit.autoFocus}
      value={draft}
      style={end ? { textAlign: 'end', fontVariantNumeric: 'tabular-nums' } : undefined}
      onFocus={event => edit.place === 'cell' && event.target.select()}
      onChange={event => {
        setDraft(event.target.value);
        edit.onChange(event.target.value.trim() === '' ? null : read(event.target.value));
      }}
      onBlur={() => edit.place === 'cell' && edit.onDone?.()}
      onKeyDown={editKeys(edit)}
    />
  );
  if (!suffix) return input;
  return (
    <span className={s.row} style={{ alignItems: 'center' }}>
      {input}
      {suffix}
    </span>
  );
}

interface NumberProps {
  edit: EditProps;
  /** What is kept of what was read: a decimal stays text. */
  of(read: string): Json;
  /** What may be typed behind it. */
  sign?: RegExp;
}

/** A number as people of the locale write it. */
export function NumberEdit({ edit, of, sign }: NumberProps) {
  const { locale } = useFieldServices();
  return (
    <LineEdit
      {...edit}
      end={edit.place === 'cell'}
      mode="decimal"
      text={str(edit.value)}
      read={typed => {
        const read = readNumeral(sign ? typed.replace(sign, '') : typed, locale);
        return read === null ? typed : of(read);
      }}
    />
  );
}

/** Several inputs that make one value: done when the focus leaves all of them. */
export function Parts({
  onDone,
  onCancel,
  place,
  children,
}: Pick<EditProps, 'onDone' | 'onCancel' | 'place'> & { children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches the keys and focus of the inputs inside.
    <div
      className={s.parts}
      onKeyDown={editKeys({ onDone, onCancel })}
      onBlur={event => place === 'cell' && !event.currentTarget.contains(event.relatedTarget) && onDone?.()}
    >
      {children}
    </div>
  );
}

interface PanelProps {
  edit: EditProps;
  /** What stands in the closed control. */
  shown: ReactNode | null;
  children(close: () => void): ReactNode;
  width?: number | 'max-content';
}

/** A control that opens a panel; in a cell the panel is open from the start. */
export function PanelEdit({ edit, shown, children, width = 'max-content' }: PanelProps) {
  const [open, setOpen] = useState(edit.place === 'cell');
  const closed = useRef(false);
  const trigger = useRef<HTMLButtonElement>(null);
  function close() {
    if (closed.current && edit.place === 'cell') return;
    closed.current = true;
    setOpen(false);
    if (edit.place === 'cell') edit.onDone?.();
    else trigger.current?.focus();
  }
  return (
    <Popover
      opened={open}
      onDismiss={close}
      position="bottom-start"
      offset={4}
      width={width}
      trapFocus={false}
      closeOnEscape={false}
      withRoles={false}
    >
      <Popover.Target>
        <button
          ref={trigger}
          type="button"
          id={edit.id}
          className={s.trigger}
          data-place={edit.place}
          data-autofocus={edit.autoFocus || undefined}
          data-wrong={edit.error ? true : undefined}
          aria-haspopup="dialog"
          aria-expanded={open}
          onClick={() => edit.place === 'form' && setOpen(value => !value)}
        >
          {!edit.id && <span className="sr-only">{edit.field.label} </span>}
          <span className={s.triggerValue}>
            {shown ?? <span className={s.quiet}>{edit.place === 'form' ? t('field.choose') : ''}</span>}
          </span>
          {edit.place === 'form' && <Icon name="chevron-down" size={14} className={s.chevron} />}
        </button>
      </Popover.Target>
      <Popover.Dropdown
        onKeyDown={event => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          if (edit.place === 'cell') edit.onCancel?.();
          else close();
        }}
      >
        {children(close)}
      </Popover.Dropdown>
    </Popover>
  );
}

interface PickProps {
  edit: EditProps;
  shown: ReactNode | null;
  chosen: string[];
  many?: boolean;
  options?: PickerOption[];
  search?: (text: string) => Promise<PickerOption[]>;
  /** The new value, after one option was taken or taken away. */
  onPick(option: PickerOption): Json;
  clearable?: boolean;
}

export function PickEdit({
  edit,
  shown,
  chosen,
  many,
  options,
  search,
  onPick,
  clearable = true,
}: PickProps) {
  return (
    <PanelEdit edit={edit} shown={shown}>
      {close => (
        <Picker
          options={options}
          search={search}
          chosen={chosen}
          many={many}
          label={edit.field.label}
          words={{ search: t('field.search'), none: t('field.none'), clear: t('field.clear') }}
          onPick={option => {
            edit.onChange(onPick(option));
            if (!many) close();
          }}
          onClear={
            clearable && !edit.field.required
              ? () => {
                  edit.onChange(many ? [] : null);
                  close();
                }
              : undefined
          }
          onClose={() => (edit.place === 'cell' && !many ? edit.onCancel?.() : close())}
        />
      )}
    </PanelEdit>
  );
}
