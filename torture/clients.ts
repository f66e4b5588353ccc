/** Clients that write as people and integrations do: one record at a time with verbs, and batches. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../src/engine/index.ts';
import { type Effect, isLost, type Journal, type Write } from './journal.ts';
import type { Random } from './random.ts';

type Values = Record<string, Json>;

/** A record that a client has made and nobody else touches. */
interface Own {
  object: string;
  id: string;
  version: number;
  deleted: boolean;
  /** Status as verbs see it. */
  open: boolean;
}

export const paths: Record<string, string> = {
  person: 'people',
  company: 'companies',
  deal: 'deals',
  task: 'tasks',
};

/** What the records of all clients link to; made once. */
export interface Anchors {
  companies: string[];
  tags: string[];
}

export async function makeAnchors(journal: Journal, random: Random): Promise<Anchors> {
  const make = async (path: string, count: number) => {
    const ids: string[] = [];
    for (let n = 0; n < count; n++)
      ids.push((await journal.ask<{ id: string }>('POST', path, { name: `Anchor ${random.word(10)}` })).id);
    return ids;
  };
  return { companies: await make('/api/companies', 5), tags: await make('/api/tags', 3) };
}

export class Client {
  readonly #name: string;
  readonly #journal: Journal;
  readonly #random: Random;
  readonly #anchors: Anchors;
  readonly #own: Own[] = [];
  #count = 0;

  constructor(name: string, journal: Journal, random: Random, anchors: Anchors) {
    this.#name = name;
    this.#journal = journal;
    this.#random = random;
    this.#anchors = anchors;
  }

  /** Writes until told to stop, in the manner of `work`; a lost answer makes it wait a moment, as clients do. */
  async run(work: 'single' | 'batch', stopped: () => boolean) {
    while (!stopped()) {
      const write = await (work === 'single' ? this.#single() : this.#batch());
      if (isLost(write)) await sleep(100);
    }
  }

  async #single(): Promise<Write> {
    const own = this.#own.length > 0 && this.#random.chance(0.6) ? this.#random.pick(this.#own) : null;
    if (!own) return this.#create();
    if (own.deleted) return this.#restore(own);
    const verb = this.#verbOf(own);
    if (verb && this.#random.chance(0.4)) return this.#carryOut(own, verb);
    return this.#random.chance(0.2) ? this.#delete(own) : this.#update(own);
  }

  #verbOf({ object, open }: Own): string | null {
    if (object === 'deal') return open ? this.#random.pick(['win', 'lose']) : 'reopen';
    if (object === 'task') return open ? 'complete' : 'reopen';
    return null;
  }

  #create(): Promise<Write> {
    const object = this.#random.pick(['person', 'person', 'company', 'deal', 'task']);
    const { id, values, own } = this.#draft(object);
    // Half of them by their external id, as integrations do.
    if (this.#random.chance(0.3)) {
      const source = `/api/${paths[object]}/by/externalIds.torture/${this.#random.word(12)}`;
      return this.#send('upsert', 'PUT', source, values, [this.#effect(own, 'created', values)], 201, own);
    }
    const effects = [this.#effect(own, 'created', values)];
    return this.#send('create', 'POST', `/api/${paths[object]}`, { id, ...values }, effects, 201, own);
  }

  #update(own: Own): Promise<Write> {
    const values = this.#values(own.object);
    const effects = [{ ...this.#effect(own, 'updated', values), version: own.version + 1 }];
    return this.#send('update', 'PATCH', `/api/${paths[own.object]}/${own.id}`, values, effects, 200, own);
  }

  #delete(own: Own): Promise<Write> {
    const effects = [{ ...this.#effect(own, 'deleted', {}), version: own.version + 1 }];
    return this.#send('delete', 'DELETE', `/api/${paths[own.object]}/${own.id}`, null, effects, 204, own);
  }

  #restore(own: Own): Promise<Write> {
    const effects = [{ ...this.#effect(own, 'restored', {}), version: own.version + 1 }];
    const path = `/api/${paths[own.object]}/${own.id}/restore`;
    return this.#send('restore', 'POST', path, null, effects, 200, own);
  }

  async #carryOut(own: Own, verb: string): Promise<Write> {
    const effects = [{ ...this.#effect(own, 'updated', {}), version: null }];
    const path = `/api/${paths[own.object]}/${own.id}`;
    const write = await this.#send(verb, 'POST', `${path}/${verb}`, {}, effects, 200, own);
    this.#forget(own);
    if (write.answer?.status !== 200) return write;
    // A verb does not tell the version it leaves.
    const read = await this.#journal.request('GET', `${path}?fields=version`);
    if (read?.status === 200) {
      const { version } = JSON.parse(read.text) as { version: number };
      this.#own.push({ ...own, version, open: verb === 'reopen' });
    }
    return write;
  }

  /** Sends one write on one record, and goes on with the record as it then is; without an answer it is left alone. */
  async #send(
    what: string,
    method: string,
    path: string,
    body: Values | null,
    effects: Effect[],
    expected: number,
    own: Own,
  ): Promise<Write> {
    const write = await this.#journal.send({
      ...this.#named(what),
      method,
      path,
      body: body && JSON.stringify(body),
      effects,
      refused: [],
      expected,
    });
    this.#forget(own);
    const { answer } = write;
    if (!answer || answer.status !== expected) return write;
    const [effect] = effects;
    // An upsert's record gets its id from Farley.
    if (what === 'upsert') effect!.id = (JSON.parse(answer.text) as { id: string }).id;
    this.#own.push({
      ...own,
      id: effect!.id,
      version: effect!.version ?? own.version,
      deleted: effect!.kind === 'deleted',
    });
    return write;
  }

  async #batch(): Promise<Write> {
    const object = this.#random.pick(['person', 'company']);
    const atomic = this.#random.chance(0.5);
    const spoilt = this.#random.chance(atomic ? 0.15 : 0.5);
    const size = this.#random.between(2, 200);
    const touched = this.#own.filter(own => own.object === object).slice(0, Math.floor(size / 3));
    const changes = touched.map(own => this.#change(own));
    const drafts = Array.from({ length: size - touched.length }, () => this.#draft(object));
    const bad = new Set(spoilt ? drafts.filter((_, n) => n === 0 || this.#random.chance(0.05)) : []);
    const good = drafts.filter(draft => !bad.has(draft));
    const creations = drafts.map(draft => ({
      op: 'create',
      values: { id: draft.id, ...draft.values, ...(bad.has(draft) ? { email: 'no address' } : {}) },
    }));
    const expected = bad.size === 0 ? 200 : atomic ? 422 : 207;
    const effects = [
      ...changes.map(({ effect }) => effect),
      ...good.map(({ own, values }) => this.#effect(own, 'created', values)),
    ];
    const write = await this.#journal.send({
      ...this.#named(`${atomic ? 'atomic' : 'per-item'} batch of ${size}`),
      method: 'POST',
      path: `/api/${paths[object]}/batch`,
      body: JSON.stringify({
        atomic,
        operations: [...changes.map(({ operation }) => operation), ...creations],
      }),
      effects: expected === 422 ? [] : effects,
      refused: (expected === 422 ? drafts : [...bad]).map(({ id }) => id),
      expected,
    });
    this.#afterBatch(
      write,
      touched,
      good.map(({ own }) => own),
    );
    return write;
  }

  /** A change of a record of its own, as an operation of a batch. */
  #change(own: Own): { operation: Values; effect: Effect } {
    const values = own.deleted ? {} : this.#values(own.object);
    const [op, kind] = own.deleted ? (['restore', 'restored'] as const) : (['update', 'updated'] as const);
    const effect = { ...this.#effect(own, kind, values), version: own.version + 1 };
    return { operation: own.deleted ? { op, id: own.id } : { op, id: own.id, values }, effect };
  }

  #afterBatch(write: Write, touched: Own[], made: Own[]) {
    if (write.answer?.status === 422) return;
    for (const own of touched) this.#forget(own);
    if (write.answer?.status !== write.expected) return;
    this.#own.push(...made, ...touched.map(own => ({ ...own, version: own.version + 1, deleted: false })));
  }

  #named(what: string) {
    const name = `${this.#name}, ${++this.#count}: ${what}`;
    return { name, key: `${name} ${this.#random.word(12)}` };
  }

  #forget(own: Own) {
    const at = this.#own.findIndex(({ id }) => id === own.id);
    if (at >= 0) this.#own.splice(at, 1);
  }

  #draft(object: string): { id: string; values: Values; own: Own } {
    const id = this.#random.id();
    const own = { object, id, version: 1, deleted: false, open: true };
    return { id, values: { ...this.#values(object), ...this.#links(object) }, own };
  }

  #effect(own: Own, kind: Effect['kind'], values: Values): Effect {
    const { object, id, version } = own;
    // Links are compared by the replay of the log alone.
    const plain = Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value !== 'object'));
    // The name of a person is kept in parts.
    if (object === 'person' && plain.name) plain.name = { full: plain.name };
    return { object, id, kind, version, values: plain };
  }

  #values(object: string): Values {
    const [word, number] = [this.#random.word(10), this.#random.between(1, 1_000_000)];
    if (object === 'person')
      return { name: `Given ${capital(word)}`, email: `${word}@torture.example`, jobTitle: `Job ${number}` };
    if (object === 'company') return { name: capital(word), employees: number };
    if (object === 'deal') return { name: `Deal ${word}`, nextStep: `Step ${number}` };
    return { subject: `Task ${word}`, notes: `Note ${number}` };
  }

  /** Links and lists of links: rows of tables of their own. */
  #links(object: string): Values {
    const { companies, tags } = this.#anchors;
    if (object === 'person')
      return {
        company: this.#random.pick(companies),
        companies: [{ id: this.#random.pick(companies), role: 'Adviser' }],
        tags: tags.slice(0, this.#random.between(0, tags.length)),
      };
    if (object === 'deal') return { company: this.#random.pick(companies) };
    if (object === 'task') return { about: [{ object: 'company', id: this.#random.pick(companies) }] };
    return { tags };
  }
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
