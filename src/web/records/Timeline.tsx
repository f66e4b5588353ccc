import { useTranslation } from 'react-i18next';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { exactly, relatively } from '../../fields/moments.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { Button } from '../../kit/Button.tsx';
import { Icon } from '../../kit/Icon.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { fieldOf, isEmpty, objectNamed, titleOf, useMeta } from '../model/meta.tsx';
import { type TimelineEntry, useActions, useTimeline } from '../model/records.ts';
import { openDialog } from '../shell/dialogs.ts';
import { Failure } from '../shell/Missing.tsx';
import s from './Timeline.module.css';
import { Value } from './Value.tsx';

function Changes({ entry }: { entry: TimelineEntry }) {
  const { t } = useTranslation();
  return (
    <ul className={s.changes}>
      {entry.changes?.map(change => (
        <li key={change.field} className={s.change}>
          <span className={s.field}>{change.label}</span>
          <span className={s.before}>{change.before ?? t('timeline.nothing')}</span>
          <Icon name="arrow-right" size={14} label={t('timeline.became')} className={s.arrow} />
          <span className={s.after}>{change.after ?? t('timeline.nothing')}</span>
        </li>
      ))}
    </ul>
  );
}

/** Whether a name only repeats how the text begins. */
function repeats(name: string, text: string): boolean {
  const start = name.replace(/…$/, '').trim();
  return start !== '' && text.replace(/^[#>*\s-]+/, '').startsWith(start);
}

/** An activity with what it says: its name, its text, and the facts that matter. */
function Activity({ entry }: { entry: TimelineEntry }) {
  const meta = useMeta();
  const object = objectNamed(meta, entry.object);
  const row = entry.record;
  if (!object || !row) return null;
  const title = fieldOf(object, object.title);
  const long = object.fields.find(f => viewOf(f.type).long && f !== title && !isEmpty(row[f.name]));
  const told =
    long && typeof row[long.name] === 'string' && repeats(titleOf(meta, object, row), String(row[long.name]));
  const lead = [told ? undefined : title, long].filter(
    f => f !== undefined && !isEmpty(row[f.name]),
  ) as MetaField[];
  const rest = object.highlights
    .map(name => fieldOf(object, name))
    .filter(
      f => f !== undefined && !f.system && f.name !== object.owner && !isEmpty(row[f.name]),
    ) as MetaField[];
  return (
    <a className={s.card} data-link href={`/${object.path}/${row.id}`}>
      {lead.map((field, index) => (
        <div key={field.name} className={s.lead} data-name={(index === 0 && lead.length > 1) || undefined}>
          <Value row={row} field={field} place="full" />
        </div>
      ))}
      {rest.length > 0 && (
        <div className={s.facts}>
          {rest.slice(0, 4).map(field => (
            <span key={field.name} className={s.factValue}>
              <Value row={row} field={field} place="card" />
            </span>
          ))}
        </div>
      )}
    </a>
  );
}

function Entry({ entry, onRestore }: { entry: TimelineEntry; onRestore?: (at: string) => void }) {
  const { t } = useTranslation();
  const services = useFieldServices();
  const actions = useActions();
  const { changeSet } = entry;
  return (
    <li className={s.entry} data-kind={entry.kind}>
      <span className={s.mark}>
        <Icon name={entry.icon} size={14} />
      </span>
      <div className={s.body}>
        <p className={s.sentence}>
          <span>{entry.sentence}</span>
          <time className={s.time} dateTime={entry.at} title={exactly(entry.at, services)}>
            {relatively(entry.at, services)}
          </time>
          {changeSet && entry.undone && <span className={s.time}> · {t('timeline.undone')}</span>}
          {changeSet && !entry.undone && (
            <button type="button" className={s.undo} onClick={() => void actions.undo(changeSet)}>
              {t('toast.undo')}
            </button>
          )}
          {onRestore && entry.kind !== 'activity' && (
            <button
              type="button"
              className={s.undo}
              title={t('timeline.restoreTo')}
              onClick={() => onRestore(entry.at)}
            >
              {t('timeline.restore')}
            </button>
          )}
        </p>
        {entry.changes && entry.changes.length > 0 && <Changes entry={entry} />}
        {entry.record && <Activity entry={entry} />}
      </div>
    </li>
  );
}

/** Everything that happened with the record, latest first. */
export function Timeline({ object, id }: { object: MetaObject; id: string }) {
  const { t } = useTranslation();
  const timeline = useTimeline(object, id);
  if (timeline.isPending) return <SkeletonLines count={5} height={52} />;
  if (timeline.error && !timeline.data)
    return <Failure error={timeline.error} retry={() => void timeline.refetch()} />;
  const entries = timeline.data.pages.flatMap(page => page.data);
  const latest = entries.findIndex(entry => entry.kind !== 'activity');
  const restore = (at: string) => openDialog({ kind: 'restore', object: object.name, id, at });
  if (entries.length === 0) return <EmptyState icon="history" title={t('timeline.empty')} />;
  return (
    <>
      <ol className={s.line} aria-label={t('timeline.title')}>
        {entries.map((entry, index) => (
          <Entry
            key={`${entry.kind}-${entry.id}`}
            entry={entry}
            // How it is now needs no restoring.
            onRestore={object.can.edit && index > latest ? restore : undefined}
          />
        ))}
      </ol>
      {timeline.hasNextPage && (
        <Button look="quiet" busy={timeline.isFetchingNextPage} onClick={() => void timeline.fetchNextPage()}>
          {t('timeline.earlier')}
        </Button>
      )}
    </>
  );
}
