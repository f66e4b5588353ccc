import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { SampleData } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { t } from '../../kit/words.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import form from '../records/Form.module.css';
import { DialogFrame } from '../shell/DialogFrame.tsx';
import s from './FirstSteps.module.css';
import type { useSample } from './steps.ts';

const shown = 5;

interface SampleProps {
  data: SampleData;
  sample: ReturnType<typeof useSample>;
}

/** Says that sample data is in, and removes it. */
export function SampleBanner({ data, sample }: SampleProps) {
  return (
    <div className={s.banner} role="status">
      <Icon name="database" />
      <span className={s.said}>{t('sample.banner', { count: data.records })}</span>
      <RemoveSample data={data} sample={sample} />
    </div>
  );
}

/** The one click, and what people should know before it. */
export function RemoveSample({ data, sample }: SampleProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button busy={sample.doing !== null} onClick={() => setAsking(true)}>
        {t(sample.doing ? 'sample.removing' : 'sample.remove')}
      </Button>
      {asking && <Sure data={data} sample={sample} onClose={() => setAsking(false)} />}
    </>
  );
}

/** What goes, and first of all what people have put their hands to. */
function Sure({ data, sample, onClose }: SampleProps & { onClose(): void }) {
  const meta = useMeta();
  return (
    <DialogFrame title={t('sample.sure')} size={480} onClose={onClose}>
      <div className={form.fields}>
        {data.edited > 0 && (
          <div>
            <p className={form.text}>{t('sample.edited', { count: data.edited })}</p>
            <ul className={s.edited}>
              {data.shown.slice(0, shown).map(({ object: name, id, title, by }) => {
                const object = objectNamed(meta, name);
                return (
                  <li key={id}>
                    {object ? (
                      <Link to="/$object/$id" params={{ object: object.path, id }}>
                        {title || object.label}
                      </Link>
                    ) : (
                      title
                    )}
                    <span className={s.by}>{t('sample.by', { name: by })}</span>
                  </li>
                );
              })}
            </ul>
            {data.edited > shown && (
              <p className={form.text}>{t('sample.more', { count: data.edited - shown })}</p>
            )}
          </div>
        )}
        <p className={form.text}>{t('sample.goes', { count: data.records })}</p>
      </div>
      <footer className={form.foot}>
        <Button onClick={onClose}>{t('sample.keep')}</Button>
        <Button
          look="danger"
          onClick={() => {
            onClose();
            void sample.remove();
          }}
        >
          {t('sample.remove')}
        </Button>
      </footer>
    </DialogFrame>
  );
}
