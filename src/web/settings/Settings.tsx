import { Link, Outlet } from '@tanstack/react-router';
import { showCurrent } from '../../kit/direction.ts';
import { PageHeader } from '../../kit/PageHeader.tsx';
import { t } from '../../kit/words.ts';
import { useMeta } from '../model/meta.tsx';
import s from './Settings.module.css';

const own = ['profile', 'notifications', 'keyboard', 'security'] as const;
const forAdministrators = ['members', 'keys', 'workspace', 'objects', 'duplicates', 'data'] as const;

/** The frame of all settings: one's own, and for administrators those of the workspace. */
export function Settings() {
  const { me } = useMeta();
  const tabs = me.administer ? [...own, ...forAdministrators] : own;
  return (
    <>
      <PageHeader icon="settings" title={t('settings.title')} />
      <nav ref={showCurrent} className={s.tabs} data-sideways aria-label={t('settings.title')}>
        {tabs.map(tab => (
          <Link
            key={tab}
            to={`/settings/${tab}`}
            className={s.tab}
            activeProps={{ 'data-active': true, 'aria-current': 'page' }}
          >
            {t(`settings.${tab}.title`)}
          </Link>
        ))}
      </nav>
      <div className={s.page}>
        <div className={s.inner}>
          <Outlet />
        </div>
      </div>
    </>
  );
}
