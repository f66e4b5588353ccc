import { Popover } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Icon } from '../../kit/Icon.tsx';
import { Picker, type PickerOption } from '../../kit/Picker.tsx';
import { t } from '../../kit/words.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { fail } from '../model/records.ts';
import { type Draft, type TableDraft, wordFor } from './draft.ts';
import { chooseTarget, targetsQuery } from './propose.ts';
import s from './TableCard.module.css';

interface ColumnProps {
  draft: Draft;
  table: TableDraft;
  column: TableDraft['columns'][number];
}

/** What the column becomes, in words. */
function useTargetLabel(table: TableDraft, { column, target, label, used }: ColumnProps['column']): string {
  if (target === '-') return used ?? t('import.columns.ignore');
  if (target.startsWith('+')) {
    const made = table.fields.find(({ name }) => `+${name}` === target);
    return t('import.columns.new', { label: made?.options.label ?? column });
  }
  return target === '@id' ? t('import.columns.id', { system: table.system?.label ?? table.table }) : label;
}

/** Everything the column may become, found by typing. */
function Choices({ draft, table, column, close }: ColumnProps & { close(): void }) {
  const meta = useMeta();
  const object = objectNamed(meta, table.object);
  const { data: targets } = useQuery(targetsQuery(object?.path ?? ''));
  // What is chosen most, and what else stands at the end of a long list, comes first.
  const first = ({ target }: { target: string }) => Number(target === '-' || target === '+');
  const offered = (targets ?? [])
    .filter(({ target }) => meta.me.administer || target !== '+')
    .sort((a, b) => first(b) - first(a));
  const options = offered.map(
    ({ target, label, group }): PickerOption => ({
      id: target,
      label,
      hint: group === object?.label ? undefined : group,
    }),
  );
  const chosen = column.target.startsWith('+') ? '+' : column.target;
  function pick({ id }: PickerOption) {
    close();
    const to = offered.find(({ target }) => target === id);
    if (to && id !== chosen) chooseTarget(draft, table, [column.column], to).catch(fail);
  }
  return (
    <Picker
      options={options}
      chosen={[chosen]}
      onPick={pick}
      onClose={close}
      label={t('import.columns.target', { column: column.column })}
      words={{ search: t('import.columns.search'), none: t('import.columns.none'), clear: t('field.clear') }}
    />
  );
}

/** One column: its name and some values, and what becomes of it. */
export function ColumnRow({ draft, table, column }: ColumnProps) {
  const [open, setOpen] = useState(false);
  const reason = useId();
  const label = useTargetLabel(table, column);
  const mine = table.chosen.includes(column.column);
  const left = column.target === '-' && column.used === undefined;
  const word = mine ? 'yours' : wordFor(column.confidence);
  const look = word === 'look' && !/^[-+]/.test(column.target);
  return (
    <li
      className={s.column}
      data-look={look || undefined}
      data-left={left || undefined}
      data-bare={/^[-+]/.test(column.target) || undefined}
    >
      <span className={s.from}>
        <span className={s.columnName} dir="auto">
          {column.column}
        </span>
        <span className={s.samples} dir="auto">
          {column.samples.length > 0 ? column.samples.join(' · ') : t('import.columns.empty')}
        </span>
      </span>
      <Icon name="arrow-right" className={s.arrow} />
      <span className={s.to}>
        <Popover
          opened={open}
          onChange={setOpen}
          position="bottom-start"
          offset={4}
          trapFocus={false}
          returnFocus
          withRoles={false}
        >
          <Popover.Target>
            <button
              type="button"
              className={s.target}
              aria-expanded={open}
              aria-label={`${t('import.columns.target', { column: column.column })}: ${label}`}
              aria-describedby={mine ? undefined : reason}
              onClick={() => setOpen(!open)}
            >
              <span className={s.targetName}>{label}</span>
              <Icon name="chevron-down" />
            </button>
          </Popover.Target>
          <Popover.Dropdown>
            {open && <Choices draft={draft} table={table} column={column} close={() => setOpen(false)} />}
          </Popover.Dropdown>
        </Popover>
        {!mine && (
          <span id={reason} className={look ? s.why : 'sr-only'}>
            {column.reason}
          </span>
        )}
      </span>
      <span
        className={s.word}
        data-look={look || undefined}
        data-hint={mine || look ? undefined : column.reason}
        data-hint-touch
      >
        {!/^[-+]/.test(column.target) &&
          t(`import.columns.word.${look ? 'look' : word === 'look' ? 'likely' : word}`)}
      </span>
    </li>
  );
}
