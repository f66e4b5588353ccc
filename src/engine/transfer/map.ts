/** The import map: how the columns of a file become the fields of an object. Kept as JSON, beside the file or in a request. */
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { byName } from '../api/validate.ts';
import { FarleyError, type Problem } from '../errors.ts';
import type { Field, Json } from '../field.ts';
import { type Model, type ObjectModel, relationOf } from '../model.ts';
import { columnsIn } from './conditions.ts';
import type { FileOptions } from './table.ts';

/** How one text is found in a row and made readable for the field. */
export interface TextMap {
  /** Name of the column in the file. */
  column?: string;
  /** Text composed of columns: `{first} {last}`; `{city|no city}` says what stands for an empty cell. */
  template?: string;
  /** The same value for all rows; JSON, as the API takes it. */
  constant?: Json;
  /** What the file says → what is meant: `{ "technolgy": "technology" }`. `null` stands for "no value". */
  translate?: Record<string, string | null>;
  /** The text where the cell is empty. */
  default?: string;
  /** How dates are written: `DD.MM.YYYY`, `M/D/YY`, `YYYY-MM-DD HH:mm`; `…` leaves out the rest. Default: as people of the workspace write them. */
  date?: string;
  /** What of the text counts: the `domain` of an e-mail or web address; the `longId` of one that may be written with 15 letters or 18. */
  take?: 'domain' | 'longId';
  /** How numbers are written, and what they count: `{ "decimal": ",", "multiply": 1000 }` for thousands. */
  number?: { decimal?: '.' | ','; multiply?: number };
}

/** How one field gets its value. A string alone names a column. */
export interface FieldMap extends TextMap {
  /** Parts of a composite value, such as `{ "city": "Town", "country": "Land" }`. */
  parts?: Record<string, string | TextMap>;
  /** Cuts one text into the parts of a composite value: `{ "by": ", ", "into": ["family", "given"] }`. The last part takes the rest. */
  split?: { by: string; into: string[] };
  /** The zone of clock times written without one. Default: that of the file. */
  timeZone?: string;
  /** Lengths of time to be added to a moment: in minutes where no unit is said, or as `1:30`. Where all are empty, the row says nothing. */
  plus?: { column: string; unit?: 'seconds' | 'minutes' | 'hours' }[];
  /** Currency of amounts written without one (ISO 4217). Default: the workspace's. */
  currency?: string;
  /** For fields that link to records: how those are found. */
  link?: LinkMap;
  /** For fields that hold many links: further columns that give some, each with its own way to find them. */
  also?: FieldMap[];
}

/** How a linked record is found, and made where there is none. */
export interface LinkMap {
  /** Name of the object, where the field may link to several. Not needed where records are found by `externalId`. */
  object?: string;
  /** `title` (default), the name of a field such as `email`, or `externalId`. */
  by?: string;
  /** The system whose ids `by: "externalId"` means. */
  source?: string;
  /** Only among records whose fields have these values; links by title: `{ "pipeline": "Sales" }`. What is made gets them too. */
  where?: Record<string, string>;
  /** Only among records that share this link with the row's own: the stage of the row's `pipeline`. What is made gets it too. Rows without one look among all. */
  with?: string;
  /** Makes what is missing. Default false. */
  create?: boolean;
  /** For files: those that are missing are made of contents that lie beside the tables under their ids, and called what `values` says. Default false. */
  content?: boolean;
  /** With `content`: contents of these kinds are pages of text. They become Markdown in `field`, what stood there goes to `heading`, and no file is made. */
  pages?: { kinds: string[]; field: string; heading?: string };
  /** Further values of what is made. */
  values?: Record<string, string | FieldMap>;
  /** What becomes of a row whose link leads nowhere: `fail` (default), or `empty` with a warning. */
  missing?: 'fail' | 'empty';
  /** Between several, in fields that hold many links, and between ids. Default `;`. Stated, it parts what a field of one link is given too: the first counts. */
  separator?: string;
  /** The field with many links that takes the others, where a field of one is given several. Default: they are left out, and told. */
  further?: string;
  /** What is known of each link, such as `role` → its column. */
  attributes?: Record<string, string>;
  /** With `add` and `further`: what the role says of the link that comes before the others. It takes its place, and is no role. */
  first?: string[];
  /** Whether links are added to those that the record has. Default false: they take their place. */
  add?: boolean;
  /** Whether nothing is told where it names no record: what it goes by was meant for something else. Default false. */
  quiet?: boolean;
}

/** What a row must say to be imported: all of what stands here. */
export interface RowCondition {
  column?: string;
  /** One of these stands in the column. */
  is?: string[];
  /** None of these does. */
  isNot?: string[];
  /** One of these columns says something. */
  filled?: string[];
  /** None of these columns says anything. */
  empty?: string[];
  /** Only rows for which it does not hold. Default false. */
  not?: boolean;
  /** The other rows are another table's: they are neither counted nor told. Default false: they are skipped. */
  quiet?: boolean;
}

/** What is done with a whole file. */
export interface ImportMap {
  /** Name of the object the rows become. */
  object?: string;
  /** How the file is written; found out where it is not said. */
  file?: FileOptions;
  /** Field by which rows meet records that exist: a field's name, `id` or `externalId`. Default: `externalId` where there is one. */
  match?: string;
  /** `both` creates and updates (default), `create` leaves alone what exists, `update` creates nothing. */
  mode?: 'both' | 'create' | 'update';
  /** `meet`: rows that no key meets are met with who is known by the rules of duplicates. What is known stays, what is missing is filled in. Default: they are made, and stand under duplicates. */
  duplicates?: 'meet';
  /** The id of a row in the system it comes from: kept with the record, so that the next import finds it again. */
  externalId?: { source: string; column: string; take?: TextMap['take'] };
  /** Rows in which the key of `match` says nothing are one record where all of these columns say the same. The record keeps that as an external id of this source, so that the next import meets it too. */
  sameBy?: { source: string; columns: string[] };
  /** Field → where its value comes from. Default: columns named like fields. */
  fields?: Record<string, string | FieldMap>;
  /** Whether an empty cell leaves a value as it is (`keep`, default) or removes it (`clear`). */
  empty?: 'keep' | 'clear';
  /** What becomes of a row one of whose values cannot be read: it is refused (default), or comes without that value and with a warning. Fields that are required and keys always refuse it. */
  unreadable?: 'refuse' | 'empty';
  /** Whether values are replaced that a person has typed since. Default false: they stay, and the report says how many. */
  overwrite?: boolean;
  /** Whether fields that tell how far something has come may go back. Default false. */
  backwards?: boolean;
  /** Only rows for which all of this holds; the others are skipped. Words are compared without case. */
  rows?: RowCondition[];
  /** Columns left out on purpose; others that are left out are told in the report. */
  ignore?: string[];
}

const strict = { additionalProperties: false };
const optional = Type.Optional;
const textMap = {
  column: optional(Type.String()),
  template: optional(Type.String({ maxLength: 1_000 })),
  constant: optional(Type.Unknown()),
  translate: optional(byName(Type.Union([Type.String(), Type.Null()]))),
  default: optional(Type.String()),
  date: optional(Type.String({ maxLength: 50 })),
  take: optional(Type.Enum(['domain', 'longId'])),
  number: optional(
    Type.Object(
      { decimal: optional(Type.Enum(['.', ','])), multiply: optional(Type.Number({ exclusiveMinimum: 0 })) },
      strict,
    ),
  ),
};
const composite = {
  parts: optional(byName(Type.Union([Type.String(), Type.Object(textMap, strict)]))),
  split: optional(
    Type.Object(
      { by: Type.String({ minLength: 1 }), into: Type.Array(Type.String(), { minItems: 2 }) },
      strict,
    ),
  ),
  currency: optional(Type.String({ pattern: '^[A-Z]{3}$' })),
  timeZone: optional(Type.String({ maxLength: 50 })),
  plus: optional(
    Type.Array(
      Type.Object(
        { column: Type.String(), unit: optional(Type.Enum(['seconds', 'minutes', 'hours'])) },
        strict,
      ),
      { minItems: 1, maxItems: 3 },
    ),
  ),
};
const innerField = Type.Object({ ...textMap, ...composite }, strict);
const linkMap = Type.Object(
  {
    object: optional(Type.String()),
    by: optional(Type.String()),
    source: optional(Type.String()),
    where: optional(byName(Type.String())),
    with: optional(Type.String()),
    create: optional(Type.Boolean()),
    content: optional(Type.Boolean()),
    pages: optional(
      Type.Object(
        { kinds: Type.Array(Type.String()), field: Type.String(), heading: optional(Type.String()) },
        strict,
      ),
    ),
    values: optional(byName(Type.Union([Type.String(), innerField]))),
    missing: optional(Type.Enum(['fail', 'empty'])),
    separator: optional(Type.String({ minLength: 1 })),
    further: optional(Type.String()),
    attributes: optional(byName(Type.String())),
    add: optional(Type.Boolean()),
    first: optional(Type.Array(Type.String())),
    quiet: optional(Type.Boolean()),
  },
  strict,
);
const linked = { ...textMap, ...composite, link: optional(linkMap) };
const fieldMap = Type.Object(
  { ...linked, also: optional(Type.Array(Type.Object(linked, strict), { maxItems: 20 })) },
  strict,
);

/** JSON Schema of `ImportMap`. */
export const importMapSchema = Type.Object(
  {
    $schema: optional(Type.String()),
    object: optional(Type.String()),
    file: optional(
      Type.Object(
        {
          encoding: optional(Type.String()),
          delimiter: optional(Type.String()),
          header: optional(Type.Boolean()),
          skipLines: optional(Type.Integer({ minimum: 0 })),
          table: optional(Type.String()),
          timeZone: optional(Type.String({ maxLength: 50 })),
        },
        strict,
      ),
    ),
    match: optional(Type.String()),
    mode: optional(Type.Enum(['both', 'create', 'update'])),
    duplicates: optional(Type.Literal('meet')),
    externalId: optional(
      Type.Object(
        {
          source: Type.String({ pattern: '^[\\w.-]{1,100}$' }),
          column: Type.String(),
          take: textMap.take,
        },
        strict,
      ),
    ),
    sameBy: optional(
      Type.Object(
        {
          source: Type.String({ pattern: '^[\\w.-]{1,100}$' }),
          columns: Type.Array(Type.String(), { minItems: 1, maxItems: 10 }),
        },
        strict,
      ),
    ),
    fields: optional(byName(Type.Union([Type.String(), fieldMap]))),
    overwrite: optional(Type.Boolean()),
    backwards: optional(Type.Boolean()),
    rows: optional(
      Type.Array(
        Type.Object(
          {
            column: optional(Type.String()),
            is: optional(Type.Array(Type.String())),
            isNot: optional(Type.Array(Type.String())),
            filled: optional(Type.Array(Type.String(), { minItems: 1 })),
            empty: optional(Type.Array(Type.String(), { minItems: 1 })),
            not: optional(Type.Boolean()),
            quiet: optional(Type.Boolean()),
          },
          strict,
        ),
      ),
    ),
    empty: optional(Type.Enum(['keep', 'clear'])),
    unreadable: optional(Type.Enum(['refuse', 'empty'])),
    ignore: optional(Type.Array(Type.String())),
  },
  strict,
);

const checker = Compile(importMapSchema);

/** Checks that something is an import map in shape; throws what is wrong with it and where. */
export function readImportMap(input: unknown): ImportMap {
  if (checker.Check(input)) return input as Static<typeof importMapSchema> as ImportMap;
  const problems = [...checker.Errors(input)].map(error => ({
    pointer: error.instancePath,
    code: 'invalidMap',
    message: error.message,
  }));
  const [first] = problems;
  const where = first?.pointer ? ` at ${first.pointer}` : '';
  throw new FarleyError('invalidInput', `The import map cannot be used${where}: ${first?.message}.`, {
    problems,
  });
}

/** The long form of a field map. */
export function longForm<T extends TextMap>(map: string | T): T {
  return typeof map === 'string' ? ({ column: map } as T) : map;
}

/** Every column or template that gives a field its value: one, or of a field with many links several. */
export function longForms(map: string | FieldMap): FieldMap[] {
  const { also = [], ...first } = longForm(map);
  return [first, ...also];
}

/** Throws all names in the map that the file or the model does not have. */
export function checkNames(map: ImportMap, columns: string[], object: ObjectModel, model: Model) {
  const problems: Problem[] = [];
  const known = new Set(columns);
  const problem = (pointer: string, message: string) =>
    problems.push({ pointer, code: 'invalidMap', message });
  const column = (pointer: string, name: string | undefined) => {
    if (name !== undefined && !known.has(name)) problem(pointer, `The file has no column "${name}".`);
  };
  column('/externalId/column', map.externalId?.column);
  for (const name of map.sameBy?.columns ?? []) column('/sameBy/columns', name);
  for (const [index, row] of (map.rows ?? []).entries())
    for (const used of columnsIn(row)) column(`/rows/${index}`, used);
  const checkOne = (field: Field, long: FieldMap, pointer: string) => {
    for (const used of columnsOf(long)) column(pointer, used);
    const { link } = long;
    if (!link || ofAnyKind(field, link)) return;
    const target = linkTarget(field, link, model);
    if (!target)
      problem(`${pointer}/link`, `${field.name} does not link to ${link.object ?? 'one kind of record'}.`);
    else {
      checkLink(link, [model.objects.get(field.object)!, target], `${pointer}/link`, problem);
      check(target, link.values ?? {}, `${pointer}/link/values`);
      const further = link.further === undefined ? field : object.fields.get(link.further);
      if (
        further !== field &&
        (!further || relationOf(further)?.to !== target.name || !relationOf(further)?.many)
      )
        problem(`${pointer}/link/further`, `${link.further} does not hold many links to ${target.name}.`);
    }
  };
  const check = (of: ObjectModel, fields: NonNullable<ImportMap['fields']>, at: string) => {
    for (const [name, given] of Object.entries(fields)) {
      const pointer = `${at}/${name}`;
      const field = of.fields.get(name);
      if (!field || !writable(field))
        problem(pointer, `${of.spec.label} has no field ${name} that can be imported.`);
      else if (longForm(given).also && !relationOf(field)?.many)
        problem(pointer, `${field.label} takes its value from one place.`);
      else for (const long of longForms(given)) checkOne(field, long, pointer);
    }
  };
  check(object, map.fields ?? {}, '/fields');
  const { match } = map;
  if (match && !['id', 'externalId'].includes(match) && !Object.hasOwn(map.fields ?? {}, match))
    problem('/match', `Rows cannot be matched by ${match}, because no column gives it.`);
  if (match === 'externalId' && !map.externalId)
    problem('/match', 'The map does not say which column is the external id.');
  if (problems.length > 0)
    throw new FarleyError('invalidInput', `The import map cannot be used: ${problems[0]!.message}`, {
      problems,
    });
}

function checkLink(
  link: LinkMap,
  [own, target]: [ObjectModel, ObjectModel],
  at: string,
  problem: (pointer: string, message: string) => void,
) {
  const { by = 'title', source, content = false, with: shared } = link;
  if (shared !== undefined && !(target.fields.has(shared) && own.fields.has(shared)))
    problem(`${at}/with`, `${shared} is no link of both.`);
  if (content && (by !== 'externalId' || target.name !== 'file'))
    problem(`${at}/content`, 'Contents are those of files, by their external ids.');
  if (by === 'externalId' && !source) problem(`${at}/source`, 'Say of which system the external id is.');
  if (!['title', 'externalId', 'id'].includes(by) && !target.fields.has(by))
    problem(`${at}/by`, `${target.spec.label} has no field ${by}.`);
  for (const name of Object.keys(link.where ?? {}))
    if (!target.fields.has(name))
      problem(`${at}/where/${name}`, `${target.spec.label} has no field ${name}.`);
}

/** Whether an import may give the field a value. */
export function writable(field: Field): boolean {
  const kept = field.system && !field.options.imported;
  return !kept && field.type.storage.kind !== 'computed' && !field.type.generated;
}

/** The object that a field's links lead to. */
export function linkTarget(field: Field, link: LinkMap, model: Model): ObjectModel | null {
  const relation = relationOf(field);
  if (!relation) return null;
  const name = relation.to === '*' ? link.object : relation.to;
  return (name && model.objects.get(name)) || null;
}

/** Whether a link leads to records of any kind, which their ids tell apart. */
export function ofAnyKind(field: Field, link: LinkMap): boolean {
  const { object, by, source, create = false } = link;
  return relationOf(field)?.to === '*' && !object && by === 'externalId' && source !== undefined && !create;
}

/** Columns that a field takes its value from. */
export function columnsOf(map: FieldMap): string[] {
  const own = [...(map.column === undefined ? [] : [map.column]), ...templateColumns(map.template)];
  const parts = Object.values(map.parts ?? {}).flatMap(part => columnsOf(longForm(part)));
  const values = Object.values(map.link?.values ?? {}).flatMap(value => columnsOf(longForm(value)));
  const plus = (map.plus ?? []).map(({ column }) => column);
  return [...own, ...plus, ...parts, ...values, ...Object.values(map.link?.attributes ?? {})];
}

/** `{column}` or `{column|what stands for an empty cell}`. */
export const placeholder = /\{([^{}|]+)(?:\|([^{}]*))?\}/g;

/** Columns named in a template. */
export function templateColumns(template: string | undefined): string[] {
  return [...(template ?? '').matchAll(placeholder)].map(match => match[1]!);
}

/** A map made from the names of the columns alone: those that read like a field or a part of one. */
export function guessMap(columns: string[], object: ObjectModel): ImportMap {
  const fields: Record<string, FieldMap> = {};
  const byName = fieldsByName(object);
  for (const column of columns) {
    const found = byName.get(plain(column));
    if (!found) continue;
    const [name, part] = found;
    // Whoever made it elsewhere may not be here.
    const field = object.fields.get(name)!;
    const absent = field.system && relationOf(field) ? { link: { missing: 'empty' as const } } : {};
    if (!part) fields[name] ??= { column, ...absent };
    else if (!fields[name]?.column) {
      fields[name] ??= { parts: {} };
      fields[name].parts![part] ??= column;
    }
  }
  const id = columns.find(column => plain(column) === 'id');
  return { fields, ...(id === undefined ? {} : { match: 'id' }) };
}

/** Plain name → field, or field and part. A field's own name counts before a part of another. */
function fieldsByName(object: ObjectModel): Map<string, [string, string?]> {
  const found = new Map<string, [string, string?]>();
  const add = (key: string, value: [string, string?]) => {
    if (key && !found.has(key)) found.set(key, value);
  };
  // Where a link leads to many kinds of records, a bare title does not say which: a map has to.
  const guessable = (field: Field) => writable(field) && relationOf(field)?.to !== '*';
  const fields = [...object.fields.values()].filter(guessable);
  for (const field of fields) add(plain(field.name), [field.name]);
  for (const field of fields) add(plain(field.label), [field.name]);
  add(plain(object.spec.label), [object.title.name]);
  add(plain(`${object.spec.label} ${object.title.label}`), [object.title.name]);
  for (const field of fields) {
    const { properties } = field.type.schema(field) as { properties?: Record<string, unknown> };
    for (const part of Object.keys(properties ?? {})) {
      add(plain(`${part} ${field.name}`), [field.name, part]);
      add(plain(`${field.name} ${part}`), [field.name, part]);
      for (const other of alike[part] ?? []) add(plain(`${other} ${field.name}`), [field.name, part]);
      add(plain(part), [field.name, part]);
    }
  }
  return found;
}

/** What other systems call the parts of a value. */
const alike: Record<string, string[]> = { given: ['first'], family: ['last', 'sur'] };

/** Letters and digits alone, without accents. */
function plain(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}
