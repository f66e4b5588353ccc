import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { optionsOf, str } from '../../fields/read.tsx';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { fieldOf, objectNamed, useMeta } from '../model/meta.tsx';
import { useActions } from '../model/records.ts';
import { viewAll } from '../model/view-state.ts';
import { defaultView, mayChange } from '../model/views.ts';
import { openDialog } from '../shell/dialogs.ts';
import { useKeys } from '../shell/keys.ts';
import s from './Views.module.css';

interface TabsProps {
  object: MetaObject;
  views: Row[];
  /** The view that is open; null: none, undefined: one that is not there. */
  view: Row | null | undefined;
  changed: boolean;
}

function copied(view: Row): Record<string, Row[string]> {
  const names = ['object', 'icon', 'layout', 'columns', 'filter', 'sort', 'density', 'group', 'arrangement'];
  return Object.fromEntries(names.map(name => [name, view[name] ?? null]));
}

/** What can be done with a view. */
function ViewMenu({ object, view }: { object: MetaObject; view: Row }) {
  const meta = useMeta();
  const actions = useActions();
  const navigate = useNavigate();
  const kind = objectNamed(meta, 'view');
  if (!kind) return null;
  const mine = mayChange(view, meta.me);
  const audience = fieldOf(kind, 'visibility');
  const edit = () => openDialog({ kind: 'view', object: object.name, id: view.id });

  async function remove() {
    if (kind && (await actions.trash(kind, [view])))
      void navigate({ to: '/$object', params: { object: object.path }, search: {}, replace: true });
  }

  async function copyLink() {
    await navigator.clipboard.writeText(`${location.origin}/${object.path}?view=${view.id}`);
    toast(t('view.copied'));
  }

  return (
    <Menu
      position="bottom-start"
      width={220}
      of={<IconButton icon="chevron-down" size={24} label={t('view.menu', { view: str(view.name) })} />}
    >
      {mine && (
        <Menu.Item leftSection={<Icon name="pencil" />} onClick={edit}>
          {t('view.rename')}
        </Menu.Item>
      )}
      <Menu.Item
        leftSection={<Icon name="copy" />}
        onClick={() =>
          openDialog({
            kind: 'view',
            object: object.name,
            values: { ...copied(view), name: t('view.copyOf', { view: str(view.name) }) },
          })
        }
      >
        {t('view.duplicate')}
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="link" />} onClick={() => void copyLink()}>
        {t('view.copyLink')}
      </Menu.Item>
      {mine && (
        <>
          <Menu.Item
            leftSection={<Icon name="pin" />}
            onClick={() => void actions.edit(kind, view, { pinned: view.pinned !== true })}
          >
            {t(view.pinned === true ? 'view.unpin' : 'view.pin')}
          </Menu.Item>
          {meta.me.administer && (
            <Menu.Item leftSection={<Icon name="users" />} onClick={edit}>
              {t('view.makeDefault')}
            </Menu.Item>
          )}
          {audience && <Menu.Label>{audience.label}</Menu.Label>}
          {audience &&
            optionsOf(audience).map(option => (
              <Menu.Item
                key={option.value}
                aria-current={view.visibility === option.value || undefined}
                leftSection={<Icon name={view.visibility === option.value ? 'check' : 'point'} />}
                onClick={() => void actions.edit(kind, view, { visibility: option.value })}
              >
                {option.label}
              </Menu.Item>
            ))}
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="trash" />} onClick={() => void remove()}>
            {t('view.delete')}
          </Menu.Item>
        </>
      )}
    </Menu>
  );
}

/** The views of a list, by mouse or by the keys 1 to 9. Where there are none it takes no room. */
export function ViewTabs({ object, views, view, changed }: TabsProps) {
  const { me } = useMeta();
  const navigate = useNavigate();
  const strip = useRef<HTMLElement>(null);
  const open = view?.id ?? (view === null ? viewAll : null);
  const tabs = [
    {
      id: viewAll,
      // A list that opens with a view of its own is left for all records by name.
      search: defaultView(views, me.role) ? { view: viewAll } : {},
      name: t('view.all'),
      row: null,
    },
    ...views.map(row => ({ id: row.id, search: { view: row.id }, name: str(row.name), row })),
  ];
  useKeys(
    Object.fromEntries(
      tabs
        .slice(0, 9)
        .map(({ search }, index) => [
          String(index + 1),
          () => void navigate({ to: '/$object', params: { object: object.path }, search }),
        ]),
    ),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is the reason to look for it.
  useEffect(() => {
    strip.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [open]);
  if (views.length === 0) return null;
  return (
    <nav ref={strip} className={s.tabs} aria-label={t('view.views')}>
      {tabs.map(tab => (
        <span key={tab.id} className={s.tab} data-open={tab.id === open || undefined}>
          <Link
            to="/$object"
            params={{ object: object.path }}
            search={tab.search}
            className={s.link}
            aria-current={tab.id === open ? 'page' : undefined}
          >
            {tab.name}
            {tab.id === open && tab.row && changed && (
              <span className={s.changed} role="img" aria-label={t('view.changed')} />
            )}
          </Link>
          {tab.id === open && tab.row && <ViewMenu object={object} view={tab.row} />}
        </span>
      ))}
    </nav>
  );
}
