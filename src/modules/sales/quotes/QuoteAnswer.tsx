import { type FormEvent, useId, useState } from 'react';
import { useVisit } from '../../../web/open/page.ts';
import s from './QuotePage.module.css';
import { Signature } from './Signature.tsx';
import type { ShownQuote, useQuotePage, Writer } from './use-quote-page.ts';

type Page = ReturnType<typeof useQuotePage>;
type Way = 'accept' | 'ask' | 'decline';

interface AnswerProps {
  page: Page;
  quote: ShownQuote;
  write: Writer;
}

/** What a customer says to a quote: yes, a question, or no. */
export function QuoteAnswer({ page, quote, write }: AnswerProps) {
  const { t } = useVisit();
  const open = quote.state === 'open';
  const [way, setWay] = useState<Way>('accept');
  const ways: Way[] = open ? ['accept', 'ask', 'decline'] : ['ask'];
  const shown = ways.includes(way) ? way : 'ask';
  return (
    <section className={s.answer} aria-label={t('offer.answer')}>
      {open && (
        <fieldset className={s.ways}>
          <legend className={s.hidden}>{t('offer.answer')}</legend>
          {ways.map(each => (
            <label key={each}>
              <input type="radio" name="way" checked={shown === each} onChange={() => setWay(each)} />
              <span>{t(`offer.way.${each}`)}</span>
            </label>
          ))}
        </fieldset>
      )}
      {shown === 'accept' && <Accept page={page} quote={quote} write={write} />}
      {shown === 'ask' && <Ask page={page} quote={quote} />}
      {shown === 'decline' && <Decline page={page} />}
    </section>
  );
}

/** A text that has to be there before its form is sent: said so below it, and focused. */
function useNeeded(start = '') {
  const [value, setValue] = useState(start);
  const [asked, setAsked] = useState(false);
  const id = useId();
  const lacks = asked && value.trim() === '';
  return {
    value,
    clear: () => {
      setValue('');
      setAsked(false);
    },
    id,
    lacks,
    input: {
      id,
      value,
      required: true,
      'aria-invalid': lacks || undefined,
      'aria-describedby': lacks ? `${id}-lacks` : undefined,
      onChange: (event: { currentTarget: { value: string } }) => setValue(event.currentTarget.value),
    },
    ready() {
      setAsked(true);
      if (value.trim() !== '') return true;
      document.getElementById(id)?.focus();
      return false;
    },
  };
}

type Needed = ReturnType<typeof useNeeded>;

function Lacks({ of }: { of: Needed }) {
  const { t } = useVisit();
  if (!of.lacks) return null;
  return (
    <span className={s.lacks} id={`${of.id}-lacks`}>
      {t('offer.required')}
    </span>
  );
}

const held = (send: () => void) => (event: FormEvent) => {
  event.preventDefault();
  send();
};

function Accept({ page, quote, write }: AnswerProps) {
  const { t } = useVisit();
  const name = useNeeded();
  const [drawn, setDrawn] = useState<string | null>(null);
  const send = () => {
    if (name.ready()) void page.accept(name.value.trim(), drawn);
  };
  return (
    <form className={s.form} noValidate onSubmit={held(send)}>
      <label htmlFor={name.id}>{t('offer.yourName')}</label>
      <input {...name.input} autoComplete="name" maxLength={200} />
      <Lacks of={name} />
      <Signature onChange={setDrawn} />
      <p className={s.small}>{t('offer.consent', { total: write.money(quote.gross), from: quote.from })}</p>
      <button type="submit" className={s.main} disabled={page.busy}>
        {t('offer.accept')}
      </button>
    </form>
  );
}

function Ask({ page, quote }: { page: Page; quote: ShownQuote }) {
  const { t } = useVisit();
  const name = useNeeded(quote.contact ?? '');
  const text = useNeeded();
  const [asked, setAsked] = useState(false);
  const send = async () => {
    if (!name.ready() || !text.ready()) return;
    if (!(await page.ask(name.value.trim(), text.value.trim()))) return;
    text.clear();
    setAsked(true);
  };
  return (
    <form className={s.form} noValidate onSubmit={held(() => void send())}>
      <label htmlFor={name.id}>{t('offer.yourName')}</label>
      <input {...name.input} autoComplete="name" maxLength={200} />
      <Lacks of={name} />
      <label htmlFor={text.id}>{t('offer.question')}</label>
      <textarea {...text.input} rows={4} maxLength={5_000} />
      <Lacks of={text} />
      {asked && <p role="status">{t('offer.asked')}</p>}
      <button type="submit" className={s.main} disabled={page.busy}>
        {t('offer.send')}
      </button>
    </form>
  );
}

function Decline({ page }: { page: Page }) {
  const { t } = useVisit();
  const reason = useNeeded();
  const send = () => {
    if (reason.ready()) void page.decline(reason.value.trim());
  };
  return (
    <form className={s.form} noValidate onSubmit={held(send)}>
      <label htmlFor={reason.id}>{t('offer.reason')}</label>
      <textarea {...reason.input} rows={3} maxLength={2_000} />
      <Lacks of={reason} />
      <button type="submit" className={s.main} disabled={page.busy}>
        {t('offer.decline')}
      </button>
    </form>
  );
}
