import { Modal } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { useLooks } from '../model/looks.ts';
import { useMeta } from '../model/meta.tsx';
import { type ModulePage, usePagesAt, useSetupPages } from '../model/pages.ts';
import { Bell } from '../notifications/Bell.tsx';
import { closeDialog, openDialog } from './dialogs.ts';
import s from './MenuSheet.module.css';
import { groupsOf } from './places.ts';
import { useSignOut } from './UserMenu.tsx';

function PageItem({ page }: { page: ModulePage }) {
  return (
    <Link to={page.path} className={s.item} onClick={closeDialog}>
      <Icon name={page.icon} size={20} />
      {t(page.title)}
    </Link>
  );
}

/** All places on a phone. */
export default function MenuSheet() {
  const meta = useMeta();
  const { groups, rest } = groupsOf(meta);
  const pagesAt = usePagesAt();
  const setup = useSetupPages();
  const { looks, change } = useLooks();
  const scheme = looks.scheme ?? 'auto';
  const signOut = useSignOut();
  const sections = [...groups, ...(rest.length > 0 ? [{ name: t('shell.setup'), objects: rest }] : [])];
  const next = { light: 'dark', dark: 'auto', auto: 'light' } as const;
  return (
    <Modal
      opened
      onClose={closeDialog}
      fullScreen
      title={meta.workspace.label}
      closeButtonProps={{ 'aria-label': t('toast.close') }}
      transitionProps={{ transition: 'fade' }}
    >
      {pagesAt(null).map(page => (
        <PageItem key={page.path} page={page} />
      ))}
      {sections.map(group => (
        <section key={group.name}>
          <h2 className={s.heading}>{group.name}</h2>
          {group.objects.map(object => (
            <Link
              key={object.name}
              to="/$object"
              params={{ object: object.path }}
              className={s.item}
              onClick={closeDialog}
            >
              <Icon name={object.icon} size={20} />
              {object.plural}
            </Link>
          ))}
          {(group.objects === rest ? setup : pagesAt(group.name)).map(page => (
            <PageItem key={page.path} page={page} />
          ))}
        </section>
      ))}
      <h2 className={s.heading}>{meta.me.name}</h2>
      <Bell className={s.item} size={20} />
      <button type="button" className={s.item} onClick={() => openDialog({ kind: 'add' })}>
        <Icon name="plus" size={20} />
        {t('shell.add')}
      </button>
      <Link to="/settings/profile" className={s.item} onClick={closeDialog}>
        <Icon name="settings" size={20} />
        {t('settings.title')}
      </Link>
      <Link to="/import" className={s.item} onClick={closeDialog}>
        <Icon name="upload" size={20} />
        {t('shell.import')}
      </Link>
      <Link to="/changes" className={s.item} onClick={closeDialog}>
        <Icon name="history" size={20} />
        {t('changes.title')}
      </Link>
      <button type="button" className={s.item} onClick={() => change({ scheme: next[scheme] })}>
        <Icon name={scheme === 'light' ? 'sun' : scheme === 'dark' ? 'moon' : 'device-desktop'} size={20} />
        {t('shell.appearance')}: {t(`shell.scheme.${scheme}`)}
      </button>
      <button
        type="button"
        className={s.item}
        onClick={() => {
          closeDialog();
          void signOut();
        }}
      >
        <Icon name="logout" size={20} />
        {t('shell.signOut')}
      </button>
    </Modal>
  );
}
