/** What the customer's page of a quote knows and does, without anything to see. No amount is computed here. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { call, useVisit, wrongOf } from '../../../web/open/page.ts';
import type { ShownQuote } from './quote-page.ts';

export type { ShownQuote } from './quote-page.ts';

type Choice = { line: string; chosen?: boolean; quantity?: string };

/** Milliseconds after the last choice before the server is asked what it comes to. */
const pause = 250;

/** Asks the server what choices come to, a moment after the last; answers that were overtaken count no more. */
function usePriced(list: Choice[], show: (now: ShownQuote) => void, fail: (key: string | undefined) => void) {
  const { address } = useVisit();
  const asked = useRef(0);
  useEffect(() => {
    if (list.length === 0) return;
    const mine = ++asked.current;
    const timer = setTimeout(() => {
      call<ShownQuote>(address, 'price', { choices: list }).then(
        now => {
          if (mine !== asked.current) return;
          fail(undefined);
          show(now);
        },
        error => mine === asked.current && fail(wrongOf(error)),
      );
    }, pause);
    return () => clearTimeout(timer);
  }, [address, list, show, fail]);
}

export function useQuotePage() {
  const { address } = useVisit();
  const [quote, setQuote] = useState<ShownQuote>();
  const [wrong, setWrong] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [choices, setChoices] = useState<Record<string, Choice>>({});

  const run = useCallback(
    async <T>(act: string, body: object): Promise<T | null> => {
      setBusy(true);
      setWrong(undefined);
      try {
        return await call<T>(address, act, body);
      } catch (error) {
        setWrong(wrongOf(error));
        return null;
      } finally {
        setBusy(false);
      }
    },
    [address],
  );
  const load = useCallback(() => {
    // That it was opened is told by the page: programs that look at links before people do run no scripts.
    void run<ShownQuote>('seen', {}).then(now => now && setQuote(now));
  }, [run]);
  useEffect(load, [load]);

  const list = useMemo(() => Object.values(choices), [choices]);
  usePriced(list, setQuote, setWrong);
  const choose = (line: string, choice: Omit<Choice, 'line'>) =>
    setChoices(all => ({ ...all, [line]: { ...all[line], ...choice, line } }));
  const answer = async (act: string, body: object) => {
    const now = await run<ShownQuote>(act, body);
    if (now) setQuote(now);
    return now !== null;
  };
  return {
    quote,
    wrong,
    busy,
    load,
    choose,
    /** Whether an optional line is wanted: at once, before the server has said what it comes to. */
    wants: (line: ShownQuote['lines'][number]) => choices[line.id]?.chosen ?? line.chosen,
    accept: (name: string, drawn: string | null) =>
      answer('accept', { name, choices: list, ...(drawn ? { drawn } : {}) }),
    decline: (reason: string) => answer('decline', { reason }),
    ask: (name: string, text: string) => run('ask', { name, text }).then(done => done !== null),
  };
}

/** How amounts, numbers and days are written here. */
export function useWriter(currency: string) {
  const { locale } = useVisit();
  return useMemo(() => {
    const money = new Intl.NumberFormat(locale, { style: 'currency', currency });
    const price = new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 6 });
    const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
    const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long' });
    type Exact = Intl.StringNumericLiteral;
    return {
      money: (amount: string) => money.format(amount as Exact),
      price: (amount: string) => price.format(amount as Exact),
      number: (amount: string) => number.format(amount as Exact),
      day: (date: string) => day.format(new Date(date.length === 10 ? `${date}T12:00:00` : date)),
    };
  }, [locale, currency]);
}

export type Writer = ReturnType<typeof useWriter>;
