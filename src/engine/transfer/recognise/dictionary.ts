/** What other systems call things: declared by modules, made ready for looking up. */
import type { Model, ObjectModel } from '../../model.ts';
import type { LinkMap, TextMap } from '../map.ts';
import type { Format } from '../table.ts';

/** A system whose files are known. */
export interface SystemSpec {
  /** Source of external ids: `hubspot`. */
  name: string;
  label: string;
  /** Names of columns that few others have, between `|`. A name that ends with `*` stands for all that begin so. */
  marks: string;
  /** How many of them tell it. Default 2. */
  least?: number;
  /** Part of the names of its files. */
  files?: string;
  /** Its ids may be written in two ways (`TextMap.take`). */
  ids?: 'longId';
  /** Tables that become no records: what they hold → their names. `*Feed` stands for all that end so. */
  others?: Record<string, string>;
  /** Tables that say what Farley keeps by itself, or does not need. */
  derived?: string;
  /** What stands between several records in one cell of a link. */
  between?: string;
  /** The zone of its clock times, in tables that have this column. */
  zone?: { timeZone: string; column: string };
}

/** What an object and its fields are called elsewhere, in all languages. Names stand between `|`. */
export interface SourceSpec {
  object: string;
  /** Names of tables, files, and of the part of a header before ` - `. */
  called: string;
  /**
   * What a column becomes (`targetOf` in `targets.ts`) → its names, the likeliest first. `-`: nothing worth keeping,
   * because it is derived or technical. A target with `?` behind it is one only where no other column gives it.
   */
  columns: Record<string, string>;
  /** Only a table called exactly so, among files of a known system: its columns alone do not tell it. */
  byName?: boolean;
  /** Its rows make nothing: they add to records that are there. */
  mode?: 'update';
  /** Its rows are files, whose contents lie beside the table: the field that takes them, and the columns of their id, name and kind, between `|`; `body` those that stand for the content. `kinds`: what files say → media type. */
  contents?: {
    field: string;
    id: string;
    name: string;
    mediaType: string;
    body?: string;
    kinds?: Record<string, string>;
    /** Kinds that are texts, and no files (`LinkMap.pages`). */
    pages?: LinkMap['pages'];
  };
  /** Only where contents of files come along. */
  withContents?: true;
  /** Formats that hold nothing else. */
  formats?: Format[];
  /** Fields by which rows meet records that exist, where rows have no id: the first that is given. */
  match?: string[];
  /** Fields that together tell rows of one record, in tables of several kinds that repeat it in several rows without a key. */
  same?: string[];
  /** Field → value → what files say instead. */
  values?: Record<string, Record<string, string>>;
  /** Links that other columns tell, where none is about them: field → what those columns become, and how records are found by them. */
  told?: Record<string, { of: string[] } & Pick<LinkMap, 'object' | 'by'> & Pick<TextMap, 'take'>>;
  /** How links are followed, where the default will not do. */
  links?: Record<string, LinkMap>;
  /** Moment → the moment from which files count it: `endsAt.minutes` and `endsAt.hours` are lengths of time. */
  after?: Record<string, string>;
  /** Field with one link → the field with many that takes the others, where files give several. */
  further?: Record<string, string>;
  /** The link that a row is about which has no title of its own: an address book's line with nothing but a firm. */
  alone?: string;
}

/** A column that says what each row is. */
export interface KindSpec {
  /** Its names. */
  columns: string;
  /** Object → what stands there for it, between `|`. Where anything else stands there, the column says something else. */
  of: Record<string, string>;
  /** The object of rows in which nothing stands there. */
  rest: string;
}

/** What a module knows of other systems. */
export interface ImportingSpec {
  systems?: SystemSpec[];
  objects?: SourceSpec[];
  /** Columns that say what each row is, in tables of several kinds of records. */
  kinds?: KindSpec[];
  /** What tables are called, or parts of it, that explain others and hold no records. */
  explains?: string;
  /** Tables that only tell which records belong together: names of the columns that say how, of those that hold ids and do not say whose, and of those that say nothing more; and what stands in the first where a link comes before the others. */
  ties?: { labels: string; ends: string; rest: string; first: string };
  /** Columns by which files say that a row is in the trash, and what they say then. */
  trash?: { columns: string; values: string };
}

/** One thing a column may become, and how likely it is: 0 is the first of the names in the dictionary. */
export interface Meaning {
  target: string;
  rank: number;
  /** Says the same as another column, so that it is left out where that one has values. */
  spare?: true;
}

export interface Source {
  spec: SourceSpec;
  object: ObjectModel;
  called: Set<string>;
  names: Map<string, Meaning>;
}

export interface Dictionary {
  systems: SystemSpec[];
  sources: Source[];
  /** How many objects know a name: what all have tells nothing. */
  common: Map<string, number>;
  /** Names of columns → what they say of a row in the trash. */
  trash: Map<string, string[]>;
  kinds: KindSpec[];
  ties: { labels: Set<string>; ends: Set<string>; rest: Set<string>; first: string[] };
  /** Names of tables that hold no records. */
  explains: string[];
  /** Objects that administrators have made, by what they are called. */
  custom: Map<string, ObjectModel>;
  /** Whether contents of files come along. */
  contents: boolean;
}

/** Makes the declarations of all modules ready. Throws where one names a field that the model does not have. */
export function dictionaryOf(model: Model, declared: ImportingSpec[], contents = false): Dictionary {
  const sources = declared
    .flatMap(spec => spec.objects ?? [])
    .map(spec => sourceOf(model.objects.get(spec.object)!, spec));
  const common = new Map<string, number>();
  for (const { names, spec } of sources)
    for (const name of spec.byName ? [] : names.keys()) common.set(name, (common.get(name) ?? 0) + 1);
  const trash = new Map(
    declared.flatMap(spec => {
      const { columns, values } = spec.trash ?? { columns: '', values: '' };
      return columns.split('|').map(column => [plain(column), values.split('|')] as const);
    }),
  );
  trash.delete('');
  const custom = new Map(
    [...model.objects.values()]
      .filter(object => object.custom)
      .flatMap(object => [object.spec.label, object.spec.plural].map(name => [plain(name), object] as const)),
  );
  const tied = (key: 'labels' | 'ends' | 'rest') =>
    new Set(declared.flatMap(({ ties }) => ties?.[key].split('|').map(plain) ?? []));
  const first = declared.flatMap(({ ties }) => ties?.first.split('|') ?? []);
  return {
    systems: declared.flatMap(spec => spec.systems ?? []),
    sources,
    common,
    trash,
    kinds: declared.flatMap(spec => spec.kinds ?? []),
    ties: { labels: tied('labels'), ends: tied('ends'), rest: tied('rest'), first },
    explains: declared.flatMap(({ explains }) => explains?.split('|').map(plain) ?? []),
    custom,
    contents,
  };
}

/** What is known of an object elsewhere; of one that no module tells of, the names of its fields. */
export function sourceFor(dictionary: Dictionary, object: ObjectModel): Source {
  const known = dictionary.sources.find(source => source.object === object && !source.spec.byName);
  return known ?? sourceOf(object, { object: object.name, called: object.spec.label, columns: {} });
}

export function sourceOf(object: ObjectModel, spec: SourceSpec): Source {
  const names = new Map<string, Meaning>();
  const add = (name: string, target: string, rank: number) => {
    // What would be a field of its own is the one that an earlier import has made.
    if ((names.get(plain(name))?.target ?? '+') !== '+') return;
    const spare = target.endsWith('?');
    names.set(
      plain(name),
      spare ? { target: target.slice(0, -1), rank: rank + 500, spare } : { target, rank },
    );
  };
  for (const [target, list] of Object.entries(spec.columns)) {
    const [field] = target.split(/[.@:?]/) as [string];
    if (!['', '-', '+'].includes(field) && !object.fields.has(field))
      throw new Error(`What is imported as ${object.name} names a field ${field}, which does not exist.`);
    for (const [rank, name] of list.split('|').entries()) add(name, target, rank);
  }
  const called = new Set(spec.called.split('|').map(plain));
  if (spec.byName) return { spec, object, names, called };
  // Fields that administrators added are called what they are called.
  for (const field of object.fields.values())
    if (!field.system && !field.options.readOnly)
      for (const name of [field.label, field.name]) add(name, field.name, 0);
  // A column called like the records themselves holds what they are called: "Account", in a list of those.
  for (const name of called) add(name, object.title.name, names.size);
  return { spec, object, names, called };
}

/** Letters and digits alone, without case and accents. */
export function plain(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}

/** A header and, where it says so, what its column is about: `Person - Phone` is the phone of a person. */
export function headerParts(header: string): { about: string | null; name: string } {
  const match = /^\s*([^-–—:]{2,40}?)\s+[-–—]\s+(.+)$/.exec(header);
  return match ? { about: plain(match[1]!), name: match[2]! } : { about: null, name: header };
}
