import { t } from '../../kit/words.ts';
import s from './Guests.module.css';
import { type Answer, answers } from './guests.ts';

/** Yes, perhaps, or no to an invitation. */
export function AnswerButtons({
  answer,
  onAnswer,
}: {
  answer: Answer | null;
  onAnswer(answer: Answer): void;
}) {
  return (
    <fieldset className={s.answers} aria-label={t('guests.yours')}>
      <span className={s.ask}>{t('guests.yours')}</span>
      {answers.map(each => (
        <button
          key={each}
          type="button"
          className={s.say}
          aria-pressed={answer === each}
          onClick={() => onAnswer(each)}
        >
          {t(`guests.say.${each}`)}
        </button>
      ))}
    </fieldset>
  );
}
