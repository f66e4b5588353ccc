import './builder-words.ts';
import { Menu } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { str } from '../../../fields/read.tsx';
import { useFieldServices } from '../../../fields/view.ts';
import { Button } from '../../../kit/Button.tsx';
import { Picker } from '../../../kit/Picker.tsx';
import { SkeletonLines } from '../../../kit/State.tsx';
import { t } from '../../../kit/words.ts';
import type { RecordPartProps } from '../../../web/model/parts.ts';
import { Approvals } from './Approvals.tsx';
import { BuilderLine } from './BuilderLine.tsx';
import { CustomerLink } from './CustomerLink.tsx';
import s from './QuoteBuilder.module.css';
import { useAmount } from './use-amount.ts';
import { type Builder, useBuilder } from './use-builder.ts';
import { Versions } from './Versions.tsx';

/** The lines of a quote as a grid, with what they come to; below it who approves, versions, and the customer's link. */
export default function QuoteBuilder({ object, row }: RecordPartProps) {
  const builder = useBuilder(object, row);
  const draft = row.status === 'draft' && object.can.edit;
  const grid = useRef<HTMLTableElement>(null);
  if (builder.stored.isPending) return <SkeletonLines count={5} />;
  const save = () => void builder.save(t('quote.save'));

  /** Up and down go to the same cell of the next line; Ctrl and Enter save. */
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && builder.dirty) return save();
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-cell]');
    if (!way || !cell || event.altKey || event.target instanceof HTMLSelectElement) return;
    const same = [
      ...(grid.current?.querySelectorAll<HTMLElement>(`[data-cell="${cell.dataset.cell}"]`) ?? []),
    ];
    const next = same[same.indexOf(cell) + way];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  return (
    <section className={s.builder} aria-label={t('quote.lines')} onKeyDown={draft ? onKeyDown : undefined}>
      {builder.lines.length === 0 && <p className={s.empty}>{t(draft ? 'quote.empty' : 'quote.none')}</p>}
      {builder.lines.length > 0 && (
        <div className={s.scroll}>
          <table className={s.table} ref={grid}>
            <thead>
              <tr>
                {['quantity', 'price', 'discount', 'due', 'tax', 'amount'].map(name => (
                  <th key={name} scope="col">
                    {t(`quote.${name}`)}
                  </th>
                ))}
              </tr>
            </thead>
            {builder.lines.map(line => (
              <BuilderLine key={line.key} line={line} builder={builder} draft={draft} />
            ))}
          </table>
        </div>
      )}
      {draft && <AddLine builder={builder} />}
      <Totals builder={builder} draft={draft} />
      {builder.wrong && (
        <p className={s.wrong} role="alert">
          {builder.wrong}
        </p>
      )}
      {builder.dirty && (
        <footer className={s.foot}>
          <Button onClick={builder.discard}>{t('quote.discard')}</Button>
          <Button look="primary" busy={builder.busy} onClick={save}>
            {t('quote.save')}
          </Button>
        </footer>
      )}
      <Approvals row={row} />
      <Versions object={object} row={row} />
      <CustomerLink row={row} />
    </section>
  );
}

/** A product by typing its name, or a line without one. */
function AddLine({ builder }: { builder: Builder }) {
  const services = useFieldServices();
  const [open, setOpen] = useState(false);
  const add = (product: { id: string; title: string } | null) => {
    const key = builder.add(product);
    setOpen(false);
    setTimeout(() => document.querySelector<HTMLElement>(`[data-line="${key}"] input`)?.focus(), 50);
  };
  return (
    <div className={s.add}>
      <Menu opened={open} onChange={setOpen} position="bottom-start" width={320} closeOnItemClick={false}>
        <Menu.Target>
          <Button icon="plus">{t('quote.addProduct')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {open && (
            <Picker
              chosen={[]}
              search={text =>
                services
                  .searchRecords('product', text)
                  .then(found => found.map(({ id, title }) => ({ id, label: title })))
              }
              onPick={({ id, label }) => add({ id, title: label })}
              onClose={() => setOpen(false)}
              words={{ search: t('quote.search'), none: t('quote.noProduct'), clear: t('quote.discard') }}
              label={t('quote.addProduct')}
            />
          )}
        </Menu.Dropdown>
      </Menu>
      <Button look="quiet" onClick={() => add(null)}>
        {t('quote.addText')}
      </Button>
    </div>
  );
}

function Totals({ builder, draft }: { builder: Builder; draft: boolean }) {
  const { priced, discounted = 0 } = builder.priced ?? {};
  const amount = useAmount(priced?.currency ?? '');
  if (!priced) return null;
  const rows: [string, string][] = [
    [t('quote.net'), amount(priced.net)],
    ...priced.taxes.map(({ rate, tax }): [string, string] => [t('quote.taxAt', { rate }), amount(tax)]),
  ];
  return (
    <div className={s.totals} aria-live="polite">
      <dl>
        <div>
          <dt>{t('quote.subtotal')}</dt>
          <dd>{amount(priced.subtotal)}</dd>
        </div>
        {(draft || builder.discount !== null) && (
          <div>
            <dt>
              <label htmlFor="quote-discount">{t('quote.discountWhole')}</label>
            </dt>
            <dd>
              {draft ? (
                <input
                  id="quote-discount"
                  className={s.percent}
                  inputMode="decimal"
                  defaultValue={builder.discount ?? ''}
                  onChange={event => {
                    const typed = event.currentTarget.value.replace(',', '.').trim();
                    if (typed === '') builder.setDiscount(null);
                    else if (Number(typed) >= 0 && Number(typed) <= 100) builder.setDiscount(Number(typed));
                  }}
                />
              ) : (
                str(builder.discount)
              )}
            </dd>
          </div>
        )}
        {rows.map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        <div className={s.total}>
          <dt>{t('quote.total')}</dt>
          <dd>{amount(priced.gross)}</dd>
        </div>
        {/[1-9]/.test(priced.monthly) && (
          <div>
            <dt>{t('quote.monthly')}</dt>
            <dd>{amount(priced.monthly)}</dd>
          </div>
        )}
      </dl>
      {discounted > 0 && <p className={s.fine}>{t('quote.belowList', { percent: discounted })}</p>}
    </div>
  );
}
