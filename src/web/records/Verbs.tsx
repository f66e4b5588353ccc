import { inText } from '../model/language.ts';
import './words.ts';
import { useQueries } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Json, MetaObject, MetaVerb } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { t } from '../../kit/words.ts';
import { type Page, type Row, readTogether } from '../api.ts';
import { isEmpty, useMeta } from '../model/meta.tsx';
import { keys, useActions } from '../model/records.ts';
import { openDialog } from '../shell/dialogs.ts';

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

interface Made {
  of: MetaObject;
  id: string;
  title: string;
}

/** What verbs that make one record only have made of this one already, by verb; null until that is known. */
function useMade(row: Row, verbs: MetaVerb[]): Map<string, Made | null> {
  const meta = useMeta();
  const asked = verbs.flatMap(({ name, once }) => {
    const of = once && meta.objects.find(object => object.name === once.object);
    return of ? [{ name, of, by: once.by }] : [];
  });
  return useQueries({
    queries: asked.map(({ of, by }) => {
      const body: Json = { filter: { field: by, op: 'is', value: row.id }, fields: [of.title], limit: 1 };
      return {
        queryKey: keys.groups(of.name, body),
        queryFn: () => readTogether<Page>(`/api/${of.path}/search`, { body }),
      };
    }),
    combine: answers =>
      new Map(
        answers.flatMap(({ data, isPending }, at): [string, Made | null][] => {
          const { name, of } = asked[at]!;
          const there = data?.data[0];
          if (there) return [[name, { of, id: there.id, title: str(there[of.title]) }]];
          return isPending ? [[name, null]] : [];
        }),
      ),
  });
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
  const navigate = useNavigate();
  const verbs = verbsFor(object, row);
  const made = useMade(row, verbs);
  const [main, ...others] = verbs.filter(({ name }) => !made.has(name));
  return (
    <>
      {[...made.values()]
        .filter(there => there !== null)
        .map(({ of, id, title }) => (
          <Button
            key={of.name}
            icon={of.icon}
            title={title}
            onClick={() => void navigate({ to: '/$object/$id', params: { object: of.path, id } })}
          >
            {t('record.openMade', { object: inText(of.label) })}
          </Button>
        ))}
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
