import { reference, str } from '../../../fields/read.tsx';
import { Chip } from '../../../kit/Chip.tsx';
import { t } from '../../../kit/words.ts';
import type { Row } from '../../../web/api.ts';
import s from './QuoteBuilder.module.css';
import { useOfQuote } from './use-builder.ts';

/** Whose approval it needs or needed, level by level, with reasons. */
export function Approvals({ row }: { row: Row }) {
  const found = useOfQuote('approvals', 'approval', row.id, ['level', 'createdAt']);
  const approvals = found.data?.data ?? [];
  if (approvals.length === 0) return null;
  return (
    <section className={s.panel} aria-labelledby="quote-approvals">
      <h2 id="quote-approvals">{t('quote.approvals')}</h2>
      <ul>
        {approvals.map(each => (
          <li key={each.id} className={s.entry}>
            <span>{str(each.name)}</span>
            <span className={s.note}>
              {reference(each.decidedBy)?.title ?? reference(each.approver)?.title}
            </span>
            <Chip>{t(`quote.decisions.${str(each.decision)}`)}</Chip>
            {str(each.reason) && <span className={s.note}>{str(each.reason)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
