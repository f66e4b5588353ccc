import './target-words.ts';
import { Link } from '@tanstack/react-router';
import { t } from '../../../kit/words.ts';
import h from '../../../web/home/Home.module.css';
import { usePages } from '../../../web/model/pages.ts';
import { TargetCard } from './TargetCard.tsx';
import c from './Targets.module.css';
import { useProgress } from './use-targets.ts';

/** On home: the targets of this person and of their team that run today; nothing where there are none. */
export default function MyTargets() {
  const progress = useProgress().data;
  const page = usePages().find(({ path }) => path === '/targets');
  const mine = progress?.targets.filter(
    ({ mine: own, user, team, from, to }) =>
      own && (user || team) && from <= progress.today && to >= progress.today,
  );
  if (!progress || !mine?.length) return null;
  return (
    <section className={h.tasks} aria-label={t('arrange.block.targets')}>
      <header className={h.head}>
        <h3 className={h.label}>{t('arrange.block.targets')}</h3>
        {page && (
          <Link to={page.path} className={h.more}>
            {t('target.all')}
          </Link>
        )}
      </header>
      <ul className={c.targets}>
        {mine.map(target => (
          <TargetCard key={target.id} target={target} today={progress.today} currency={progress.currency} />
        ))}
      </ul>
    </section>
  );
}
