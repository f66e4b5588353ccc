import { inText } from '../model/language.ts';
import './words.ts';
import type { ReactNode } from 'react';
import type { MetaObject, MetaVerb } from '../../engine/index.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { fieldOf, isEmpty } from '../model/meta.tsx';
import { useLayout } from '../model/page-layout.ts';
import { useActions } from '../model/records.ts';
import { openDialog } from '../shell/dialogs.ts';
import { Name } from './Name.tsx';
import s from './RecordHead.module.css';
import { Value } from './Value.tsx';

/** Verbs that make sense for the record as it is. `move` belongs to the board, `merge` to duplicates. */
export function verbsFor(object: MetaObject, row: Row): MetaVerb[] {
  return object.verbs.filter(
    ({ name, allow, own }) =>
      name !== 'move' && name !== 'merge' && !own && (!allow || makesSense(row, allow)),
  );
}

function makesSense(row: Row, { field, is, isNot }: NonNullable<MetaVerb['allow']>): boolean {
  const value = bare(row, field);
  return is?.includes(value) !== false && !isNot?.includes(value);
}

export function mayMerge(object: MetaObject): boolean {
  return object.can.edit && object.can.delete && object.verbs.some(({ name }) => name === 'merge');
}

function bare(row: Row, field: string) {
  const value = row[field] ?? null;
  return value !== null && typeof value === 'object' && !Array.isArray(value) && typeof value.id === 'string'
    ? value.id
    : value;
}

export function useRunVerb(object: MetaObject) {
  return (id: string, verb: MetaVerb) =>
    openDialog({ kind: 'verb', object: object.name, id, verb: verb.name });
}

interface VerbsProps {
  object: MetaObject;
  row: Row;
  onDeleted(): void;
  /** Lays the page out; absent where there is no page, or the reader may not. */
  onArrange?(): void;
}

export function Verbs({ object, row, onDeleted, onArrange }: VerbsProps) {
  const actions = useActions();
  const run = useRunVerb(object);
  const verbs = verbsFor(object, row);
  const [main, ...others] = verbs;
  return (
    <>
      {main && (
        <Button icon={main.icon} title={main.description} onClick={() => run(row.id, main)}>
          {main.label}
        </Button>
      )}
      <Menu position="bottom-end" width={220} of={<IconButton icon="dots" label={t('record.more')} />}>
        {others.map(verb => (
          <Menu.Item
            key={verb.name}
            leftSection={<Icon name={verb.icon} />}
            onClick={() => run(row.id, verb)}
          >
            {verb.label}
          </Menu.Item>
        ))}
        {others.length > 0 && <Menu.Divider />}
        {mayMerge(object) && isEmpty(row.deletedAt) && (
          <Menu.Item
            leftSection={<Icon name="arrow-merge" />}
            onClick={() => openDialog({ kind: 'merge', object: object.name, ids: [row.id] })}
          >
            {t('record.merge')}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<Icon name="link" />}
          onClick={() =>
            void navigator.clipboard?.writeText(`${window.location.origin}/${object.path}/${row.id}`)
          }
        >
          {t('record.copyLink')}
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name="lock" />}
          onClick={() => openDialog({ kind: 'why', object: object.name, id: row.id })}
        >
          {t('why.open')}
        </Menu.Item>
        {onArrange && (
          <Menu.Item leftSection={<Icon name="layout" />} onClick={onArrange}>
            {t('page.arrange')}
          </Menu.Item>
        )}
        {object.can.delete && (
          <Menu.Item
            data-danger
            leftSection={<Icon name="trash" />}
            onClick={() => void actions.trash(object, [row]).then(done => done && onDeleted())}
          >
            {t('record.delete', { object: inText(object.label) })}
          </Menu.Item>
        )}
      </Menu>
    </>
  );
}

/** The name and the few facts that matter. */
export function RecordHead({
  object,
  row,
  children,
}: {
  object: MetaObject;
  row: Row;
  children?: ReactNode;
}) {
  const layout = useLayout(object);
  const facts = layout.head.map(name => fieldOf(object, name)).filter(field => field !== undefined);
  return (
    <div className={s.head}>
      <div className={s.line}>
        <h1 className={s.title}>
          <Name object={object} row={row} size={32} />
        </h1>
        {children}
      </div>
      {facts.length > 0 && (
        <dl className={s.facts}>
          {facts
            .filter(field => !isEmpty(row[field.name]))
            .map(field => (
              <div key={field.name} className={s.fact}>
                <dt className={s.label}>{field.label}</dt>
                <dd className={s.value}>
                  <Value row={row} field={field} place="cell" />
                </dd>
              </div>
            ))}
        </dl>
      )}
    </div>
  );
}
