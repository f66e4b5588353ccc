/** Holds the database and the API against what clients were answered. Every disagreement is a sentence in the journal. */
import { isDeepStrictEqual } from 'node:util';
import { declared } from '../src/app.ts';
import {
  asSystem,
  type Context,
  contextOf,
  type Database,
  type Json,
  loadWorkspace,
  sql,
  systemActor,
  systemClock,
  tableOf,
} from '../src/engine/index.ts';
import { storedJson } from '../src/engine/records/scope.ts';
import { scopeOf } from '../src/engine/records/scope-of.ts';
import { paths } from './clients.ts';
import { type Effect, isLost, type Journal, type Write } from './journal.ts';

type Values = Record<string, Json>;

interface Change {
  seq: number;
  record_id: string;
  object: string;
  kind: string;
  version: number;
  set_id: string;
  at: string;
  fields: Record<string, [Json, Json]>;
}

/** The workspace as the engine sees it, past HTTP. */
export async function contextOn(db: Database): Promise<Context> {
  const workspace = await loadWorkspace(db, declared, 'main');
  return asSystem(contextOf(db, workspace, systemActor('torture'), 'torture', systemClock), 'torture');
}

/** The last entry of the change log. */
export async function lastSeq(ctx: Context): Promise<number> {
  const [row] = await ctx.db.run<{ seq: number }>(
    sql`select coalesce(max(seq), 0) as seq from ${tableOf(ctx.schema, 'change')}`,
  );
  return row!.seq;
}

/** Codes whose answer says that nothing was changed. */
const denials = new Set(['databaseUnavailable', 'overloaded', 'timeout', 'internal', 'diskFull']);

/**
 * Writes without an answer are there entirely or not at all; sent again with their key they are done, once, and answered;
 * sent a third time they get the same answer.
 */
export async function settleLost(ctx: Context, journal: Journal): Promise<number> {
  const lost = journal.writes.filter(isLost);
  const keys = lost.map(({ key }) => key);
  const kept = new Set(
    (
      await ctx.db.run<{ key: string }>(
        sql`select key from ${tableOf(ctx.schema, 'idempotency')} where key = any(${keys}::text[])`,
      )
    ).map(({ key }) => key),
  );
  const changes = await changesOf(
    ctx,
    lost.flatMap(({ effects }) => effects),
  );
  for (const write of lost) {
    const done = kept.has(write.key);
    // What Farley or a verb gives its id or version cannot be looked for.
    const known = write.effects.filter(({ version }) => version !== null && write.method !== 'PUT');
    const there = known.filter(effect => changes.has(placeOf(effect))).length;
    if (there !== (done ? known.length : 0))
      journal.violation(
        `${write.name}: half done: ${there} of ${known.length} records, answer ${done ? 'kept' : 'not kept'}`,
      );
    if (done && write.answer && denials.has(write.answer.code ?? ''))
      journal.violation(`${write.name}: answered ${write.answer.code}, but it was done`);
    await sendAgain(journal, write, done);
  }
  return lost.length;
}

async function sendAgain(journal: Journal, write: Write, done: boolean) {
  const second = await journal.insist(write);
  const third = await journal.insist(write);
  write.answer = second;
  if (second?.status !== write.expected) {
    journal.violation(`${write.name}: sent again, answered ${second?.status}: ${second?.text.slice(0, 300)}`);
    return;
  }
  // An error names its own request.
  const told = second.status < 300 ? third?.text === second.text : third?.code === second.code;
  if (third?.status !== second.status || !told)
    journal.violation(`${write.name}: sent a third time, answered otherwise: ${third?.text.slice(0, 300)}`);
  if (second.status < 300 && done && !second.replayed)
    journal.violation(`${write.name}: was done, but sent again it was answered as new`);
  if (write.method === 'PUT') write.effects[0]!.id = (JSON.parse(second.text) as { id: string }).id;
}

const placeOf = ({ object, id, version }: { object: string; id: string; version: number | null }) =>
  `${object} ${id} ${version}`;

async function changesOf(ctx: Context, effects: Effect[]): Promise<Map<string, Change[]>> {
  const ids = [...new Set(effects.map(({ id }) => id))];
  const rows = await readChanges(ctx, ids);
  return Map.groupBy(rows, row => placeOf({ ...row, id: row.record_id }));
}

async function readChanges(ctx: Context, ids: string[]): Promise<Change[]> {
  const rows = await ctx.db.run<Omit<Change, 'fields'> & { fields: string } & Record<string, unknown>>(
    sql`select seq, record_id, object, kind, version, set_id, fields::text as fields,
        to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
      from ${tableOf(ctx.schema, 'change')} where record_id = any(${ids}::uuid[]) and fields is not null order by seq`,
  );
  return rows.map(row => ({ ...row, fields: JSON.parse(row.fields) as Change['fields'] }));
}

/** Every acknowledged write is in the log, once, under the change set it was answered, with the values sent. */
export async function checkAcknowledged(ctx: Context, journal: Journal): Promise<number> {
  const done = journal.writes.filter(write => write.answer && write.answer.status < 300);
  const changes = await changesOf(
    ctx,
    done.flatMap(({ effects }) => effects),
  );
  const bySet = new Set(
    [...changes.values()].flat().map(({ set_id, record_id }) => `${set_id} ${record_id}`),
  );
  for (const write of done)
    for (const effect of write.effects) {
      const fault =
        effect.version === null
          ? bySet.has(`${write.answer!.changeSet} ${effect.id}`)
            ? null
            : 'is not in the log'
          : faultOf(effect, changes, write.answer!.changeSet);
      if (fault) journal.violation(`${write.name}: ${effect.kind} ${effect.object} ${effect.id} ${fault}`);
    }
  await checkRefused(ctx, journal);
  await checkPast(journal, done, changes);
  return done.length;
}

function faultOf(effect: Effect, changes: Map<string, Change[]>, changeSet: string | null): string | null {
  const found = changes.get(placeOf(effect)) ?? [];
  if (found.length !== 1) return `version ${effect.version} stands ${found.length} times in the log`;
  const [change] = found as [Change];
  if (change.set_id !== changeSet) return `belongs to another change set than answered`;
  if (change.kind !== effect.kind) return `stands in the log as ${change.kind}`;
  for (const [name, value] of Object.entries(effect.values)) {
    const kept = valueAt(effect, name, changes);
    if (!isDeepStrictEqual(kept, value))
      return `${name} is ${JSON.stringify(kept)} instead of ${JSON.stringify(value)}`;
  }
  return null;
}

/** The value that the last change of it up to the effect's version left. */
function valueAt({ object, id, version }: Effect, name: string, changes: Map<string, Change[]>) {
  for (let at = version!; at > 0; at--) {
    const pair = changes.get(placeOf({ object, id, version: at }))?.[0]?.fields[name];
    if (pair) return pair[1];
  }
  return undefined;
}

/** What was refused has left nothing. */
async function checkRefused(ctx: Context, journal: Journal) {
  const refused = journal.writes.flatMap(write => write.refused.map(id => ({ write, id })));
  const left = await readChanges(
    ctx,
    refused.map(({ id }) => id),
  );
  for (const { record_id } of left) {
    const write = refused.find(({ id }) => id === record_id)?.write;
    journal.violation(`${write?.name}: ${record_id} was refused and is there`);
  }
}

/** Some of the states that clients have seen can be read as of their moment. */
async function checkPast(journal: Journal, done: Write[], changes: Map<string, Change[]>) {
  const seen = done.flatMap(({ effects }) => effects).filter(({ kind }) => kind === 'updated');
  for (const effect of seen.slice(0, 5)) {
    const change = changes.get(placeOf(effect))?.[0];
    const next = changes.get(placeOf({ ...effect, version: (effect.version ?? 0) + 1 }))?.[0];
    if (!change || change.at === next?.at) continue;
    const path = `/api/${paths[effect.object]}/${effect.id}?asOf=${change.at}`;
    const then = await journal.ask<Values>('GET', path);
    for (const [name, value] of Object.entries(effect.values)) {
      const shown = then[name];
      const linked = typeof shown === 'object' && shown !== null && 'id' in shown;
      const plain = linked ? shown.id : shown;
      if (!isDeepStrictEqual(plain, value))
        journal.violation(
          `${path}: ${name} is ${JSON.stringify(shown)}, then it was ${JSON.stringify(value)}`,
        );
    }
  }
}

/** System values that the log does not keep as fields. */
const outsideLog = new Set(['id', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy', 'version']);

const isEmpty = (value: Json | undefined) =>
  value === undefined || value === null || isDeepStrictEqual(value, []) || isDeepStrictEqual(value, {});

const same = (a: Json | undefined, b: Json | undefined) =>
  (isEmpty(a) && isEmpty(b)) || isDeepStrictEqual(a, b);

/** Replaying the log of every record touched since `since` gives the row that is stored, version by version. */
export async function checkReplay(ctx: Context, journal: Journal, since: number): Promise<number> {
  const touched = await ctx.db.run<{ object: string; ids: string[] }>(
    sql`select object, array_agg(distinct record_id)::text[] as ids from ${tableOf(ctx.schema, 'change')}
      where seq > ${since} and fields is not null group by object`,
  );
  let count = 0;
  for (const { object: name, ids } of touched) {
    const object = ctx.model.objects.get(name);
    if (!object) continue;
    const measured = [...object.fields.values()]
      .filter(({ options }) => options.measured)
      .map(field => field.name);
    for (let from = 0; from < ids.length; from += 2_000) {
      const some = ids.slice(from, from + 2_000);
      const scope = scopeOf(ctx, object);
      const rows = await ctx.db.run<{ json: string }>(
        sql`select ${storedJson(object, scope)}::text as json from ${scope.source}
          where ${sql.ref(`${scope.alias}.id`)} = any(${some}::uuid[])`,
      );
      const stored = new Map(rows.map(({ json }) => JSON.parse(json) as Values).map(row => [row.id, row]));
      const log = Map.groupBy(await readChanges(ctx, some), change => change.record_id);
      for (const id of some) {
        const fault = replayFault(
          stored.get(id),
          (log.get(id) ?? []).filter(({ object: of }) => of === name),
          measured,
        );
        if (fault) journal.violation(`${name} ${id}: ${fault}`);
      }
      count += some.length;
    }
  }
  return count;
}

/** `measured`: what jobs work out anew whenever they like; no history has it. */
function replayFault(stored: Values | undefined, log: Change[], measured: string[]): string | null {
  if (!stored) return 'has a history and is not there';
  const replayed: Values = {};
  for (const [index, change] of log.entries()) {
    const fault = stepFault(replayed, change, index + 1);
    if (fault) return fault;
  }
  if (stored.version !== log.length) return `is at version ${stored.version}, its history at ${log.length}`;
  for (const [name, value] of Object.entries(stored))
    if (!outsideLog.has(name) && !measured.includes(name) && !same(value, replayed[name]))
      return `${name} is ${JSON.stringify(value)}, its history says ${JSON.stringify(replayed[name])}`;
  return null;
}

/** Carries out one change of the log; answers how it does not fit what went before. */
function stepFault(replayed: Values, { version, kind, fields }: Change, place: number): string | null {
  if (version !== place) return `version ${version} stands at place ${place} of its history`;
  if ((kind === 'created') !== (place === 1)) return `${kind} stands at place ${place} of its history`;
  for (const [name, [before, after]] of Object.entries(fields)) {
    const was = replayed[name];
    if (!same(was, before))
      return `${name} was ${JSON.stringify(was)}, but version ${version} says ${JSON.stringify(before)}`;
    replayed[name] = after;
  }
  return null;
}

/** What holds between the tables, for everything since `since`. */
export async function checkTables(ctx: Context, journal: Journal, since: number) {
  const table = (name: string) => tableOf(ctx.schema, name);
  const recent = sql`select distinct object, record_id from ${table('change')} where seq > ${since} and fields is not null`;
  const none: [string, ReturnType<typeof sql>][] = [
    [
      'changes without a change set',
      sql`select c.seq from ${table('change')} c where c.seq > ${since}
        and not exists (select 1 from ${table('change_set')} s where s.id = c.set_id)`,
    ],
    [
      'records that the search does not know',
      sql`select r.record_id from (${recent}) r
        where not exists (select 1 from ${table('search_entry')} e where e.object = r.object and e.record_id = r.record_id)`,
    ],
    [
      'change sets without a change',
      sql`select s.id from ${table('change_set')} s where s.at > now() - interval '10 minutes'
        and not exists (select 1 from ${table('change')} c where c.set_id = s.id)`,
    ],
    ['jobs that hang', sql`select id from ${table('job_run')} where state not in ('done', 'failed')`],
    ['jobs left in the queue', sql`select id from farley_jobs._private_jobs`],
    [
      'transactions left open',
      sql`select pid from pg_stat_activity where state like 'idle in transaction%' and pid <> pg_backend_pid()
        and state_change < now() - interval '5 seconds'`,
    ],
  ];
  for (const object of ctx.model.objects.values()) {
    none.push([
      `search entries without their ${object.name}`,
      sql`select e.record_id from ${table('search_entry')} e where e.object = ${object.name}
        and not exists (select 1 from ${table(object.table)} r where r.id = e.record_id)`,
    ]);
    for (const field of object.fields.values())
      if (field.table)
        none.push([
          `rows of ${field.table} without owner`,
          sql`select i.owner_id from ${table(field.table)} i
            where not exists (select 1 from ${table(object.table)} r where r.id = i.owner_id)`,
        ]);
  }
  for (const [what, query] of none) {
    const found = await ctx.db.run(
      sql`select count(*) as n, min(x::text) as one from (${query}) x having count(*) > 0`,
    );
    if (found[0]) journal.violation(`${found[0].n} ${what}, for instance ${found[0].one}`);
  }
}

/** The search finds what clients have made. */
export async function checkSearch(journal: Journal) {
  const made = journal.writes
    .filter(write => write.answer && write.answer.status < 300)
    .flatMap(({ effects }) => effects)
    .filter(({ kind }) => kind === 'created');
  for (const { object, id, values } of made.slice(-3)) {
    // A word of its own: the address of a person, the name of anything else.
    const [field, text] = values.email
      ? ['email', String(values.email)]
      : values.name
        ? ['name', String(values.name)]
        : ['subject', String(values.subject)];
    const read = await journal.request('GET', `/api/${paths[object]}/${id}?fields=id,deletedAt,${field}`);
    if (read?.status !== 200) continue;
    const now = JSON.parse(read.text) as { deletedAt: string | null };
    // Renamed, or in the trash by now: then it is not found by this name.
    if (now.deletedAt || !read.text.includes(text)) continue;
    const found = await journal.ask<{ data: { id: string }[] }>(
      'GET',
      `/api/search?q=${encodeURIComponent(text)}`,
    );
    if (!found.data.some(hit => hit.id === id))
      journal.violation(`The search for "${text}" does not find ${object} ${id}`);
  }
}
