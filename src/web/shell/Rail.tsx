import { Link } from '@tanstack/react-router';
import { IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Kbd } from '../../kit/Kbd.tsx';
import { t } from '../../kit/words.ts';
import { useMeta } from '../model/meta.tsx';
import { usePagesAt } from '../model/pages.ts';
import { Bell } from '../notifications/Bell.tsx';
import { Favourites, PinnedViews } from './AtHand.tsx';
import { openDialog } from './dialogs.ts';
import { hinted } from './hinted.ts';
import { keyOf, shownKey, useChosenKeys } from './keys.ts';
import { groupsOf } from './places.ts';
import s from './Rail.module.css';
import { Groups, PageLink, Rest } from './RailGroups.tsx';
import { UserMenu } from './UserMenu.tsx';

interface RailProps {
  collapsed: boolean;
  onToggle(): void;
}

export function Rail({ collapsed, onToggle }: RailProps) {
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
        <Groups groups={groups} collapsed={collapsed} />
        <PinnedViews collapsed={collapsed} />
        <Rest objects={rest} collapsed={collapsed} />
      </div>
      <UserMenu collapsed={collapsed} />
    </nav>
  );
}
