import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Icon } from '../../../kit/Icon.tsx';
import { SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import { read } from '../../../web/api.ts';
import { nameOf } from '../../../web/model/days.ts';
import { formatOf, useMeta } from '../../../web/model/meta.tsx';
import { keys } from '../../../web/model/records.ts';
import type { OtherBooks as Answer, OtherBooksInput } from './other-books.ts';
import s from './PriceWhy.module.css';
import { useAmount } from './use-amount.ts';

/** Price books that do not speak for a line, and why: asked for when someone opens it. */
export function OtherBooks({ ask }: { ask: OtherBooksInput }) {
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({
    queryKey: keys.groups('priceBook', { report: 'other-price-books', input: ask }),
    queryFn: ({ signal }) => read<Answer>('/api/reports/other-price-books', { body: ask, signal }),
    enabled: open,
  });
  return (
    <details className={s.others} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        {t('quote.why.others')}
        <Icon name="chevron-right" size={14} />
      </summary>
      {error && <p role="alert">{error.message}</p>}
      {open && !data && !error && <SkeletonLines count={3} />}
      {data?.books.length === 0 && <p>{t('quote.why.noOthers')}</p>}
      {data && data.books.length > 0 && (
        <table className={s.options}>
          <tbody>
            {data.books.map(book => (
              <Book key={book.id} book={book} />
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

function Book({
  book: { name, why, validFrom, validUntil, currency, price },
}: {
  book: Answer['books'][number];
}) {
  const { locale } = formatOf(useMeta());
  const amount = useAmount(price?.currency ?? currency);
  const day = { early: validFrom, late: validUntil }[why as string];
  return (
    <tr>
      <th scope="row">
        {name}
        <span className={s.fine}>
          {t(`quote.why.not.${why}`, { currency, day: day ? nameOf(day, 'day', locale) : '' })}
        </span>
      </th>
      <td>{price && amount(price.amount)}</td>
    </tr>
  );
}
