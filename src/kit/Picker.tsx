// biome-ignore-all lint/a11y/useSemanticElements: virtual grids and list boxes cannot be tables and selects.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid or input as a whole has the focus; cells are active descendants.
// biome-ignore-all lint/a11y/noStaticElementInteractions: the grid or input as a whole has the keys.
// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: both roles that the list has take a label.
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Icon } from './Icon.tsx';
import s from './Picker.module.css';

export interface PickerOption {
  id: string;
  label: string;
  hint?: string;
  start?: ReactNode;
}

interface PickerProps {
  /** Fixed options, filtered here … */
  options?: PickerOption[];
  /** … or options that come from elsewhere. */
  search?: (text: string) => Promise<PickerOption[]>;
  chosen: string[];
  many?: boolean;
  onPick(option: PickerOption): void;
  onClear?: () => void;
  onClose?: () => void;
  words: { search: string; none: string; clear: string };
  /** Offers to make something new out of the text. */
  onCreate?: (text: string) => void;
  createLabel?: (text: string) => string;
  label?: string;
}

function useOptions({ options, search }: Pick<PickerProps, 'options' | 'search'>, text: string) {
  const [found, setFound] = useState<PickerOption[] | null>(null);
  const ask = useRef(search);
  ask.current = search;
  const remote = search !== undefined;
  useEffect(() => {
    if (!remote) return;
    let live = true;
    const timer = setTimeout(
      () => {
        ask.current?.(text).then(
          list => live && setFound(list),
          () => live && setFound([]),
        );
      },
      text ? 120 : 0,
    );
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [text, remote]);
  if (remote) return found;
  const needle = text.trim().toLocaleLowerCase();
  return (options ?? []).filter(o => !needle || o.label.toLocaleLowerCase().includes(needle));
}

/** A list to choose from, by mouse or keys, with a line to search it. One look for choices, links, people, fields. */
export function Picker(props: PickerProps) {
  const { chosen, many, onPick, onClear, onClose, words, onCreate, createLabel, label } = props;
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();
  const options = useOptions(props, text);
  const creatable = onCreate && text.trim() !== '';
  const count = (options?.length ?? 0) + (creatable ? 1 : 0);
  const active = Math.min(at, Math.max(0, count - 1));

  useEffect(() => {
    list.current?.querySelector(`[data-at="${active}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  function take(index: number) {
    const option = options?.[index];
    if (option) onPick(option);
    else if (creatable) onCreate(text.trim());
    if (many) setText('');
  }

  function keys(event: KeyboardEvent) {
    if (event.key === 'ArrowDown') setAt(Math.min(active + 1, count - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(active - 1, 0));
    else if (event.key === 'Enter') take(active);
    else if (event.key === 'Escape' || event.key === 'Tab') onClose?.();
    else if (event.key === 'Backspace' && text === '' && chosen.length > 0) onClear?.();
    else return event.stopPropagation();
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className={s.picker}>
      <input
        className={s.search}
        // biome-ignore lint/a11y/noAutofocus: the panel opens because someone asked for it.
        autoFocus
        value={text}
        placeholder={words.search}
        onChange={event => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={keys}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={count > 0 ? `${listId}-${active}` : undefined}
        aria-label={label ?? words.search}
      />
      <div
        ref={list}
        id={listId}
        // Without anything to choose it is no list but a line that says so.
        role={count > 0 ? 'listbox' : 'status'}
        aria-label={label ?? words.search}
        className={s.list}
        aria-multiselectable={(count > 0 && many) || undefined}
      >
        {options?.map((option, index) => (
          <Row
            key={option.id}
            id={`${listId}-${index}`}
            option={option}
            index={index}
            active={index === active}
            chosen={chosen.includes(option.id)}
            onHover={setAt}
            onTake={take}
          />
        ))}
        {creatable && (
          <div
            id={`${listId}-${options?.length ?? 0}`}
            data-at={options?.length ?? 0}
            role="option"
            tabIndex={-1}
            aria-selected={false}
            className={s.option}
            data-active={active === (options?.length ?? 0) || undefined}
            onPointerDown={event => event.preventDefault()}
            onClick={() => onCreate(text.trim())}
            onKeyDown={() => undefined}
          >
            <Icon name="plus" />
            <span className={s.label}>{createLabel?.(text.trim()) ?? text}</span>
          </div>
        )}
        {options?.length === 0 && !creatable && <p className={s.none}>{words.none}</p>}
      </div>
      {onClear && chosen.length > 0 && (
        <button type="button" className={s.clear} onClick={onClear}>
          {words.clear}
        </button>
      )}
    </div>
  );
}

interface RowProps {
  id: string;
  option: PickerOption;
  index: number;
  active: boolean;
  chosen: boolean;
  onHover(index: number): void;
  onTake(index: number): void;
}

function Row({ id, option, index, active, chosen, onHover, onTake }: RowProps) {
  return (
    <div
      id={id}
      data-at={index}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      className={s.option}
      data-active={active || undefined}
      onPointerMove={() => onHover(index)}
      onPointerDown={event => event.preventDefault()}
      onClick={() => onTake(index)}
      onKeyDown={() => undefined}
    >
      {option.start}
      <span className={s.label} dir="auto">
        {option.label}
      </span>
      {option.hint && <span className={s.hint}>{option.hint}</span>}
      {chosen && <Icon name="check" className={s.tick} />}
    </div>
  );
}
