/** The questions of a form while they are changed, and where the form is. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Json, MetaObject } from '../../../engine/index.ts';
import { list, record, str } from '../../../fields/read.tsx';
import { type Row, read } from '../../../web/api.ts';
import { objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { useActions } from '../../../web/model/records.ts';

export interface Asked {
  field: string;
  label: string;
  help: string;
  required: boolean;
  hidden: boolean;
  value: string;
  /** Kept as it is: labels in other languages are set through the API. */
  labels: Json;
}

const askedOf = (value: Json): Asked => {
  const { field, label, help, required, hidden, value: set, labels } = record(value);
  return {
    field: str(field),
    label: str(label),
    help: str(help),
    required: required === true,
    hidden: hidden === true,
    value: str(set),
    labels: labels ?? null,
  };
};

/** As it is kept: what is empty is left out. */
const keptOf = (asked: Asked): Json =>
  Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== '' && value !== false && value !== null),
  );

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
  return {
    questions,
    /** Fields of leads that are not asked for yet. */
    free,
    labelOf: (name: string) => fields.find(field => field.name === name)?.label ?? name,
    link: found.data,
    changed: draft !== undefined,
    change: (at: number, patch: Partial<Asked>) => put(at, [{ ...questions[at]!, ...patch }]),
    remove: (at: number) => put(at, []),
    up: (at: number) => setDraft(questions.toSpliced(at - 1, 2, questions[at]!, questions[at - 1]!)),
    add: (field: string) => setDraft([...questions, askedOf({ field })]),
    save: async () => {
      if (await actions.edit(object, row, { questions: questions.map(keptOf) })) setDraft(undefined);
    },
  };
}

export type FormEditing = ReturnType<typeof useFormEditor>;
