import { useState } from 'react';
import { IconButton } from '../../../kit/Button.tsx';
import { Select } from '../../../kit/Select.tsx';
import { t } from '../../../kit/words.ts';
import { PriceWhy } from './PriceWhy.tsx';
import type { FullLine } from './pricing.ts';
import s from './QuoteBuilder.module.css';
import { useAmount } from './use-amount.ts';
import type { Builder, Line } from './use-builder.ts';

const dues = ['once', 'month', 'quarter', 'year'] as const;
const decimal = (typed: string) => typed.replace(',', '.').trim();
const isDecimal = (text: string) => /^-?\d{1,20}(\.\d{1,10})?$/.test(text);

interface BuilderLineProps {
  line: Line;
  builder: Builder;
  draft: boolean;
}

/** One line: text in cells while it is a draft, plain text afterwards. */
export function BuilderLine({ line, builder, draft }: BuilderLineProps) {
  const at = builder.priced?.priced.lines.find(({ key }) => key === line.key);
  const full = builder.priced?.lines.find(({ key }) => key === line.key);
  const currency = builder.priced?.priced.currency ?? '';
  const amount = useAmount(currency);
  const change = (patch: Partial<Line>) => builder.change(line.key, patch);
  const name = line.name || full?.name || '';
  const due = line.interval ?? full?.interval ?? 'once';
  return (
    <tbody
      className={s.line}
      data-line={line.key}
      data-part={line.parent ? true : undefined}
      data-out={(line.optional && !line.chosen) || undefined}
    >
      <tr>
        <th scope="rowgroup" colSpan={6}>
          <div className={s.naming}>
            <NameCell line={line} name={name} draft={draft} change={change} />
            {draft && <Tools line={line} builder={builder} change={change} />}
          </div>
        </th>
      </tr>
      <tr>
        <td data-label={t('quote.quantity')}>
          {draft ? (
            <input
              className={s.figure}
              data-cell="quantity"
              aria-label={t('quote.quantity')}
              inputMode="decimal"
              defaultValue={line.quantity}
              onChange={event => {
                const typed = decimal(event.currentTarget.value);
                if (isDecimal(typed)) change({ quantity: typed });
              }}
            />
          ) : (
            line.quantity
          )}
          {full?.unit && <span className={s.note}>{full.unit}</span>}
        </td>
        <PriceCell line={line} full={full} builder={builder} draft={draft} change={change} />
        <td data-label={t('quote.discount')}>
          {draft ? (
            <input
              className={s.percent}
              data-cell="discount"
              aria-label={t('quote.discount')}
              inputMode="decimal"
              defaultValue={line.discountPercent ?? ''}
              onChange={event => {
                const typed = decimal(event.currentTarget.value);
                const percent = typed === '' ? null : Number(typed);
                if (percent === null || (percent >= 0 && percent <= 100))
                  change({ discountPercent: percent });
              }}
            />
          ) : (
            (line.discountPercent ?? '')
          )}
        </td>
        <td data-label={t('quote.due')}>
          {draft ? (
            <Select
              quiet
              label={t('quote.due')}
              value={due}
              options={dues.map(value => ({ value, label: t(`quote.dues.${value}`) }))}
              onChange={value => change({ interval: value as 'once' })}
            />
          ) : (
            t(`quote.dues.${due}`)
          )}
        </td>
        <td data-label={t('quote.tax')} title={full?.taxName ?? undefined}>
          {full ? `${full.taxRate ?? 0} %` : ''}
          {full?.lacksVatNumber && <span className={s.note}>{t('quote.noVatNumber')}</span>}
        </td>
        <td data-label={t('quote.amount')}>{at ? amount(at.net) : ''}</td>
      </tr>
    </tbody>
  );
}

type Change = (patch: Partial<Line>) => void;

interface PriceCellProps {
  line: Line;
  full: FullLine | undefined;
  builder: Builder;
  draft: boolean;
  change: Change;
}

function PriceCell({ line, full, builder, draft, change }: PriceCellProps) {
  const currency = builder.priced?.priced.currency ?? '';
  // The cell keeps what was typed: where that is dropped it is made anew.
  const [dropped, setDropped] = useState(0);
  const drop = () => {
    setDropped(dropped + 1);
    change({ price: null });
  };
  const price = line.price?.amount ?? '';
  const amount = useAmount(line.price?.currency ?? currency);
  return (
    <td data-label={t('quote.price')} className={s.priced}>
      {draft ? (
        <input
          key={dropped}
          className={s.figure}
          data-cell="price"
          aria-label={t('quote.price')}
          inputMode="decimal"
          defaultValue={price}
          placeholder={full?.price.amount ?? ''}
          onChange={event => {
            const typed = decimal(event.currentTarget.value);
            if (typed === '') change({ price: null });
            else if (isDecimal(typed)) change({ price: { amount: typed, currency } });
          }}
        />
      ) : (
        price && amount(price)
      )}
      {draft && full && <PriceWhy line={full} customer={builder.customer} currency={currency} onUse={drop} />}
    </td>
  );
}

function NameCell({
  line,
  name,
  draft,
  change,
}: {
  line: Line;
  name: string;
  draft: boolean;
  change: Change;
}) {
  if (!draft)
    return (
      <span>
        {name}
        {line.section && <span className={s.note}>{line.section}</span>}
      </span>
    );
  return (
    <>
      <input
        className={s.cell}
        data-cell="name"
        aria-label={t('quote.name')}
        value={name}
        onChange={event => change({ name: event.currentTarget.value })}
      />
      <input
        className={s.section}
        data-cell="section"
        aria-label={t('quote.section')}
        placeholder={t('quote.section')}
        value={line.section ?? ''}
        onChange={event => change({ section: event.currentTarget.value || null })}
      />
    </>
  );
}

function Tools({
  line,
  builder,
  change,
}: Omit<BuilderLineProps, 'draft'> & { change(patch: Partial<Line>): void }) {
  return (
    <span className={s.tools}>
      <IconButton
        icon="checkbox"
        label={t('quote.optional')}
        on={line.optional === true}
        aria-pressed={line.optional === true}
        onClick={() => change({ optional: !line.optional, chosen: false })}
      />
      <IconButton
        icon="adjustments"
        label={t('quote.adjustable')}
        on={line.adjustable === true}
        aria-pressed={line.adjustable === true}
        onClick={() => change({ adjustable: !line.adjustable })}
      />
      <IconButton icon="arrow-up" label={t('quote.up')} onClick={() => builder.move(line.key, -1)} />
      <IconButton icon="arrow-down" label={t('quote.down')} onClick={() => builder.move(line.key, 1)} />
      <IconButton icon="trash" label={t('quote.remove')} onClick={() => builder.remove(line.key)} />
    </span>
  );
}
