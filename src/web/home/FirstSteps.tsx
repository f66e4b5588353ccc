import '../words.ts';
import { Link } from '@tanstack/react-router';
import type { FirstSteps as Steps } from '../../engine/index.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { toast } from '../../kit/toast.tsx';
import { t } from '../../kit/words.ts';
import { inText } from '../model/language.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { usePreferences } from '../model/preferences.ts';
import { openDialog } from '../shell/dialogs.ts';
import s from './FirstSteps.module.css';
import { SampleBanner } from './Sample.tsx';
import { useFirstSteps, useSample } from './steps.ts';

const place = 'firstSteps';

interface Step {
  name: 'settings' | 'import' | 'invite' | 'make' | 'profile';
  icon: string;
  done: boolean;
  to?: '/settings/workspace' | '/import' | '/settings/members' | '/settings/profile';
  object?: string;
}

function stepsOf({ settings, import: imported, invite, make, profile }: Steps): Step[] {
  return [
    { name: 'settings', icon: 'world', done: settings, to: '/settings/workspace' },
    { name: 'import', icon: 'upload', done: imported, to: '/import' },
    { name: 'invite', icon: 'user-plus', done: invite, to: '/settings/members' },
    ...(make ? [{ name: 'make', icon: 'plus', done: make.done, object: make.object } as const] : []),
    { name: 'profile', icon: 'clock', done: profile, to: '/settings/profile' },
  ];
}

function Line({ step }: { step: Step }) {
  const meta = useMeta();
  const object = inText(objectNamed(meta, step.object)?.label ?? '');
  const inside = (
    <>
      <span className={s.mark} data-done={step.done || undefined}>
        <Icon name={step.done ? 'check' : step.icon} label={step.done ? t('steps.done') : undefined} />
      </span>
      <span className={s.words}>
        <span className={s.name}>{t(`steps.${step.name}.title`, { object })}</span>
        {!step.done && <span className={s.text}>{t(`steps.${step.name}.text`)}</span>}
      </span>
      {!step.done && <Icon name="chevron-right" className={s.on} />}
    </>
  );
  const { object: name, to } = step;
  return (
    <li className={s.step} data-done={step.done || undefined}>
      {step.done ? (
        <span className={s.line}>{inside}</span>
      ) : to ? (
        <Link to={to} className={s.line}>
          {inside}
        </Link>
      ) : (
        <button
          type="button"
          className={s.line}
          onClick={() => openDialog({ kind: 'create', object: name ?? '' })}
        >
          {inside}
        </button>
      )}
    </li>
  );
}

/** What is there to do in a new workspace, until it is done or someone has enough of it; and that sample data is in. */
export default function FirstSteps() {
  const steps = useFirstSteps().data;
  const { preferences, change } = usePreferences();
  const sample = useSample();
  if (!steps || !preferences) return null;
  const all = stepsOf(steps);
  const done = all.filter(step => step.done).length;
  return (
    <>
      {steps.sample && <SampleBanner data={steps.sample} sample={sample} />}
      {done < all.length && !preferences.closed.includes(place) && (
        <Checklist
          all={all}
          sample={steps.sample ? null : sample}
          onHide={() => change({ closed: [...preferences.closed, place] })}
          onShow={() => change({ closed: preferences.closed.filter(each => each !== place) })}
        />
      )}
    </>
  );
}

interface ChecklistProps {
  all: Step[];
  sample: ReturnType<typeof useSample> | null;
  onHide(): Promise<boolean>;
  onShow(): Promise<boolean>;
}

function Checklist({ all, sample, onHide, onShow }: ChecklistProps) {
  const done = all.filter(step => step.done).length;

  async function hide() {
    const run = () => void onShow();
    if (await onHide()) toast(t('steps.hidden'), { action: { label: t('toast.undo'), run } });
  }

  return (
    <section className={s.steps} aria-label={t('steps.title')}>
      <header className={s.head}>
        <h3 className={s.title}>{t('steps.title')}</h3>
        <span className={s.progress}>{t('steps.progress', { done, all: all.length })}</span>
        <IconButton icon="x" label={t('steps.hide')} onClick={() => void hide()} />
      </header>
      <ol>
        {all.map(step => (
          <Line key={step.name} step={step} />
        ))}
      </ol>
      {sample && (
        <footer className={s.foot}>
          <span>{t('steps.sample.text')}</span>
          <Button icon="database" busy={sample.doing !== null} onClick={() => void sample.load()}>
            {t(sample.doing ? 'steps.sample.loading' : 'steps.sample.load')}
          </Button>
        </footer>
      )}
    </section>
  );
}
