import './words.ts';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { MentionNames, plain } from '../../fields/mentions.ts';
import { during, exactly, relatively } from '../../fields/moments.tsx';
import { list, reference, str } from '../../fields/read.tsx';
import { type Format, useFieldServices } from '../../fields/view.ts';
import { viewOf } from '../../fields/views.ts';
import { Icon } from '../../kit/Icon.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { fieldOf, isEmpty, objectNamed, titleOf, useMeta } from '../model/meta.tsx';
import { type TimelineEntry, useActions } from '../model/records.ts';
import { Thread } from './Thread.tsx';
import s from './Timeline.module.css';
import { Changes, useSentence } from './TimelineChanges.tsx';
import { Value } from './Value.tsx';

const FileEntry = lazy(() => import('../files/FileEntry.tsx'));

/** Whether a name only repeats how the text begins. */
function repeats(name: string, text: string): boolean {
  const start = name.replace(/…$/, '').trim();
  return (
    start !== '' &&
    plain(text)
      .replace(/^[#>\s-]+/, '')
      .startsWith(start)
  );
}

/** From when to when it was or will be, of what stands in a day; null of what takes no time. */
function spanOf({ agenda }: MetaObject, row: Row, format: Format): string | null {
  const [from, until] = [agenda?.at, agenda?.until].map(name => (name ? str(row[name]) : ''));
  const wholeDays = agenda?.allDay ? row[agenda.allDay] === true : false;
  return from && until ? during(from, until, format, wholeDays) : null;
}

/** An activity with what it says: its name, its text, and the facts that matter. */
function Activity({ entry, page }: { entry: TimelineEntry; page: string }) {
  const meta = useMeta();
  const object = objectNamed(meta, entry.object);
  const row = entry.record;
  const services = useFieldServices();
  if (!object || !row) return null;
  if (object.name === 'file')
    return (
      <Suspense fallback={<SkeletonLines count={1} height={46} />}>
        <FileEntry row={row} />
      </Suspense>
    );
  const span = spanOf(object, row, services);
  const title = fieldOf(object, object.title);
  const long = object.fields.find(f => viewOf(f.type).long && f !== title && !isEmpty(row[f.name]));
  const repeated =
    long && typeof row[long.name] === 'string' && repeats(titleOf(meta, object, row), String(row[long.name]));
  const lead = [repeated ? undefined : title, long].filter(
    f => f !== undefined && !isEmpty(row[f.name]),
  ) as MetaField[];
  // When it was stands above, who did it beside that.
  const told = [
    object.owner,
    object.timeline?.at,
    ...(span ? [object.agenda?.at, object.agenda?.until] : []),
  ];
  const rest = object.highlights
    .map(name => fieldOf(object, name))
    .filter(f => f !== undefined)
    .filter(f => !f.system && !told.includes(f.name) && !isEmpty(row[f.name]))
    // Whose page it stands on goes without saying.
    .filter(f => reference(row[f.name])?.id !== page);
  const names = new Map(
    list(object.timeline?.mentions ? (row[object.timeline.mentions] ?? null) : null)
      .map(reference)
      .flatMap(user => (user ? [[user.id, user.title] as const] : [])),
  );
  return (
    <div className={s.card}>
      <MentionNames value={names}>
        {lead.map((field, index) => (
          <div key={field.name} className={s.lead} data-name={(index === 0 && lead.length > 1) || undefined}>
            <Value row={row} field={field} place="full" />
          </div>
        ))}
      </MentionNames>
      {(span || rest.length > 0) && (
        <div className={s.facts}>
          {span && <span className={s.factValue}>{span}</span>}
          {rest.slice(0, 4).map(field => (
            <span key={field.name} className={s.factValue}>
              <Value row={row} field={field} place="card" />
            </span>
          ))}
        </div>
      )}
      <Link
        to="/$object/$id"
        params={{ object: object.path, id: row.id }}
        className={s.whole}
        aria-label={titleOf(meta, object, row) || object.label}
      />
    </div>
  );
}

interface EntryProps {
  object: MetaObject;
  id: string;
  entry: TimelineEntry;
  /** What was answered. */
  replies: Row[];
  /** Whether the record is shown as it was: nothing is done from there. */
  past: boolean;
  onRestore?(at: string): void;
}

/** One thing that happened: who, what, when, and what was answered. */
export function TimelineItem({ object, id, entry, replies, past, onRestore }: EntryProps) {
  const services = useFieldServices();
  const actions = useActions();
  const meta = useMeta();
  const { changeSet } = entry;
  return (
    <li className={s.entry} data-kind={entry.kind}>
      <span className={s.mark}>
        <Icon name={entry.icon} size={14} />
      </span>
      <div className={s.body}>
        <p className={s.sentence}>
          <span dir="auto">{useSentence(entry)}</span>
          {entry.kind === 'activity' && entry.actor && <span className={s.who}>{entry.actor.title}</span>}
          {entry.of && (
            <Link
              to="/$object/$id"
              params={{ object: (objectNamed(meta, entry.of.object) ?? object).path, id: entry.of.id }}
              className={s.of}
            >
              {entry.of.title ?? t('field.untitled')}
            </Link>
          )}
          <Link
            to="/$object/$id"
            params={{ object: object.path, id: entry.kind === 'activity' ? id : entry.recordId }}
            search={{ asOf: entry.at }}
            className={s.time}
            title={t('timelineFilter.then', { when: exactly(entry.at, services) })}
          >
            <time dateTime={entry.at}>{relatively(entry.at, services)}</time>
          </Link>
          {changeSet && entry.undone && <span className={s.time}> · {t('timeline.undone')}</span>}
          {changeSet && !entry.undone && !past && (
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
        {entry.changes && entry.changes.length > 1 && <Changes entry={entry} />}
        {entry.record && <Activity entry={entry} page={id} />}
        {entry.record && <Thread entry={entry} replies={replies} past={past} />}
      </div>
    </li>
  );
}
