import { useState } from 'react';
import type { MetaObject } from '../../../engine/index.ts';
import { str } from '../../../fields/read.tsx';
import { Button, IconButton } from '../../../kit/Button.tsx';
import { EmptyState } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import type { Row } from '../../../web/api.ts';
import { inText } from '../../../web/model/language.ts';
import { LimitsDialog } from './LimitsDialog.tsx';
import { RuleDialog } from './RuleDialog.tsx';
import s from './Scoring.module.css';
import { type Scoring, useFactWords } from './use-scoring.ts';
import type { ScoringOverview } from './why.ts';

interface PointsProps {
  object: MetaObject;
  scoring: Scoring;
  overview: ScoringOverview;
}

/** The rules, what each gives, and to how many open records. */
export function Points({ object, scoring, overview }: PointsProps) {
  const [asked, setAsked] = useState<Row | 'new' | null>(null);
  const [limits, setLimits] = useState(false);
  const { rules, objects } = scoring;
  const mayAdd = objects.rule?.can.create === true;
  const add = (
    <Button icon="plus" look="primary" onClick={() => setAsked('new')}>
      {t('scoring.addRule')}
    </Button>
  );
  return (
    <>
      {rules.length === 0 ? (
        <EmptyState
          icon="list-numbers"
          title={t('scoring.noRules')}
          text={t('scoring.noRulesText', { objects: inText(object.plural) })}
          action={mayAdd && add}
        />
      ) : (
        <>
          <div className={s.head}>
            <p className={s.hint}>{t('scoring.pointsText')}</p>
            <span className={s.actions}>
              {objects.card?.can.edit && scoring.card && (
                <Button icon="adjustments" onClick={() => setLimits(true)}>
                  {t('scoring.changeLimits')}
                </Button>
              )}
              {mayAdd && add}
            </span>
          </div>
          {(['fit', 'engagement'] as const).map(group => (
            <Group
              key={group}
              group={group}
              rules={rules.filter(rule => rule.group === group)}
              limit={Number(scoring.card?.[`${group}Limit`] ?? 0)}
              object={object}
              overview={overview}
              scoring={scoring}
              ask={setAsked}
            />
          ))}
        </>
      )}
      {limits && <LimitsDialog scoring={scoring} close={() => setLimits(false)} />}
      {asked && (
        <RuleDialog
          object={object}
          scoring={scoring}
          rule={asked === 'new' ? null : asked}
          close={() => setAsked(null)}
        />
      )}
    </>
  );
}

interface GroupProps extends PointsProps {
  group: 'fit' | 'engagement';
  rules: Row[];
  limit: number;
  ask(rule: Row): void;
}

function Group({ group, rules, limit, object, overview, scoring, ask }: GroupProps) {
  const words = useFactWords(object);
  const { rule: of } = scoring.objects;
  if (rules.length === 0 || !of) return null;
  const recordsOf = (rule: Row) => overview.rules.find(each => each.rule === rule.id)?.records ?? 0;
  return (
    <section>
      <h2 className={s.heading}>
        {t(`scoring.group.${group}`)} <span className={s.meta}>{t('scoring.atMost', { limit })}</span>
      </h2>
      <ul className={s.rules}>
        {rules.map(rule => (
          <li key={rule.id} className={s.rule} data-off={rule.active === false || undefined}>
            <span className={s.ruleName}>
              {str(rule.name)}
              <span className={s.meta}>
                {t('scoring.matches', { count: recordsOf(rule) })}
                {typeof rule.halfLife === 'number' && ` · ${t('scoring.halved', { days: rule.halfLife })}`}
              </span>
            </span>
            <span className={s.rulePoints} data-less={Number(rule.points) < 0 || undefined}>
              {words.points(Number(rule.points))}
            </span>
            {of.can.edit && (
              <IconButton
                icon="pencil"
                label={t('scoring.editRule', { rule: str(rule.name) })}
                onClick={() => ask(rule)}
              />
            )}
            {of.can.delete && (
              <IconButton
                icon="trash"
                label={t('scoring.removeRule', { rule: str(rule.name) })}
                onClick={() => void scoring.actions.trash(of, [rule]).then(scoring.askAnew)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
