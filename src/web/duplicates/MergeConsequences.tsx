import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { inText } from '../model/language.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import s from './Merge.module.css';
import type { Preview } from './pairs.ts';

/** What goes along with those that go, and what stands in the way. */
export function MergeConsequences({ preview }: { preview: Preview }) {
  const meta = useMeta();
  const counts = new Map<string, number>();
  for (const { object, count } of preview.moves) counts.set(object, (counts.get(object) ?? 0) + count);
  const moves = [...counts].map(([name, count]) => {
    const object = objectNamed(meta, name);
    const what = inText((count === 1 ? object?.label : object?.plural) ?? name);
    return t('merge.move', { count, what });
  });
  const ids = preview.records
    .slice(1)
    .reduce((sum, { externalIds }) => sum + Object.keys(externalIds ?? {}).length, 0);
  if (ids > 0) moves.push(t('merge.ids', { count: ids }));
  return (
    <>
      {preview.refused.length > 0 && (
        <div className={s.refused} role="alert">
          <Icon name="ban" />
          <div>
            <p>{t('merge.refused')}</p>
            {preview.refused.map(({ id, message }) => (
              <p key={id}>{message}</p>
            ))}
          </div>
        </div>
      )}
      <p className={s.moves}>
        {moves.length > 0 && (
          <>
            <strong>{t('merge.moves')}</strong> {moves.join(' · ')}
            <br />
          </>
        )}
        {t('merge.kept')}
      </p>
    </>
  );
}
