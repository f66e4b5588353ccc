/** The timeline of a record: what was changed, what was done (verbs), and its activities, in one stream, newest first. */
import { may, reach } from '../access/reach.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Field, Json, Reference } from '../field.ts';
import { isId } from '../id.ts';
import { inSentence, type ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';
import { matchesWords } from '../search/match.ts';
import { wordsOf } from '../search/words.ts';
import { and, type Sql, sql } from '../sql.ts';
import { belowSql, hierarchyOf } from './below.ts';
import { parseScopeOf } from './draft.ts';
import { type Filter, filterSql, within } from './filter.ts';
import { type Gathered, gatheredBy } from './gathered.ts';
import { type ChangeRow, changesOfRecord, changesWhere, entryOf, requireReach } from './history.ts';
import { recordJson } from './read.ts';
import { cellOf, objectOf, tableOf } from './scope.ts';
import { scopeOf } from './scope-of.ts';

export interface TimelineChange {
  field: string;
  label: string;
  /** For people; null where there was nothing. */
  before: string | null;
  after: string | null;
  /** Before and after as the API says values, so that they can be written as the reader is used to; absent for links. */
  values?: [Json, Json];
}

export interface TimelineEntry {
  id: string;
  at: string;
  kind: 'change' | 'event' | 'activity';
  /** What happened to the record, or the activity's object. */
  object: string;
  recordId: string;
  actor: { id: string; title: string } | null;
  via: string;
  icon: string;
  /** What happened in words: "Anna moved Rollout from Qualified to Won". */
  sentence: string;
  changes?: TimelineChange[];
  record?: Values;
  /** Of which record below the one asked for, or gathered by it, it tells. */
  of?: { object: string; id: string; title: string | null };
  changeSet: string | null;
  /** Whether that was taken back since. */
  undone: boolean;
}

export interface TimelineOptions {
  /** What `next` said. */
  after?: string;
  /** Entries at most, 1 to 200; 30 unless told. */
  limit?: number;
  /** Only these: `change`, `event`, and names of objects whose records are activities. Default: all. */
  kinds?: string[];
  /** User id: only what they did. */
  by?: string;
  /** Only entries that have each of these words, as they are shown to the reader. */
  q?: string;
  /** ISO 8601: only what happened until then. */
  until?: string;
  /** What happened with all records below this one too. Default false. */
  below?: boolean;
}

/** Changes looked through for words, in one page; where there are more, the page says so by its `next`. */
const maxScanned = 2_000;

/** A page of the timeline. Throws `invalidQuery` for a kind, a user or a moment that is none. */
export async function timeline(ctx: Context, objectName: string, id: string, options: TimelineOptions = {}) {
  const object = objectOf(ctx, objectName);
  checkOptions(ctx, options);
  const merged = await requireReach(ctx, object, id);
  const limit = Math.min(Math.max(options.limit ?? 30, 1), 200);
  const page: PageWish = { ...options, position: positionOf(options.after), limit: limit + 1 };
  const gathered = await gatheredBy(ctx, object, id);
  const [changes, activities] = await Promise.all([
    changesOf(ctx, object, changesOfTree(ctx, object, id, page) ?? changesOfRecord(object, id, merged), page),
    activitiesOf(ctx, object, id, { ...page, gathered }),
  ]);
  const { scannedTo } = changes;
  const all = [...changes.entries, ...activities]
    // Beyond what was looked through nothing is told yet, or a change between would be missed.
    .filter(entry => !scannedTo || orderKey(entry) >= orderKey(scannedTo))
    .sort((a, b) => (orderKey(a) < orderKey(b) ? 1 : -1));
  const data = await placed(ctx, object, id, all.slice(0, limit), { ...page, gathered });
  const last = all.length > limit ? data.at(-1) : scannedTo;
  return { data, next: last ? `${last.at}_${last.id}` : null };
}

/** The changes `c` of a record and of all below it; null where that is not asked for. */
function changesOfTree(ctx: Context, object: ObjectModel, id: string, { below }: PageWish): Sql | null {
  const by = below ? hierarchyOf(ctx, object) : null;
  if (!by) return null;
  const tree = belowSql(scopeOf(ctx, object), object, by, id);
  return sql`c.object = ${object.name} and c.record_id = any(array(${tree}))`;
}

/** Entries with the record below that they are about. One statement, and only where such were asked for. */
async function placed(
  ctx: Context,
  object: ObjectModel,
  id: string,
  entries: TimelineEntry[],
  { below, gathered = [] }: PageWish,
): Promise<TimelineEntry[]> {
  const by = below ? hierarchyOf(ctx, object) : null;
  if (!by && gathered.length === 0) return entries;
  const about = entries.map(entry => {
    if (entry.kind !== 'activity') return [entry.recordId];
    const field = ctx.model.objects.get(entry.object)?.spec.timeline?.about ?? '';
    const linked = entry.record?.[field] ?? null;
    return (Array.isArray(linked) ? linked : [linked]).flatMap(item =>
      item !== null && typeof item === 'object' && 'id' in item ? [String(item.id)] : [],
    );
  });
  const under = by ? await belowAmong(ctx, object, by, id, about.flat()) : [];
  const known = new Map(
    [...gathered, ...under.map(row => ({ object: object.name, ...row }))].map(row => [row.id, row]),
  );
  return entries.map((entry, index) => {
    // What is about the record itself needs no word.
    const of = about[index]!.includes(id)
      ? undefined
      : about[index]!.map(each => known.get(each)).find(Boolean);
    return of ? { ...entry, of } : entry;
  });
}

/** Those of some records that stand below one, with their titles. */
function belowAmong(ctx: Context, object: ObjectModel, by: Field, id: string, some: string[]) {
  const scope = scopeOf(ctx, object);
  const tree = belowSql(scope, object, by, id);
  const ids = sql.ref(`${scope.alias}.id`);
  return (ctx.tx ?? ctx.db).run<{ id: string; title: string | null }>(
    sql`select ${ids} as id, ${scope.titleOf(object.name, ids)} as title from ${scope.source}
      where ${ids} = any(${some}::uuid[]) and ${ids} = any(array(${tree})) and ${ids} <> ${id}::uuid`,
  );
}

interface PageWish extends TimelineOptions {
  /** Records whose activities stand here too. */
  gathered?: Gathered[];
  position: Position | null;
  limit: number;
}

function checkOptions(ctx: Context, { kinds, by, until }: TimelineOptions) {
  const known = [
    'change',
    'event',
    ...[...ctx.model.objects.values()].filter(o => o.spec.timeline).map(o => o.name),
  ];
  const odd = kinds?.find(kind => !known.includes(kind));
  if (odd !== undefined)
    throw new FarleyError('invalidQuery', `\`kind\` takes ${known.join(', ')}; ${odd} is none of them.`);
  if (by !== undefined && !isId(by)) throw new FarleyError('invalidQuery', '`by` takes the id of a user.');
  if (until !== undefined && !isMoment(until))
    throw new FarleyError('invalidQuery', '`until` takes a moment in ISO 8601.');
}

function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d))?$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** Newest first; at the same moment changes stand before activities, later ones before earlier ones. */
function orderKey(entry: TimelineEntry): string {
  const [kind, id] = [entry.id.slice(0, entry.id.indexOf('-')), entry.id.slice(entry.id.indexOf('-') + 1)];
  return `${entry.at} ${kind} ${kind === 'change' ? id.padStart(20, '0') : id}`;
}

interface Position {
  at: string;
  kind: 'change' | 'activity';
  id: string;
}

function positionOf(after: string | undefined): Position | null {
  if (!after) return null;
  const match = /^(\S+Z)_(change|activity)-([0-9a-f-]+)$/.exec(after);
  if (!match || Number.isNaN(Date.parse(match[1]!))) throw new FarleyError('invalidCursor');
  return { at: match[1]!, kind: match[2] as Position['kind'], id: match[3]! };
}

async function changesOf(
  ctx: Context,
  object: ObjectModel,
  ofRecord: Sql,
  { position: after, limit, kinds, by, q, until }: PageWish,
): Promise<{ entries: TimelineEntry[]; scannedTo: TimelineEntry | null }> {
  const words = q?.trim() ? wordsOf(q) : null;
  const wanted = (['change', 'event'] as const).filter(kind => !kinds || kinds.includes(kind));
  if (wanted.length === 0 || words?.length === 0) return { entries: [], scannedTo: null };
  const same =
    after?.kind === 'change'
      ? sql`or (c.at = ${after.at}::timestamptz and c.seq < ${after.id}::bigint)`
      : sql``;
  const where = and([
    ofRecord,
    sql`not ${isEcho(ctx)}`,
    ...(after ? [sql`(c.at < ${after.at}::timestamptz ${same})`] : []),
    ...(wanted.length === 1 ? [sql`(c.kind = 'event') = ${wanted[0] === 'event'}`] : []),
    ...(by ? [sql`s.actor_id = ${by}::uuid`] : []),
    ...(until ? [sql`c.at <= ${until}::timestamptz`] : []),
  ]);
  const size = words ? maxScanned : limit;
  const rows = await changesWhere(ctx, where, sql`c.at desc, c.seq desc`, size);
  const titles = await titlesOf(ctx, object, rows);
  const entries = rows.map(row => changeEntry(ctx, object, row, titles));
  if (!words) return { entries, scannedTo: null };
  const scannedTo = rows.length === size ? entries.at(-1)! : null;
  return { entries: entries.filter(entry => says(entry, words)), scannedTo };
}

/** Looked for in what the reader is shown, so that nothing hidden can be found. A word is found by its beginning. */
function says(entry: TimelineEntry, words: string[]): boolean {
  const changed =
    entry.changes?.flatMap(({ label, before, after }) => [label, before ?? '', after ?? '']) ?? [];
  const told = wordsOf([entry.sentence, ...changed].join(' '));
  return words.every(word => told.some(each => each.startsWith(word)));
}

/** A verb's event tells what its field changes say again; they stay in history, the timeline says it once. */
function isEcho(ctx: Context): Sql {
  return sql`(c.kind = 'updated' and exists (select 1 from ${tableOf(ctx.schema, 'change')} e
    where e.set_id = c.set_id and e.record_id = c.record_id and e.kind = 'event'))`;
}

function changeEntry(
  ctx: Context,
  object: ObjectModel,
  row: ChangeRow,
  titles: Map<string, string>,
): TimelineEntry {
  const entry = entryOf(ctx, row);
  const changed = [...object.fields.values()].flatMap(field => {
    const change = entry.fields[field.name];
    if (!change || field.system) return [];
    const [before, after] = change.map(value => shown(ctx, field, value, titles)) as [
      string | null,
      string | null,
    ];
    const values = field.type.references ? {} : { values: change };
    return [{ field: field.name, label: field.label, before, after, ...values }];
  });
  // What Farley works out of what people state would only drown it; and what no page shows, what it works out.
  const optionsOf = ({ field }: TimelineChange) => object.fields.get(field)!.options;
  const stated = changed.filter(change => !optionsOf(change).readOnly);
  const seen = changed.filter(change => !optionsOf(change).hidden);
  const changes = [stated, seen].find(some => some.length > 0) ?? changed;
  const verb = row.event ? object.verbs.get(row.event.split('.')[1]!) : undefined;
  const sentence = verb
    ? fill(verb.event.sentence, { ...entry.payload, actor: row.actor_name })
    : plainSentence(object, row, changes);
  return {
    id: `change-${row.seq}`,
    at: row.at,
    kind: row.kind === 'event' ? 'event' : 'change',
    object: object.name,
    recordId: row.record_id,
    actor: row.actor_id ? { id: row.actor_id, title: row.actor_name } : null,
    via: row.via,
    icon: verb?.event.icon ?? icons[row.kind] ?? 'pencil',
    sentence,
    ...(row.kind === 'updated' ? { changes } : {}),
    changeSet: row.set_id,
    undone: row.undone,
  };
}

const icons: Record<string, string> = {
  created: 'plus',
  updated: 'pencil',
  deleted: 'trash',
  restored: 'arrow-back-up',
};

function plainSentence(object: ObjectModel, row: ChangeRow, changes: TimelineChange[]): string {
  const who = row.actor_name;
  const what = inSentence(object.spec.label);
  if (row.kind === 'created') return `${who} created this ${what}`;
  if (row.kind === 'deleted') return `${who} moved this ${what} to the trash`;
  if (row.kind === 'restored') return `${who} restored this ${what}`;
  const [first, ...rest] = changes;
  if (!first) return `${who} changed this ${what}`;
  const names = changes.slice(0, 3).map(({ label }) => inSentence(label));
  if (rest.length > 2) return `${who} changed ${names.join(', ')} and more`;
  if (rest.length > 0) return `${who} changed ${names.join(', ')}`;
  if (first.before === null) return `${who} set ${inSentence(first.label)} to ${first.after}`;
  if (first.after === null) return `${who} cleared ${inSentence(first.label)}`;
  return `${who} changed ${inSentence(first.label)} from ${first.before} to ${first.after}`;
}

/** Puts payload values into a sentence: `{from}` → payload.from. What is missing is left out, not shown as a hole. */
export function fill(sentence: string, payload: Values): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = payload[name];
    return value === null || value === undefined
      ? '—'
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);
  });
}

function shown(ctx: Context, field: Field, value: Json, titles: Map<string, string>): string | null {
  if (value === null || (Array.isArray(value) && value.length === 0)) return null;
  if (!field.type.references) return field.type.format(value, field, parseScopeOf(ctx));
  const names = field.type
    .references(value, field)
    .map(reference => titles.get(`${reference.object}/${reference.id}`) ?? 'a hidden record');
  return names.join(', ');
}

/** Titles of all records that changed links point to, within reach. One statement. */
async function titlesOf(ctx: Context, object: ObjectModel, rows: ChangeRow[]): Promise<Map<string, string>> {
  const wanted = new Map<string, Set<string>>();
  for (const { object: target, id } of rows.flatMap(row => referencesOf(object, row)))
    wanted.set(target, (wanted.get(target) ?? new Set()).add(id));
  const parts = [...wanted]
    .filter(([target]) => ctx.model.objects.has(target))
    .map(([target, ids]) => {
      const scope = scopeOf(ctx, objectOf(ctx, target));
      return sql`select ${target}::text as object, i.id, ${scope.titleOf(target, sql`i.id`)} as title from unnest(${[...ids]}::uuid[]) as i(id)`;
    });
  if (parts.length === 0) return new Map();
  const found = await (ctx.tx ?? ctx.db).run<{ object: string; id: string; title: string | null }>(
    sql`${sql.join(parts, sql` union all `)}`,
  );
  return new Map(found.flatMap(row => (row.title === null ? [] : [[`${row.object}/${row.id}`, row.title]])));
}

/** The records that a change's links pointed to and point to. */
function referencesOf(object: ObjectModel, row: ChangeRow): Reference[] {
  const fields = row.fields ? (JSON.parse(row.fields) as Record<string, [Json, Json]>) : {};
  return Object.entries(fields).flatMap(([name, values]) => {
    const field = object.fields.get(name);
    const { references } = field?.type ?? {};
    return field && references
      ? values.flatMap(value => (value === null ? [] : references(value, field)))
      : [];
  });
}

/**
 * Activities about the record, of every object that declares `timeline`. First which ones and when, then what they say:
 * a record's JSON names everything it points to, and planning that for every kind of activity cost more than all the rest.
 */
async function activitiesOf(
  ctx: Context,
  object: ObjectModel,
  id: string,
  page: PageWish,
): Promise<TimelineEntry[]> {
  const { kinds, limit } = page;
  const branches = [...ctx.model.objects.values()]
    .filter(({ name, spec }) => spec.timeline && (!kinds || kinds.includes(name)))
    .filter(activity => may(ctx, activity, 'read'))
    .map(activity => activityBranch(ctx, activity, object, id, page));
  if (branches.length === 0) return [];
  const db = ctx.tx ?? ctx.db;
  const found = await db.run<{ object: string; id: string; at: string }>(
    sql`select a.object, a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
      from (${sql.join(branches, sql` union all `)}) a order by a.at desc, a.id desc limit ${limit}`,
  );
  const told = await activitiesById(ctx, found);
  return found.flatMap(row => {
    const activity = objectOf(ctx, row.object);
    const { j, by, by_title: title } = told.get(row.id) ?? {};
    // Gone between the two looks.
    if (!j) return [];
    return {
      id: `activity-${row.id}`,
      at: row.at,
      kind: 'activity' as const,
      object: row.object,
      recordId: row.id,
      actor: by ? { id: by, title: title ?? '' } : null,
      via: 'api',
      icon: activity.spec.icon,
      sentence: activity.spec.label,
      record: JSON.parse(j) as Values,
      changeSet: null,
      undone: false,
    };
  });
}

interface Told extends Record<string, unknown> {
  id: string;
  j: string;
  by: string | null;
  by_title: string | null;
}

/** What activities say and who wrote them, by their ids. One statement. */
async function activitiesById(
  ctx: Context,
  found: { object: string; id: string }[],
): Promise<Map<string, Told>> {
  const parts = [...Map.groupBy(found, row => row.object)].map(([name, rows]) => {
    const activity = objectOf(ctx, name);
    const scope = scopeOf(ctx, activity);
    const self = sql.ref(`${scope.alias}.id`);
    const by = cellOf(activity.fields.get('createdBy')!, scope.alias)();
    return sql`select ${self} as id, ${recordJson(scope, undefined)}::text as j, ${by} as by, ${scope.titleOf('user', by)} as by_title
      from ${scope.source} where ${self} = any(${rows.map(row => row.id)}::uuid[])
        and ${sql.ref(`${scope.alias}.deleted_at`)} is null and ${reach(ctx, activity, 'read', scope)}`;
  });
  if (parts.length === 0) return new Map();
  const rows = await (ctx.tx ?? ctx.db).run<Told>(sql`${sql.join(parts, sql` union all `)}`);
  return new Map(rows.map(row => [row.id, row]));
}

function activityBranch(
  ctx: Context,
  activity: ObjectModel,
  object: ObjectModel,
  id: string,
  { position: after, limit, by: author, q, until, below, gathered = [] }: PageWish,
): Sql {
  const scope = scopeOf(ctx, activity);
  const { about, at, replyTo } = activity.spec.timeline!;
  const moment = sql`coalesce(${cellOf(activity.fields.get(at)!, scope.alias)()}::timestamptz, ${sql.ref(`${scope.alias}.created_at`)})`;
  const field = activity.fields.get(about)!;
  const inTree = below && hierarchyOf(ctx, object) !== null;
  const op = inTree ? within.name : field.table ? 'has' : 'is';
  const own: Filter = { field: about, op, value: { object: object.name, id } };
  const others = gathered.map(each => ({ object: each.object, id: each.id }));
  const any = field.table ? 'hasAnyOf' : 'isAnyOf';
  const where = and([
    filterSql(others.length > 0 ? { or: [own, { field: about, op: any, value: others }] } : own, scope),
    sql`${sql.ref(`${scope.alias}.deleted_at`)} is null`,
    reach(ctx, activity, 'read', scope),
    // Answers stand below what they answer; who looks for words or a person finds them too.
    ...(replyTo && !q?.trim() && !author
      ? [sql`${cellOf(activity.fields.get(replyTo)!, scope.alias)()} is null`]
      : []),
    ...(after ? [earlierThan(after, moment, sql.ref(`${scope.alias}.id`))] : []),
    ...(author ? [sql`${cellOf(activity.fields.get('createdBy')!, scope.alias)()} = ${author}::uuid`] : []),
    ...(q?.trim() ? [matchesWords(scope, q)] : []),
    ...(until ? [sql`${moment} <= ${until}::timestamptz`] : []),
  ]);
  return sql`(select ${activity.name}::text as object, ${sql.ref(`${scope.alias}.id`)} as id, ${moment} as at
    from ${scope.source} where ${where} order by ${moment} desc, ${sql.ref(`${scope.alias}.id`)} desc limit ${limit})`;
}

function earlierThan(after: Position, moment: Sql, id: Sql): Sql {
  if (after.kind === 'change') return sql`${moment} <= ${after.at}::timestamptz`;
  return sql`(${moment}, ${id}) < (${after.at}::timestamptz, ${after.id}::uuid)`;
}
