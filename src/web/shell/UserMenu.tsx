import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Avatar } from '../../kit/Avatar.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { Kbd } from '../../kit/Kbd.tsx';
import { Menu } from '../../kit/Menu.tsx';
import { t } from '../../kit/words.ts';
import { write } from '../api.ts';
import { useLooks } from '../model/looks.ts';
import { metaKey, useMeta } from '../model/meta.tsx';
import { meQuery } from '../model/preferences.ts';
import { fail } from '../model/records.ts';
import { openDialog } from './dialogs.ts';
import { keyOf, shownKey, useChosenKeys } from './keys.ts';
import s from './Rail.module.css';

export const schemes = [
  ['light', 'sun'],
  ['dark', 'moon'],
  ['auto', 'device-desktop'],
] as const;

export function useSignOut() {
  const client = useQueryClient();
  return async () => {
    await write('POST', '/api/auth/sign-out', {}, { once: true }).catch(() => undefined);
    client.removeQueries({ predicate: query => query.queryKey[0] !== metaKey[0] });
    await client.resetQueries({ queryKey: metaKey });
  };
}

export function SchemeItems() {
  const { looks, change } = useLooks();
  return schemes.map(([scheme, icon]) => (
    <Menu.Item
      key={scheme}
      leftSection={<Icon name={icon} />}
      rightSection={
        (looks.scheme ?? 'auto') === scheme ? <Icon name="check" label={t('shell.current')} /> : null
      }
      closeMenuOnClick={false}
      onClick={() => change({ scheme })}
    >
      {t(`shell.scheme.${scheme}`)}
    </Menu.Item>
  ));
}

/** Other workspaces of the same account. */
function Workspaces() {
  const { workspace } = useMeta();
  const { data } = useQuery(meQuery);
  const others = (data?.workspaces ?? []).filter(({ name }) => name !== workspace.name);
  async function go(name: string) {
    try {
      await write('POST', '/api/me/workspace', { workspace: name });
      window.location.assign('/');
    } catch (error) {
      fail(error);
    }
  }
  return others.map(({ name, label }) => (
    <Menu.Item key={name} leftSection={<Icon name="arrows-exchange" />} onClick={() => void go(name)}>
      {t('shell.workIn', { workspace: label })}
    </Menu.Item>
  ));
}

export function UserMenu({ collapsed }: { collapsed: boolean }) {
  const { me } = useMeta();
  const signOut = useSignOut();
  const own = useChosenKeys();
  return (
    <Menu
      position="top-start"
      width={220}
      of={
        <button
          type="button"
          className={s.user}
          aria-label={collapsed ? t('shell.account', { name: me.name }) : undefined}
        >
          <Avatar id={me.id} title={me.name} round size={24} />
          {!collapsed && <span className={s.name}>{me.name}</span>}
          {!collapsed && <Icon name="dots" />}
        </button>
      }
    >
      <Menu.Item leftSection={<Icon name="settings" />} component={Link} to="/settings/profile">
        {t('settings.title')}
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="upload" />} component={Link} to="/import">
        {t('shell.import')}
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="history" />} component={Link} to="/changes">
        {t('changes.title')}
      </Menu.Item>
      <Menu.Item
        leftSection={<Icon name="keyboard" />}
        rightSection={<Kbd keys={shownKey(keyOf('everywhere.keys', own))} />}
        onClick={() => openDialog({ kind: 'keys' })}
      >
        {t('shell.keys')}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Label>{t('shell.appearance')}</Menu.Label>
      <SchemeItems />
      <Workspaces />
      <Menu.Divider />
      <Menu.Item leftSection={<Icon name="logout" />} onClick={() => void signOut()}>
        {t('shell.signOut')}
      </Menu.Item>
    </Menu>
  );
}
