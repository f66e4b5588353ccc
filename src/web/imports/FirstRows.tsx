import { useState } from 'react';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import type { TableDraft } from './draft.ts';
import s from './TableCard.module.css';

/** The table as it stands in the file, so that a doubtful column can be judged by its neighbours. */
export function FirstRows({ table }: { table: TableDraft }) {
  const [shown, setShown] = useState(table.object === null);
  return (
    <div className={s.first}>
      <Button look="quiet" icon="table" aria-expanded={shown} onClick={() => setShown(!shown)}>
        {t(shown ? 'import.columns.hideFirst' : 'import.columns.first')}
      </Button>
      {shown && (
        <section
          className={s.sheet}
          data-sideways
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
          tabIndex={0}
          aria-label={t('import.columns.firstOf', { table: table.table })}
        >
          <table>
            <thead>
              <tr>
                {table.columns.map(({ column }) => (
                  <th key={column} scope="col" dir="auto">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.sample.map((cells, row) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other identity.
                <tr key={row}>
                  {table.columns.map(({ column }, index) => (
                    <td key={column} dir="auto">
                      {cells[index] ?? ''}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}
