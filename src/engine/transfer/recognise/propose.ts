/** A proposal of how tables are imported: object, map and fields to be made, each column with its reason. */
import { USER } from '../../access/reach.ts';
import type { Context } from '../../context.ts';
import { camel, relationOf } from '../../model.ts';
import { parseScopeOf } from '../../records/draft.ts';
import type { ImportMap } from '../map.ts';
import { type Assigned, assign } from './assign.ts';
import { type Dictionary, dictionaryOf, type ImportingSpec, type Source } from './dictionary.ts';
import { mapOf } from './mapping.ts';
import { type Named, recognise, systemOf } from './recognise.ts';
import { type Shape, ShapeFinder, typeFor } from './shapes.ts';

/** A table that can be read. */
export interface ProposalTable extends Named {
  rows(): AsyncGenerator<{ cells: string[] }>;
}

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
  /** A few of its values. */
  samples: string[];
}

export interface TableProposal {
  file: string;
  table: string;
  system: { name: string; label: string } | null;
  object: string | null;
  label: string | null;
  /** 0 to 1: how sure it is what the rows are. */
  confidence: number;
  reason: string;
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

/** Rows that are looked at. */
const enough = 5_000;

/** Proposes how tables are imported together. Nothing is written. */
export async function propose(
  ctx: Context,
  importing: ImportingSpec[],
  tables: ProposalTable[],
): Promise<Proposal> {
  const dictionary = dictionaryOf(ctx.model, importing);
  const system = systemOf(dictionary, tables);
  const known = tables.map(table => ({ table, ...recognise(dictionary, table, system) }));
  const objects = new Set(known.flatMap(({ source }) => source?.object.name ?? []));
  const proposals: TableProposal[] = [];
  for (const { table, source, confidence, reason } of known) {
    const base = {
      file: table.file,
      table: table.name,
      system: system && { name: system.name, label: system.label },
      confidence,
      reason,
    };
    if (!source) {
      proposals.push({ ...base, object: null, label: null, columns: [], fields: [], map: null });
      continue;
    }
    const shapes = await shapesOf(table, dayFirst(ctx.settings.locale));
    proposals.push({
      ...base,
      ...proposeTable(ctx, dictionary, source, table.columns, shapes, objects, system?.name ?? 'file'),
    });
  }
  return { system: system && { name: system.name, label: system.label }, tables: inOrder(ctx, proposals) };
}

function dayFirst(locale: string): boolean {
  const parts = new Intl.DateTimeFormat(locale).formatToParts(new Date(0)).map(({ type }) => type);
  return parts.indexOf('day') < parts.indexOf('month');
}

async function shapesOf(table: ProposalTable, first: boolean): Promise<Shape[]> {
  const finders = table.columns.map(() => new ShapeFinder());
  let rows = 0;
  for await (const { cells } of table.rows()) {
    for (const [index, finder] of finders.entries()) finder.add(cells[index] ?? '');
    if (++rows >= enough) break;
  }
  const shapes = finders.map(finder => finder.shape(first));
  // One column that can only be read one way tells how the others of the table are written.
  const told = shapes.find(
    ({ dates }) => dates[0] && /^[DM]/.test(dates[0]) && new Set(dates.map(form => form[0])).size === 1,
  );
  const month = told ? told.dates[0]!.startsWith('D') : first;
  return month === first ? shapes : finders.map(finder => finder.shape(month));
}

function proposeTable(
  ctx: Context,
  dictionary: Dictionary,
  source: Source,
  columns: string[],
  shapes: Shape[],
  objects: Set<string>,
  system: string,
): Pick<TableProposal, 'object' | 'label' | 'columns' | 'fields' | 'map'> {
  const { object } = source;
  const assigned = assign(dictionary, source, columns, shapes, parseScopeOf(ctx));
  const fields: FieldProposal[] = [];
  const taken = new Set([...object.fields.keys(), ...object.inverses.keys()]);
  const dates = new Map<string, string>();
  for (const one of assigned) {
    if (one.target !== '+') continue;
    const { type, date } = typeFor(ctx.model, one.shape);
    const label = one.column.replace(/__c$/i, '').replace(/_/g, ' ').trim().slice(0, 80);
    const name = nameFor(label, taken);
    fields.push({ name, type: type.name, options: { label } });
    if (date) dates.set(name, date);
    one.target = `+${name}`;
    one.reason = `${one.reason} Its values are ${type.label.toLowerCase()}.`;
  }
  const map = mapOf({ ctx, source, assigned, objects, system, dates });
  return {
    object: object.name,
    label: object.spec.label,
    columns: assigned.map(one => columnOf(source, one)),
    fields,
    map,
  };
}

function columnOf(source: Source, { column, target, confidence, reason, shape }: Assigned): ColumnProposal {
  const [name, part] = target.split(/[./]/) as [string, string?];
  const label = source.object.fields.get(name.replace(/@.*/, ''))?.label ?? target.replace(/^\+/, '');
  const samples = shape.distinct.slice(0, 3).map(text => text.slice(0, 120));
  return { column, target, label: part ? `${label} · ${part}` : label, confidence, reason, samples };
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
function inOrder(ctx: Context, tables: TableProposal[]): TableProposal[] {
  const done: TableProposal[] = [];
  const left = [...tables];
  while (left.length > 0) {
    const free = left.findIndex(
      table =>
        !left.some(other => other !== table && other.object !== table.object && needs(ctx, table, other)),
    );
    done.push(...left.splice(Math.max(free, 0), 1));
  }
  return done;
}

function needs(ctx: Context, table: TableProposal, other: TableProposal): boolean {
  if (!table.object || !other.object) return false;
  const { fields } = ctx.model.objects.get(table.object)!;
  return Object.entries(table.map?.fields ?? {}).some(([name, map]) => {
    const field = fields.get(name);
    const relation = field && relationOf(field);
    if (!relation || relation.to === USER) return false;
    return relation.to === other.object || (typeof map === 'object' && map.link?.object === other.object);
  });
}
