import { inText } from '../model/language.ts';
import { DialogFrame } from '../shell/DialogFrame.tsx';
import './words.ts';
import { Popover } from '@mantine/core';
import { useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { useFieldServices } from '../../fields/view.ts';
import { Button } from '../../kit/Button.tsx';
import { Picker } from '../../kit/Picker.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { failureText } from '../model/records.ts';
import f from '../records/Form.module.css';
import { useTitle } from '../records/Name.tsx';
import { closeDialog, type Dialog } from '../shell/dialogs.ts';
import s from './Merge.module.css';
import { MergeConsequences } from './MergeConsequences.tsx';
import { MergeTable } from './MergeTable.tsx';
import { useSame } from './pairs.ts';
import { type Merge, useMerge } from './use-merge.ts';
import { percent } from './Why.tsx';

type MergeRequest = Extract<Dialog, { kind: 'merge' }>;

/** Merges records: those that were selected, or one with others that are looked for here. */
export default function MergeDialog({ dialog }: { dialog: MergeRequest }) {
  const object = objectNamed(useMeta(), dialog.object);
  return object ? <MergeOf object={object} dialog={dialog} /> : null;
}

/** Others to merge with: those that may be the same, and any by its name. */
function Adder({ object, ids, onAdd }: { object: MetaObject; ids: string[]; onAdd(id: string): void }) {
  const { searchRecords } = useFieldServices();
  const { locale } = useMeta().workspace;
  const [open, setOpen] = useState(false);
  const similar = useSame(object, {}, ids[0]).filter(({ id }) => !ids.includes(id));
  const words = {
    search: t('merge.search', { objects: inText(object.plural) }),
    none: t('field.none'),
    clear: t('field.clear'),
  };
  async function search(text: string) {
    const found = await searchRecords(object.name, text);
    return found.filter(({ id }) => !ids.includes(id)).map(({ id, title }) => ({ id, label: title }));
  }
  function add(id: string) {
    setOpen(false);
    onAdd(id);
  }
  return (
    <>
      {similar.length > 0 && (
        <div className={s.similar}>
          <p className={s.similarHead}>{t('merge.similar')}</p>
          <div className={s.similarList}>
            {similar.slice(0, 6).map(hit => (
              <Button key={hit.id} icon="plus" onClick={() => add(hit.id)}>
                {hit.title ?? object.label} · {percent(hit.probability, locale)}
              </Button>
            ))}
          </div>
        </div>
      )}
      {ids.length === 1 ? (
        <div className={s.search}>
          <Picker search={search} chosen={[]} words={words} onPick={({ id }) => add(id)} />
        </div>
      ) : (
        <div className={s.adder}>
          <Popover opened={open} onDismiss={() => setOpen(false)} position="bottom-start" trapFocus={false}>
            <Popover.Target>
              <Button icon="plus" look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
                {t('merge.add')}
              </Button>
            </Popover.Target>
            <Popover.Dropdown>
              <Picker
                search={search}
                chosen={[]}
                words={words}
                onClose={() => setOpen(false)}
                onPick={({ id }) => add(id)}
              />
            </Popover.Dropdown>
          </Popover>
        </div>
      )}
    </>
  );
}

function Do({ object, merge, onDone }: { object: MetaObject; merge: Merge; onDone(): void }) {
  const [survivor] = merge.preview?.records ?? [];
  const title = useTitle(object, survivor ?? { id: '', version: 0 });
  const count = merge.records.length - 1;
  return (
    <Button
      look="primary"
      icon="arrow-merge"
      busy={merge.busy}
      disabled={!survivor || count < 1 || (merge.preview?.refused.length ?? 0) > 0}
      onClick={() => void merge.merge().then(done => done && onDone())}
    >
      {survivor ? t('merge.do', { count, title }) : t('merge.into', { object: inText(object.label) })}
    </Button>
  );
}

function MergeOf({ object, dialog }: { object: MetaObject; dialog: MergeRequest }) {
  const [ids, setIds] = useState(dialog.ids);
  const merge = useMerge(object, ids);
  const ready = ids.length > 1 && merge.preview;
  return (
    <DialogFrame
      title={t('merge.title', { objects: inText(object.plural) })}
      icon="arrow-merge"
      size={Math.min(1080, 360 + Math.max(2, ids.length) * 210)}
    >
      <div className={f.fields}>
        {ids.length < 2 && <p className={f.text}>{t('merge.choose')}</p>}
        {ids.length > 1 && !ready && !merge.error && <SkeletonLines count={6} />}
        {merge.error && !ready && (
          <p className={s.refused} role="alert">
            {failureText(merge.error)}
          </p>
        )}
        {ready && (
          <div className={s.onRaised}>
            <MergeTable
              object={object}
              merge={merge}
              onRemove={id => setIds(ids.filter(each => each !== id))}
            />
          </div>
        )}
        <Adder object={object} ids={ids} onAdd={id => setIds([...ids, id])} />
        {ready && <MergeConsequences preview={ready} />}
      </div>
      <footer className={f.foot}>
        <Button onClick={closeDialog}>{t('form.cancel')}</Button>
        <Do
          object={object}
          merge={merge}
          onDone={() => {
            closeDialog();
            dialog.onDone?.();
          }}
        />
      </footer>
    </DialogFrame>
  );
}
