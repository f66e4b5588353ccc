/** The questions of a form while they are changed, and where the form is. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Json, MetaObject } from '../../../engine/index.ts';
import { list, record, str } from '../../../fields/read.tsx';
import { type Row, read } from '../../../web/api.ts';
import { languages } from '../../../web/i18n.ts';
import { objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { useActions } from '../../../web/model/records.ts';

export interface Asked {
  field: string;
  label: string;
  help: string;
  required: boolean;
  hidden: boolean;
  value: string;
  /** By language. */
  labels: Said;
  helps: Said;
}

type Said = Record<string, string>;
/** Language → text → what it is there. */
type Translations = Record<string, Said>;

/** Texts of a form that are said in several languages. */
export const textNames = ['heading', 'intro', 'button', 'thanks', 'consent'] as const;

const askedOf = (value: Json): Asked => {
  const { field, label, help, required, hidden, value: set, labels, helps } = record(value);
  return {
    field: str(field),
    label: str(label),
    help: str(help),
    required: required === true,
    hidden: hidden === true,
    value: str(set),
    labels: record(labels ?? null) as Said,
    helps: record(helps ?? null) as Said,
  };
};

/** As it is kept: what is empty is left out. */
const keptOf = (asked: Asked): Json =>
  Object.fromEntries(
    Object.entries(asked).filter(
      ([, value]) =>
        value !== '' && value !== false && !(typeof value === 'object' && Object.keys(value).length === 0),
    ),
  );

/** With a text, or without it where it is empty. */
function withText(said: Said, name: string, text: string): Said {
  const { [name]: _, ...others } = said;
  return text ? { ...others, [name]: text } : others;
}

/** What the form and its questions say in the language that is chosen. */
function useOtherWords(row: Row, questions: Asked[], change: (at: number, patch: Partial<Asked>) => void) {
  /** Empty: the form's own. */
  const [language, setLanguage] = useState('');
  const [written, setWritten] = useState<Translations>();
  const translations = written ?? (record(row.translations ?? null) as unknown as Translations);
  return {
    language,
    setLanguage,
    /** Texts of the form that were changed. */
    written,
    forget: () => setWritten(undefined),
    /** The languages there are, each as its own speakers call it. */
    languages: languages.map(value => ({
      value,
      label: new Intl.DisplayNames([value], { type: 'language' }).of(value) ?? value,
    })),
    wordOf: ({ labels, helps }: Asked, name: 'label' | 'help') =>
      (name === 'label' ? labels : helps)[language] ?? '',
    setWord: (at: number, name: 'label' | 'help', text: string) => {
      const kind = name === 'label' ? 'labels' : 'helps';
      change(at, { [kind]: withText(questions[at]![kind], language, text) });
    },
    ownText: (name: (typeof textNames)[number]) => str(row[name]),
    textOf: (name: string) => translations[language]?.[name] ?? '',
    setText: (name: string, text: string) => {
      const { [language]: before, ...others } = translations;
      const said = withText(before ?? {}, name, text);
      setWritten(Object.keys(said).length > 0 ? { ...others, [language]: said } : others);
    },
  };
}

export function useFormEditor(object: MetaObject, row: Row) {
  const meta = useMeta();
  const actions = useActions();
  const lead = objectNamed(meta, 'lead');
  const [draft, setDraft] = useState<Asked[]>();
  const questions = draft ?? list(row.questions).map(askedOf);
  const found = useQuery({
    queryKey: ['records', 'leadForm', 'groups', { link: row.id, version: row.version }],
    queryFn: ({ signal }) =>
      read<{ address: string | null; embed: string | null }>('/api/reports/form-link', {
        body: { form: row.id },
        signal,
      }),
  });
  const fields = (lead?.fields ?? []).filter(
    ({ name, system, editable, relation }) => !system && editable && !relation && name !== 'status',
  );
  const free = fields.filter(({ name }) => !questions.some(({ field }) => field === name));
  const put = (at: number, asked: Asked[]) => setDraft(questions.toSpliced(at, 1, ...asked));
  const change = (at: number, patch: Partial<Asked>) => put(at, [{ ...questions[at]!, ...patch }]);
  const words = useOtherWords(row, questions, change);
  return {
    questions,
    /** Fields of leads that are not asked for yet. */
    free,
    labelOf: (name: string) => fields.find(field => field.name === name)?.label ?? name,
    link: found.data,
    changed: draft !== undefined || words.written !== undefined,
    change,
    ...words,
    remove: (at: number) => put(at, []),
    up: (at: number) => setDraft(questions.toSpliced(at - 1, 2, questions[at]!, questions[at - 1]!)),
    add: (field: string) => setDraft([...questions, askedOf({ field })]),
    save: async () => {
      const values: Record<string, Json> = { questions: questions.map(keptOf) };
      const { written } = words;
      if (written) values.translations = Object.keys(written).length > 0 ? written : null;
      if (!(await actions.edit(object, row, values))) return;
      setDraft(undefined);
      words.forget();
    },
  };
}

export type FormEditing = ReturnType<typeof useFormEditor>;
