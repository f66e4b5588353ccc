import { useVisit } from '../../../web/open/page.ts';
import { QuoteAnswer } from './QuoteAnswer.tsx';
import s from './QuotePage.module.css';
import { type ShownQuote, useQuotePage, useWriter, type Writer } from './use-quote-page.ts';

/** A quote as its customer reads and answers it. */
export default function QuotePage() {
  const { t } = useVisit();
  const page = useQuotePage();
  const { quote, wrong } = page;
  const write = useWriter(quote?.currency ?? 'EUR');
  if (!quote)
    return (
      // Of its own: the page that comes would count as this one, moved.
      <main key="waiting" className="notice" aria-busy={!wrong}>
        <p role={wrong ? 'alert' : undefined}>{t(wrong ?? 'open.loading')}</p>
        {wrong && (
          <button type="button" className={s.plain} onClick={page.load}>
            {t('open.retry')}
          </button>
        )}
      </main>
    );
  const open = quote.state === 'open';
  return (
    <main className={s.desk}>
      <title>{`${t('offer.title', { number: quote.number ?? '' })} · ${quote.from}`}</title>
      <State quote={quote} write={write} />
      <article className={s.sheet}>
        <Head quote={quote} write={write} />
        <Lines quote={quote} write={write} page={open ? page : undefined} />
        <Totals quote={quote} write={write} />
        {quote.reasons.map(reason => (
          <p key={reason} className={s.small}>
            {reason}
          </p>
        ))}
        {quote.closing && <p className={s.prose}>{quote.closing}</p>}
        {quote.terms && <p className={s.small}>{quote.terms}</p>}
      </article>
      {wrong && (
        <p className={s.wrong} role="alert">
          {t(wrong)}
        </p>
      )}
      <QuoteAnswer page={page} quote={quote} write={write} />
    </main>
  );
}

interface Part {
  quote: ShownQuote;
  write: Writer;
}

/** What became of it, above the sheet; nothing while it is open. */
function State({ quote, write }: Part) {
  const { t } = useVisit();
  const { state, signedBy, decidedAt, validUntil } = quote;
  const values = {
    name: signedBy ?? '',
    day: state === 'expired' ? write.day(validUntil ?? '') : decidedAt ? write.day(decidedAt) : '',
  };
  if (state === 'open') return null;
  const known = ['accepted', 'declined', 'expired', 'superseded'].includes(state);
  return (
    <p className={s.state} data-state={state} role="status">
      {known ? t(`offer.state.${state}`, values) : t('open.gone')}
    </p>
  );
}

function Head({ quote, write }: Part) {
  const { t, address } = useVisit();
  const facts: [string, string | null][] = [
    [t('offer.for'), [quote.contact, quote.company].filter(Boolean).join(', ') || null],
    [t('offer.validUntil'), quote.validUntil && write.day(quote.validUntil)],
    [t('offer.contact'), quote.owner],
    [t('offer.version'), quote.edition > 1 ? String(quote.edition) : null],
  ];
  return (
    <header className={s.head}>
      <p className={s.from}>{quote.from}</p>
      <h1 className={s.title}>{t('offer.title', { number: quote.number ?? '' })}</h1>
      <p className={s.lead}>{quote.title}</p>
      <dl className={s.facts}>
        {facts.map(
          ([label, value]) =>
            value && (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {quote.intro && <p className={s.prose}>{quote.intro}</p>}
      <p className={s.tools}>
        {quote.pdf && (
          <a className={s.plain} href={`${address}/file`} download>
            {t('offer.pdf')}
          </a>
        )}
        <button type="button" className={s.plain} onClick={() => window.print()}>
          {t('offer.print')}
        </button>
      </p>
    </header>
  );
}

type Page = ReturnType<typeof useQuotePage>;

function Lines({ quote, write, page }: Part & { page: Page | undefined }) {
  const { t } = useVisit();
  return (
    <table className={s.lines}>
      <thead>
        <tr>
          <th scope="col">{t('offer.description')}</th>
          <th scope="col">{t('offer.quantity')}</th>
          <th scope="col">{t('offer.price')}</th>
          <th scope="col">{t('offer.amount')}</th>
        </tr>
      </thead>
      <tbody>
        {quote.lines.map((line, index) => (
          <Line
            key={line.id}
            line={line}
            section={line.section !== (quote.lines[index - 1]?.section ?? null) ? line.section : null}
            write={write}
            page={page}
          />
        ))}
      </tbody>
    </table>
  );
}

interface LineProps {
  line: ShownQuote['lines'][number];
  section: string | null;
  write: Writer;
  page: Page | undefined;
}

function Line({ line, section, write, page }: LineProps) {
  const { t } = useVisit();
  const wanted = page?.wants(line) ?? line.chosen;
  const { name, quantity, unit, interval, discountPercent, discountAmount } = line;
  const due = interval === 'once' ? '' : t(`offer.${interval}`);
  const discount = discountPercent
    ? `${write.number(discountPercent)} %`
    : discountAmount && write.money(discountAmount);
  const notes = [line.optional ? t('offer.optional') : '', due].filter(Boolean).join(' · ');
  return (
    <>
      {section && (
        <tr className={s.section}>
          <th colSpan={4} scope="colgroup">
            {section}
          </th>
        </tr>
      )}
      <tr data-left-out={(line.optional && !wanted) || undefined} data-part={line.part || undefined}>
        <th scope="row">
          {line.optional && page ? (
            <label className={s.option}>
              <input
                type="checkbox"
                checked={wanted}
                onChange={event => page.choose(line.id, { chosen: event.currentTarget.checked })}
              />
              <span>{name}</span>
            </label>
          ) : (
            name
          )}
          {notes && <span className={s.note}>{notes}</span>}
          {discount && <span className={s.off}>{t('offer.off', { discount })}</span>}
        </th>
        <td data-label={t('offer.quantity')}>
          {line.adjustable && page ? (
            <input
              key={line.id}
              className={s.quantity}
              type="number"
              min="0"
              step="any"
              inputMode="decimal"
              defaultValue={quantity}
              aria-label={t('offer.quantityOf', { name })}
              onChange={event => {
                const typed = event.currentTarget.value;
                if (/^\d{1,9}(\.\d{1,3})?$/.test(typed)) page.choose(line.id, { quantity: typed });
              }}
            />
          ) : (
            write.number(quantity)
          )}{' '}
          {unit}
        </td>
        <td data-label={t('offer.price')}>{write.price(line.price)}</td>
        <td data-label={t('offer.amount')}>{write.money(line.net)}</td>
      </tr>
    </>
  );
}

function Totals({ quote, write }: Part) {
  const { t } = useVisit();
  const off = /[1-9]/.test(quote.discount);
  const rows: [string, string][] = [
    ...(off
      ? ([
          [t('offer.subtotal'), write.money(quote.subtotal)],
          [t('offer.discount'), write.money(`-${quote.discount}`)],
        ] as [string, string][])
      : []),
    [t('offer.net'), write.money(quote.net)],
    ...quote.taxes.map(({ rate, tax }): [string, string] => [
      t('offer.tax', { rate: write.number(rate) }),
      write.money(tax),
    ]),
  ];
  return (
    <dl className={s.totals} aria-live="polite">
      {rows.map(([label, amount]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{amount}</dd>
        </div>
      ))}
      <div className={s.total}>
        <dt>{t('offer.total')}</dt>
        <dd>{write.money(quote.gross)}</dd>
      </div>
      {/[1-9]/.test(quote.monthly) && (
        <div>
          <dt>{t('offer.monthly')}</dt>
          <dd>{write.money(quote.monthly)}</dd>
        </div>
      )}
    </dl>
  );
}
