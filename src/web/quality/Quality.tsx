import { said } from '../../fields/said.ts';
import { PageBody } from '../../kit/PageBody.tsx';
import { inText } from '../model/language.ts';
import './words.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { MetaObject, ObjectQuality } from '../../engine/index.ts';
import { showCurrent } from '../../kit/direction.ts';
import { PageHeader } from '../../kit/PageHeader.tsx';
import { EmptyState, SkeletonLines } from '../../kit/State.tsx';
import { t } from '../../kit/words.ts';
import { read } from '../api.ts';
import { objectAt, useMeta } from '../model/meta.tsx';
import { Failure, Missing } from '../shell/Missing.tsx';
import s from './Quality.module.css';

const route = getRouteApi('/frame/quality/$object');
const kinds = ['completeness', 'freshness', 'validity'] as const;

/** How good the data is, object by object, and what would make it better. */
export function Quality() {
  const meta = useMeta();
  const object = objectAt(meta, route.useParams().object);
  const measured = meta.objects.filter(({ quality }) => quality);
  if (!object?.quality) return <Missing />;
  return (
    <>
      <PageHeader icon="gauge" title={t('quality.title')} />
      <nav ref={showCurrent} className={s.tabs} data-sideways aria-label={t('quality.objects')}>
        {measured.map(each => (
          <Link
            key={each.name}
            to="/quality/$object"
            params={{ object: each.path }}
            className={s.tab}
            activeProps={{ 'data-active': true }}
          >
            {each.plural}
          </Link>
        ))}
      </nav>
      <PageBody>
        <p className={s.lead}>{t('quality.lead')}</p>
        <Measured key={object.name} object={object} />
      </PageBody>
    </>
  );
}

function Measured({ object }: { object: MetaObject }) {
  const found = useQuery({
    queryKey: ['quality', object.name],
    queryFn: ({ signal }) => read<ObjectQuality>(`/api/${object.path}/quality`, { signal }),
  });
  if (found.error && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <SkeletonLines count={10} height={44} />;
  if (found.data.score === null)
    return <EmptyState icon={object.icon} title={t('quality.empty', { objects: inText(object.plural) })} />;
  return (
    <>
      <Score object={object} quality={found.data} score={found.data.score} />
      <Flaws object={object} quality={found.data} />
    </>
  );
}

interface OfObject {
  object: MetaObject;
  quality: ObjectQuality;
}

function Score({ object, quality, score }: OfObject & { score: number }) {
  const { locale } = useMeta().workspace;
  const { records, bands, lost } = quality;
  return (
    <section className={s.summary}>
      <div>
        <p className={s.figure}>
          <span className={s.score}>{Math.round(score).toLocaleString(locale)}</span>
          {t('quality.of')}
        </p>
        <p className={s.records}>
          {t('quality.records', { count: records })}
          {object.duplicates.length > 0 && (
            <>
              {' · '}
              <Link to="/duplicates/$object" params={{ object: object.path }} className={s.link}>
                {t('quality.duplicates')}
              </Link>
            </>
          )}
        </p>
      </div>
      <Bands bands={bands} />
      <div>
        <h2 className={s.caption}>{t('quality.lost')}</h2>
        <dl className={s.kinds}>
          {kinds.map(kind => (
            <div key={kind} className={s.kind}>
              <dt>
                {t(`quality.kind.${kind}`)}{' '}
                <span className={s.kindText}>{t(`quality.kindText.${kind}`)}</span>
              </dt>
              <dd>
                {(-lost[kind]).toLocaleString(locale, {
                  minimumFractionDigits: 1,
                  maximumFractionDigits: 1,
                  signDisplay: 'negative',
                })}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}

/** Columns of the distribution, the height by the share of the records. */
function Bands({ bands }: { bands: number[] }) {
  const { locale } = useMeta().workspace;
  const most = Math.max(...bands, 1);
  return (
    <figure className={s.bands}>
      <figcaption className={s.caption}>{t('quality.bands')}</figcaption>
      <ol className={s.columns}>
        {bands.map((count, band) => {
          const [from, to] = [band * 20, band === bands.length - 1 ? 100 : band * 20 + 19];
          const formatted = count.toLocaleString(locale);
          return (
            <li key={from} className={s.column} title={t('quality.band', { from, to, count })}>
              <span className={s.amount}>{formatted}</span>
              <span className={s.bar} style={{ blockSize: `${Math.round((count / most) * 56)}px` }} />
              <span className={s.range}>
                {from}–{to}
              </span>
            </li>
          );
        })}
      </ol>
    </figure>
  );
}

function Flaws({ object, quality: { flaws, records } }: OfObject) {
  const { locale } = useMeta().workspace;
  const some = flaws.filter(flaw => flaw.records > 0);
  if (some.length === 0) return <p className={s.lead}>{t('quality.none')}</p>;
  return (
    <section>
      <h2 className={s.heading}>{t('quality.flaws')}</h2>
      <ul className={s.flaws}>
        {some.map(flaw => {
          const formatted = flaw.records.toLocaleString(locale);
          const share = flaw.records / records;
          return (
            <li key={flaw.name}>
              <Link
                to="/$object"
                params={{ object: object.path }}
                search={{ filter: JSON.stringify(flaw.filter), layout: 'table' }}
                className={s.flaw}
                data-hint={t('quality.show', { label: said(flaw.label, object.name), count: flaw.records })}
              >
                <span className={s.label}>
                  {said(flaw.label, object.name)}
                  <span className={s.kindOf}>
                    {t(`quality.kind.${flaw.kind}`)} · −{flaw.costs}
                  </span>
                </span>
                <span className={s.track} aria-hidden>
                  <span className={s.fill} style={{ inlineSize: `${Math.max(1, share * 100)}%` }} />
                </span>
                <span className={s.share}>
                  {share.toLocaleString(locale, {
                    style: 'percent',
                    maximumFractionDigits: share < 0.01 ? 1 : 0,
                  })}
                </span>
                <span className={s.count}>{formatted}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
