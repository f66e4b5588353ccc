import { Link } from '@tanstack/react-router';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { useMeta } from '../model/meta.tsx';
import s from './BottomBar.module.css';
import { openDialog } from './dialogs.ts';
import { mainObjects } from './places.ts';

/** Five places within reach of a thumb. */
export function BottomBar() {
  const meta = useMeta();
  const active = { 'data-active': true };
  return (
    <nav className={s.bar} aria-label={t('shell.navigation')}>
      <Link to="/" className={s.place} activeOptions={{ exact: true }} activeProps={active}>
        <Icon name="home" size={20} />
        {t('shell.home')}
      </Link>
      {mainObjects(meta).map(object => (
        <Link
          key={object.name}
          to="/$object"
          params={{ object: object.path }}
          className={s.place}
          activeProps={active}
        >
          <Icon name={object.icon} size={20} />
          <span className={s.name}>{object.plural}</span>
        </Link>
      ))}
      <button type="button" className={s.place} onClick={() => openDialog({ kind: 'palette' })}>
        <Icon name="search" size={20} />
        {t('shell.search')}
      </button>
      <button type="button" className={s.place} onClick={() => openDialog({ kind: 'menu' })}>
        <Icon name="menu-2" size={20} />
        {t('shell.more')}
      </button>
    </nav>
  );
}
