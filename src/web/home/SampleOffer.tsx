import '../words.ts';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { useFirstSteps, useSample } from './steps.ts';

/** Sample data, where a list is empty because the workspace is: for those who set it up, until it has something of its own. */
export default function SampleOffer() {
  const steps = useFirstSteps().data;
  const sample = useSample();
  if (!steps?.bare) return null;
  return (
    <Button icon="database" busy={sample.doing !== null} onClick={() => void sample.load()}>
      {t(sample.doing ? 'steps.sample.loading' : 'steps.sample.load')}
    </Button>
  );
}
