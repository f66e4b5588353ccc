import { type ReactNode, useState } from 'react';
import { Tabs } from '../../kit/Tabs.tsx';
import { t } from '../../kit/words.ts';
import s from './RecordPage.module.css';

const parts = ['timeline', 'facts', 'related'] as const;

/** A part of the page that has the middle for itself. */
export interface Tab {
  name: string;
  label: string;
  content: ReactNode;
}

interface PanelsProps {
  head: ReactNode;
  facts: ReactNode;
  middle: ReactNode;
  /** Null where nothing stands at the side. */
  related: ReactNode;
  tabs?: Tab[];
  /** The tab that is open; absent: the timeline. */
  tab?: string;
  /** Absent: which one is open is of no interest elsewhere. */
  onTab?(name: string | undefined): void;
}

/** The parts of a record: beside each other at a desk, as tabs on a phone. */
export function Panels({ head, facts, middle, related, tabs = [], tab: asked, onTab }: PanelsProps) {
  const [own, setOwn] = useState<string>();
  const wanted = onTab ? asked : own;
  const named = parts
    .filter(name => name !== 'related' || related !== null)
    .map(name => ({ name, label: t(`record.${name}`) }));
  const all = [...named, ...tabs];
  const open = all.some(({ name }) => name === wanted) ? (wanted ?? 'timeline') : 'timeline';
  const tab = tabs.find(({ name }) => name === open);
  const show = (name: string) => {
    const next = name === 'timeline' ? undefined : name;
    if (onTab) onTab(next);
    else setOwn(next);
  };
  const timeline = { name: 'timeline', label: t('record.timeline') };
  return (
    <div className={s.page} data-tab={tab ? 'tab' : open}>
      {head}
      <Tabs label={t('page.parts')} className={s.tabs} tabs={all} open={open} onOpen={show} />
      <div className={s.columns} data-bare={related === null || undefined}>
        <section className={s.facts} aria-label={t('record.facts')}>
          {facts}
        </section>
        <section className={s.middle} aria-label={tab?.label ?? t('record.timeline')}>
          {tabs.length > 0 && (
            <Tabs
              label={t('page.parts')}
              className={s.deskTabs}
              tabs={[timeline, ...tabs]}
              open={tab?.name ?? 'timeline'}
              onOpen={show}
            />
          )}
          {tab ? tab.content : middle}
        </section>
        {related !== null && (
          <section className={s.related} aria-label={t('record.related')}>
            {related}
          </section>
        )}
      </div>
    </div>
  );
}
