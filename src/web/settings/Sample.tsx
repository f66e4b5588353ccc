import '../words.ts';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { RemoveSample } from '../home/Sample.tsx';
import { useFirstSteps, useSample } from '../home/steps.ts';
import { Section } from './parts.tsx';

/** Sample data in, to try things with, and out again. */
export function SampleSection() {
  const steps = useFirstSteps().data;
  const sample = useSample();
  if (!steps) return null;
  const data = steps.sample;
  return (
    <Section
      title={t('sample.settings')}
      lead={data ? t('sample.there', { count: data.records }) : t('sample.none')}
      action={
        data ? (
          <RemoveSample data={data} sample={sample} />
        ) : (
          <Button busy={sample.doing !== null} onClick={() => void sample.load()}>
            {t(sample.doing ? 'steps.sample.loading' : 'steps.sample.load')}
          </Button>
        )
      }
    />
  );
}
