/** A proposal of how tables are imported: object, map and fields to be made, each column with its reason. */
import { mayAdminister } from '../../access/reach.ts';
import type { Context } from '../../context.ts';
import { FarleyError } from '../../errors.ts';
import { camel, type Model, type ObjectModel, relationOf } from '../../model.ts';
import { parseScopeOf } from '../../records/draft.ts';
import { objectOf } from '../../records/scope.ts';
import { type ImportMap, longForms } from '../map.ts';
import { type Assigned, assign, decided } from './assign.ts';
import {
  type Dictionary,
  dictionaryOf,
  type ImportingSpec,
  type Source,
  type SystemSpec,
  sourceFor,
} from './dictionary.ts';
import { type Mapping, mapOf, usedFor } from './mapping.ts';
import { enough, type Part, type ProposalTable, partsOf, viewOf } from './parts.ts';
import { explains, meaningOf, recognise, systemOf } from './recognise.ts';
import { plainType, type Shape, ShapeFinder, typeFor } from './shapes.ts';
import { type Choice, choicesFor, labelOf } from './targets.ts';

/** A field that does not exist yet and would hold a column. */
export interface FieldProposal {
  name: string;
  type: string;
  options: { label: string };
}

export interface ColumnProposal {
  column: string;
  /** What it becomes: see `SourceSpec.columns`. `+name` is a field to be made. */
  target: string;
  /** For people: "E-mail", "Address · city". */
  label: string;
  /** 0 to 1. */
  confidence: number;
  reason: string;
  /** What it is good for where it becomes no value: "Kind of the file". Absent: it is left out. */
  used?: string;
  /** A few of its values. */
  samples: string[];
}

export interface TableProposal {
  file: string;
  table: string;
  /** Which part of it, where its rows are records of several kinds. */
  part?: string;
  system: { name: string; label: string } | null;
  object: string | null;
  label: string | null;
  /** 0 to 1: how sure it is what the rows are. */
  confidence: number;
  reason: string;
  /** How many it has; null where more were not looked at. */
  rows: number | null;
  /** The cells of the first rows, cut where they are long. */
  sample: string[][];
  columns: ColumnProposal[];
  /** Fields to be made before, so that nothing is lost. */
  fields: FieldProposal[];
  map: ImportMap | null;
}

export interface Proposal {
  system: { name: string; label: string } | null;
  /** In the order in which they are imported: what others link to comes first. */
  tables: TableProposal[];
}

/** Proposes how tables are imported together. `contents`: whether contents of files come along. Nothing is written. */
export async function propose(
  ctx: Context,
  importing: ImportingSpec[],
  tables: ProposalTable[],
  contents = false,
): Promise<Proposal> {
  const dictionary = dictionaryOf(ctx.model, importing, contents);
  const system = systemOf(dictionary, tables);
  const pieces = [];
  for (const table of tables) pieces.push(...(await piecesOf(dictionary, table, system)));
  const objects = new Set(
    pieces.flatMap(({ source }) => (source && !source.spec.mode ? [source.object.name] : [])),
  );
  const proposals: TableProposal[] = [];
  for (const piece of pieces) proposals.push(await proposalOf(ctx, dictionary, piece, system, objects));
  return {
    system: system && { name: system.name, label: system.label },
    tables: inOrder(ctx.model, agreed(ctx.model, proposals)),
  };
}

/** A field that several tables would make has one type: that of all of them, or the one that takes any line. */
function agreed(model: Model, proposals: TableProposal[]): TableProposal[] {
  const types = new Map<string, Set<string>>();
  const keyOf = (table: TableProposal, field: FieldProposal) => `${table.object}.${field.name}`;
  for (const table of proposals)
    for (const field of table.fields)
      types.set(keyOf(table, field), (types.get(keyOf(table, field)) ?? new Set()).add(field.type));
  const odd = (table: TableProposal, field: FieldProposal) => types.get(keyOf(table, field))!.size > 1;
  return proposals.map(table => {
    const plain = table.fields.filter(field => odd(table, field)).map(field => field.name);
    if (plain.length === 0) return table;
    const fields = table.fields.map(field =>
      plain.includes(field.name) ? { ...field, type: plainType(model).name } : field,
    );
    const map = table.map && { ...table.map, fields: { ...table.map.fields } };
    // What was to be read as a date or a number stays as it is written.
    for (const name of plain) {
      const way = map?.fields?.[name];
      if (map?.fields && way && typeof way === 'object')
        map.fields[name] = { ...way, date: undefined, number: undefined };
    }
    return { ...table, fields, map };
  });
}

/** A table, or a part of one, and what its rows are. */
interface Piece {
  table: ProposalTable;
  source: Source | null;
  confidence: number;
  reason: string;
  part?: Part;
}

async function piecesOf(
  dictionary: Dictionary,
  table: ProposalTable,
  system: SystemSpec | null,
): Promise<Piece[]> {
  const told = recognise(dictionary, table, system);
  const parts = await partsOf(dictionary, table, told.source);
  if (parts.length > 1) return parts.map(part => ({ ...part, table, confidence: 0.95, part }));
  const [only] = parts;
  return [{ ...told, table, ...(only ? { source: only.source, reason: only.reason } : {}) }];
}

/** Rows of a table that explains others, at most. */
const fewRows = 200;

async function proposalOf(
  ctx: Context,
  dictionary: Dictionary,
  { table, source, confidence, reason, part }: Piece,
  system: SystemSpec | null,
  objects: Set<string>,
): Promise<TableProposal> {
  const view = part ? viewOf(table, part) : table;
  const { shapes, ...seen } = await lookAt(ctx, view);
  const base = {
    file: table.file,
    table: table.name,
    ...(part ? { part: part.source.object.name } : {}),
    system: system && { name: system.name, label: system.label },
    confidence,
    reason,
    ...seen,
  };
  const without = (why: Partial<TableProposal>): TableProposal => {
    const columns = unknown(view.columns, shapes);
    return { ...base, ...why, object: null, label: null, columns, fields: [], map: null };
  };
  const known = source ? view.columns.filter(column => meaningOf(dictionary, source, column)).length : 0;
  if (explains(dictionary, table) && (seen.rows ?? enough) <= fewRows && 2 * known < view.columns.length)
    return without({
      confidence: 0.9,
      reason: 'Its name says that it explains other tables: it holds no records.',
    });
  if (source?.object.spec.administered === true && !mayAdminister(ctx))
    return without({ reason: 'Only who administers the workspace may import these.' });
  if (!source) return without({});
  const assigned = assign(dictionary, source, view.columns, shapes, parseScopeOf(ctx), part?.links);
  const mapping = { ctx, source, assigned, objects, ...from(dictionary, table, system?.name) };
  return { ...base, ...mapped(mapping, table, part) };
}

/** What someone decided of a table. */
export interface Decision {
  /** Name of the object that its rows become. */
  object: string;
  /** The system that the files come from, by its name. */
  system?: string;
  /** What columns become; absent: as it would be proposed. */
  columns?: { column: string; target: string }[];
  /** Names of the objects of all tables that are imported together. */
  objects?: string[];
  /** Which part of the table, as proposed. Absent: all of it. */
  part?: string;
  /** Whether contents of files come along. Default false. */
  contents?: boolean;
}

/** The map of a table whose columns become what someone decided. */
export async function mapAs(
  ctx: Context,
  importing: ImportingSpec[],
  table: ProposalTable,
  { object, system, columns, objects = [object], part: named, contents = false }: Decision,
): Promise<Mapped> {
  const dictionary = dictionaryOf(ctx.model, importing, contents);
  const owner = objectOf(ctx, object);
  const spec = dictionary.systems.find(({ name }) => name === system) ?? null;
  const { source: told } = recognise(dictionary, table, spec);
  const parts = named === undefined ? [] : await partsOf(dictionary, table, told);
  const part = parts.find(one => one.source.object.name === named);
  if (named !== undefined && !part)
    throw new FarleyError('invalidInput', `${table.name} has no part ${named}.`);
  const source = withWords(
    spec && told?.spec.byName && told.object === owner ? told : sourceFor(dictionary, owner),
    part,
  );
  const view = part ? viewOf(table, part) : table;
  const { shapes } = await lookAt(ctx, view);
  const choices = new Set(choicesFor(ctx.model, dictionary, source).map(({ target }) => target));
  for (const { target } of columns ?? [])
    if (!choices.has(target) && !/^(\+\w*|\w+\/\w+)$/.test(target))
      throw new FarleyError(
        'invalidInput',
        `A column of ${source.object.spec.plural.toLowerCase()} cannot become ${target}.`,
      );
  const assigned = columns
    ? decided(source, columns, column => shapes[view.columns.indexOf(column)])
    : assign(
        dictionary,
        source,
        view.columns,
        shapes,
        parseScopeOf(ctx),
        owner === part?.source.object ? part.links : undefined,
      );
  const mapping = { ctx, source, assigned, objects: new Set(objects), ...from(dictionary, table, system) };
  return mapped(mapping, table, part);
}

/** Someone says that a part is something else: what its columns are about is then that. */
function withWords(source: Source, part: Part | undefined): Source {
  return part ? { ...source, called: new Set([...source.called, ...part.source.called]) } : source;
}

/** What a map has to know of where the files come from. */
function from(
  { systems, trash }: Dictionary,
  { columns }: ProposalTable,
  system = 'file',
): Pick<Mapping, 'system' | 'ids' | 'between' | 'timeZone' | 'trash' | 'dates'> {
  const { ids, zone, between } = systems.find(({ name }) => name === system) ?? {};
  const timeZone = zone && columns.includes(zone.column) ? { timeZone: zone.timeZone } : {};
  return {
    system,
    trash,
    dates: new Map(),
    ...timeZone,
    ...(ids ? { ids } : {}),
    ...(between ? { between } : {}),
  };
}

/** Everything that columns can become for an object. */
export function targetsFor(ctx: Context, importing: ImportingSpec[], object: ObjectModel): Choice[] {
  const dictionary = dictionaryOf(ctx.model, importing);
  return choicesFor(ctx.model, dictionary, sourceFor(dictionary, object));
}

/** Columns of a table whose rows nobody knows. */
function unknown(columns: string[], shapes: Shape[]): ColumnProposal[] {
  const reason = 'It is not known what the rows are.';
  return columns.map((column, index) => ({
    column,
    target: '-',
    label: '',
    confidence: 0,
    reason,
    samples: samplesOf(shapes[index]!),
  }));
}

function dayFirst(locale: string): boolean {
  const parts = new Intl.DateTimeFormat(locale).formatToParts(new Date(0)).map(({ type }) => type);
  return parts.indexOf('day') < parts.indexOf('month');
}

/** Rows and letters of cells that are shown. */
const [shownRows, shownLetters] = [20, 200];

/** What the first rows of a table look like. */
async function lookAt(ctx: Context, table: ProposalTable) {
  const finders = table.columns.map(() => new ShapeFinder());
  const sample: string[][] = [];
  let rows = 0;
  let whole = true;
  for await (const { cells } of table.rows()) {
    if (rows === enough) {
      whole = false;
      break;
    }
    rows++;
    for (const [index, finder] of finders.entries()) finder.add(cells[index] ?? '');
    if (rows <= shownRows) sample.push(cells.map(cell => cell.slice(0, shownLetters)));
  }
  const first = dayFirst(ctx.settings.locale);
  const shapes = finders.map(finder => finder.shape(first));
  // One column that can only be read one way tells how the others of the table are written.
  const told = shapes.find(
    ({ dates }) => dates[0] && /^[DM]/.test(dates[0]) && new Set(dates.map(form => form[0])).size === 1,
  );
  const month = told ? told.dates[0]!.startsWith('D') : first;
  return {
    shapes: month === first ? shapes : finders.map(finder => finder.shape(month)),
    rows: whole ? rows : null,
    sample,
  };
}

type Mapped = Pick<TableProposal, 'object' | 'label' | 'columns' | 'fields' | 'map'>;

/** The map of a table or a part of it, and the fields to be made for it. */
function mapped(mapping: Mapping, { columns }: ProposalTable, part: Part | undefined): Mapped {
  const { ctx, source, assigned, dates } = mapping;
  const { object } = source;
  const fields: FieldProposal[] = [];
  const taken = new Set([...object.fields.keys(), ...object.inverses.keys()]);
  for (const one of assigned) {
    if (one.target !== '+') continue;
    if (!mayAdminister(ctx)) {
      Object.assign(one, { target: '-', reason: `${one.reason} An administrator can add one.` });
      continue;
    }
    const { type, date } = typeFor(ctx.model, one.shape, one.column);
    const label = one.column.replace(/__c$/i, '').replace(/_/g, ' ').trim().slice(0, 80);
    const name = nameFor(label, taken);
    fields.push({ name, type: type.name, options: { label } });
    if (date) dates.set(name, date);
    one.target = `+${name}`;
    one.reason = `${one.reason} Its values are ${type.label.toLowerCase()}.`;
  }
  return {
    object: object.name,
    label: object.spec.label,
    columns: assigned.map(one => columnOf(mapping, one)),
    fields,
    map: part ? partMap(mapping, columns, part) : mapOf(mapping),
  };
}

/** The other parts take what this one does not. */
function partMap(mapping: Mapping, columns: string[], part: Part): ImportMap {
  const map = mapOf(mapping);
  const ignore = [...(map.ignore ?? []), ...columns.filter(column => !part.columns.includes(column))];
  return {
    ...map,
    ...(part.repeats && !map.externalId ? sameBy(mapping) : {}),
    rows: [...part.rows, ...(map.rows ?? [])],
    ...(ignore.length > 0 ? { ignore } : {}),
  };
}

/** What rows of one record have in common, where they repeat it without a key. */
function sameBy({ source, assigned, system }: Mapping): Pick<ImportMap, 'sameBy'> {
  const columns = (source.spec.same ?? []).map(name => {
    const whole = assigned.find(({ target }) => target.split('@')[0] === name);
    return whole ? [whole] : assigned.filter(({ target }) => target.startsWith(`${name}.`));
  });
  if (columns.length === 0 || columns.some(found => found.length === 0)) return {};
  return { sameBy: { source: `${system}.rows`, columns: columns.flat().map(({ column }) => column) } };
}

function columnOf(mapping: Mapping, { column, target, confidence, reason, shape }: Assigned): ColumnProposal {
  const { ctx, source } = mapping;
  const label = labelOf(ctx.model, source.object, target);
  const used = target === '-' ? usedFor(mapping, column) : null;
  const why = used ?? { reason };
  return { column, target, label, confidence, ...why, samples: samplesOf(shape) };
}

function samplesOf({ distinct }: Shape): string[] {
  return distinct.slice(0, 3).map(text => text.slice(0, 120));
}

/** A name that the model accepts, made of a label in any script. */
function nameFor(label: string, taken: Set<string>): string {
  const base =
    camel(
      label
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .replace(/[^A-Za-z0-9 ]/g, ' ')
        .trim()
        .replace(/^\d+\s*/, ''),
    )
      .replace(/^[^a-z]+/, '')
      .slice(0, 36) || 'imported';
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}${count}`;
  taken.add(name);
  return name;
}

/** Tables whose records others link to come first; circles stay in the order given. */
export function inOrder<T extends { map: ImportMap | null }>(model: Model, tables: T[]): T[] {
  const done: T[] = [];
  const left = [...tables];
  while (left.length > 0) {
    const free = left.findIndex(table => !left.some(other => other !== table && needs(model, table, other)));
    done.push(...left.splice(Math.max(free, 0), 1));
  }
  return done;
}

function needs(model: Model, table: { map: ImportMap | null }, other: { map: ImportMap | null }): boolean {
  const [own, to] = [table.map?.object, other.map?.object];
  const fields = own === undefined ? undefined : model.objects.get(own)?.fields;
  if (!fields || to === undefined) return false;
  // What adds to records comes behind what makes them.
  if (to === own) return table.map?.mode === 'update' && other.map?.mode !== 'update';
  if (onlyTells(other.map)) return false;
  return Object.entries(table.map?.fields ?? {}).some(([name, map]) => {
    const field = fields.get(name);
    const relation = field && relationOf(field);
    if (!relation) return false;
    if (relation.to !== '*') return relation.to === to;
    // Ids alone may be those of any record.
    const links = typeof map === 'object' ? [map.link, ...(map.also ?? []).map(({ link }) => link)] : [];
    return links.some(link => link && (link.object ?? to) === to);
  });
}

/** Whether nothing is about what the rows become: files of records, and what adds links to records that are there. */
function onlyTells(map: ImportMap | null): boolean {
  const links = Object.values(map?.fields ?? {})
    .flatMap(longForms)
    .flatMap(({ link }) => link ?? []);
  return links.some(({ content, add }) => content || add);
}
