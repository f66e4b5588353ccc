import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { MetaObject } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { t } from '../../kit/words.ts';
import { read } from '../api.ts';
import type { Filter } from '../model/filter.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { useParts } from '../model/parts.ts';
import { keys } from '../model/records.ts';
import type { ListModel } from './use-list.ts';

/** Where the list as it stands is downloaded from. */
export function exportAddress(
  path: string,
  { state, filter, q }: Pick<ListModel, 'state' | 'filter' | 'q'>,
  format = 'csv',
): string {
  const given: Record<string, string | undefined> = {
    format,
    filter: filter ? JSON.stringify(filter) : undefined,
    q: q || undefined,
    sort: state.sort.join(',') || undefined,
    fields: state.columns.join(','),
    trash: state.trash ? 'only' : undefined,
  };
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) search.set(name, value);
  return `/api/exports/${path}?${search}`;
}

/** The way to the review queue, with how much waits there; asked when the menu opens. */
function DuplicatesItem({ object }: { object: MetaObject }) {
  const navigate = useNavigate();
  const found = useQuery({
    queryKey: [...keys.object(object.name), 'duplicates', 'count'],
    queryFn: ({ signal }) => read<{ count: number }>(`/api/${object.path}/duplicates?limit=1`, { signal }),
  });
  const count = found.data?.count ?? 0;
  return (
    <Menu.Item
      leftSection={<Icon name="arrow-merge" />}
      onClick={() => void navigate({ to: '/duplicates/$object', params: { object: object.path } })}
    >
      {count > 0 ? t('list.duplicatesCount', { count }) : t('list.duplicates')}
    </Menu.Item>
  );
}

/** What a page of a module is told of the records it is to be about, and of the list they stand in. */
export function handedOver(
  object: MetaObject,
  { state, view }: ListModel,
  { filter, q }: { filter: Filter | null; q: string },
) {
  return {
    object: object.name,
    filter: filter ? JSON.stringify(filter) : undefined,
    words: q || undefined,
    sort: state.sort.join(',') || undefined,
    name: view ? str(view.name) : undefined,
  };
}

/** What modules do with what a list shows, on pages of their own. */
function ModuleItems({ object, list }: { object: MetaObject; list: ListModel }) {
  const meta = useMeta();
  const navigate = useNavigate();
  const search = handedOver(object, list, list);
  const parts = useParts(object.name, 'list').filter(({ makes }) => objectNamed(meta, makes)?.can.create);
  if (list.state.trash) return null;
  return parts.map(({ icon, title, path }) => (
    <Menu.Item
      key={path}
      leftSection={<Icon name={icon} />}
      onClick={() => void navigate({ to: path as never, search: search as never })}
    >
      {t(title)}
    </Menu.Item>
  ));
}

/** What can be done with a list as a whole. */
export function ListMenu({ object, list }: { object: MetaObject; list: ListModel }) {
  const navigate = useNavigate();
  const { can } = object;
  if (!(can.export || can.create || can.delete)) return null;

  return (
    <Menu position="bottom-end" width={220} of={<IconButton icon="dots" label={t('list.more')} />}>
      {can.export &&
        object.formats.map(format => (
          <Menu.Item
            key={format}
            component="a"
            href={exportAddress(object.path, list, format)}
            download
            leftSection={<Icon name="download" />}
          >
            {t(`list.export.${format}`)}
          </Menu.Item>
        ))}
      {can.create && (
        <Menu.Item
          leftSection={<Icon name="upload" />}
          onClick={() => void navigate({ to: '/import', search: { object: object.name } })}
        >
          {t('list.import')}
        </Menu.Item>
      )}
      <ModuleItems object={object} list={list} />
      {object.duplicates.length > 0 && <DuplicatesItem object={object} />}
      {object.quality && (
        <Menu.Item
          leftSection={<Icon name="gauge" />}
          onClick={() => void navigate({ to: '/quality/$object', params: { object: object.path } })}
        >
          {t('list.quality')}
        </Menu.Item>
      )}
      {can.delete && (
        <Menu.Item
          leftSection={<Icon name="trash" />}
          onClick={() => list.change({ trash: !list.state.trash })}
        >
          {t(list.state.trash ? 'list.leaveTrash' : 'list.showTrash')}
        </Menu.Item>
      )}
    </Menu>
  );
}
