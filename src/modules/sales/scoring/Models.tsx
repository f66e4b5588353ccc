import { reference, str } from '../../../fields/read.tsx';
import { Button } from '../../../kit/Button.tsx';
import { t } from '../../../kit/words.ts';
import { fieldOf } from '../../../web/model/meta.tsx';
import { Value } from '../../../web/records/Value.tsx';
import s from './Scoring.module.css';
import type { Scoring } from './use-scoring.ts';

/** Models there are: one is in use, and any may be again. */
export function Models({ scoring }: { scoring: Scoring }) {
  const { card, models, objects, actions, askAnew } = scoring;
  const inUse = reference(card?.model)?.id;
  const { card: of, model } = objects;
  if (!of || !model || !card) return null;
  const use = (id: string | null, newest = false) =>
    void actions.run(of, card.id, 'use', t('scoring.use'), id ? { model: id, newest } : {}).then(askAnew);
  const offered = models.find(row => row.id === reference(card.offered)?.id);
  const fieldsOf = ['way', 'outcomes', 'auc', 'trainedAt'].flatMap(name => fieldOf(model, name) ?? []);
  return (
    <section>
      <h2 className={s.heading}>{model.plural}</h2>
      {offered && of.can.edit && (
        <div className={s.offer} role="status">
          <p>{t('scoring.offered', { name: str(offered.name) })}</p>
          <Button onClick={() => use(offered.id)}>{t('scoring.useNewer')}</Button>
          <Button look="quiet" onClick={() => use(offered.id, true)}>
            {t('scoring.alwaysNewest')}
          </Button>
        </div>
      )}
      <ul className={s.rules}>
        {models.map(row => (
          <li key={row.id} className={s.rule}>
            <span className={s.ruleName}>
              {str(row.name)}
              <span className={s.modelFacts}>
                {fieldsOf.map(field => (
                  <span key={field.name} className={s.modelFact}>
                    {field.label} <Value row={row} field={field} place="cell" />
                  </span>
                ))}
              </span>
            </span>
            {row.id === inUse ? (
              <span className={s.inUse}>{t('scoring.inUse')}</span>
            ) : (
              of.can.edit && <Button onClick={() => use(row.id)}>{t('scoring.use')}</Button>
            )}
          </li>
        ))}
      </ul>
      {inUse && of.can.edit && (
        <Button look="quiet" onClick={() => use(null)}>
          {t('scoring.usePoints')}
        </Button>
      )}
    </section>
  );
}
