// biome-ignore-all lint/a11y/useFocusableInteractive: the text as a whole has the focus; people are active descendants.
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the text as a whole has the keys.
/** Writing text with marks: keys and buttons for them, and `@` for naming someone. */
import {
  type KeyboardEvent,
  lazy,
  type ReactNode,
  Suspense,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { Avatar } from '../kit/Avatar.tsx';
import { IconButton } from '../kit/Button.tsx';
import { Area } from '../kit/Input.tsx';
import { t } from '../kit/words.ts';
import { naming, unmarked, withMarks } from './mentions.ts';
import s from './RichArea.module.css';
import { useFieldServices } from './view.ts';

const Markdown = lazy(() => import('./Markdown.tsx'));

interface Person {
  id: string;
  title: string;
}

/** Who may be meant by what stands after the `@`. */
function usePeople(typed: string | null): Person[] {
  const services = useFieldServices();
  const [people, setPeople] = useState<Person[]>([]);
  const search = useRef(services.searchRecords);
  search.current = services.searchRecords;
  useEffect(() => {
    if (typed === null) return setPeople([]);
    let live = true;
    const soon = setTimeout(() => {
      const show = (found: Person[]) => live && setPeople(found.slice(0, 6));
      search.current('user', typed).then(show, () => show([]));
    }, 80);
    return () => {
      live = false;
      clearTimeout(soon);
    };
  }, [typed]);
  return typed === null ? [] : people;
}

interface RichAreaProps {
  /** As it is kept. */
  value: string;
  onChange(value: string): void;
  /** Ctrl+Enter. */
  onSubmit?(): void;
  onCancel?(): void;
  onBlur?(): void;
  label?: string;
  id?: string;
  placeholder?: string;
  rows?: number;
  wrong?: boolean;
  autoFocus?: boolean;
  /** Whether the buttons are shown. Default true. */
  tools?: boolean;
  children?: ReactNode;
}

const marks = { b: ['**', '**'], i: ['*', '*'], k: ['[', '](https://)'] } as const;

export function RichArea({ value, onChange, onSubmit, onCancel, tools = true, ...rest }: RichAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const names = useRef(unmarked(value).names);
  const [draft, setDraft] = useState(() => unmarked(value).text);
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const people = usePeople(typed);
  const [preview, setPreview] = useState(false);
  const listId = useId();

  // The one who placed it may take it away: after sending, for instance.
  useEffect(() => {
    if (value !== '') return;
    setDraft('');
    setTyped(null);
    setPreview(false);
  }, [value]);

  function put(text: string, caret?: number) {
    setDraft(text);
    onChange(withMarks(text, names.current));
    if (caret !== undefined)
      requestAnimationFrame(() => {
        area.current?.focus();
        area.current?.setSelectionRange(caret, caret);
      });
  }

  function wrap([before, after]: readonly [string, string]) {
    const { selectionStart: from, selectionEnd: to } = area.current!;
    put(draft.slice(0, from) + before + draft.slice(from, to) + after + draft.slice(to), to + before.length);
  }

  function bullet() {
    const { selectionStart: from } = area.current!;
    const start = draft.lastIndexOf('\n', from - 1) + 1;
    put(`${draft.slice(0, start)}- ${draft.slice(start)}`, from + 2);
  }

  function name(person: Person) {
    names.current.set(person.title, person.id);
    const caret = area.current!.selectionStart;
    const start = caret - (typed?.length ?? 0);
    setTyped(null);
    put(`${draft.slice(0, start)}${person.title} ${draft.slice(caret)}`, start + person.title.length + 1);
  }

  function onKeyDown(event: KeyboardEvent) {
    const act = actOf(event);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /** The keys of the list of people, while there is one. */
  function choosing({ key, nativeEvent }: KeyboardEvent): (() => void) | null {
    if (people.length === 0 || nativeEvent.isComposing) return null;
    const step = { ArrowDown: 1, ArrowUp: people.length - 1 }[key];
    if (step) return () => setAt((at + step) % people.length);
    if (key === 'Escape') return () => setTyped(null);
    return key === 'Enter' || key === 'Tab' ? () => name(people[at] ?? people[0]!) : null;
  }

  function actOf(event: KeyboardEvent): (() => void) | null {
    const held = event.ctrlKey || event.metaKey;
    const mark = held ? marks[event.key.toLowerCase() as keyof typeof marks] : undefined;
    if (mark) return () => wrap(mark);
    const choice = choosing(event);
    if (choice) return choice;
    if (event.key === 'Enter' && held && onSubmit) return onSubmit;
    return event.key === 'Escape' && onCancel ? onCancel : null;
  }

  const { label, ...plain } = rest;
  return (
    <div className={s.rich}>
      {preview && (
        <div className={s.preview}>
          <Suspense fallback={draft}>
            <Markdown text={value} />
          </Suspense>
        </div>
      )}
      <Area
        {...plain}
        ref={area}
        hidden={preview}
        aria-label={rest.id ? undefined : label}
        aria-autocomplete="list"
        aria-controls={people.length > 0 ? listId : undefined}
        aria-activedescendant={people.length > 0 ? `${listId}-${at}` : undefined}
        value={draft}
        onChange={event => {
          setAt(0);
          setTyped(naming(event.target.value.slice(0, event.target.selectionStart)));
          put(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      {people.length > 0 && (
        <div className={s.people} role="listbox" id={listId} aria-label={t('rich.people')}>
          {people.map((person, index) => (
            <div
              key={person.id}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              className={s.person}
              data-active={index === at || undefined}
              // The text keeps the focus.
              onMouseDown={event => event.preventDefault()}
              onClick={() => name(person)}
            >
              <Avatar id={person.id} title={person.title} round size={16} />
              {person.title}
            </div>
          ))}
        </div>
      )}
      {tools && (
        <div className={s.tools} role="toolbar" aria-label={t('rich.tools')}>
          <IconButton
            icon="bold"
            size={24}
            label={t('rich.bold')}
            disabled={preview}
            onClick={() => wrap(marks.b)}
          />
          <IconButton icon="list" size={24} label={t('rich.list')} disabled={preview} onClick={bullet} />
          <IconButton
            icon="link"
            size={24}
            label={t('rich.link')}
            disabled={preview}
            onClick={() => wrap(marks.k)}
          />
          <IconButton
            icon="at"
            size={24}
            label={t('rich.mention')}
            disabled={preview}
            onClick={() => {
              const caret = area.current!.selectionStart;
              setTyped('');
              put(`${draft.slice(0, caret)}@${draft.slice(caret)}`, caret + 1);
            }}
          />
          <IconButton
            icon={preview ? 'pencil' : 'eye'}
            size={24}
            label={t(preview ? 'rich.write' : 'rich.preview')}
            aria-pressed={preview}
            disabled={draft.trim() === ''}
            onClick={() => setPreview(!preview)}
          />
        </div>
      )}
    </div>
  );
}
