import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { MetaObject } from '../../engine/index.ts';
import { daysFromNow } from '../../fields/moments.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { inText } from '../model/language.ts';
import { fieldOf, isEmpty, useMeta } from '../model/meta.tsx';
import { fail, useActions, useRecords } from '../model/records.ts';
import { useTitle } from '../records/Name.tsx';
import { Value } from '../records/Value.tsx';
import { openDialog } from '../shell/dialogs.ts';
import s from './Home.module.css';

/** An object whose records are to be done. */
type ToDo = MetaObject & { agenda: { at: string; done: { field: string; is: string; verb: string } } };

export function isToDo(object: MetaObject): object is ToDo {
  return Boolean(object.agenda?.done && object.owner);
}

const stretches = ['overdue', 'today', 'next', 'undated'] as const;

/** Where in the day something belongs that is due at `at`. */
function stretchOf(at: unknown, timeZone: string): (typeof stretches)[number] {
  if (typeof at !== 'string') return 'undated';
  const days = daysFromNow(at, timeZone);
  if (days < 0) return 'overdue';
  return days === 0 ? 'today' : 'next';
}

function Task({ object, row }: { object: ToDo; row: Row }) {
  const actions = useActions();
  const { timeZone } = useFieldServices();
  const title = useTitle(object, row);
  const { at, done } = object.agenda;
  const due = fieldOf(object, at);
  const verb = object.verbs.find(({ name }) => name === done.verb);
  const [finished, setFinished] = useState(false);

  function finish() {
    if (!verb) return;
    setFinished(true);
    actions.run(object, row.id, verb.name, verb.label, {}).catch(error => {
      setFinished(false);
      fail(error);
    });
  }

  return (
    <li className={s.task} data-finished={finished || undefined}>
      {verb && (
        <IconButton
          icon={finished ? 'circle-check' : 'circle'}
          label={t('home.finish', { title })}
          size={24}
          disabled={finished}
          onClick={finish}
        />
      )}
      <Link to="/$object/$id" params={{ object: object.path, id: row.id }} className={s.row}>
        <span className={s.taskTitle}>{title}</span>
        {due && !isEmpty(row[at]) && (
          <span className={s.when} data-late={stretchOf(row[at], timeZone) === 'overdue' || undefined}>
            <Value row={row} field={due} place="card" />
          </span>
        )}
      </Link>
    </li>
  );
}

/** What I have to do, by when. */
export function MyTasks({ object }: { object: ToDo }) {
  const { me } = useMeta();
  const { timeZone } = useFieldServices();
  const { at, done } = object.agenda;
  const owner = object.owner ?? '';
  const found = useRecords(object, {
    filter: {
      and: [
        { field: owner, op: 'is', value: me.id },
        { not: { field: done.field, op: 'is', value: done.is } },
      ],
    },
    fields: [object.title, at],
    sort: [at],
    limit: 30,
  });
  const groups = Map.groupBy(rowsOf(found.data), row => stretchOf(row[at], timeZone));
  if (found.error) return null;
  return (
    <section className={s.tasks} aria-label={t('home.tasks')}>
      <header className={s.head}>
        <h3 className={s.label}>{t('home.tasks')}</h3>
        {object.can.create && (
          <Button
            look="quiet"
            icon="plus"
            onClick={() =>
              openDialog({
                kind: 'create',
                object: object.name,
                values: { [owner]: { id: me.id, title: me.name } },
              })
            }
          >
            {t('list.create', { object: inText(object.label) })}
          </Button>
        )}
      </header>
      <div className={s.card}>
        {found.isPending && <SkeletonLines count={4} />}
        {!found.isPending && groups.size === 0 && <p className={s.none}>{t('home.noTasks')}</p>}
        {stretches.map(stretch => {
          const rows = groups.get(stretch);
          if (!rows) return null;
          return (
            <section key={stretch} aria-label={t(`home.${stretch}`)}>
              <h4 className={s.stretch} data-late={stretch === 'overdue' || undefined}>
                {t(`home.${stretch}`)}
                <span className={s.number}>{rows.length}</span>
              </h4>
              <ul>
                {rows.map(row => (
                  <Task key={row.id} object={object} row={row} />
                ))}
              </ul>
            </section>
          );
        })}
      </div>
    </section>
  );
}
