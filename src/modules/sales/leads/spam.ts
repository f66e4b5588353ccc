/**
 * Telling people from programs without asking anyone else: each suspicion has its points, and from `review` on a person
 * looks before anyone is told. Nothing is refused for being suspicious, and nothing is learned from it.
 */
import { createHash } from 'node:crypto';
import type { Message } from '../../../engine/index.ts';

export interface Suspicion {
  reason: string;
  points: number;
}

/** From so many points on a submission waits for a person. */
export const review = 50;

/** Domains of addresses that live for minutes. Kept short: what lives long enough to be listed is mostly gone. */
const disposable = new Set([
  '10minutemail.com',
  'guerrillamail.com',
  'mailinator.com',
  'temp-mail.org',
  'tempmail.com',
  'throwawaymail.com',
  'trashmail.com',
  'yopmail.com',
]);

/** Milliseconds that people need at least to fill in a form, and within which a shown form is answered. */
const patience = { least: 2_500, most: 24 * 3_600_000 };

/** What is known of how a form was sent. */
export interface Sent {
  /** What was written, field by field. */
  values: Record<string, string>;
  /** What stands in the field that people do not see. */
  trap: string;
  /** When the form was shown, milliseconds; null where it does not say so credibly. */
  shownAt: number | null;
  /** Whether the work asked for was done. */
  worked: boolean;
  now: number;
  /** Language that the form is in: `de`. */
  language: string;
}

/** All that is suspicious about it, each with its points. Pure. */
export function suspicionsOf(sent: Sent): Suspicion[] {
  const texts = Object.values(sent.values);
  const whole = texts.join('\n');
  const links = (whole.match(/https?:\/\/|www\.|\[url/gi) ?? []).length;
  const domain = (sent.values.email ?? '').split('@').at(-1)!.trim().toLowerCase();
  const took = sent.shownAt === null ? null : sent.now - sent.shownAt;
  const found: (Suspicion | false)[] = [
    sent.trap !== '' && { reason: 'trap', points: 100 },
    took === null && { reason: 'unseen', points: 40 },
    took !== null && took < patience.least && { reason: 'fast', points: 40 },
    took !== null && took > patience.most && { reason: 'late', points: 20 },
    !sent.worked && { reason: 'idle', points: 20 },
    links > 0 && { reason: 'links', points: Math.min(60, links * 20) },
    disposable.has(domain) && { reason: 'disposable', points: 40 },
    isOtherScript(whole, sent.language) && { reason: 'script', points: 30 },
    /<a\s|<script|<\/\w+>/i.test(whole) && { reason: 'markup', points: 40 },
    texts.length > 2 &&
      new Set(texts.filter(text => text.length > 3)).size === 1 && { reason: 'same', points: 30 },
  ];
  return found.filter(each => each !== false);
}

/** Links that signatures have. */
const usualLinks = 3;

/** What is suspicious about a letter. Pure. How fast it was written is not known; what our mail server said of it is. */
export function suspicionsOfLetter(
  { subject, text, headers }: Message,
  sender: string,
  language: string,
): Suspicion[] {
  const links = new Set(text.match(/(?:https?:\/\/|www\.)[^\s<>"')\]]+/gi) ?? []).size - usualLinks;
  const flagged =
    ['x-spam-flag', 'x-spam'].some(name => headers(name).some(value => /^yes\b/.test(value))) ||
    headers('x-spam-status').some(value => /^yes\b/.test(value));
  const found: (Suspicion | false)[] = [
    flagged && { reason: 'flagged', points: 100 },
    links > 0 && { reason: 'links', points: Math.min(60, links * 20) },
    disposable.has(sender.split('@').at(-1)!.toLowerCase()) && { reason: 'disposable', points: 40 },
    isOtherScript(`${subject}\n${text.slice(0, 20_000)}`, language) && { reason: 'script', points: 30 },
  ];
  return found.filter(each => each !== false);
}

const scripts: Record<string, RegExp> = {
  Latin: /\p{Script=Latin}/gu,
  Cyrillic: /\p{Script=Cyrillic}/gu,
  Arabic: /\p{Script=Arabic}/gu,
  Han: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu,
};
const scriptOf: Record<string, string> = {
  ru: 'Cyrillic',
  uk: 'Cyrillic',
  bg: 'Cyrillic',
  sr: 'Cyrillic',
  ar: 'Arabic',
  fa: 'Arabic',
  ur: 'Arabic',
  zh: 'Han',
  ja: 'Han',
  ko: 'Han',
};

/** Whether most of it is in letters that neither the language of the form nor Latin has: names and addresses are Latin everywhere. */
function isOtherScript(text: string, language: string): boolean {
  const own = scriptOf[language.split('-')[0]!] ?? 'Latin';
  const count = (script: string) => (text.match(scripts[script]!) ?? []).length;
  const counts = Object.keys(scripts).map(script => ({ script, letters: count(script) }));
  const all = counts.reduce((sum, { letters }) => sum + letters, 0);
  const other = counts.filter(({ script }) => script !== own && script !== 'Latin');
  return all >= 20 && other.some(({ letters }) => letters > all / 2);
}

/** What a shown form carries: when it was shown, something used once, and the bits of work asked for, under a seal. */
export interface Ticket {
  shownAt: number;
  nonce: string;
  bits: number;
}

type Seal = (text: string) => string;

const body = (key: string, { shownAt, nonce, bits }: Ticket) => `form ${key} ${shownAt}.${nonce}.${bits}`;

export function writeTicket(seal: Seal, key: string, ticket: Ticket): string {
  return `${ticket.shownAt}.${ticket.nonce}.${ticket.bits}.${seal(body(key, ticket))}`;
}

/** Null where it was not written by this installation for this form. */
export function readTicket(seal: Seal, key: string, text: string): Ticket | null {
  const [, shownAt, nonce, bits, given] =
    /^(\d{1,15})\.([\w-]{10,40})\.(\d{1,2})\.([\w-]+)$/.exec(text) ?? [];
  if (!shownAt || !nonce || !bits) return null;
  const ticket = { shownAt: Number(shownAt), nonce, bits: Number(bits) };
  return seal(body(key, ticket)) === given ? ticket : null;
}

/** Whether SHA-256 of nonce and answer begins with as many noughts as was asked for. */
export function isWorked({ nonce, bits }: Ticket, answer: string): boolean {
  if (!/^\d{1,12}$/.test(answer)) return false;
  const sum = createHash('sha256').update(`${nonce}.${answer}`).digest();
  return sum.readUInt32BE(0) >>> (32 - bits) === 0;
}

/** Bits of work: some thousand sums, a tenth of a second, for who comes now and then; doubled with every ten forms a minute. */
export class Effort {
  #since = 0;
  readonly #shown = new Map<string, number>();

  bitsFor(address: string, now: number): number {
    if (now - this.#since > 60_000 || this.#shown.size > 50_000) {
      this.#shown.clear();
      this.#since = now;
    }
    const count = (this.#shown.get(address) ?? 0) + 1;
    this.#shown.set(address, count);
    return Math.min(18, 11 + Math.floor(count / 10));
  }
}
