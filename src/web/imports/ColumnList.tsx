import { useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { fail } from '../model/records.ts';
import { ColumnRow } from './ColumnRow.tsx';
import type { Draft, Sureness, TableDraft } from './draft.ts';
import { chooseTarget } from './propose.ts';
import s from './TableCard.module.css';

/** A table within what is being prepared. */
export interface TableProps {
  draft: Draft;
  table: TableDraft;
}

const groups: Sureness[] = ['unsure', 'new', 'sure', 'left'];

/** What becomes of each column, those one has to look at first. */
export function ColumnList({ draft, table }: TableProps) {
  const [leftShown, setLeftShown] = useState(false);
  const leaveOut = (columns: string[]) =>
    void chooseTarget(draft, table, columns, { target: '-', label: '' }).catch(fail);
  const present = groups.filter(group => table.columns.some(({ column }) => table.groups[column] === group));
  return (
    <>
      {present.map(group => {
        const columns = table.columns.filter(({ column }) => table.groups[column] === group);
        const folded = group === 'left' && columns.length > 3;
        return (
          <section key={group} aria-label={t(`import.columns.group.${group}`)} className={s.group}>
            {(present.length > 1 || group !== 'sure') && (
              <h3 className={s.groupName} data-look={group === 'unsure' || undefined}>
                {t(`import.columns.group.${group}`)}
                {group === 'new' && columns.length > 1 && (
                  <Button look="quiet" onClick={() => leaveOut(columns.map(({ column }) => column))}>
                    {t('import.columns.leaveAll')}
                  </Button>
                )}
                {folded && (
                  <Button look="quiet" aria-expanded={leftShown} onClick={() => setLeftShown(!leftShown)}>
                    {leftShown
                      ? t('import.columns.hideLeft')
                      : t('import.columns.showLeft', { count: columns.length })}
                  </Button>
                )}
              </h3>
            )}
            {(!folded || leftShown) && (
              <ul>
                {columns.map(column => (
                  <ColumnRow key={column.column} draft={draft} table={table} column={column} />
                ))}
              </ul>
            )}
          </section>
        );
      })}
    </>
  );
}
