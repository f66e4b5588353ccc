import '../words.ts';
import { useTranslation } from 'react-i18next';
import { Button } from '../../kit/Button.tsx';
import { useFirstSteps, useSample } from './steps.ts';

/** Sample data, where a list is empty because the workspace is: for those who set it up, until it has something of its own. */
export default function SampleOffer() {
  const { t } = useTranslation();
  const steps = useFirstSteps().data;
  const sample = useSample();
  if (!steps?.bare) return null;
  return (
    <Button icon="database" busy={sample.doing !== null} onClick={() => void sample.load()}>
      {t(sample.doing ? 'steps.sample.loading' : 'steps.sample.load')}
    </Button>
  );
}
