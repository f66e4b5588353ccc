import { inText } from '../model/language.ts';
import { DialogFrame } from '../shell/DialogFrame.tsx';
import './words.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MergeAllPreview, MergeAllResult, MergeGroup, MetaObject } from '../../engine/index.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { read, write } from '../api.ts';
import { useMeta } from '../model/meta.tsx';
import { fail, failureText, keys, useActions } from '../model/records.ts';
import f from '../records/Form.module.css';
import s from './MergeAll.module.css';
import { countedTo } from './pairs.ts';
import { useRun } from './run.ts';
import { Scanning } from './Scanning.tsx';
import { percent } from './Why.tsx';

/** What the button merges is at least so likely. */
const above = 0.99;

/** The job: started, followed, and told when it is done, with the way back from all of it. */
function useMergeAll(object: MetaObject) {
  const actions = useActions();
  const { running, share, follow } = useRun<MergeAllResult>(`farley-merge-${object.name}`, result => {
    const { records = 0, refused = 0, changeSet = null } = result ?? {};
    const merged = t('mergeAll.done', { count: records });
    const left = refused > 0 ? t('mergeAll.left', { count: refused }) : '';
    actions.settled(result ? [merged, left].filter(Boolean).join(' ') : t('mergeAll.failed'), changeSet);
  });
  async function start(until: string) {
    try {
      const order = { above, until };
      follow((await write<{ run: string }>('POST', `/api/${object.path}/duplicates/merge`, order)).data.run);
    } catch (error) {
      fail(error);
    }
  }
  return { running, share, start };
}

function Group({ object, group }: { object: MetaObject; group: MergeGroup }) {
  const { locale } = useMeta().workspace;
  const untitled = t('record.untitled', { object: inText(object.label) });
  const others = group.others.map(({ title }) => title || untitled).join(', ');
  return (
    <li className={s.group} data-refused={group.refused !== null || undefined}>
      <Icon name={group.refused === null ? 'arrow-merge' : 'ban'} />
      <span className={s.what}>
        <span className={s.stays}>
          {t('mergeAll.into', { others, title: group.survivor.title || untitled })}
        </span>
        {group.refused !== null && <span className={s.why}>{group.refused}</span>}
      </span>
      <span className={s.percent}>{percent(group.probability, locale)}</span>
    </li>
  );
}

function Look({ object, preview }: { object: MetaObject; preview: MergeAllPreview }) {
  const { groups, count, refused } = preview;
  const more = count + refused - groups.length;
  return (
    <>
      <p className={f.text}>{t('mergeAll.text', { count })}</p>
      {refused > 0 && <p className={f.text}>{t('mergeAll.stay', { count: refused })}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled by the keyboard */}
      <ul className={s.groups} tabIndex={0} aria-label={t('mergeAll.list')}>
        {groups.map(group => (
          <Group key={group.survivor.id} object={object} group={group} />
        ))}
      </ul>
      {more > 0 && <p className={f.text}>{t('mergeAll.more', { count: more })}</p>}
    </>
  );
}

interface DialogProps {
  object: MetaObject;
  onClose(): void;
  onMerge(until: string): void;
}

/** What would be merged, and into what, before anything is. */
function MergeAllDialog({ object, onClose, onMerge }: DialogProps) {
  const { locale } = useMeta().workspace;
  const found = useQuery({
    queryKey: [...keys.object(object.name), 'mergeAll', above],
    queryFn: ({ signal }) =>
      read<MergeAllPreview>(`/api/${object.path}/duplicates/merge?above=${above}`, { signal }),
    staleTime: 0,
  });
  const { data: preview } = found;
  const records = preview?.records ?? 0;
  return (
    <DialogFrame
      title={t('mergeAll.title', { percent: percent(above, locale) })}
      icon="arrow-merge"
      size={640}
      onClose={onClose}
    >
      <div className={f.fields}>
        {found.error && (
          <p className={f.text} role="alert">
            {failureText(found.error)}
          </p>
        )}
        {found.isPending && <SkeletonLines count={6} />}
        {preview && <Look object={object} preview={preview} />}
      </div>
      <footer className={f.foot}>
        <Button onClick={onClose}>{t('form.cancel')}</Button>
        <Button
          look="primary"
          icon="arrow-merge"
          disabled={!preview || preview.count === 0}
          onClick={() => {
            onMerge(preview!.until);
            onClose();
          }}
        >
          {t('mergeAll.do', { count: records })}
        </Button>
      </footer>
    </DialogFrame>
  );
}

/** Merges everything that is as good as certain; `certain`: how many pairs are. */
export function MergeAll({ object, certain }: { object: MetaObject; certain: number }) {
  const { locale } = useMeta().workspace;
  const [looking, setLooking] = useState(false);
  const { running, share, start } = useMergeAll(object);
  if (running) return <Scanning label={t('mergeAll.running')} share={share} />;
  if (certain === 0) return null;
  const formatted = certain.toLocaleString(locale) + (certain >= countedTo ? '+' : '');
  const label = t('mergeAll.button', { percent: percent(above, locale), formatted });
  return (
    <>
      <Button icon="arrow-merge" aria-label={label} onClick={() => setLooking(true)}>
        {label}
      </Button>
      {looking && (
        <MergeAllDialog
          object={object}
          onClose={() => setLooking(false)}
          onMerge={until => void start(until)}
        />
      )}
    </>
  );
}
