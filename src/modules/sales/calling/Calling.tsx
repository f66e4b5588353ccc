import './call-words.ts';
import { Link, useSearch } from '@tanstack/react-router';
import { durationWords } from '../../../fields/moments.tsx';
import { useFieldServices } from '../../../fields/view.ts';
import { Icon } from '../../../kit/Icon.tsx';
import { PageBody } from '../../../kit/PageBody.tsx';
import { PageHeader } from '../../../kit/PageHeader.tsx';
import { EmptyState, SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { objectNamed, useMeta } from '../../../web/model/meta.tsx';
import { Failure } from '../../../web/shell/Missing.tsx';
import s from './Calling.module.css';
import { CallSession } from './CallSession.tsx';
import { readCalling } from './calling-view.ts';
import { Progress } from './Progress.tsx';
import { StartCalling } from './StartCalling.tsx';
import { useCallLists } from './use-calling.ts';

/** Lists of whom to call; a new one of what a list shows; or the one that is worked through. */
export default function Calling() {
  const search = readCalling(useSearch({ strict: false }));
  if (search.list) return <CallSession key={search.list} list={search.list} />;
  return (
    <>
      <PageHeader icon="phone-call" title={t('pages.calling')} />
      <PageBody>
        {search.object && <StartCalling search={search} />}
        <Lists />
      </PageBody>
    </>
  );
}

function Lists() {
  const meta = useMeta();
  const found = useCallLists();
  const { locale } = useFieldServices();
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <SkeletonLines count={4} height={56} />;
  if (found.data.length === 0)
    return <EmptyState icon="phone-call" title={t('calling.none')} text={t('calling.noneText')} />;
  return (
    <ul className={s.lists}>
      {found.data.map(({ id, name, object, left, done, others, seconds }) => (
        <li key={id}>
          <Link to={'/calling' as never} search={{ list: id } as never} className={s.list}>
            <Icon name={objectNamed(meta, object)?.icon ?? 'phone'} />
            <span className={s.listName}>
              {name}
              <span className={s.fine}>
                {t('calling.left', { left })}
                {seconds > 0 && ` · ${t('calling.spokenFor', { time: durationWords(seconds, locale) })}`}
                {others.length > 0 && ` · ${t('calling.othersCall', { count: others.length })}`}
              </span>
            </span>
            <Progress done={done} left={left} />
          </Link>
          <Link
            to="/$object/$id"
            params={{ object: 'callLists', id }}
            className={s.about}
            aria-label={t('calling.about', { name })}
            data-hint={t('calling.about', { name })}
          >
            <Icon name="settings" />
          </Link>
        </li>
      ))}
    </ul>
  );
}
