import type { Meta } from '../../engine/index.ts';
import { exactly, relatively } from '../../fields/moments.tsx';
import { saidSentence } from '../../fields/said.ts';
import { useFieldServices } from '../../fields/view.ts';
import { Avatar } from '../../kit/Avatar.tsx';
import { Button } from '../../kit/Button.tsx';
import { t } from '../../kit/words.ts';
import { inText } from '../model/language.ts';
import { objectNamed, useMeta } from '../model/meta.tsx';
import { useActions } from '../model/records.ts';
import s from './Changes.module.css';

export interface ChangeSet {
  id: string;
  at: string;
  actor: { id: string | null; name: string };
  via: string;
  label: string | null;
  verb: string | null;
  undoes: string | null;
  undoneBy: string | null;
  /** How many changes, by object. */
  changes: Record<string, number> | null;
  /** It has changed rules or fields as well, which go back with it. */
  settings: boolean;
}

/** "3 companies, 1 person" */
function touched(meta: Meta, changes: ChangeSet['changes']): string {
  return Object.entries(changes ?? {})
    .map(([name, count]) => {
      const object = objectNamed(meta, name);
      const words = (count === 1 ? object?.label : object?.plural) ?? name;
      return `${count.toLocaleString(meta.workspace.locale)} ${inText(words)}`;
    })
    .join(', ');
}

function verbLabel(meta: Meta, set: ChangeSet): string | undefined {
  const name = set.verb?.split('.').at(-1);
  if (!name) return undefined;
  const objects = Object.keys(set.changes ?? {}).map(object => objectNamed(meta, object));
  return objects.flatMap(object => object?.verbs ?? []).find(verb => verb.name === name)?.label;
}

/** One thing that was done, and the way back from it. */
export function ChangeItem({ set }: { set: ChangeSet }) {
  const meta = useMeta();
  const services = useFieldServices();
  const actions = useActions();
  const what = touched(meta, set.changes);
  const title =
    (set.label && saidSentence(set.label)) ??
    (set.undoes ? t('changes.isUndo') : null) ??
    verbLabel(meta, set) ??
    t(what ? 'changes.changed' : 'changes.noted', { what });
  const via = t(`changes.via.${set.via}`, { defaultValue: '' });
  const details = [set.actor.name, via, title.includes(what) ? '' : what].filter(Boolean);
  return (
    <li className={s.item} data-undone={set.undoneBy ? true : undefined}>
      <Avatar id={set.actor.id ?? set.actor.name} title={set.actor.name} round size={24} />
      <span className={s.what}>
        <span className={s.title}>{title}</span>
        <span className={s.detail}>{details.join(' · ')}</span>
      </span>
      <time className={s.when} dateTime={set.at} title={exactly(set.at, services)}>
        {relatively(set.at, services)}
      </time>
      <span className={s.act}>
        {set.undoneBy ? (
          <span className={s.undone}>{t('changes.undone')}</span>
        ) : (
          (what || set.settings) && (
            <Button
              icon="arrow-back-up"
              aria-label={t('changes.undoThis', { title })}
              onClick={() => void actions.undo(set.id)}
            >
              {t('changes.undo')}
            </Button>
          )
        )}
      </span>
    </li>
  );
}
