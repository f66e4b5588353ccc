/** What the page of a form knows and does, without anything to see. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { call, Refused, useVisit, wrongOf } from '../../../web/open/page.ts';
import { learnWords } from '../../../web/open/words.ts';
import type { ShownForm } from './form-page.ts';

export type { ShownForm } from './form-page.ts';

/** What stands in the page around it, as its script says, or in its own address. */
function visitOf(): { page: string; referrer: string } {
  const told = new URLSearchParams(location.hash.slice(1));
  return { page: told.get('page') ?? location.href, referrer: told.get('referrer') ?? document.referrer };
}

/** The language that the page's address names, as by a website that has one for each; else the visitor's. */
const asked = new URLSearchParams(location.search).get('language')?.slice(0, 35) || navigator.language;

const framed = () => window.parent !== window;

/** Sums tried before the page gets to do something else. */
const stretch = 200;

/** A number whose sum with the nonce begins with so many noughts; undefined where the browser cannot reckon. */
async function work(ticket: string, bits: number): Promise<string | undefined> {
  // Away from https browsers have no sums to give.
  if (!globalThis.crypto?.subtle) return undefined;
  const nonce = ticket.split('.')[1]!;
  const encoder = new TextEncoder();
  for (let number = 0; ; number++) {
    const sum = await crypto.subtle.digest('SHA-256', encoder.encode(`${nonce}.${number}`));
    if (new DataView(sum).getUint32(0) >>> (32 - bits) === 0) return String(number);
    if (number % stretch === 0) await new Promise(resolve => setTimeout(resolve));
  }
}

/** Tells the website around it how high it is. */
function useHeight() {
  useEffect(() => {
    if (!framed()) return;
    const tell = () => {
      const height = document.getElementById('root')!.getBoundingClientRect().height;
      window.parent.postMessage({ farley: 'height', height }, '*');
    };
    const observer = new ResizeObserver(tell);
    observer.observe(document.getElementById('root')!);
    return () => observer.disconnect();
  }, []);
}

interface Answer {
  state: string;
  thanks: string | null;
  redirect: string | null;
}

/** Field → what is wrong with it; `consent` for the box. */
export type Wrongs = { [field: string]: string };

export function useFormPage() {
  const visit = useVisit();
  const { address } = visit;
  const [{ t, locale }, setSpeech] = useState<Pick<typeof visit, 't' | 'locale'>>(visit);
  const [form, setForm] = useState<ShownForm>();
  const [wrong, setWrong] = useState<string>();
  const [wrongs, setWrongs] = useState<Wrongs>({});
  const [done, setDone] = useState<Answer>();
  const [busy, setBusy] = useState(false);
  const worked = useRef<Promise<string | undefined>>(undefined);
  useHeight();

  const load = useCallback(async () => {
    setWrong(undefined);
    try {
      const shown = await call<ShownForm>(address, 'ask', { language: asked });
      if (shown.language || asked !== navigator.language)
        setSpeech(await learnWords([shown.language ?? asked]));
      worked.current = work(shown.ticket, shown.bits);
      setForm(shown);
    } catch (error) {
      setWrong(wrongOf(error));
    }
  }, [address]);
  useEffect(() => void load(), [load]);

  const send = async (values: Record<string, string>, consent: boolean, trap: string) => {
    if (!form || busy) return;
    setBusy(true);
    setWrong(undefined);
    const answers = Object.fromEntries(form.questions.map(({ field }) => [field, values[field] ?? '']));
    const body = {
      values: answers,
      consent,
      trap,
      ticket: form.ticket,
      language: form.language ?? asked,
      ...visitOf(),
    };
    try {
      const done = await worked.current;
      const answer = await call<Answer>(address, 'send', done ? { ...body, work: done } : body);
      setWrongs({});
      if (answer.redirect && answer.state === 'taken') return goOn(answer.redirect);
      setDone(answer);
    } catch (error) {
      const found = error instanceof Refused && error.status === 422 ? error.problems : [];
      setWrongs(Object.fromEntries(found.map(({ pointer, code }) => [pointer.split('/').at(-1)!, code])));
      setWrong(found.length > 0 ? 'form.look' : wrongOf(error));
    } finally {
      setBusy(false);
    }
  };
  return { t, locale, form, wrong, wrongs, done, busy, load, send };
}

function goOn(address: string) {
  if (framed()) window.parent.postMessage({ farley: 'go', address }, '*');
  else location.assign(address);
}
