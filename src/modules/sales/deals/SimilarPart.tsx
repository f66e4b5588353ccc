import './deal-words.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { reference } from '../../../fields/read.tsx';
import { Chip } from '../../../kit/Chip.tsx';
import { Icon } from '../../../kit/Icon.tsx';
import { SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { read } from '../../../web/api.ts';
import { fieldOf } from '../../../web/model/meta.tsx';
import type { RecordPartProps } from '../../../web/model/parts.ts';
import { Value } from '../../../web/records/Value.tsx';
import s from './DealParts.module.css';
import type { SimilarAnswer } from './similar.ts';

/** Decided deals like this one, and why they are: asked for when someone opens it. */
export default function SimilarPart({ object, row }: RecordPartProps) {
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({
    queryKey: ['records', 'deal', 'groups', { similar: row.id }],
    queryFn: ({ signal }) =>
      read<SimilarAnswer>('/api/reports/similarDeals', { body: { deal: row.id }, signal }),
    enabled: open,
  });
  const [amount, lostReason] = ['amount', 'lostReason'].map(name => fieldOf(object, name));
  const deals = data?.deals ?? [];
  const won = deals.filter(({ status }) => status === 'won').length;
  return (
    <details className={s.part} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        {t('deal.similar')}
        <Icon name="chevron-right" size={14} className={s.turn} />
      </summary>
      {error && <p role="alert">{t('deal.similarFailed')}</p>}
      {open && !data && !error && <SkeletonLines count={3} />}
      {data && deals.length === 0 && <p>{t('deal.noSimilar')}</p>}
      {deals.length > 0 && <p>{t('deal.similarWon', { won, count: deals.length })}</p>}
      <ul className={s.similar}>
        {deals.map(deal => (
          <li key={deal.id}>
            <span className={s.line}>
              <Link to="/$object/$id" params={{ object: object.path, id: deal.id }} className={s.name}>
                {deal.name}
              </Link>
              {amount && <Value row={deal as never} field={amount} place="card" />}
            </span>
            <span className={s.fine}>
              <Chip colour={deal.status === 'won' ? 'green' : 'grey'}>
                {t(deal.status === 'won' ? 'deal.won' : 'deal.lost')}
              </Chip>
              {deal.lostReason && lostReason && <Value row={deal as never} field={lostReason} place="card" />}
              {reference(deal.company as never)?.title}
            </span>
            <span className={s.fine}>{deal.shares.map(share => t(`deal.shares.${share}`)).join(' · ')}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
