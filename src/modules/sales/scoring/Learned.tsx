import type { MetaObject } from '../../../engine/index.ts';
import { Button } from '../../../kit/Button.tsx';
import { EmptyState } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { Calibration, type ModelFigures } from './Calibration.tsx';
import { Models } from './Models.tsx';
import s from './Scoring.module.css';
import { type Scoring, useFactWords } from './use-scoring.ts';
import type { ScoringOverview } from './why.ts';

interface LearnedProps {
  object: MetaObject;
  scoring: Scoring;
  overview: ScoringOverview;
}

/** What was learned from outcomes, how good it is, and what it may and may not use. */
export function Learned({ object, scoring, overview }: LearnedProps) {
  const figures = overview.figures as ModelFigures | null;
  const { card: of } = scoring.objects;
  const { card } = scoring;
  const mayTrain = of?.verbs.some(({ name }) => name === 'train') && of.can.edit;
  const lost = overview.outcomes - overview.won;
  const enough =
    overview.outcomes >= overview.needed && Math.min(overview.won, lost) >= overview.neededOfEach;
  const train = mayTrain && of && card && enough && (
    <Button
      icon="bulb"
      onClick={() =>
        void scoring.actions.run(of, card.id, 'train', t('scoring.learn'), {}).then(scoring.askAnew)
      }
    >
      {t('scoring.learn')}
    </Button>
  );
  if (!figures)
    return (
      <EmptyState
        icon="bulb"
        title={
          enough
            ? t('scoring.notYet')
            : t('scoring.tooFew', { count: overview.outcomes, needed: overview.needed })
        }
        text={t('scoring.tooFewText', { won: overview.won, lost, each: overview.neededOfEach })}
        action={train}
      />
    );
  return (
    <>
      <div className={s.head}>
        <p className={s.hint}>{t(figures.gain > 0 ? 'scoring.better' : 'scoring.notBetter')}</p>
        {train}
      </div>
      <Figures object={object} figures={figures} />
      <Models scoring={scoring} />
      <Facts object={object} scoring={scoring} overview={overview} figures={figures} />
    </>
  );
}

function Figures({ object, figures }: { object: MetaObject; figures: ModelFigures }) {
  const words = useFactWords(object);
  const told: [string, string, string][] = [
    [
      t('scoring.outcomes'),
      words.number(figures.n, 0),
      t('scoring.base', { share: words.share(figures.base) }),
    ],
    [t('scoring.auc'), words.number(figures.auc), t('scoring.aucText')],
    [t('scoring.lift'), words.number(figures.lift, 1), t('scoring.liftText')],
    [
      t('scoring.brier'),
      words.number(figures.brier, 3),
      t('scoring.brierText', { base: words.number(figures.brierOfBase, 3) }),
    ],
  ];
  return (
    <section className={s.figures}>
      <dl className={s.numbers}>
        {told.map(([name, value, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={s.number}>{value}</dd>
            <dd className={s.meta}>{text}</dd>
          </div>
        ))}
      </dl>
      <Calibration figures={figures} words={words} />
    </section>
  );
}

interface FactsProps extends LearnedProps {
  figures: ModelFigures;
}

/** What is learned from, what is left out and why. */
function Facts({ object, scoring, overview, figures }: FactsProps) {
  const words = useFactWords(object);
  const { card } = scoring;
  const of = scoring.objects.card;
  const out = new Map(figures.leftOut.map(fact => [fact.name, fact]));
  const isSame = ({ name }: { name: string }) => out.get(name)?.why === 'constant';
  const same = overview.facts.filter(isSame).map(({ name, label }) => words.nameOf(name, label));
  const shown = [
    ...overview.facts.filter(fact => !isSame(fact)),
    ...figures.leftOut.filter(({ why }) => why === 'protected'),
  ];
  const toggle = (name: string, excluded: boolean) => {
    if (!of || !card) return;
    const now = overview.facts.filter(each => each.excluded).map(each => each.name);
    const next = excluded ? now.filter(each => each !== name) : [...now, name];
    void scoring.actions.edit(of, card, { excluded: next }).then(scoring.askAnew);
  };
  return (
    <section>
      <h2 className={s.heading}>{t('scoring.facts')}</h2>
      <ul className={s.rules}>
        {shown.map(fact => {
          const why = out.get(fact.name);
          const excluded = 'excluded' in fact && fact.excluded;
          return (
            <li key={fact.name} className={s.rule} data-off={why !== undefined || undefined}>
              <span className={s.ruleName}>
                {words.nameOf(fact.name, fact.label)}
                {why && (
                  <span className={s.meta}>
                    {t(`scoring.why.${why.why}`, { share: words.share(why.share ?? 0) })}
                  </span>
                )}
              </span>
              {of?.can.edit && why?.why !== 'protected' && (
                <Button look="quiet" onClick={() => toggle(fact.name, excluded)}>
                  {t(excluded ? 'scoring.takeIn' : 'scoring.leaveOut')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {same.length > 0 && <p className={s.hint}>{t('scoring.same', { facts: words.list(same) })}</p>}
      {figures.proxies.length > 0 && (
        <>
          <h3 className={s.heading}>{t('scoring.proxies')}</h3>
          <ul className={s.rules}>
            {figures.proxies.map(({ shielded, fact, auc }) => (
              <li key={`${shielded} ${fact}`} className={s.rule}>
                {t('scoring.proxy', { fact, shielded, auc: words.number(auc) })}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
