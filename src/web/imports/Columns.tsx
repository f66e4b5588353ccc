import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { saidSentence } from '../../fields/said.ts';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { type Draft, isSettling, keyOf, nameless, rowsOf, takesPart, wordFor } from './draft.ts';
import s from './Import.module.css';
import { TableCard } from './TableCard.tsx';
import { useOrder } from './use-order.ts';

const route = getRouteApi('/frame/import');

/** "3 tables, 1,204 rows" */
export function useExtent(draft: Draft): string {
  const tables = draft.tables.filter(takesPart);
  const rows = rowsOf(tables);
  const counted = rows === null ? t('import.columns.many') : t('import.columns.rows', { count: rows });
  const total = draft.tables.length;
  if (total === 1) return counted;
  const said =
    tables.length < total
      ? t('import.columns.part', { count: tables.length, total })
      : t('import.columns.tables', { count: total });
  return `${said}, ${counted}`;
}

/** What was recognised, and whether anything needs a look, in two sentences. */
function Summary({ draft }: { draft: Draft }) {
  const extent = useExtent(draft);
  const taking = draft.tables.filter(takesPart);
  const strange = draft.tables.filter(table => !table.out && !takesPart(table)).length;
  const columns = taking.flatMap(table =>
    table.columns.map(column => ({ ...column, chosen: table.chosen.includes(column.column) })),
  );
  const placed = columns.filter(({ target }) => target !== '-').length;
  const made = columns.filter(({ target }) => target.startsWith('+')).length;
  const look = columns.filter(
    ({ target, confidence, chosen }) => !chosen && !/^[-+]/.test(target) && wordFor(confidence) === 'look',
  ).length;
  const how =
    placed === columns.length
      ? t('import.columns.all', { count: placed })
      : t('import.columns.allBut', { count: placed, total: columns.length });
  return (
    <header className={s.head}>
      <h2 className={s.title}>
        {t(draft.system ? 'import.columns.system' : 'import.columns.plain', { system: draft.system })}
        {taking.length > 0 && <span className={s.extent}> {extent}</span>}
      </h2>
      <p className={s.said} role="status">
        {taking.length === 0 ? t('import.columns.nothing') : how}{' '}
        {made > 0 && t('import.columns.made', { count: made })}{' '}
        {strange > 0 && taking.length > 0 && t('import.columns.strange', { count: strange })}{' '}
        {look > 0 && <strong>{t('import.columns.look', { count: look })}</strong>}
      </p>
      {draft.refused.length > 0 && (
        <ul className={s.refused}>
          {draft.refused.map(({ file, reason }) => (
            <li key={file}>
              {t('import.columns.refused', {
                reason: reason.includes(file) ? saidSentence(reason) : `${file}: ${saidSentence(reason)}`,
              })}
            </li>
          ))}
        </ul>
      )}
    </header>
  );
}

/** The second step: what each table is and what its columns become. */
export function Columns({ draft }: { draft: Draft }) {
  const navigate = route.useNavigate();
  const meta = useMeta();
  const order = useOrder(draft);
  const [open, setOpen] = useState<string | null>(() => {
    const first = draft.tables.find(
      table =>
        Object.values(table.groups).includes('unsure') || nameless(table, objectNamed(meta, table.object)),
    );
    const only = draft.tables.length === 1 ? draft.tables[0] : (first ?? draft.tables.find(takesPart));
    return only ? keyOf(only) : null;
  });
  const ready = draft.tables.some(takesPart) && !isSettling(draft);
  return (
    <>
      <Summary draft={draft} />
      <div className={s.tables}>
        {draft.tables.map(table => {
          const key = keyOf(table);
          return (
            <TableCard
              key={key}
              draft={draft}
              table={table}
              open={open === key}
              onOpen={() => setOpen(open === key ? null : key)}
            />
          );
        })}
      </div>
      <footer className={s.bar}>
        <Button onClick={() => void navigate({ search: {} })}>{t('import.columns.back')}</Button>
        <span className={s.space} />
        <Button look="quiet" disabled={!ready} busy={order.busy} onClick={() => void order.start()}>
          {t('import.columns.skip')}
        </Button>
        <Button look="primary" disabled={!ready} onClick={() => void navigate({ search: { step: 'check' } })}>
          {t('import.columns.check')}
        </Button>
      </footer>
    </>
  );
}
