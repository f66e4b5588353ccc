import { useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Icon } from '../../kit/Icon.tsx';
import { Select } from '../../kit/Select.tsx';
import { t } from '../../kit/words.ts';
import { inText } from '../model/language.ts';
import { fieldOf, objectNamed, useMeta } from '../model/meta.tsx';
import { fail } from '../model/records.ts';
import { ColumnList, type TableProps } from './ColumnList.tsx';
import { changeTable, doubtful, keyOf, nameless, type TableDraft, takesPart, wordFor } from './draft.ts';
import { FirstRows } from './FirstRows.tsx';
import { How } from './How.tsx';
import { chooseObject } from './propose.ts';
import s from './TableCard.module.css';

const out = '-';

/** What the rows become, of everything the person may write. */
function ObjectChoice({ draft, table }: TableProps) {
  const meta = useMeta();
  const name = useName(table);
  const [asked, setAsked] = useState<string | null>(null);
  const objects = meta.objects.filter(object => object.listed && (object.can.create || object.can.edit));
  const sorted = [...objects.filter(({ setup }) => !setup), ...objects.filter(({ setup }) => setup)];
  async function choose(to: string) {
    if (to === out) return changeTable(keyOf(table), now => ({ ...now, out: true }));
    if (to === table.object) return changeTable(keyOf(table), now => ({ ...now, out: false }));
    setAsked(to);
    try {
      await chooseObject(draft, table, to);
    } catch (error) {
      fail(error);
    }
    setAsked(null);
  }
  const unknown =
    table.object === null && !table.out ? [{ value: '', label: t('import.columns.unknown') }] : [];
  return (
    <Select
      label={t('import.columns.becomes', { table: name })}
      value={asked ?? (table.out ? out : (table.object ?? ''))}
      options={[
        ...unknown,
        ...sorted.map(({ name, plural }) => ({ value: name, label: plural })),
        { value: out, label: t('import.columns.out') },
      ]}
      onChange={value => void choose(value)}
    />
  );
}

function titleLabel(object: MetaObject | undefined): string {
  return (object && fieldOf(object, object.title)?.label) ?? '';
}

/** In two or three words, how the table stands. */
function State({ table }: { table: TableDraft }) {
  const object = objectNamed(useMeta(), table.object);
  const look = table.columns.filter(
    ({ column, target, confidence }) =>
      !table.chosen.includes(column) && !/^[-+]/.test(target) && wordFor(confidence) === 'look',
  ).length;
  const left = table.columns.filter(({ target, used }) => target === '-' && used === undefined).length;
  if (table.out) return <span className={s.state}>{t('import.columns.state.out')}</span>;
  if (!takesPart(table))
    return (
      <span className={s.state} data-look>
        {t('import.columns.state.unknown')}
      </span>
    );
  if (nameless(table, object))
    return (
      <span className={s.state} data-look>
        {t('import.columns.state.nameless', { title: titleLabel(object) })}
      </span>
    );
  if (doubtful(table))
    return (
      <span className={s.state} data-look>
        {t('import.columns.state.doubt')}
      </span>
    );
  if (look > 0)
    return (
      <span className={s.state} data-look>
        {t('import.columns.state.look', { count: look })}
      </span>
    );
  return (
    <span className={s.state}>
      <Icon name="check" size={14} />
      {left > 0 ? t('import.columns.state.left', { count: left }) : t('import.columns.state.all')}
    </span>
  );
}

/** What the card is called: a part of a table by what its rows were taken for. */
function useName({ table, part }: TableDraft): string {
  const kind = objectNamed(useMeta(), part ?? null);
  return kind ? t('import.columns.partOf', { table, part: kind.plural }) : table;
}

/** One table: what it is, and opened, what becomes of each of its columns. */
export function TableCard({ draft, table, open, onOpen }: TableProps & { open: boolean; onOpen(): void }) {
  const meta = useMeta();
  const object = objectNamed(meta, table.object);
  const name = useName(table);
  const rows =
    table.rows === null
      ? t('import.columns.many')
      : t('import.columns.rows', {
          count: table.rows,
        });
  return (
    <section
      className={s.card}
      aria-label={name}
      data-open={open || undefined}
      data-out={table.out || undefined}
    >
      <div className={s.head}>
        <button type="button" className={s.opener} aria-expanded={open} onClick={onOpen}>
          <Icon name={open ? 'chevron-down' : 'chevron-right'} />
          <span className={s.what}>
            <span className={s.name} dir="auto">
              {name}
            </span>
            <span className={s.detail}>{rows}</span>
          </span>
        </button>
        <Icon name="arrow-right" className={s.arrow} />
        <ObjectChoice draft={draft} table={table} />
        <State table={table} />
      </div>
      {open && (
        <div className={s.body}>
          {table.reason && <p className={s.reason}>{table.reason}</p>}
          {table.sample.length > 0 && <FirstRows table={table} />}
          {object && !table.out && (
            <>
              {nameless(table, object) && (
                <p className={s.needed} role="status">
                  {t('import.columns.nameless', {
                    title: titleLabel(object),
                    objects: inText(object.plural),
                  })}
                </p>
              )}
              <ColumnList draft={draft} table={table} />
              <How key={object.name} table={table} object={object} />
            </>
          )}
        </div>
      )}
    </section>
  );
}
