/** A batch of rows becomes records: conditions → values → links → records that exist → the write path. */
import { isDeepStrictEqual } from 'node:util';
import type { Context } from '../context.ts';
import { type Meeting, markMet, meet } from '../duplicates/meet.ts';
import { Refusal } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import { newId } from '../id.ts';
import { parseScopeOf } from '../records/draft.ts';
import { scopeOf } from '../records/scope-of.ts';
import { type ItemResult, inTransaction, type Operation, write } from '../records/write.ts';
import { normalise } from '../search/words.ts';
import { sql } from '../sql.ts';
import type { Taking } from './contents.ts';
import type { NewField } from './findings.ts';
import { type BatchLines, Outcome } from './outcome.ts';
import { FILE, type Plan } from './plan.ts';
import { type DraftRow, draftRow, leavesOut, resolveLinks, type Warn } from './rows.ts';
import type { FileRow } from './table.ts';
import { addLinks, keepValues, placeLinks } from './typed.ts';
import { writeEach, writeReadable } from './write-each.ts';

/** Rows that are read, and what came of reading them. */
export interface DraftBatch {
  /** Place of the first row among all of the table. */
  place: number;
  rows: FileRow[];
  drafts: DraftRow[];
  read: Outcome;
  /** Linked records that were made for it. */
  linked: Outcome;
}

interface Going {
  draft: DraftRow;
  key: string;
  operation: Operation;
}

/** What is known of how a record began elsewhere. */
const beginnings = ['createdAt', 'createdBy'];

const existsAlready = 'The record exists already.';
const noSuch = 'There is no such record to update.';

/** Records that earlier rows of the batch have made, by what they are met by. */
type Made = Map<string, { key: string; id: string }>;

export class BatchWriter {
  readonly #ctx: Context;
  readonly #plan: Plan;
  readonly #lines: BatchLines;
  readonly #delimiter: string;
  readonly #taking: Taking;
  /** What fields would hold that are not there. */
  readonly newFields: NewField[];

  constructor(
    ctx: Context,
    plan: Plan,
    lines: BatchLines,
    delimiter: string,
    taking: Taking,
    newFields: Field[] = [],
  ) {
    this.newFields = newFields.map(({ name, label, type }) => ({
      name,
      label,
      type: type.name,
      filled: 0,
      examples: [],
    }));
    this.#ctx = ctx;
    this.#plan = plan;
    this.#lines = lines;
    this.#delimiter = delimiter;
    this.#taking = taking;
  }

  /** Reads the values of a batch, resolves its links, and makes linked records that are missing. */
  async draft(place: number, rows: FileRow[]): Promise<DraftBatch> {
    const [read, linked] = [new Outcome(), new Outcome()];
    const warn = (row: number, message: string, value: string) => read.warnings.add(message, row, value);
    const wanted = rows.filter(row => {
      const refused = this.#plan.conditions.find(({ holds }) => !holds(row.cells));
      if (refused?.quiet) read.aside++;
      else if (refused) read.skip(row.row, refused.reason, row.cells[refused.index] ?? '');
      return !refused;
    });
    const drafts = wanted.map(row => draftRow(this.#plan, row, warn));
    const told = async (inside: Context, object: string, count: number) => {
      const made = new Outcome();
      made.madeLinked(object, count);
      if (count > 0) await this.#lines.linked(inside.tx!, place, made);
      return () => linked.add(made);
    };
    await resolveLinks(this.#ctx, this.#plan, drafts, warn, told, this.#taking);
    for (const draft of drafts) this.#check(draft);
    for (const draft of drafts) this.#begun(draft, warn);
    for (const draft of drafts) if (draft.problem !== null) this.#refuse(read, draft, draft.problem);
    return { place, rows, drafts: drafts.filter(draft => draft.problem === null), read, linked };
  }

  /** A clock that went wrong elsewhere costs no row: what is still to come has begun now. */
  #begun({ row, values }: DraftRow, warn: Warn) {
    const { createdAt: at } = values;
    if (typeof at !== 'string' || new Date(at) <= this.#ctx.clock.now()) return;
    delete values.createdAt;
    const { label } = this.#plan.object.fields.get('createdAt')!;
    warn(row, `${label}: a day that is still to come was left out; now was taken.`, at);
  }

  /** Values for fields that are not there have been read, and stay out. */
  #check({ values }: DraftRow) {
    for (const field of this.newFields) {
      const value = values[field.name];
      delete values[field.name];
      if (value === undefined || value === null) continue;
      field.filled++;
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      if (field.examples.length < 3 && !field.examples.includes(text))
        field.examples.push(text.slice(0, 120));
    }
  }

  /** Writes a batch and its line, in one transaction that may be begun several times. */
  async write({ place, rows, drafts, read, linked }: DraftBatch): Promise<Outcome> {
    const { match } = this.#plan;
    let made: Made = new Map();
    const outcome = await inTransaction(this.#ctx, async (inside, tx) => {
      // Its line is lost with it: then it is simply done again.
      if (!this.#ctx.tx) await tx.run(sql`set local synchronous_commit = off`);
      made = new Map();
      const written = new Outcome();
      const { waves, again } = this.#waves(drafts);
      for (const wave of waves) await this.#writeWave(inside, wave, written, made);
      for (const [draft, first] of again) this.#sayAgain(draft, first, written);
      written.counts.rows = rows.length;
      written.add(read);
      for (const [row, problem] of read.refused) written.refused.set(row, problem);
      await this.#lines.requireInForce(tx, true);
      await this.#lines.done(tx, place, rows.length, written);
      // What was made for it before has a line of its own, and counts from here on.
      written.add(linked);
      return written;
    });
    for (const { key, id } of made.values()) match?.finder.learn(key, id);
    return outcome;
  }

  /**
   * Rows that mean the same record are written one after the other: the second updates what the first created. Those that
   * say just what the one before them said are not written `again`.
   */
  #waves(drafts: DraftRow[]): { waves: DraftRow[][]; again: Map<DraftRow, DraftRow> } {
    const again = new Map<DraftRow, DraftRow>();
    if (!this.#plan.match) return { waves: [drafts], again };
    const waves: DraftRow[][] = [];
    const last = new Map<string, { draft: DraftRow; time: number }>();
    for (const draft of drafts) {
      const key = normalise(this.#matchKey(draft));
      const before = key ? last.get(key) : undefined;
      if (before && this.#sameSaid(before.draft, draft)) {
        again.set(draft, before.draft);
        continue;
      }
      const time = before ? before.time + 1 : 0;
      if (key) last.set(key, { draft, time });
      waves[time] ??= [];
      waves[time].push(draft);
    }
    return { waves, again };
  }

  #sameSaid(a: DraftRow, b: DraftRow): boolean {
    const idOf = ({ cells }: DraftRow) => this.#plan.externalId?.read(cells, () => {});
    return b.later.length === 0 && idOf(a) === idOf(b) && isDeepStrictEqual(a.values, b.values);
  }

  /** What came of a row comes of another that says the same: where it was written, nothing is left to do. */
  #sayAgain(draft: DraftRow, first: DraftRow, outcome: Outcome) {
    const problem = outcome.refused.get(first.row);
    if (problem !== undefined) this.#refuse(outcome, draft, problem);
    else if (first.skipped !== undefined || this.#plan.map.mode === 'create')
      outcome.skip(draft.row, first.skipped ?? existsAlready, this.#matchKey(draft));
    else outcome.counts.unchanged++;
  }

  #matchKey(draft: DraftRow): string {
    const key = this.#plan.match?.read(draft.cells, () => {}) ?? '';
    return key instanceof Refusal ? '' : key;
  }

  async #writeWave(ctx: Context, drafts: DraftRow[], outcome: Outcome, made: Made) {
    const { match, map, object } = this.#plan;
    const keys = drafts.map(draft => this.#matchKey(draft));
    const found = match ? await match.finder.find(keys.filter(Boolean)) : new Map<string, never>();
    const going: Going[] = [];
    const skip = (draft: DraftRow, why: string, key: string) => {
      draft.skipped = why;
      outcome.skip(draft.row, why, key);
    };
    const hits = keys.map(key => {
      const known = made.get(normalise(key));
      return (key && known ? { id: known.id } : found.get(key)) ?? 'none';
    });
    const met = await this.#meet(
      ctx,
      drafts.filter((_, index) => hits[index] === 'none'),
    );
    for (const [index, draft] of drafts.entries()) {
      delete draft.skipped;
      const [key, hit, meeting] = [keys[index]!, hits[index]!, met.get(draft)];
      const id = hit === 'none' || hit === 'several' ? (meeting?.known?.id ?? null) : hit.id;
      const skipped = id ? map.mode === 'create' && existsAlready : map.mode === 'update' && noSuch;
      if (hit === 'several')
        this.#refuse(outcome, draft, `Several records have this ${match!.by}: "${key}".`);
      else if (skipped) skip(draft, skipped, key);
      else if (meeting) going.push({ draft, key, operation: this.#tellMet(draft, meeting, outcome) });
      else going.push({ draft, key, operation: this.#operation(draft, id as string | null) });
    }
    await this.#add(ctx, going, outcome);
    await this.#keep(ctx, going, outcome);
    await this.#bring(ctx, going, outcome);
    await this.#mergeExternalIds(ctx, going);
    const operations = going.map(({ operation }) => operation);
    const rows = new Map(going.map(({ draft, operation }) => [operation, draft.row]));
    const leftOut = (operation: Operation, message: string) =>
      outcome.warnings.add(leavesOut(message), rows.get(operation)!, '');
    const results = await (map.unreadable === 'empty'
      ? writeReadable(ctx, object, operations, leftOut)
      : writeEach(ctx, object.name, operations));
    for (const [index, one] of going.entries()) this.#settle(one, results[index]!, outcome, made);
    const there = new Set(results.flatMap(({ kind, id }) => (kind === 'refused' ? [] : [id])));
    const again = [...met.values()].flatMap(({ known }) => (known ? [known.id as string] : []));
    await markMet(
      { ...ctx, tx: ctx.tx! },
      object.name,
      again.filter(id => there.has(id)),
    );
  }

  /** Rows that no key meets, and whom they are met with by the rules of duplicates: where the map asks for that. */
  async #meet(ctx: Context, drafts: DraftRow[]): Promise<Map<DraftRow, Meeting>> {
    if (!this.#plan.map.duplicates || drafts.length === 0) return new Map();
    const given = drafts.map(draft => {
      const operation = this.#operation(draft, null);
      return operation.op === 'create' ? operation.values : {};
    });
    const meetings = await meet({ ...ctx, tx: ctx.tx! }, this.#plan.object.name, given);
    return new Map(drafts.map((draft, index) => [draft, meetings[index]!]));
  }

  #tellMet(draft: DraftRow, { operation, by, kept }: Meeting, outcome: Outcome): Operation {
    if (by === null) return operation;
    const { object } = this.#plan;
    const title = draft.values[object.title.name];
    const text = typeof title === 'string' ? title : (title as { full?: string } | undefined)?.full;
    outcome.warnings.add(`Is known already, and was met: ${by.toLowerCase()}.`, draft.row, text ?? '');
    for (const [name, { sent }] of Object.entries(kept)) {
      const field = object.fields.get(name)!;
      const value = field.type.references ? '' : field.type.format(sent, field, parseScopeOf(this.#ctx));
      outcome.warnings.add(`${field.label}: what is known was kept.`, draft.row, value);
    }
    return operation;
  }

  #operation(draft: DraftRow, id: string | null): Operation {
    const { externalId, match } = this.#plan;
    const values = { ...draft.values };
    const text = externalId?.read(draft.cells, () => {});
    if (externalId && typeof text === 'string' && text && !(id && match?.by === 'externalId'))
      values.externalIds = { [externalId.source]: text };
    const same = id ? null : this.#plan.sameBy?.idIn(this.#matchKey(draft));
    if (same) values.externalIds = { ...(values.externalIds as object), [this.#plan.sameBy!.source]: same };
    if (id) {
      // A record begins once.
      for (const name of beginnings) delete values[name];
      return { op: 'update', id, values };
    }
    values.id = (match?.by === 'id' && this.#matchKey(draft)) || newId();
    return { op: 'create', values };
  }

  /** Files that come with new records. */
  async #bring(ctx: Context, going: Going[], outcome: Outcome) {
    const fields = this.#plan.links.filter(({ brought }) => brought).map(({ field }) => field.name);
    const takers = going.flatMap(({ draft, operation }) =>
      operation.op === 'create' && draft.files?.length
        ? [{ values: operation.values, files: draft.files }]
        : [],
    );
    if (fields.length === 0 || takers.length === 0) return;
    const made = takers.map(({ files }) => files.map(file => ({ id: newId(), ...file })));
    const operations = made.flat().map(values => ({ op: 'create' as const, values }));
    await write(ctx, FILE, operations, { trusted: true });
    for (const [index, { values }] of takers.entries())
      for (const field of fields) values[field] = made[index]!.map(({ id }) => id);
    outcome.madeLinked(FILE, operations.length);
  }

  /** Links of tables that only tell how records hang together. */
  async #add(ctx: Context, going: Going[], outcome: Outcome) {
    const { object, links } = this.#plan;
    const fields = links.flatMap(({ field, options, further, many }) => [
      ...(options.add && many ? [field.name] : []),
      ...(further ? [further.name] : []),
    ]);
    const single = links.filter(({ options, many }) => options.add && !many);
    if (fields.length + single.length === 0) return;
    const updates = going.flatMap(({ operation }) =>
      operation.op === 'update'
        ? [{ id: operation.id, values: operation.values as Record<string, Json> }]
        : [],
    );
    const rows = new Map(going.map(({ draft, operation }) => [(operation as { id?: string }).id, draft.row]));
    for (const { field, further, options } of single)
      for (const id of await placeLinks(ctx, object, updates, {
        name: field.name,
        further: further?.name ?? null,
        first: options.first ?? [],
      }))
        outcome.warnings.add(
          `${field.label}: the one that is there stays; another was left out.`,
          rows.get(id)!,
          '',
        );
    await addLinks(ctx, object, updates, fields);
  }

  /** What people have typed, and how far something has come, stays unless the map says otherwise. */
  async #keep(ctx: Context, going: Going[], outcome: Outcome) {
    const { object, map } = this.#plan;
    const rows = new Map<string, number>();
    const updates = going.flatMap(({ draft, operation }) => {
      if (operation.op !== 'update') return [];
      rows.set(operation.id, draft.row);
      return [{ id: operation.id, values: operation.values as Record<string, Json> }];
    });
    if (updates.length === 0) return;
    for (const { id, why, value } of await keepValues(ctx, object, updates, map))
      outcome.warnings.add(why, rows.get(id)!, value);
  }

  /** Ids of other systems that a record has already are kept. */
  async #mergeExternalIds(ctx: Context, going: Going[]) {
    const updates = going.flatMap(({ operation }) =>
      operation.op === 'update' && operation.values.externalIds ? [operation] : [],
    );
    if (updates.length === 0) return;
    const scope = scopeOf(ctx, this.#plan.object);
    const ids = updates.map(({ id }) => id);
    const rows = await ctx.tx!.run<{ id: string; known: string }>(
      sql`select id, external_ids::text as known from ${scope.source} where id = any(${ids}::uuid[])`,
    );
    const known = new Map(rows.map(row => [row.id, JSON.parse(row.known) as Record<string, string>]));
    for (const operation of updates) {
      const own = operation.values.externalIds as Record<string, string>;
      operation.values.externalIds = { ...known.get(operation.id), ...own };
    }
  }

  #settle({ draft, key }: Going, result: ItemResult, outcome: Outcome, made: Made) {
    const { kind, id, problems } = result;
    if (kind === 'refused') {
      this.#refuse(outcome, draft, problems.map(({ message }) => message).join(' ') || 'It was refused.');
      return;
    }
    if (kind === 'created' || kind === 'updated' || kind === 'unchanged') outcome.counts[kind]++;
    if (kind === 'created' && key) made.set(normalise(key), { key, id });
    for (const { link, keys } of draft.later) {
      const given = (draft.values[link.field.name] as Json | undefined) ?? null;
      outcome.later.push({ row: draft.row, id, link: this.#plan.links.indexOf(link), keys, given });
    }
  }

  #refuse(outcome: Outcome, draft: DraftRow, problem: string) {
    outcome.refuse(draft.row, problem, draft.cells.join(this.#delimiter));
  }
}
