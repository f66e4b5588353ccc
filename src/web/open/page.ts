/** What every page for outsiders has: its link, its words, and the way to ask for what it shows and to give what it takes. */
import { createContext, useContext } from 'react';
import type { Say } from './words.ts';

export interface Visit {
  /** `/api/open/quote/…` */
  address: string;
  t: Say;
  /** BCP 47, for numbers and days. */
  locale: string;
}

const Visiting = createContext<Visit | null>(null);
export const VisitProvider = Visiting.Provider;

export function useVisit(): Visit {
  const visit = useContext(Visiting);
  if (!visit) throw new Error('There is no visit.');
  return visit;
}

/** Why an answer did not come. */
export class Refused extends Error {
  readonly status: number;
  /** What is wrong with what was sent, by pointers into it. */
  readonly problems: { pointer: string; code: string; message: string }[];
  constructor(status: number, message: string, problems: Refused['problems'] = []) {
    super(message);
    this.status = status;
    this.problems = problems;
  }
}

/** Gives what the page takes, or asks for what it shows where no act is named. Throws `Refused`. */
export async function call<T>(address: string, act = '', body?: object): Promise<T> {
  const answer = await fetch(act ? `${address}/${act}` : address, {
    // Whoever is signed in here as well comes to this page as anyone does.
    credentials: 'omit',
    ...(body
      ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      : {}),
  }).catch(() => null);
  if (!answer) throw new Refused(0, '');
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok)
    throw new Refused(answer.status, typeof told.detail === 'string' ? told.detail : '', told.errors);
  return told as T;
}

/** Key of the sentence for what went wrong. */
export function wrongOf(error: unknown): string {
  const status = error instanceof Refused ? error.status : 0;
  return { 404: 'open.gone', 429: 'open.slow' }[status] ?? 'open.failed';
}
