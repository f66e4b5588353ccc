import { Link } from '@tanstack/react-router';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MetaObject } from '../../engine/index.ts';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Kbd } from '../../kit/Kbd.tsx';
import { useMeta } from '../model/meta.tsx';
import { type ModulePage, usePagesAt } from '../model/pages.ts';
import { Bell } from '../notifications/Bell.tsx';
import { Favourites, PinnedViews } from './AtHand.tsx';
import { openDialog } from './dialogs.ts';
import { hinted } from './hinted.ts';
import { keyOf, shownKey, useChosenKeys } from './keys.ts';
import { groupsOf } from './places.ts';
import s from './Rail.module.css';
import { UserMenu } from './UserMenu.tsx';

interface RailProps {
  collapsed: boolean;
  onToggle(): void;
}

const ObjectLink = memo(function ObjectLink({
  object,
  collapsed,
}: {
  object: MetaObject;
  collapsed: boolean;
}) {
  return (
    <Link
      {...hinted(object.plural, collapsed)}
      to="/$object"
      params={{ object: object.path }}
      className={s.item}
      activeProps={{ 'data-active': true }}
    >
      <Icon name={object.icon} />
      <span className={s.name}>{object.plural}</span>
    </Link>
  );
});

function PageLink({ page, collapsed }: { page: ModulePage; collapsed: boolean }) {
  const { t } = useTranslation();
  return (
    <Link
      {...hinted(t(page.title), collapsed)}
      to={page.path}
      className={s.item}
      activeProps={{ 'data-active': true }}
    >
      <Icon name={page.icon} />
      <span className={s.name}>{t(page.title)}</span>
    </Link>
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

export function Rail({ collapsed, onToggle }: RailProps) {
  const { t } = useTranslation();
  const meta = useMeta();
  const { groups, rest } = groupsOf(meta);
  const pagesAt = usePagesAt();
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
          <button
            type="button"
            {...hinted(t('shell.expand'), true)}
            className={s.item}
            onClick={onToggle}
            aria-label={t('shell.expand')}
          >
            <Icon name="layout-sidebar" />
          </button>
        )}
        <button
          type="button"
          {...hinted(t('shell.search'), collapsed)}
          className={s.item}
          onClick={() => openDialog({ kind: 'palette' })}
        >
          <Icon name="search" />
          <span className={s.name}>{t('shell.search')}</span>
          {!collapsed && <Kbd keys={shownKey(keyOf('everywhere.palette', own))} />}
        </button>
        <Link
          {...hinted(t('shell.home'), collapsed)}
          to="/"
          className={s.item}
          activeOptions={{ exact: true }}
          activeProps={{ 'data-active': true }}
        >
          <Icon name="home" />
          <span className={s.name}>{t('shell.home')}</span>
        </Link>
        {pagesAt(null).map(page => (
          <PageLink key={page.path} page={page} collapsed={collapsed} />
        ))}
        <span {...hinted(t('shell.notifications'), collapsed)} className={s.held}>
          <Bell className={s.item} nameClass={s.name} bare={collapsed} />
        </span>
        <button
          type="button"
          {...hinted(t('shell.add'), collapsed)}
          className={s.item}
          onClick={() => openDialog({ kind: 'add' })}
        >
          <Icon name="plus" />
          <span className={s.name}>{t('shell.add')}</span>
          {!collapsed && <Kbd keys={shownKey(keyOf('everywhere.add', own))} />}
        </button>
        <Favourites collapsed={collapsed} />
        {groups.map(group => (
          <section key={group.name} aria-label={group.name ?? undefined}>
            <h2 className={s.heading}>{collapsed ? '' : group.name}</h2>
            {group.objects.map(object => (
              <ObjectLink key={object.name} object={object} collapsed={collapsed} />
            ))}
            {pagesAt(group.name).map(page => (
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
