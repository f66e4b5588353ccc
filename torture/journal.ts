/** What clients sent and what they were answered: the truth that the database is held against. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../src/engine/index.ts';
import type { Site } from './site.ts';

/** What one write does to one record. */
export interface Effect {
  object: string;
  id: string;
  kind: 'created' | 'updated' | 'deleted' | 'restored';
  /** The version it leaves; null where the caller cannot know. */
  version: number | null;
  /** Values that are its own. */
  values: Record<string, Json>;
}

export interface Answer {
  status: number;
  /** Problem code; null where it went well. */
  code: string | null;
  text: string;
  changeSet: string | null;
  replayed: boolean;
}

export interface Write {
  /** For people: `client 2: batch of 40`. */
  name: string;
  method: string;
  path: string;
  body: string | null;
  key: string;
  /** All of them or none. */
  effects: Effect[];
  /** Ids of what it must not leave behind: the creations that are to be refused. */
  refused: string[];
  /** The status to come. */
  expected: number;
  /** Null while none came. */
  answer: Answer | null;
}

/** No answer, or one that leaves open or denies that the write was done: the client sends it again later. */
export function isLost({ answer }: Write): boolean {
  return answer === null || answer.status >= 500;
}

export class Journal {
  readonly writes: Write[] = [];
  readonly violations: string[] = [];
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  violation(sentence: string) {
    this.violations.push(sentence);
  }

  /** Enters a write before it is sent, sends it, and enters the answer. */
  async send(write: Omit<Write, 'answer'>): Promise<Write> {
    const entered: Write = { ...write, answer: null };
    this.writes.push(entered);
    entered.answer = await this.post(entered);
    if (entered.answer && !isLost(entered)) this.#judge(entered, entered.answer);
    return entered;
  }

  #judge(write: Write, { status, text }: Answer) {
    if (status !== write.expected)
      this.violation(`${write.name}: answered ${status} instead of ${write.expected}: ${text.slice(0, 300)}`);
  }

  /** Sends a write and answers what came; null when nothing did. */
  async post({ method, path, body, key }: Write): Promise<Answer | null> {
    const reply = await this.request(method, path, body, { 'idempotency-key': key });
    return reply;
  }

  /** Sends a write until it is answered: a database that lost a session may only be about to begin anew. */
  async insist(write: Write): Promise<Answer | null> {
    for (let tries = 0; ; tries++) {
      const answer = await this.post(write);
      if ((answer && answer.status < 500) || tries >= 100) return answer;
      await sleep(100);
    }
  }

  async request(
    method: string,
    path: string,
    body: string | null = null,
    headers: Record<string, string> = {},
  ): Promise<Answer | null> {
    const type: Record<string, string> = body === null ? {} : { 'content-type': 'application/json' };
    try {
      const reply = await fetch(`${this.#site.url}${path}`, {
        method,
        body,
        headers: { authorization: `Bearer ${this.#site.key}`, ...type, ...headers },
        signal: AbortSignal.timeout(60_000),
      });
      const text = await reply.text();
      const code = reply.ok || text === '' ? null : ((JSON.parse(text) as { code?: string }).code ?? null);
      const { headers: came } = reply;
      return {
        status: reply.status,
        code,
        text,
        changeSet: came.get('farley-change-set'),
        replayed: came.get('idempotency-replayed') === 'true',
      };
    } catch {
      return null;
    }
  }

  /** A request that has to succeed, once Farley serves again. */
  async ask<T>(method: string, path: string, body: Json = null): Promise<T> {
    for (let tries = 0; ; tries++) {
      const answer = await this.request(method, path, body === null ? null : JSON.stringify(body));
      if (answer && answer.status < 300) return JSON.parse(answer.text || 'null') as T;
      if (tries >= 20 || (answer && answer.status < 500))
        throw new Error(`${method} ${path} was answered ${answer?.status}: ${answer?.text.slice(0, 500)}`);
      await sleep(100);
    }
  }
}
