import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Json, MetaField, MetaObject, Values } from '../../engine/index.ts';
import type { Format } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { Button } from '../../kit/Button.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { type Problem, write } from '../api.ts';
import en from '../locales/en/paste.json' with { type: 'json' };
import { fieldOf, formatOf, isEmpty, objectNamed, titleOf, useMeta } from '../model/meta.tsx';
import { fail, failureText, useActions } from '../model/records.ts';
import { closeDialog, type Dialog, type Pasted } from '../shell/dialogs.ts';
import { mostPasted } from './cells.ts';
import f from './Form.module.css';
import s from './PasteDialog.module.css';

i18next.addResourceBundle('en', 'translation', en, true);

type PasteRequest = Extract<Dialog, { kind: 'paste' }>;

interface Answer {
  changeSet: string | null;
  rows: { id: string; kind: string; values: Values; problems: Problem[] }[];
}

/** One cell: what it is, what it becomes, or why it stays. */
interface Cell {
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
        problem: problem?.message ?? null,
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

/** Shows what pasted cells would do, and does it as one change. */
export default function PasteDialog({ dialog }: { dialog: PasteRequest }) {
  const object = objectNamed(useMeta(), dialog.object);
  return object ? <Preview object={object} dialog={dialog} /> : null;
}

function Preview({ object, dialog }: { object: MetaObject; dialog: PasteRequest }) {
  const { t } = useTranslation();
  const meta = useMeta();
  const actions = useActions();
  const format = useMemo(() => formatOf(meta), [meta]);
  const [busy, setBusy] = useState(false);
  const found = useQuery({
    queryKey: ['paste', object.name, dialog.rows],
    queryFn: async () =>
      (await write<Answer>('POST', `/api/${object.path}/paste`, bodyOf(dialog.rows, true))).data,
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
      const { changeSet } = await write<Answer>(
        'POST',
        `/api/${object.path}/paste`,
        bodyOf(dialog.rows, false),
      );
      const count = cells?.changes.length ?? 0;
      actions.settled(t('paste.done', { count }), changeSet);
      closeDialog();
    } catch (error) {
      fail(error);
      setBusy(false);
    }
  }

  return (
    <Modal
      opened
      onClose={closeDialog}
      size={720}
      title={<span className={f.title}>{t('paste.title')}</span>}
      closeButtonProps={{ 'aria-label': t('toast.close') }}
      classNames={{ body: f.body, header: f.header }}
    >
      {found.error && (
        <p className={f.problem} role="alert">
          {failureText(found.error)}
        </p>
      )}
      {found.isPending && (
        <div className={s.wait} role="status" aria-label={t('paste.reading')}>
          <SkeletonLines count={5} />
        </div>
      )}
      {cells && (
        <>
          <p className={s.summary} role="status">
            <b>{t('paste.changes', { count: cells.changes.length })}</b>
            {cells.same > 0 && <span>{t('paste.same', { count: cells.same })}</span>}
            {cells.problems.length > 0 && (
              <span className={s.wrong}>{t('paste.unread', { count: cells.problems.length })}</span>
            )}
          </p>
          {dialog.over > 0 && (
            <p className={s.note}>
              {dialog.rows.length === mostPasted
                ? t('paste.most', { count: mostPasted })
                : t('paste.over', { count: dialog.over })}
            </p>
          )}
          <Cells cells={[...cells.problems, ...cells.changes]} />
        </>
      )}
      <footer className={f.foot}>
        <Button onClick={closeDialog}>{t('form.cancel')}</Button>
        <Button
          look="primary"
          busy={busy}
          disabled={!cells || cells.changes.length === 0}
          onClick={() => void apply()}
          data-autofocus
        >
          {t('paste.do', { count: cells?.changes.length ?? 0 })}
        </Button>
      </footer>
    </Modal>
  );
}

/** More than this nobody reads before deciding; the undo is for the rest. */
const mostShown = 200;

function Cells({ cells }: { cells: Cell[] }) {
  const { t } = useTranslation();
  if (cells.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys.
    <section className={s.box} tabIndex={0} aria-label={t('paste.title')}>
      <table className={s.table}>
        <thead>
          <tr>
            <th scope="col">{t('paste.record')}</th>
            <th scope="col">{t('paste.field')}</th>
            <th scope="col">{t('paste.before')}</th>
            <th scope="col">{t('paste.after')}</th>
          </tr>
        </thead>
        <tbody>
          {cells.slice(0, mostShown).map(cell => (
            <tr key={cell.key} data-wrong={cell.problem !== null || undefined}>
              <th scope="row">{cell.title}</th>
              <td>{cell.label}</td>
              <td className={s.before}>{cell.before || t('paste.empty')}</td>
              <td>
                {cell.after || t('paste.empty')}
                {cell.problem && <span className={s.why}>{cell.problem}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {cells.length > mostShown && <p className={s.note}>{t('paste.first', { count: mostShown })}</p>}
    </section>
  );
}
