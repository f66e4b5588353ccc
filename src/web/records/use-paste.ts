/** Pasted cells: what each would become, and doing it as one change. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Json, MetaField, MetaObject, Values } from '../../engine/index.ts';
import { saidSentence } from '../../fields/said.ts';
import type { Format } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { t } from '../../kit/words.ts';
import { type Problem, write } from '../api.ts';
import { fieldOf, formatOf, isEmpty, titleOf, useMeta } from '../model/meta.tsx';
import { fail, useActions } from '../model/records.ts';
import { closeDialog, type Dialog, type Pasted } from '../shell/dialogs.ts';

export type PasteRequest = Extract<Dialog, { kind: 'paste' }>;

interface Answer {
  changeSet: string | null;
  rows: { id: string; kind: string; values: Values; problems: Problem[] }[];
}

/** One cell: what it is, what it becomes, or why it stays. */
export interface Cell {
  key: string;
  title: string;
  label: string;
  before: string;
  after: string;
  problem: string | null;
}

function textOf(value: Json | undefined, field: MetaField | undefined, format: Format): string {
  return field && value !== undefined && !isEmpty(value) ? viewOf(field.type).text(value, field, format) : '';
}

/** What would become of each cell: those that cannot be taken, those that change; the others are counted. */
function cellsOf(
  object: MetaObject,
  pasted: Pasted[],
  answer: Answer,
  format: Format,
  titleIn: (row: Pasted['row']) => string,
) {
  const problems: Cell[] = [];
  const changes: Cell[] = [];
  let same = 0;
  for (const [index, { row, cells }] of pasted.entries()) {
    const told = answer.rows[index];
    // A row that is refused as a whole keeps all its cells.
    const whole =
      told?.kind === 'refused' ? told.problems.find(({ pointer }) => !cells[pointer.slice(1)]) : undefined;
    for (const [name, text] of Object.entries(cells)) {
      const field = fieldOf(object, name);
      const problem = told?.problems.find(({ pointer }) => pointer.split('/')[1] === name) ?? whole;
      const before = textOf(row[name], field, format);
      const after = problem ? text : textOf(told?.values[name], field, format);
      const cell = {
        key: `${row.id} ${name}`,
        title: titleIn(row),
        label: field?.label ?? name,
        before,
        after,
        problem: problem ? saidSentence(problem.message) : null,
      };
      if (problem) problems.push(cell);
      else if (before === after) same++;
      else changes.push(cell);
    }
  }
  return { problems, changes, same };
}

function bodyOf(pasted: Pasted[], dryRun: boolean): Json {
  return { rows: pasted.map(({ row, cells }) => ({ id: row.id, version: row.version, cells })), dryRun };
}

/** Asks at once what would come of it; `apply` does it. */
export function usePaste(object: MetaObject, dialog: PasteRequest) {
  const meta = useMeta();
  const actions = useActions();
  const format = useMemo(() => formatOf(meta), [meta]);
  const [busy, setBusy] = useState(false);
  const path = `/api/${object.path}/paste`;
  const found = useQuery({
    queryKey: ['paste', object.name, dialog.rows],
    queryFn: async () => (await write<Answer>('POST', path, bodyOf(dialog.rows, true))).data,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const cells = useMemo(
    () => found.data && cellsOf(object, dialog.rows, found.data, format, row => titleOf(meta, object, row)),
    [found.data, object, dialog.rows, format, meta],
  );

  async function apply() {
    setBusy(true);
    try {
      const { changeSet } = await write<Answer>('POST', path, bodyOf(dialog.rows, false));
      actions.settled(t('paste.done', { count: cells?.changes.length ?? 0 }), changeSet);
      closeDialog();
    } catch (error) {
      fail(error);
      setBusy(false);
    }
  }

  return { error: found.error, waiting: found.isPending, cells, busy, apply };
}
