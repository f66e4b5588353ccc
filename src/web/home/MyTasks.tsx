import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { MetaField, MetaObject } from '../../engine/index.ts';
import { daysFromNow } from '../../fields/moments.tsx';
import { optionsOf } from '../../fields/read.tsx';
import { useFieldServices } from '../../fields/view.ts';
import { Button, IconButton } from '../../kit/Button.tsx';
import { SkeletonLines } from '../../kit/State.tsx';
import type { Row } from '../api.ts';
import { rowsOf } from '../model/cache.ts';
import { both, equals, type Filter, isEmptyFilter } from '../model/filter.ts';
import { fieldOf, isEmpty, useMeta } from '../model/meta.tsx';
import { useActions, useRecords } from '../model/records.ts';
import { useTitle } from '../records/Name.tsx';
import { Value } from '../records/Value.tsx';
import { openDialog } from '../shell/dialogs.ts';
import s from './Home.module.css';

interface Shape {
  status?: MetaField;
  open?: string;
  done?: string;
  doneAt?: MetaField;
  due?: MetaField;
  who?: MetaField;
}

/** What a task looks like here: names differ between installations, roles of fields do not. */
function shapeOf(object: MetaObject): Shape {
  const status = fieldOf(object, 'status');
  const options = status ? optionsOf(status) : [];
  return {
    status,
    open: options[0]?.value,
    done: options.find(o => /done|complete|closed/i.test(o.value))?.value,
    doneAt: fieldOf(object, 'doneAt') ?? fieldOf(object, 'completedAt'),
    due: fieldOf(object, 'dueAt') ?? fieldOf(object, 'due') ?? fieldOf(object, 'dueDate'),
    who:
      fieldOf(object, 'assignee') ??
      (object.owner ? fieldOf(object, object.owner) : fieldOf(object, 'owner')),
  };
}

function openOnes({ status, done, doneAt }: Shape): Filter | null {
  if (doneAt) return isEmptyFilter(doneAt);
  const is = status && done ? equals(status, done) : null;
  return is ? { not: is } : null;
}

function Task({ object, row, shape }: { object: MetaObject; row: Row; shape: Shape }) {
  const { t } = useTranslation();
  const actions = useActions();
  const { timeZone } = useFieldServices();
  const title = useTitle(object, row);
  const due = shape.due ? row[shape.due.name] : null;
  const late = typeof due === 'string' && daysFromNow(due, timeZone) < 0;
  const verb = object.verbs.find(v => ['complete', 'done', 'finish'].includes(v.name));
  const can = verb !== undefined || (shape.status?.editable && shape.done !== undefined);

  function finish() {
    if (verb) void actions.run(object, row.id, verb.name, verb.label, {});
    else if (shape.status && shape.done) void actions.edit(object, row, { [shape.status.name]: shape.done });
  }

  return (
    <li className={s.task}>
      {can && <IconButton icon="circle" label={t('home.finish', { title })} size={24} onClick={finish} />}
      <Link to="/$object/$id" params={{ object: object.path, id: row.id }} className={s.row}>
        <span className={s.taskTitle}>{title}</span>
        {shape.due && !isEmpty(due) && (
          <span className={s.when} data-late={late || undefined}>
            {late && `${t('home.late')} · `}
            <Value row={row} field={shape.due} place="card" />
          </span>
        )}
      </Link>
    </li>
  );
}

export function MyTasks({ object }: { object: MetaObject }) {
  const { t } = useTranslation();
  const { me } = useMeta();
  const shape = shapeOf(object);
  const mine = shape.who ? equals(shape.who, me.id) : null;
  const found = useRecords(object, {
    filter: both(mine, openOnes(shape)),
    sort: shape.due?.sortable ? [shape.due.name] : object.list.sort,
    limit: 8,
  });
  const rows = rowsOf(found.data);
  if (found.error) return null;
  return (
    <section className={s.tasks}>
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
                values: shape.who ? { [shape.who.name]: { id: me.id, title: me.name } } : {},
              })
            }
          >
            {t('list.create', { object: object.label.toLowerCase() })}
          </Button>
        )}
      </header>
      <div className={s.card}>
        {found.isPending && <SkeletonLines count={4} />}
        {!found.isPending && rows.length === 0 && <p className={s.none}>{t('home.noTasks')}</p>}
        <ul>
          {rows.map(row => (
            <Task key={row.id} object={object} row={row} shape={shape} />
          ))}
        </ul>
      </div>
    </section>
  );
}
