import { Link } from '@tanstack/react-router';
import { durationWords } from '../../../fields/moments.tsx';
import { grouped } from '../../../fields/phone.view.tsx';
import { str } from '../../../fields/read.tsx';
import { useFieldServices } from '../../../fields/view.ts';
import { Icon } from '../../../kit/Icon.tsx';
import { PageBody } from '../../../kit/PageBody.tsx';
import { PageHeader } from '../../../kit/PageHeader.tsx';
import { EmptyState, SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { useRecord } from '../../../web/model/records.ts';
import { Value } from '../../../web/records/Value.tsx';
import { Failure, Missing } from '../../../web/shell/Missing.tsx';
import Briefing from '../relations/Briefing.tsx';
import { CallForm } from './CallForm.tsx';
import s from './Calling.module.css';
import { Clock } from './Clock.tsx';
import { Progress } from './Progress.tsx';
import type { CallProgress } from './progress.ts';
import { useCall, useCallLists, useTurn } from './use-calling.ts';

/** One record after another: who, what to know, what to say, and what came of it. */
export function CallSession({ list: id }: { list: string }) {
  const found = useCallLists(id);
  const turn = useTurn(id);
  const list = found.data?.[0];
  const error = found.error ?? turn.error;
  return (
    <>
      <PageHeader
        icon="phone-call"
        title={list?.name ?? t('pages.calling')}
        lead={
          <Link to={'/calling' as never} className={s.back} aria-label={t('pages.calling')}>
            <Icon name="arrow-left" />
          </Link>
        }
      >
        {list && <Progress done={list.done} left={list.left} />}
      </PageHeader>
      <PageBody wide>
        {error && !(list && turn.data) ? (
          <Failure error={error} retry={() => void Promise.all([found.refetch(), turn.refetch()])} />
        ) : found.data && !list ? (
          <Missing />
        ) : !list || !turn.data ? (
          <SkeletonLines count={8} height={44} />
        ) : turn.data.next ? (
          <Called key={turn.data.next} list={list} id={turn.data.next} />
        ) : (
          <Over list={list} />
        )}
      </PageBody>
    </>
  );
}

function Called({ list, id }: { list: CallProgress; id: string }) {
  const object = objectNamed(useMeta(), list.object)!;
  const found = useRecord(object, id);
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <SkeletonLines count={8} height={44} />;
  return <Call list={list} object={object} row={found.data} />;
}

/** What says whom one talks to, besides the name. */
const facts = ['jobTitle', 'companyName', 'company', 'status', 'stage', 'amount', 'source'];

function Call({ list, object, row }: { list: CallProgress } & Parameters<typeof Briefing>[0]) {
  const call = useCall(list, object, row);
  const phones = object.fields.filter(({ name, type }) => type === 'phone' && str(row[name]));
  const shown = facts.flatMap(name => object.fields.find(field => field.name === name) ?? []);
  return (
    <div className={s.session}>
      <section className={s.call} aria-label={call.title}>
        <header className={s.who}>
          <h2>
            <Link to="/$object/$id" params={{ object: object.path, id: row.id }}>
              {call.title}
            </Link>
          </h2>
          <p className={s.facts}>
            {shown.map(field => (
              <Value key={field.name} row={row} field={field} place="card" />
            ))}
          </p>
          <p className={s.phones}>
            {phones.map(({ name, label }) => (
              <a key={name} href={`tel:${str(row[name])}`} onClick={call.clock.start} data-hint={label}>
                <Icon name="phone" />
                <span dir="ltr">{grouped(str(row[name]))}</span>
              </a>
            ))}
          </p>
          <Clock clock={call.clock} />
        </header>
        <CallForm call={call} />
        {list.others.length > 0 && (
          <p className={s.fine} role="status">
            {t('calling.others', { names: list.others.map(({ title }) => title).join(', ') })}
          </p>
        )}
      </section>
      <div className={s.known}>
        {list.script && (
          <section className={s.script} aria-label={t('calling.script')}>
            <h3>{t('calling.script')}</h3>
            <p dir="auto">{list.script}</p>
          </section>
        )}
        <Briefing object={object} row={row} />
      </div>
    </div>
  );
}

/** Who has called how many, and how long they spoke. */
function Callers({ list }: { list: CallProgress }) {
  const { locale } = useFieldServices();
  if (list.callers.length === 0) return null;
  return (
    <ul className={s.callers} aria-label={t('calling.callers')}>
      {list.callers.map(({ user, title, calls, seconds }) => (
        <li key={user}>
          <span>{title}</span>
          <span className={s.fine}>{t('calling.calls', { count: calls })}</span>
          <span className={s.fine}>{seconds > 0 && durationWords(seconds, locale)}</span>
        </li>
      ))}
    </ul>
  );
}

/** What came of it all. */
function Over({ list }: { list: CallProgress }) {
  const { done, others, outcomes } = list;
  const text = others.length > 0 ? t('calling.othersLast', { count: others.length }) : t('calling.overText');
  return (
    <>
      <EmptyState icon="checks" title={t(done > 0 ? 'calling.over' : 'calling.nobody')} text={text} />
      <dl className={s.sums}>
        {outcomes.map(({ outcome, count }) => (
          <div key={outcome}>
            <dt>{t(`calling.outcome.${outcome}`)}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
      <Callers list={list} />
    </>
  );
}
