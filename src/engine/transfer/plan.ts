/** An import map made ready for work: names resolved, readers prepared, finders opened. */
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Field } from '../field.ts';
import { type ObjectModel, relationOf } from '../model.ts';
import { parseScopeOf } from '../records/draft.ts';
import { normalise } from '../search/words.ts';
import { type Columns, type TextReader, textReader, type ValueReader, valueReader } from './cells.ts';
import { type Condition, columnsIn, conditionOf } from './conditions.ts';
import { AnyKindFinder } from './find-any.ts';
import { Finder } from './finder.ts';
import {
  checkNames,
  columnsOf,
  type FieldMap,
  guessMap,
  type ImportMap,
  type LinkMap,
  linkTarget,
  longForm,
  longForms,
  ofAnyKind,
} from './map.ts';
import type { TableFile } from './table.ts';

/** The object of stored files. */
export const FILE = 'file';

export interface ValuePlan {
  field: Field;
  read: ValueReader;
}

export interface LinkPlan {
  field: Field;
  /** What it leads to; null where that may be any kind of record. */
  target: ObjectModel | null;
  finder: Pick<Finder, 'find'> & Partial<Finder>;
  options: LinkMap;
  /** Finds only among those that share a link with the row: by the id of what that leads to. */
  among: (id: string) => Finder;
  /** Reads what the file calls the linked record, or records. */
  read: TextReader;
  many: boolean;
  /** The field may link to several kinds of records, so that the value names the kind. */
  anyKind: boolean;
  /** Takes the others, where several are given for one. */
  further: Field | null;
  /** Further values of records that are made. */
  values: ValuePlan[];
  /** The cells that those come from. */
  valueCells: number[];
  /** What is known of each link, and in which cell. */
  attributes: [name: string, index: number][];
  /** It is filled by the files that rows bring along. */
  brought: boolean;
  /** The link leads to records of this same file, which may stand further down. */
  within: boolean;
}

export interface Plan {
  object: ObjectModel;
  map: ImportMap;
  columns: string[];
  values: ValuePlan[];
  links: LinkPlan[];
  match: { by: string; finder: Pick<Finder, 'find' | 'learn'>; read: TextReader } | null;
  /** What tells rows apart that the key does not: the source of those ids, and the id in a key of `match`. */
  sameBy: { source: string; idIn(key: string): string | null } | null;
  externalId: { source: string; read: TextReader } | null;
  conditions: Condition[];
  unusedColumns: string[];
}

/** Prepares an import; throws what in the map does not fit the file or the model. */
export function planImport(
  ctx: Context,
  object: ObjectModel,
  given: ImportMap,
  { columns, filesColumn }: Pick<TableFile, 'columns' | 'filesColumn'>,
): Plan {
  const map = given.fields ? given : { ...guessMap(columns, object), ...given };
  checkNames(map, columns, object, ctx.model);
  const fields = Object.entries(map.fields ?? {});
  if (fields.length === 0)
    throw new FarleyError(
      'invalidInput',
      `No column of the file is named like a field of ${object.spec.label.toLowerCase()}.`,
    );
  const at: Columns = new Map(columns.map((column, index) => [column, index]));
  const isLink = ([name, given]: (typeof fields)[number]) =>
    relationOf(object.fields.get(name)!) !== null && !isConstant(longForm(given));
  return {
    object,
    map,
    columns,
    values: valuePlans(
      inZone(ctx, map.file?.timeZone),
      object,
      Object.fromEntries(fields.filter(entry => !isLink(entry))),
      at,
    ),
    links: fields
      .filter(isLink)
      .flatMap(([name, given]) =>
        longForms(given).map(map => linkPlan(ctx, object, object.fields.get(name)!, map, at, filesColumn)),
      )
      // What depends on another link comes behind it.
      .sort((a, b) => Number(a.options.with !== undefined) - Number(b.options.with !== undefined)),
    match: map.sameBy
      ? sameMatch(ctx, object, map.sameBy, at, matchPlan(ctx, object, map, at))
      : matchPlan(ctx, object, map, at),
    sameBy: map.sameBy ? { source: map.sameBy.source, idIn } : null,
    externalId: map.externalId
      ? {
          source: map.externalId.source,
          read: idReader(map.externalId, at),
        }
      : null,
    conditions: (map.rows ?? []).map(row => conditionOf(row, columns)),
    unusedColumns: unused(map, columns),
  };
}

/** As if the workspace were in the time zone of the file. */
function inZone(ctx: Context, timeZone: string | undefined): Context {
  if (timeZone === undefined) return ctx;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new FarleyError(
      'invalidInput',
      `There is no time zone ${timeZone}. Give one such as Europe/Vienna.`,
    );
  }
  return { ...ctx, settings: { ...ctx.settings, timeZone } };
}

function isConstant(map: FieldMap): boolean {
  return map.constant !== undefined && typeof map.constant !== 'string';
}

function valuePlans(
  ctx: Context,
  object: ObjectModel,
  maps: NonNullable<ImportMap['fields']>,
  at: Columns,
): ValuePlan[] {
  return Object.entries(maps).map(([name, given]) => {
    const field = object.fields.get(name)!;
    const map = longForm(given);
    return { field, read: valueReader(field, map, at, parseScopeOf(inZone(ctx, map.timeZone))) };
  });
}

function linkPlan(
  ctx: Context,
  object: ObjectModel,
  field: Field,
  map: FieldMap,
  at: Columns,
  filesColumn: string | undefined,
): LinkPlan {
  const relation = relationOf(field)!;
  const options = map.link ?? {};
  const { by = 'title', source, where } = options;
  const common = {
    field,
    options,
    read: textReader(map, at, field.label),
    many: relation.many,
    further: relation.many ? null : (object.fields.get(options.further ?? '') ?? null),
    anyKind: relation.to === '*',
    attributes: Object.entries(options.attributes ?? {}).map(([name, column]): [string, number] => [
      name,
      at.get(column)!,
    ]),
    brought: filesColumn !== undefined && map.column === filesColumn && relation.to === FILE,
  };
  if (ofAnyKind(field, options))
    return {
      ...common,
      target: null,
      finder: new AnyKindFinder(ctx, source!),
      among: () => {
        throw new Error('Records of any kind share no link.');
      },
      values: [],
      valueCells: [],
      within: false,
    };
  const target = linkTarget(field, options, ctx.model);
  if (!target)
    throw new FarleyError(
      'invalidInput',
      `${field.label} may link to several kinds of records; say which in "link".`,
    );
  return {
    ...common,
    target,
    finder: new Finder(ctx, target, { by, source, where }),
    among: remembering(
      id => new Finder(ctx, target, { by, source, where: { ...where, [options.with!]: id } }),
    ),
    values: valuePlans(ctx, target, options.values ?? {}, at),
    valueCells: Object.values(options.values ?? {})
      .flatMap(value => columnsOf(longForm(value)))
      .map(column => at.get(column)!),
    within: target.name === field.object && !options.create,
  };
}

function remembering<T>(make: (id: string) => T): (id: string) => T {
  const known = new Map<string, T>();
  return id => {
    const one = known.get(id) ?? make(id);
    known.set(id, one);
    return one;
  };
}

function idReader({ column, take }: NonNullable<ImportMap['externalId']>, at: Columns): TextReader {
  return textReader({ column, ...(take ? { take } : {}) }, at, 'External id');
}

function matchPlan(ctx: Context, object: ObjectModel, map: ImportMap, at: Columns): Plan['match'] {
  const by = map.match ?? (map.externalId ? 'externalId' : null);
  if (!by) return null;
  const { externalId } = map;
  if (by === 'externalId')
    return {
      by,
      finder: new Finder(ctx, object, { by, source: externalId!.source }),
      read: idReader(externalId!, at),
    };
  const idColumn = [...at.keys()].find(column => column.toLowerCase() === 'id');
  if (by === 'id' && idColumn === undefined)
    throw new FarleyError('invalidInput', 'The file has no column "id".');
  const text = by === 'id' ? { column: idColumn! } : longForm(map.fields![by]!);
  const field = object.fields.get(by)!;
  if (relationOf(field) || text.parts)
    throw new FarleyError('invalidInput', `Rows cannot be matched by ${field.label.toLowerCase()}.`);
  return { by, finder: new Finder(ctx, object, { by }), read: textReader(text, at, field.label) };
}

/** Stands before keys that are put together of several columns. */
const together = '\u0001';

const idIn = (key: string) => (key.startsWith(together) ? key.slice(1) : null);

/** Longer ids than that stand for texts, and not for names. */
const longestId = 250;

/** Rows are met by their key, or else by what several columns say together. */
function sameMatch(
  ctx: Context,
  object: ObjectModel,
  { source, columns }: NonNullable<ImportMap['sameBy']>,
  at: Columns,
  match: Plan['match'],
): NonNullable<Plan['match']> {
  const ids = new Finder(ctx, object, { by: 'externalId', source });
  return {
    by: match?.by ?? 'externalId',
    read: (cells, note) => {
      const key = match?.read(cells, note) ?? '';
      if (key !== '') return key;
      const parts = columns.map(column => normalise(cells[at.get(column)!] ?? ''));
      const id = parts.join(' · ');
      return parts.every(Boolean) && id.length <= longestId ? together + id : '';
    },
    finder: {
      find: async keys => {
        const all = [...keys];
        const own = all.flatMap(key => idIn(key) ?? []);
        const [found, same] = [
          await match?.finder.find(all.filter(key => idIn(key) === null)),
          await ids.find(own),
        ];
        return new Map([...(found ?? []), ...[...same].map(([id, hit]) => [together + id, hit] as const)]);
      },
      learn: (key, id) => {
        const own = idIn(key);
        if (own === null) match?.finder.learn(key, id);
        else ids.learn(own, id);
      },
    },
  };
}

function unused(map: ImportMap, columns: string[]): string[] {
  const used = new Set([
    ...Object.values(map.fields ?? {})
      .flatMap(longForms)
      .flatMap(columnsOf),
    ...(map.rows ?? []).flatMap(columnsIn),
    ...(map.ignore ?? []),
    ...(map.externalId ? [map.externalId.column] : []),
  ]);
  // Columns that an earlier import added to the rows it could not read.
  return columns.filter(
    column =>
      !used.has(column) && !column.startsWith('_') && !(map.match === 'id' && column.toLowerCase() === 'id'),
  );
}
