import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import s from './RecordPage.module.css';

const tabs = ['timeline', 'facts', 'related'] as const;

interface PanelsProps {
  head: ReactNode;
  facts: ReactNode;
  middle: ReactNode;
  related: ReactNode;
}

/** The parts of a record: beside each other at a desk, as tabs on a phone. */
export function Panels({ head, facts, middle, related }: PanelsProps) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<(typeof tabs)[number]>('timeline');
  return (
    <div className={s.page} data-tab={tab}>
      {head}
      <div className={s.tabs} role="tablist">
        {tabs.map(name => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={tab === name}
            className={s.tab}
            onClick={() => setTab(name)}
          >
            {t(`record.${name}`)}
          </button>
        ))}
      </div>
      <div className={s.columns}>
        <section className={s.facts} aria-label={t('record.facts')}>
          {facts}
        </section>
        <section className={s.middle} aria-label={t('record.timeline')}>
          {middle}
        </section>
        <section className={s.related} aria-label={t('record.related')}>
          {related}
        </section>
      </div>
    </div>
  );
}
