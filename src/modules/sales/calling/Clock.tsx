import { useFieldServices } from '../../../fields/view.ts';
import { Button } from '../../../kit/Button.tsx';
import { t } from '../../../kit/words.ts';
import s from './Calling.module.css';
import { lasted } from './calling-view.ts';
import type { CallClock } from './use-call-clock.ts';

/** How long one has spoken so far, and what starts and stops it for whoever dials by another phone. */
export function Clock({ clock }: { clock: CallClock }) {
  const { locale } = useFieldServices();
  return (
    <p className={s.clock}>
      {clock.seconds !== null && (
        <span role="timer" aria-label={t('calling.spoken')} data-runs={clock.runs || undefined}>
          {lasted(clock.seconds, locale)}
        </span>
      )}
      <Button look="quiet" icon={clock.runs ? 'player-stop' : 'clock'} onClick={clock.turn}>
        {t(clock.runs ? 'calling.stopClock' : 'calling.startClock')}
      </Button>
    </p>
  );
}
