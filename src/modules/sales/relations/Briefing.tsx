import './briefing-words.ts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { relatively } from '../../../fields/moments.tsx';
import { said } from '../../../fields/said.ts';
import { useFieldServices } from '../../../fields/view.ts';
import { Button, IconButton } from '../../../kit/Button.tsx';
import { Chip } from '../../../kit/Chip.tsx';
import { Icon } from '../../../kit/Icon.tsx';
import { EmptyState, SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { fieldOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import type { RecordPartProps } from '../../../web/model/parts.ts';
import { Value } from '../../../web/records/Value.tsx';
import { Failure } from '../../../web/shell/Missing.tsx';
import { BriefedPerson } from './BriefedPerson.tsx';
import s from './Briefing.module.css';
import { Relations } from './Relations.tsx';
import { useBriefing } from './use-briefing.ts';

/** The Farley file: what to know before one talks to someone. */
export default function Briefing({ object, row }: RecordPartProps) {
  const briefing = useBriefing(object, row);
  const { data, relations } = briefing;
  if (briefing.error && !data)
    return <Failure error={briefing.error} retry={() => void briefing.refetch()} />;
  if (!data) return <SkeletonLines count={8} />;
  const { people, topics, promises, tasks, deals } = data;
  const nothing = [people, topics, promises, tasks, deals, relations].every(list => list.length === 0);
  if (nothing && !briefing.relate)
    return <EmptyState icon="users" title={t('briefing.empty')} text={t('briefing.emptyText')} />;
  return (
    <div className={s.briefing}>
      {people.length > 0 && (
        <Part title={t('briefing.people')}>
          {people.map(person => (
            <BriefedPerson key={person.id} person={person} />
          ))}
        </Part>
      )}
      {promises.length > 0 && (
        <Part title={t('briefing.promises')}>
          {promises.map(({ id, text, due, by }) => (
            <div key={id} className={s.promise}>
              <p>
                {text}
                <span className={s.fine}>
                  {by === 'them' && `${t('briefing.byThem')} · `}
                  {due ? <Day at={due} /> : t('briefing.noDay')}
                </span>
              </p>
              {briefing.decide && (
                <span className={s.decide}>
                  <Button icon="checkbox" onClick={() => void briefing.decide?.(id, 'accept')}>
                    {t('briefing.makeTask')}
                  </Button>
                  <IconButton
                    icon="x"
                    label={t('briefing.noPromise')}
                    onClick={() => void briefing.decide?.(id, 'dismiss')}
                  />
                </span>
              )}
            </div>
          ))}
        </Part>
      )}
      <Open tasks={tasks} deals={deals} />
      {topics.length > 0 && (
        <Part title={t('briefing.topics')}>
          {topics.map(topic => (
            <Topic key={topic.id} topic={topic} />
          ))}
        </Part>
      )}
      {(relations.length > 0 || briefing.relate) && (
        <Part
          title={t('briefing.relations')}
          action={
            briefing.relate && (
              <IconButton icon="plus" label={t('briefing.relate')} onClick={briefing.relate} />
            )
          }
        >
          {relations.length === 0 ? (
            <p className={s.none}>{t('briefing.noRelations')}</p>
          ) : (
            <Relations of={row.id} relations={relations} />
          )}
        </Part>
      )}
    </div>
  );
}

function Part({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={s.part} aria-label={title}>
      <h3>
        {title}
        {action}
      </h3>
      {children}
    </section>
  );
}

/** A day, or a moment, as far away as it is. */
function Day({ at }: { at: string }) {
  const services = useFieldServices();
  return <time dateTime={at}>{relatively(at, services)}</time>;
}

type Told = NonNullable<ReturnType<typeof useBriefing>['data']>;

/** What is to be done, and what is to be won. */
function Open({ tasks, deals }: Pick<Told, 'tasks' | 'deals'>) {
  const deal = objectNamed(useMeta(), 'deal');
  const amount = deal && fieldOf(deal, 'amount');
  if (tasks.length + deals.length === 0) return null;
  return (
    <Part title={t('briefing.open')}>
      {deals.map(each => (
        <Link key={each.id} to="/$object/$id" params={{ object: 'deals', id: each.id }} className={s.line}>
          <Icon name="businessplan" />
          <span className={s.what}>
            {each.name}
            {each.nextStep && <span className={s.fine}>{each.nextStep}</span>}
          </span>
          {each.stage && <Chip>{said(each.stage.title, 'stage')}</Chip>}
          {amount && (
            <span className={s.figure}>
              <Value row={each as never} field={amount} place="card" />
            </span>
          )}
        </Link>
      ))}
      {tasks.map(({ id, subject, dueAt, owner }) => (
        <Link key={id} to="/$object/$id" params={{ object: 'tasks', id }} className={s.line}>
          <Icon name="checkbox" />
          <span className={s.what}>
            {subject}
            {owner && <span className={s.fine}>{owner.title}</span>}
          </span>
          {dueAt && (
            <span className={s.fine}>
              <Day at={dueAt} />
            </span>
          )}
        </Link>
      ))}
    </Part>
  );
}

function Topic({ topic }: { topic: Told['topics'][number] }) {
  const object = objectNamed(useMeta(), topic.object);
  if (!object) return null;
  return (
    <Link to="/$object/$id" params={{ object: object.path, id: topic.id }} className={s.line}>
      <Icon name={object.icon} label={object.label} />
      <span className={s.what}>
        {topic.title ?? topic.says}
        {topic.title && topic.says && <span className={s.fine}>{topic.says}</span>}
      </span>
      <span className={s.fine}>
        {topic.owner && `${topic.owner.title} · `}
        <Day at={topic.at} />
      </span>
    </Link>
  );
}
