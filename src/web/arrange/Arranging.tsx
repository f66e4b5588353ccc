import '../records/words.ts';
import { type ReactNode, useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { Select } from '../../kit/Select.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { inText } from '../model/language.ts';
import { TriedLayout } from '../model/page-layout.ts';
import { ArrangedFacts } from './ArrangedFacts.tsx';
import { ArrangedHead } from './ArrangedHead.tsx';
import { ArrangedPanels } from './ArrangedPanels.tsx';
import s from './Arranging.module.css';
import type { Dragged } from './Piece.tsx';
import { seenBy, useArranging } from './use-arranging.ts';

interface ArrangingProps {
  object: MetaObject;
  row: Row;
  onDone(): void;
  /** The page as it is, for looking at what one has made. */
  children: ReactNode;
}

/** The page of a record, with its parts to be moved. */
export default function Arranging({ object, row, onDone, children }: ArrangingProps) {
  const model = useArranging(object, onDone);
  const [dragged, onDrag] = useState<Dragged | null>(null);
  const [looking, setLooking] = useState(false);
  const { role, roles, layout } = model;
  const part = { object, row, model, dragged, onDrag };
  const everyone = { value: '', label: t('page.everyone') };
  return (
    <>
      <section className={s.bar} aria-label={t('page.arranging')}>
        <span className={s.for}>
          {t('page.arrangeFor', { objects: inText(object.plural) })}
          <Select
            label={t('page.for')}
            value={model.roleName}
            options={[everyone, ...roles.map(({ name, label }) => ({ value: name, label }))]}
            onChange={model.choose}
          />
        </span>
        <span className={s.does}>
          <Button look="quiet" icon="eye" aria-pressed={looking} onClick={() => setLooking(!looking)}>
            {role ? t('page.lookAs', { role: role.label }) : t('page.look')}
          </Button>
          {model.stored && (
            <Button
              look="quiet"
              icon="arrow-back-up"
              disabled={model.busy}
              onClick={() => void model.reset()}
            >
              {t('page.reset')}
            </Button>
          )}
          <Button onClick={onDone}>{t('page.cancel')}</Button>
          <Button
            look="primary"
            busy={model.busy}
            disabled={!model.changed}
            onClick={() => void model.save()}
          >
            {role ? t('page.saveFor', { role: role.label }) : t('page.save')}
          </Button>
        </span>
      </section>
      {looking ? (
        <TriedLayout value={seenBy(layout, role?.blind ?? new Set())}>{children}</TriedLayout>
      ) : (
        <div className={s.page}>
          <ArrangedHead {...part} />
          <div className={s.columns}>
            <ArrangedFacts {...part} />
            <div className={s.middle}>
              <p className={s.fixed}>{t('page.timelineHere')}</p>
              <ArrangedPanels {...part} place="tab" />
            </div>
            <div>
              <ArrangedPanels {...part} place="side" />
              <ArrangedPanels {...part} place="hidden" />
            </div>
          </div>
        </div>
      )}
    </>
  );
}
