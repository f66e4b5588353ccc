import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaObject } from '../../engine/index.ts';
import { str } from '../../fields/read.tsx';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Kbd } from '../../kit/Kbd.tsx';
import { useFavourites } from '../model/keep.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { type ModulePage, usePages } from '../model/pages.ts';
import { useViews } from '../model/views.ts';
import { Bell } from '../notifications/Bell.tsx';
import { openDialog } from './dialogs.ts';
import { keyOf, shownKey, useChosenKeys } from './keys.ts';
import { groupsOf } from './places.ts';
import s from './Rail.module.css';
import { UserMenu } from './UserMenu.tsx';

interface RailProps {
  collapsed: boolean;
  onToggle(): void;
}

function Hint({ text, when, children }: { text: string; when: boolean; children: ReactNode }) {
  return (
    <Tooltip label={text} position="right" disabled={!when} openDelay={200}>
      {children}
    </Tooltip>
  );
}

function ObjectLink({ object, collapsed }: { object: MetaObject; collapsed: boolean }) {
  return (
    <Hint text={object.plural} when={collapsed}>
      <Link
        to="/$object"
        params={{ object: object.path }}
        className={s.item}
        activeProps={{ 'data-active': true }}
      >
        <Icon name={object.icon} />
        <span className={s.name}>{object.plural}</span>
      </Link>
    </Hint>
  );
}

function PageLink({ page, collapsed }: { page: ModulePage; collapsed: boolean }) {
  const { t } = useTranslation();
  return (
    <Hint text={t(page.title)} when={collapsed}>
      <Link to={page.path} className={s.item} activeProps={{ 'data-active': true }}>
        <Icon name={page.icon} />
        <span className={s.name}>{t(page.title)}</span>
      </Link>
    </Hint>
  );
}

function Rest({ objects, collapsed }: { objects: MetaObject[]; collapsed: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (objects.length === 0 || collapsed) return null;
  return (
    <section>
      <button type="button" className={s.heading} aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('shell.setup')}
        <Icon name={open ? 'chevron-down' : 'chevron-right'} size={14} />
      </button>
      {open && (
        <Link to="/import" className={s.item} activeProps={{ 'data-active': true }}>
          <Icon name="upload" />
          <span className={s.name}>{t('shell.import')}</span>
        </Link>
      )}
      {open && objects.map(object => <ObjectLink key={object.name} object={object} collapsed={collapsed} />)}
    </section>
  );
}

/** Views that someone wants at hand. */
function PinnedViews({ collapsed }: { collapsed: boolean }) {
  const { t } = useTranslation();
  const meta = useMeta();
  const pinned = useViews().views.filter(view => view.pinned === true);
  if (pinned.length === 0) return null;
  return (
    <section aria-label={t('view.pinned')}>
      <h2 className={s.heading}>{collapsed ? '' : t('view.pinned')}</h2>
      {pinned.map(view => {
        const object = objectNamed(meta, str(view.object));
        return (
          object && (
            <Hint key={view.id} text={str(view.name)} when={collapsed}>
              <Link
                to="/$object"
                params={{ object: object.path }}
                search={{ view: view.id }}
                className={s.item}
                activeProps={{ 'data-active': true }}
              >
                <Icon name={str(view.icon) || object.icon} />
                <span className={s.name}>{str(view.name)}</span>
              </Link>
            </Hint>
          )
        );
      })}
    </section>
  );
}

/** Records and views that someone keeps at hand. */
function Favourites({ collapsed }: { collapsed: boolean }) {
  const { t } = useTranslation();
  const meta = useMeta();
  const { views } = useViews();
  const kept = useFavourites();
  if (kept.length === 0) return null;
  return (
    <section aria-label={t('shell.favourites')}>
      <h2 className={s.heading}>{collapsed ? '' : t('shell.favourites')}</h2>
      {kept.map(({ id, record }) => {
        const view = record.object === 'view' ? views.find(each => each.id === record.id) : undefined;
        const object = objectNamed(meta, view ? str(view.object) : record.object);
        if (!object) return null;
        const inner = (
          <>
            <Icon name={(view && str(view.icon)) || object.icon} />
            <span className={s.name}>{record.title}</span>
          </>
        );
        return (
          <Hint key={id} text={record.title} when={collapsed}>
            {view ? (
              <Link
                to="/$object"
                params={{ object: object.path }}
                search={{ view: view.id }}
                className={s.item}
              >
                {inner}
              </Link>
            ) : (
              <Link
                to="/$object/$id"
                params={{ object: object.path, id: record.id }}
                className={s.item}
                activeProps={{ 'data-active': true }}
              >
                {inner}
              </Link>
            )}
          </Hint>
        );
      })}
    </section>
  );
}

export function Rail({ collapsed, onToggle }: RailProps) {
  const { t } = useTranslation();
  const meta = useMeta();
  const { groups, rest } = groupsOf(meta);
  const pages = usePages();
  const own = useChosenKeys();
  return (
    <nav className={s.rail} aria-label={t('shell.navigation')} data-collapsed={collapsed || undefined}>
      <div className={s.head}>
        <span className={s.seal} aria-hidden>
          {Array.from(meta.workspace.label)[0]}
        </span>
        {!collapsed && <span className={s.workspace}>{meta.workspace.label}</span>}
        {!collapsed && (
          <IconButton icon="layout-sidebar" label={t('shell.collapse')} size={24} onClick={onToggle} />
        )}
      </div>
      <div className={s.places}>
        {collapsed && (
          <Hint text={t('shell.expand')} when>
            <button type="button" className={s.item} onClick={onToggle} aria-label={t('shell.expand')}>
              <Icon name="layout-sidebar" />
            </button>
          </Hint>
        )}
        <Hint text={t('shell.search')} when={collapsed}>
          <button type="button" className={s.item} onClick={() => openDialog({ kind: 'palette' })}>
            <Icon name="search" />
            <span className={s.name}>{t('shell.search')}</span>
            {!collapsed && <Kbd keys={shownKey(keyOf('everywhere.palette', own))} />}
          </button>
        </Hint>
        <Hint text={t('shell.home')} when={collapsed}>
          <Link
            to="/"
            className={s.item}
            activeOptions={{ exact: true }}
            activeProps={{ 'data-active': true }}
          >
            <Icon name="home" />
            <span className={s.name}>{t('shell.home')}</span>
          </Link>
        </Hint>
        <Hint text={t('shell.notifications')} when={collapsed}>
          <span className={s.held}>
            <Bell className={s.item} nameClass={s.name} bare={collapsed} />
          </span>
        </Hint>
        <Hint text={t('shell.add')} when={collapsed}>
          <button type="button" className={s.item} onClick={() => openDialog({ kind: 'add' })}>
            <Icon name="plus" />
            <span className={s.name}>{t('shell.add')}</span>
            {!collapsed && <Kbd keys={shownKey(keyOf('everywhere.add', own))} />}
          </button>
        </Hint>
        <Favourites collapsed={collapsed} />
        {groups.map(group => (
          <section key={group.name} aria-label={group.name ?? undefined}>
            <h2 className={s.heading}>{collapsed ? '' : group.name}</h2>
            {group.objects.map(object => (
              <ObjectLink key={object.name} object={object} collapsed={collapsed} />
            ))}
            {pages
              .filter(page => page.group === group.name)
              .map(page => (
                <PageLink key={page.path} page={page} collapsed={collapsed} />
              ))}
          </section>
        ))}
        <PinnedViews collapsed={collapsed} />
        <Rest objects={rest} collapsed={collapsed} />
      </div>
      <UserMenu collapsed={collapsed} />
    </nav>
  );
}
