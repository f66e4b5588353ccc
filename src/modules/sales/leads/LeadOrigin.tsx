import './lead-words.ts';
import { relatively } from '../../../fields/moments.tsx';
import { list, record, reference, str } from '../../../fields/read.tsx';
import { Icon } from '../../../kit/Icon.tsx';
import { t } from '../../../kit/words.ts';
import type { Row } from '../../../web/api.ts';
import { rowsOf } from '../../../web/model/cache.ts';
import { formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import type { RecordPartProps } from '../../../web/model/parts.ts';
import { useRecords } from '../../../web/model/records.ts';
import s from './LeadParts.module.css';

/** Where a lead came from, what was agreed to, and why it is whose it is. */
export default function LeadOrigin({ object, row }: RecordPartProps) {
  return (
    <>
      <Origin row={row} />
      <WhyOwner object={object} row={row} />
    </>
  );
}

const parts = [
  'channel',
  'source',
  'medium',
  'campaign',
  'term',
  'content',
  'referrer',
  'page',
  'gclid',
  'fbclid',
  'msclkid',
] as const;

function Origin({ row }: { row: Row }) {
  const format = formatOf(useMeta());
  const [first, last, consent] = [record(row.firstTouch), record(row.lastTouch), record(row.consent)];
  const again = str(last.at) !== str(first.at) && str(last.at) !== '';
  if (!first.at && !consent.at) return null;
  return (
    <details className={s.part}>
      <summary>
        {t('lead.origin')}
        <Icon name="chevron-right" size={14} />
      </summary>
      {first.at && (
        <Touch touch={first} title={t('lead.first', { when: relatively(str(first.at), format) })} />
      )}
      {again && <Touch touch={last} title={t('lead.last', { when: relatively(str(last.at), format) })} />}
      {consent.at && (
        <section>
          <h4>{t('lead.consent', { when: relatively(str(consent.at), format) })}</h4>
          {consent.text && (
            <p className={s.quoted} dir="auto">
              {str(consent.text)}
            </p>
          )}
          {consent.purpose && <p>{t('lead.consentFor', { purpose: str(consent.purpose) })}</p>}
          {consent.proof && <p>{t('lead.proof', { proof: str(consent.proof) })}</p>}
          {consent.confirmedAt && (
            <p>{t('lead.confirmed', { when: relatively(str(consent.confirmedAt), format) })}</p>
          )}
        </section>
      )}
    </details>
  );
}

function Touch({ touch, title }: { touch: ReturnType<typeof record>; title: string }) {
  const known = parts.filter(part => touch[part]);
  return (
    <section>
      <h4>{title}</h4>
      {known.length === 0 ? (
        <p>{t('lead.direct')}</p>
      ) : (
        <dl>
          {known.map(part => (
            <div key={part}>
              <dt>{t(`lead.touch.${part}`)}</dt>
              <dd>{str(touch[part])}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function WhyOwner({ object, row }: RecordPartProps) {
  const meta = useMeta();
  const format = formatOf(meta);
  const of = objectNamed(meta, 'assignment');
  const found = useRecords(
    of ?? object,
    { filter: { field: 'lead', op: 'is', value: row.id }, sort: ['-decidedAt'], limit: 20 },
    of !== undefined,
  );
  const decisions = of ? rowsOf(found.data) : [];
  if (decisions.length === 0) return null;
  return (
    <details className={s.part}>
      <summary>
        {t('lead.why')}
        <Icon name="chevron-right" size={14} />
      </summary>
      {decisions.map(decision => (
        <section key={decision.id}>
          <h4>
            {t(`lead.how.${str(decision.how)}`, { name: reference(decision.chosen)?.title ?? '' })}
            <span className={s.when}>{relatively(str(decision.decidedAt), format)}</span>
          </h4>
          {decision.rule && <p>{t('lead.rule', { rule: reference(decision.rule)?.title ?? '' })}</p>}
          {decision.reason && (
            <p className={s.quoted} dir="auto">
              {str(decision.reason)}
            </p>
          )}
          <Others considered={list(decision.considered).map(record)} />
        </section>
      ))}
    </details>
  );
}

/** Of everyone else, why not. */
function Others({ considered }: { considered: ReturnType<typeof record>[] }) {
  const others = considered.filter(({ why }) => why !== 'chosen');
  if (others.length === 0) return null;
  return (
    <dl>
      {others.map(each => (
        <div key={str(each.user)}>
          <dt>{str(each.name)}</dt>
          <dd>
            {t(`lead.not.${str(each.why)}`, {
              until: str(each.until),
              skills: str(each.skills),
              open: Number(each.open ?? 0),
              limit: Number(each.limit ?? 0),
              least: Number(each.least ?? 0),
            })}
          </dd>
        </div>
      ))}
    </dl>
  );
}
