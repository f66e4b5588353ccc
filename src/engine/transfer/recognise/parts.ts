/** Tables whose rows are records of several kinds: each part of them is mapped by itself. */
import { type ObjectModel, relationOf } from '../../model.ts';
import { conditionOf } from '../conditions.ts';
import type { RowCondition } from '../map.ts';
import { type Dictionary, type KindSpec, plain, type Source } from './dictionary.ts';
import { anyLink, linkTo } from './link-tables.ts';
import { aboutOf, lookUp, meaningOf, type Named, nameIn } from './recognise.ts';

/** A table that can be read. */
export interface ProposalTable extends Named {
  rows(): AsyncGenerator<{ cells: string[] }>;
}

export interface Part {
  source: Source;
  /** For people: what told it. */
  reason: string;
  /** The columns that it takes something from, in the order of the table. */
  columns: string[];
  /** The rows that are of its kind. */
  rows: RowCondition[];
  /** The table repeats a record in each row that says something else of it. */
  repeats?: true;
  /** Columns of other parts that its links go by → what they become. */
  links: Map<string, string>;
}

/** Rows that are looked at. */
export const enough = 5_000;

/** The parts of a table, named by their objects; one part where all rows turn out to be of one kind, none where nothing tells them apart. */
export async function partsOf(
  dictionary: Dictionary,
  table: ProposalTable,
  source: Source | null,
): Promise<Part[]> {
  const groups = byHeaders(dictionary, table, source);
  if (groups.length > 1) return linked(dictionary, groups, table, await seenOf(table), source);
  if (!source || source.spec.byName) return [];
  const kinds = await byKind(dictionary, table, source);
  return kinds.length > 0 ? kinds : byTitle(dictionary, table, source);
}

/** A table as one of its parts sees it. */
export function viewOf(
  table: ProposalTable,
  { columns, rows }: Pick<Part, 'columns' | 'rows'>,
): ProposalTable {
  const conditions = rows.map(row => conditionOf(row, table.columns));
  const places = columns.map(column => table.columns.indexOf(column));
  return {
    ...table,
    columns,
    rows: async function* () {
      for await (const { cells } of table.rows())
        if (conditions.every(({ holds }) => holds(cells)))
          yield { cells: places.map(place => cells[place] ?? '') };
    },
  };
}

interface Seen {
  rows: string[][];
  /** Whether those are all. */
  whole: boolean;
}

async function seenOf(table: ProposalTable): Promise<Seen> {
  const rows: string[][] = [];
  for await (const { cells } of table.rows()) {
    if (rows.length === enough) return { rows, whole: false };
    rows.push(cells);
  }
  return { rows, whole: true };
}

const knownAs = (dictionary: Dictionary, object: string) =>
  dictionary.sources.find(({ spec }) => spec.object === object && !spec.byName);

/** Columns that say what they are about, as one kind of records. */
interface Group {
  source: Source;
  /** Column → what it becomes there. */
  targets: Map<string, string>;
}

/** Columns called `Person - Name` and `Organization - Name`, where they are enough to make records of each. */
function byHeaders(dictionary: Dictionary, table: Named, main: Source | null): Group[] {
  const groups = new Map<Source, Group>();
  for (const column of table.columns) {
    const about = aboutOf(dictionary, column);
    const source = dictionary.sources.find(({ called, spec }) => about && !spec.byName && called.has(about));
    if (!source) continue;
    const group = groups.get(source) ?? { source, targets: new Map() };
    groups.set(source, group);
    group.targets.set(column, lookUp(source, nameIn(column))?.target ?? '+');
  }
  const complete = [...groups.values()].filter(({ source, targets }) =>
    neededOf(source.object).every(names =>
      [...targets.values()].some(target => names.includes(fieldIn(target))),
    ),
  );
  // What only names a record that another links to is followed as a link.
  return complete.filter(group => {
    const { object } = group.source;
    const told = [...group.targets.values()].filter(target => !/^[-+@]/.test(target));
    const reached = complete.some(other => other !== group && linkTo(other.source.object, object.name));
    return told.length > 1 || !reached || group.source === main;
  });
}

const fieldIn = (target: string) => target.split(/[.@:/]/)[0]!;

/** What a record of the object cannot be made without: fields, each with those that can stand in for it. */
function neededOf({ fields, spec }: ObjectModel): string[][] {
  return [...fields.values()]
    .filter(
      ({ system, options }) =>
        !system && options.required && options.default === undefined && !options.defaultFirst,
    )
    .map(({ name }) => [name, ...(spec.fallbacks?.[name]?.of ?? [])]);
}

function linked(
  dictionary: Dictionary,
  groups: Group[],
  table: Named,
  { rows }: Seen,
  main: Source | null,
): Part[] {
  const taken = new Set(groups.flatMap(({ targets }) => [...targets.keys()]));
  const first = groups.find(({ source }) => source === main) ?? groups[0]!;
  const filled = (column: string) => {
    const place = table.columns.indexOf(column);
    return rows.filter(cells => cells[place]?.trim()).length;
  };
  return groups.map(group => {
    const { source, targets } = group;
    const needed = new Set(neededOf(source.object).flat());
    const links = new Map(
      groups.flatMap(other => (other === group ? [] : linkBetween(source.object, other, filled))),
    );
    // What only names a record is about all that link to it.
    const named = new Set(
      table.columns.filter(column => {
        if (taken.has(column) || aboutOf(dictionary, column) === null) return false;
        const field = source.object.fields.get(meaningOf(dictionary, source, column)?.target ?? '');
        return field !== undefined && relationOf(field) !== null;
      }),
    );
    const own = (column: string) =>
      targets.has(column) || named.has(column) || (group === first && !taken.has(column));
    return {
      source,
      repeats: true,
      reason: `${targets.size} columns are about ${source.object.spec.plural.toLowerCase()}.`,
      columns: table.columns.filter(column => own(column) || links.has(column)),
      rows: [
        {
          quiet: true,
          filled: [...targets].filter(([, to]) => needed.has(fieldIn(to))).map(([column]) => column),
        },
      ],
      links,
    };
  });
}

/** The column by which records of one part find those of another: its ids, else what they are met by, else their titles. */
function linkBetween(
  object: ObjectModel,
  { source, targets }: Group,
  filled: (column: string) => number,
): [string, string][] {
  const to = source.object;
  const direct = linkTo(object, to.name);
  // What is about anything is not about what is about anything.
  const any = anyLink(to) ? undefined : anyLink(object);
  const link = (by: string) => (direct ? `${direct.name}${by}` : `${any!.name}${by}:${to.name}`);
  if (!direct && !any) return [];
  const columnOf = (target: string) => [...targets].find(([, other]) => other === target)?.[0];
  const id = columnOf('@id');
  if (id) return [[id, link('@id')]];
  const title = columnOf(to.title.name);
  for (const key of source.spec.match ?? []) {
    const column = key === to.title.name ? undefined : columnOf(key);
    if (column && (!title || filled(column) >= filled(title))) return [[column, link(`@${key}`)]];
  }
  return title ? [[title, link('')]] : [];
}

/** A column says of each row what it is. */
async function byKind(dictionary: Dictionary, table: ProposalTable, source: Source): Promise<Part[]> {
  for (const kind of dictionary.kinds) {
    const names = new Set(kind.columns.split('|').map(plain));
    const column = table.columns.find(name => names.has(plain(name)));
    if (column === undefined || !Object.hasOwn(kind.of, source.object.name)) continue;
    const { rows, whole } = await seenOf(table);
    const place = table.columns.indexOf(column);
    const words = new Set(Object.values(kind.of).flatMap(list => list.split('|')));
    const said = rows.map(cells => (cells[place] ?? '').trim().toLowerCase()).filter(Boolean);
    if (said.length === 0 || said.some(text => !words.has(text))) return [];
    const seen = whole ? [...new Set(said)] : null;
    const parts = kindsOf(dictionary, kind, column, table.columns, seen);
    const found = parts.filter(part => {
      const [condition] = part.rows.map(row => conditionOf(row, table.columns));
      return rows.some(cells => condition!.holds(cells));
    });
    const [only] = found;
    // What all are is told without a condition; further down in a long file there may be others.
    return whole && found.length === 1 ? [{ ...only!, rows: [] }] : parts;
  }
  return [];
}

/** `seen`: all that is said in the table; null where there may be more. */
function kindsOf(
  dictionary: Dictionary,
  { of, rest }: KindSpec,
  column: string,
  columns: string[],
  seen: string[] | null,
): Part[] {
  const wordsOf = (list: string) => list.split('|').filter(word => !seen || seen.includes(word));
  const others = Object.entries(of).flatMap(([object, list]) => (object === rest ? [] : wordsOf(list)));
  return Object.entries(of).flatMap(([object, list]) => {
    const source = knownAs(dictionary, object);
    if (!source) return [];
    const row: RowCondition =
      object === rest ? { quiet: true, column, isNot: others } : { quiet: true, column, is: wordsOf(list) };
    const reason = `What ${column} says tells which rows are ${source.object.spec.plural.toLowerCase()}.`;
    return [{ source, reason, columns, rows: [row], links: new Map() }];
  });
}

/** Rows without a title, but with a record that they would link to, are about that record alone. */
async function byTitle(dictionary: Dictionary, table: ProposalTable, source: Source): Promise<Part[]> {
  const { alone } = source.spec;
  const field = source.object.fields.get(alone ?? '');
  const other = field && knownAs(dictionary, relationOf(field)?.to ?? '');
  if (!other) return [];
  const targets = table.columns.map(
    column => [column, meaningOf(dictionary, source, column)?.target] as const,
  );
  const called = (test: (target: string) => boolean) =>
    targets.flatMap(([column, target]) => (target !== undefined && test(target) ? [column] : []));
  // Who has an address that the other kind has no place for is somebody.
  const { title, spec } = source.object;
  const names = [
    title.name,
    ...(spec.fallbacks?.[title.name]?.of ?? []).filter(name => !other.object.fields.has(name)),
  ];
  const empty = called(target => names.includes(fieldIn(target)));
  const filled = called(target => target === alone);
  // Rows with ids are what their system says; one without a title lacks it.
  if (empty.length === 0 || filled.length === 0 || called(target => target === '@id').length > 0) return [];
  const condition: RowCondition = { quiet: true, empty, filled };
  const { holds } = conditionOf(condition, table.columns);
  const { rows } = await seenOf(table);
  if (!rows.some(holds) || rows.every(holds)) return [];
  const { columns } = table;
  const { label, plural } = other.object.spec;
  return [
    {
      source,
      reason: `Rows that name more than a ${label.toLowerCase()}.`,
      columns,
      rows: [{ ...condition, not: true }],
      links: new Map(),
    },
    {
      source: other,
      reason: `Rows that name nobody are ${plural.toLowerCase()}.`,
      columns,
      rows: [condition],
      links: new Map(),
    },
  ];
}
