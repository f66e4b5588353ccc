import './path-words.ts';
import { saidTitle } from '../../../fields/said.ts';
import { Icon } from '../../../kit/Icon.tsx';
import { Coming } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { fieldOf, isEmpty } from '../../../web/model/meta.tsx';
import type { RecordPartProps } from '../../../web/model/parts.ts';
import { Value } from '../../../web/records/Value.tsx';
import s from './StagePath.module.css';
import { type StagePath as Path, useStagePath } from './use-stage-path.ts';

/** The way of a deal through its pipeline: where it is, where it may go, and what to do now. */
export default function StagePath({ object, row }: RecordPartProps) {
  const path = useStagePath(object, row);
  const { steps, move } = path;
  if (path.coming) return <Coming />;
  if (steps.length === 0) return null;
  return (
    <section className={s.path} aria-label={t('path.title')}>
      <ol className={s.steps} data-sideways>
        {steps.map(({ id, name, kind, state }) => (
          <li key={id} className={s.step} data-state={state} data-kind={kind}>
            <button
              type="button"
              disabled={!move || state === 'here'}
              aria-current={state === 'here' ? 'step' : undefined}
              aria-label={
                state === 'here' ? t('path.here', { stage: name }) : t('path.move', { stage: name })
              }
              onClick={() => move?.(id)}
            >
              {state === 'behind' && <Icon name="check" size={14} />}
              <span>{name}</span>
            </button>
          </li>
        ))}
      </ol>
      <Now path={path} />
    </section>
  );
}

/** How long it is here, what the next stage wants to know, and what to do in this one. */
function Now({ path: { stage, object, days, most, wanted, next } }: { path: Path }) {
  const field = object && fieldOf(object, 'guidance');
  const guided = field && stage && !isEmpty(stage.guidance);
  const late = days !== null && most !== null && days > most;
  return (
    <div className={s.now} data-sideways>
      {days !== null && stage?.kind === 'open' && (
        <span className={s.days} data-late={late || undefined}>
          {most === null ? t('path.days', { days }) : t('path.daysOf', { days, most })}
        </span>
      )}
      {next && wanted.length > 0 && (
        <ul
          className={s.wanted}
          aria-label={t('path.wanted', { stage: saidTitle(String(next.name), 'stage') })}
        >
          <li aria-hidden>{t('path.wanted', { stage: saidTitle(String(next.name), 'stage') })}</li>
          {wanted.map(({ name, label, known }) => (
            <li key={name} data-known={known || undefined}>
              <Icon
                name={known ? 'check' : 'circle'}
                size={14}
                label={t(known ? 'path.known' : 'path.open')}
              />
              {label}
            </li>
          ))}
        </ul>
      )}
      {guided && (
        <details className={s.guidance}>
          <summary>
            <Icon name="chevron-right" size={14} />
            {t('path.guidance', { stage: saidTitle(String(stage.name), 'stage') })}
          </summary>
          <Value row={stage} field={field} place="full" />
        </details>
      )}
    </div>
  );
}
