/** A batch of rows on its way: values read, links resolved, missing targets made. */
import type { Context } from '../context.ts';
import { Refusal } from '../errors.ts';
import type { Json } from '../field.ts';
import type { ObjectModel } from '../model.ts';
import type { Values } from '../object.ts';
import { inTransaction } from '../records/write.ts';
import { normalise } from '../search/words.ts';
import { bringContents, bringPages, type Taking } from './contents.ts';
import type { Finder, Found, Missing } from './finder.ts';
import type { LinkPlan, Plan } from './plan.ts';
import type { FileRow } from './table.ts';
import { writeEach } from './write-each.ts';

/** A row of the file on its way to a record. */
export interface DraftRow extends FileRow {
  values: Values;
  /** Why it cannot be imported; null while nothing speaks against it. */
  problem: string | null;
  /** Why it was left alone, where it was. */
  skipped?: string;
  /** Links to records that may stand further down in the file. */
  later: { link: LinkPlan; keys: string[] }[];
}

/** Told that linked records are made, in their transaction; what it answers is done once that has ended well. */
export type MadeLinked = (inside: Context, object: string, count: number) => Promise<() => void>;

/** Takes what is worth telling about a row. */
export type Warn = (row: number, message: string, value: string) => void;

/** Reads the values of a row, its links aside. */
export function draftRow(plan: Plan, file: FileRow, warn: Warn): DraftRow {
  const draft: DraftRow = { ...file, values: {}, problem: null, later: [] };
  const extra = file.cells.slice(plan.columns.length).filter(cell => cell.trim() !== '');
  if (extra.length > 0) {
    draft.problem = `The row has ${file.cells.length} cells, but there are ${plan.columns.length} columns.`;
    return draft;
  }
  const read = readValues(plan, file, warn);
  if (typeof read === 'string') draft.problem = read;
  else draft.values = read;
  return draft;
}

/** What a row is brought without, and why. */
export function leavesOut(message: string): string {
  return `${message} It was left out.`;
}

function readValues(
  { values: plans, map }: Pick<Plan, 'values' | 'map'>,
  { row, cells }: FileRow,
  warn: Warn,
): Values | string {
  const values: Values = {};
  const problems: string[] = [];
  const note = (message: string, example: string) => warn(row, message, example);
  for (const { field, read } of plans) {
    const value = read(cells, note);
    if (value instanceof Refusal) {
      if (map.unreadable !== 'empty' || field.options.required) problems.push(value.message);
      else note(leavesOut(value.message), '');
    } else if (value !== undefined) values[field.name] = value;
    else if (map.empty === 'clear') values[field.name] = null;
  }
  return problems.length > 0 ? problems.join(' ') : values;
}

/** Resolves all links of a batch: one statement per link field, and one write for what is to be made or taken in. */
export async function resolveLinks(
  ctx: Context,
  plan: Plan,
  drafts: DraftRow[],
  warn: Warn,
  made: MadeLinked,
  taking: Taking,
) {
  for (const each of plan.links.filter(({ brought }) => !brought))
    for (const [link, live] of amongOf(
      each,
      drafts.filter(draft => draft.problem === null),
    ))
      await resolveLink(ctx, plan, link, live, warn, made, taking);
}

/** A link of rows, parted where it is looked for among those that share another link with the row. */
function amongOf(link: LinkPlan, live: DraftRow[]): [LinkPlan, DraftRow[]][] {
  const { with: shared } = link.options;
  if (shared === undefined || link.within) return [[link, live]];
  const groups = Map.groupBy(live, ({ values }) => values[shared]);
  return [...groups].map(([id, drafts]) => [
    typeof id === 'string' ? { ...link, finder: link.among(id) } : link,
    drafts,
  ]);
}

async function resolveLink(
  ctx: Context,
  plan: Plan,
  link: LinkPlan,
  live: DraftRow[],
  warn: Warn,
  made: MadeLinked,
  taking: Taking,
) {
  const keys = new Map(live.map(draft => [draft, keysOf(link, draft, warn)]));
  const found = await link.finder.find([...keys.values()].flat());
  const { create, content } = link.options;
  if (link.target && (create || content)) {
    const making = { ...link, target: link.target, finder: link.finder as Finder };
    if (content) await bringMissing(ctx, making, keys, found, warn, made, taking);
    else await makeMissing(ctx, making, keys, found, warn, made);
  }
  for (const draft of live) setLink(plan, link, draft, keys.get(draft)!, found, warn);
}

function keysOf(link: LinkPlan, draft: DraftRow, warn: Warn): string[] {
  const text = link.read(draft.cells, (message, example) => warn(draft.row, message, example));
  if (text instanceof Refusal) {
    draft.problem = text.message;
    return [];
  }
  // Ids have no separators in them: where one link is to be filled, the first of them counts.
  const apart = link.many || link.options.by === 'externalId' || link.options.separator !== undefined;
  const parts = apart ? text.split(link.options.separator ?? between) : [text];
  const keys = [...new Set(parts.map(part => part.trim()).filter(part => part !== ''))];
  if (link.many || link.further || keys.length < 2) return keys;
  warn(draft.row, leftOut(link, keys.length - 1), text);
  return keys.slice(0, 1);
}

const between = ';';

function leftOut({ field }: LinkPlan, others: number): string {
  return `${field.label}: of several the first was taken; ${others} ${others === 1 ? 'was' : 'were'} left out.`;
}

/** The links beyond the one that a field holds go to another field. */
function setFurther(
  { further, ...link }: LinkPlan,
  draft: DraftRow,
  keys: string[],
  found: Map<string, Found | Missing>,
  warn: Warn,
) {
  if (!further || keys.length < 2) return;
  const ids = keys.slice(1).flatMap(key => {
    const hit = found.get(key);
    return typeof hit === 'object' ? [hit.id] : [];
  });
  const lost = keys.length - 1 - ids.length;
  if (lost > 0) warn(draft.row, leftOut({ ...link, further }, lost), keys.join(between));
  if (ids.length > 0)
    draft.values[further.name] = [...((draft.values[further.name] ?? []) as Json[]), ...ids];
}

function setLink(
  plan: Plan,
  link: LinkPlan,
  draft: DraftRow,
  all: string[],
  found: Map<string, Found | Missing>,
  warn: Warn,
) {
  if (draft.problem !== null) return;
  const { field } = link;
  const keys = (link.further ? all.slice(0, 1) : all).filter(key => found.has(key));
  setFurther(link, draft, all, found, warn);
  if (link.within && keys.some(key => found.get(key) === 'none')) {
    draft.later.push({ link, keys });
    return;
  }
  const hits = keys.flatMap(key => hitOf(link, draft, key, found.get(key)!, warn) ?? []);
  const known = attributesOf(link, draft.cells);
  if (hits.length > 0) draft.values[field.name] = withLinks(link, draft.values[field.name], hits, known);
  else if (plan.map.empty === 'clear') draft.values[field.name] ??= null;
}

/** What a row says of its links; null where nothing. */
function attributesOf({ attributes }: LinkPlan, cells: string[]): Record<string, string> | null {
  const stated = attributes.flatMap(([name, index]) => {
    const text = cells[index]?.trim();
    return text ? [[name, text] as const] : [];
  });
  return stated.length > 0 ? Object.fromEntries(stated) : null;
}

function hitOf(link: LinkPlan, draft: DraftRow, key: string, hit: Found | Missing, warn: Warn): Found | null {
  const { field, options } = link;
  if (typeof hit === 'object') {
    if (hit.spelt !== undefined && hit.spelt !== key)
      warn(draft.row, `${field.label}: "${key}" was taken for "${hit.spelt}".`, key);
    return hit;
  }
  const message = missingMessage(link, key, hit);
  if (link.options.quiet) return null;
  if (options.missing === 'empty') warn(draft.row, `${message} ${field.label} was left empty.`, key);
  else draft.problem ??= message;
  return null;
}

/** What is wrong with a link that leads nowhere, or to several. */
export function missingMessage(link: LinkPlan, key: string, why: Missing): string {
  const { by = 'title', content } = link.options;
  if (content && why === 'none') return `The files that were given hold no content of "${key}".`;
  const how = by === 'title' ? 'called' : by === 'externalId' ? 'with the external id' : `whose ${by} is`;
  const { label, plural } = link.target?.spec ?? { label: 'record', plural: 'records' };
  return why === 'several'
    ? `There are several ${plural.toLowerCase()} ${how} "${key}".`
    : `There is no ${label.toLowerCase()} ${how} "${key}".`;
}

/** The value a link field takes for these records; several places may give links to one field. */
export function withLinks(
  link: LinkPlan,
  given: Json | undefined,
  hits: Found[],
  known: Record<string, string> | null = null,
): Json {
  const items = hits.map(({ id, object }): Json => {
    if (link.anyKind) return { object: object ?? link.target!.name, id };
    return known ? { id, ...known } : id;
  });
  return link.many ? [...((given ?? []) as Json[]), ...items] : items[0]!;
}

/** A link to one kind of record, which can be made. */
export type MakingPlan = LinkPlan & { target: ObjectModel; finder: Finder };

/** A record to be made, and the first place that names it: of several in a cell, which. */
interface Wanted {
  draft: DraftRow;
  names: Set<string>;
  place: number;
  of: number;
}

function wantedOf(keys: Map<DraftRow, string[]>, found: Map<string, Found | Missing>): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const [draft, own] of keys)
    for (const [place, key] of own.entries()) {
      if (found.get(key) !== 'none' || draft.problem !== null) continue;
      const same = normalise(key);
      const known = wanted.get(same) ?? { draft, names: new Set(), place, of: own.length };
      wanted.set(same, { ...known, names: known.names.add(key) });
    }
  return [...wanted.values()];
}

/** The cells of a row as they are about one of several links: those that hold as many values are parted too. */
function cellsAt({ options, valueCells }: LinkPlan, cells: string[], place: number, of: number): string[] {
  return cells.map((cell, index) => {
    if (!valueCells.includes(index)) return cell;
    const parts = cell.split(options.separator ?? between).map(part => part.trim());
    return parts.length === of ? parts[place]! : place === 0 ? cell : '';
  });
}

/** Makes the linked records that do not exist, each once however many rows name it; enters them into `found`. */
async function makeMissing(
  ctx: Context,
  link: MakingPlan,
  keys: Map<DraftRow, string[]>,
  found: Map<string, Found | Missing>,
  warn: Warn,
  made: MadeLinked,
) {
  const wanted = wantedOf(keys, found);
  const where = await link.finder.whereValues();
  const makers = wanted.flatMap(({ draft, names, place, of }) => {
    const row = of > 1 ? { ...draft, cells: cellsAt(link, draft.cells, place, of) } : draft;
    const values = newValues(ctx, link, [...names][0]!, row, warn);
    if (typeof values !== 'string') return [{ draft, names, place, values: { ...where, ...values } }];
    if (place === 0 || !link.further) draft.problem = values;
    return [];
  });
  const operations = makers.map(({ values }) => ({ op: 'create' as const, values }));
  if (operations.length === 0) return;
  const { results, told } = await inTransaction(ctx, async inside => {
    const all = await writeEach(inside, link.target.name, operations);
    const count = all.filter(({ kind }) => kind !== 'refused').length;
    return { results: all, told: await made(inside, link.target.name, count) };
  });
  told();
  for (const [index, { draft, names, place }] of makers.entries()) {
    const { kind, id, problems } = results[index]!;
    // What is only a further link costs no row.
    if (kind === 'refused' && link.further && place > 0) continue;
    if (kind === 'refused') {
      const why = problems.map(problem => problem.message).join(' ');
      draft.problem = `The ${link.target.spec.label.toLowerCase()} "${[...names][0]}" could not be made: ${why}`;
      continue;
    }
    for (const name of names) {
      found.set(name, { id });
      link.finder.learn(name, id);
    }
  }
}

/** Files that are not there, of contents that came along; enters them into `found`. */
async function bringMissing(
  ctx: Context,
  link: MakingPlan,
  keys: Map<DraftRow, string[]>,
  found: Map<string, Found | Missing>,
  warn: Warn,
  made: MadeLinked,
  taking: Taking,
) {
  const wanted = wantedOf(keys, found).flatMap(({ draft, names }) => {
    const key = [...names][0]!;
    const values = readValues({ values: link.values, map: {} }, draft, warn);
    if (typeof values !== 'string') return [{ draft, key, values }];
    draft.problem = values;
    return [];
  });
  for (const page of await bringPages(link, wanted, taking)) found.delete(page);
  const files = wanted.filter(({ key }) => found.has(key));
  for (const [key, id] of await bringContents(ctx, link, files, taking, made)) {
    found.set(key, { id });
    link.finder.learn(key, id);
  }
}

function newValues(
  ctx: Context,
  link: MakingPlan,
  key: string,
  draft: DraftRow,
  warn: Warn,
): Values | string {
  const { by = 'title', source } = link.options;
  const more = readValues({ values: link.values, map: {} }, draft, warn);
  if (typeof more === 'string') return more;
  if (by === 'externalId') return { ...more, externalIds: { [source!]: key } };
  const field = by === 'title' ? link.target.title : link.target.fields.get(by)!;
  const { type } = field;
  const { locale, timeZone, country, currency } = ctx.settings;
  const scope = { now: ctx.clock.now(), locale, timeZone, country, currency };
  const value = type.parseText ? type.parseText(key, field, scope) : type.parse(key, field, scope);
  return value instanceof Refusal ? value.message : { ...more, [field.name]: value };
}
