import { Popover } from '@mantine/core';
import { Button, IconButton } from '../../../kit/Button.tsx';
import { t } from '../../../kit/words.ts';
import { nameOf } from '../../../web/model/days.ts';
import { formatOf, objectNamed, useMeta } from '../../../web/model/meta.tsx';
import type { PriceOption } from './books.ts';
import { OtherBooks } from './OtherBooks.tsx';
import type { OtherBooksInput } from './other-books.ts';
import s from './PriceWhy.module.css';
import type { FullLine } from './pricing.ts';
import { useAmount } from './use-amount.ts';

interface PriceWhyProps {
  line: FullLine;
  /** Of whom prices are asked. */
  customer: Pick<OtherBooksInput, 'company' | 'contact' | 'priceBook'>;
  /** In which the quote is. */
  currency: string;
  /** Takes the price that is in force instead of one that was stated. */
  onUse(): void;
}

/** The quiet mark beside a price: where it comes from, why, and what else it could be. */
export function PriceWhy({ line, customer, currency, onUse }: PriceWhyProps) {
  const meta = useMeta();
  const amount = useAmount(line.price.currency);
  const counts = line.prices.find(({ state }) => state === 'counts');
  const taken = line.prices.find(option => option.taken);
  const mayRead = objectNamed(meta, 'priceBook') && objectNamed(meta, 'priceBookEntry');
  const { product, quantity } = line;
  const byBundle = line.parent && line.prices.length === 0;
  if (line.prices.length === 0 && !byBundle && !(mayRead && product)) return null;
  return (
    <Popover position="bottom-start" width={340} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <IconButton icon="info-circle" label={t('quote.why.ask')} />
      </Popover.Target>
      <Popover.Dropdown className={s.card} aria-label={t('quote.why.ask')}>
        <Origin line={line} taken={taken} />
        {counts && counts !== taken && (
          <>
            <p>{t('quote.why.now', { amount: amount(counts.price.amount) })}</p>
            <Button onClick={onUse}>{t('quote.why.use')}</Button>
          </>
        )}
        {line.prices.length > 1 && <Options options={line.prices} />}
        {mayRead && product && !byBundle && <OtherBooks ask={{ ...customer, product, quantity, currency }} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Origin({ line, taken }: { line: FullLine; taken: PriceOption | undefined }) {
  const { locale } = formatOf(useMeta());
  if (!taken) return <strong>{t(`quote.why.${withoutBook(line)}`)}</strong>;
  const { book, closeness, tags, validFrom, validUntil } = taken;
  if (!book || !closeness) return <strong>{t('quote.why.list')}</strong>;
  const reasons = [
    t(`quote.why.of.${closeness}`, { tags: tags.join(', ') }),
    validFrom && t('quote.why.from', { day: nameOf(validFrom, 'day', locale) }),
    validUntil && t('quote.why.until', { day: nameOf(validUntil, 'day', locale) }),
  ];
  return (
    <>
      <strong>{book.name ? t('quote.why.book', { book: book.name }) : t('quote.why.unseen')}</strong>
      <p>{reasons.filter(Boolean).join(' ')}</p>
    </>
  );
}

function withoutBook({ prices, parent, unpriced }: FullLine) {
  if (unpriced) return 'none';
  return prices.length === 0 && parent ? 'bundle' : 'stated';
}

function Options({ options }: { options: PriceOption[] }) {
  return (
    <table className={s.options}>
      <caption>{t('quote.why.options')}</caption>
      <tbody>
        {options.map(option => (
          <Option key={`${option.book?.id} ${option.fromQuantity}`} option={option} />
        ))}
      </tbody>
    </table>
  );
}

function Option({ option: { book, fromQuantity, price, state } }: { option: PriceOption }) {
  const amount = useAmount(price.currency);
  const name = book ? (book.name ?? t('quote.why.unseen')) : t('quote.why.listShort');
  return (
    <tr data-counts={state === 'counts' || undefined}>
      <th scope="row">
        {book && fromQuantity && fromQuantity !== '1'
          ? t('quote.why.tier', { book: name, quantity: fromQuantity })
          : name}
        <span className={s.fine}>{t(`quote.why.states.${state}`)}</span>
      </th>
      <td>{amount(price.amount)}</td>
    </tr>
  );
}
