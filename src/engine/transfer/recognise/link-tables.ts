/** Tables that only tell which records belong together: two columns of ids, and perhaps how. */
import type { Field } from '../../field.ts';
import { type ObjectModel, relationOf } from '../../model.ts';
import { type Dictionary, plain, type Source, type SourceSpec, sourceOf } from './dictionary.ts';

/** A table by its names. */
interface NamedTable {
  name: string;
  file: string;
  columns: string[];
}

/** A kind of records, and the column of their ids. */
interface End {
  source: Source;
  column: string;
}

/** What a table of links adds to, as if a module had told of it; null where the table says more, or less. */
export function linkTable(dictionary: Dictionary, table: NamedTable): Source | null {
  const labels: string[] = [];
  const rest: string[] = [];
  const ids: { column: string; kind: Source | null }[] = [];
  for (const column of table.columns) {
    if (dictionary.ties.labels.has(plain(column))) labels.push(column);
    else if (dictionary.ties.rest.has(plain(column))) rest.push(column);
    else {
      const kind = kindOf(dictionary, column);
      if (kind === undefined) return null;
      ids.push({ column, kind });
    }
  }
  if (ids.length !== 2) return null;
  const named = kindsIn(dictionary, table);
  const ends = ids.flatMap(({ column, kind }, place) => {
    const source = kind ?? named[place];
    return source ? [{ source, column }] : [];
  });
  const [one, other] = ends;
  if (!one || !other || one.source.object === other.source.object) return null;
  const columns = { labels, rest, first: dictionary.ties.first };
  return tied(one, other, columns, linkTo) ?? tied(one, other, columns, anyLink);
}

type Between = (object: Source['object'], to: string) => Field | null | undefined;

/** The link from one to the other, or back. */
function tied(
  one: End,
  other: End,
  { labels, rest, first }: { labels: string[]; rest: string[]; first: string[] },
  between: Between,
): Source | null {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const { object, spec } = from.source;
    const field = between(object, to.source.object.name);
    if (!field || field.options.required) continue;
    const any = relationOf(field)!.to === '*' ? `:${to.source.object.name}` : '';
    const further = spec.further?.[field.name];
    const holder = object.fields.get(further ?? field.name)!;
    const role = ((holder.options.attributes ?? []) as string[]).includes('role') ? labels[0] : undefined;
    const left = [...labels.filter(label => label !== role), ...rest].join('|');
    const made: SourceSpec = {
      object: object.name,
      called: '',
      byName: true,
      mode: 'update',
      columns: {
        '@id': from.column,
        [`${field.name}@id${any}`]: to.column,
        ...(role ? { [`${field.name}.role`]: role } : {}),
        ...(left ? { '-': left } : {}),
      },
      links: {
        [field.name]: { missing: 'empty', add: true, ...(role && further ? { first: [...first] } : {}) },
      },
      ...(further ? { further: { [field.name]: further } } : {}),
    };
    return sourceOf(object, made);
  }
  return null;
}

/** Whose ids a column holds: null where it does not say, undefined where it holds something else. */
function kindOf({ sources, ties }: Dictionary, column: string): Source | null | undefined {
  const words = plain(column);
  if (ties.ends.has(words)) return null;
  const [, kind] =
    /^(?:associated|from|to|hs)?(.+?)(?:record|object)?ids?$/.exec(words) ??
    /^(?:record|object)ids?(.+)$/.exec(words) ??
    [];
  return kind ? sources.find(({ spec, called }) => !spec.byName && called.has(kind)) : undefined;
}

/** The kinds of records that the name of a table tells, in their order: `contact_to_company.csv`. */
function kindsIn({ sources }: Dictionary, { name, file }: NamedTable): Source[] {
  return `${file} ${name}`
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}]+/u)
    .flatMap(word => sources.find(({ spec, called }) => !spec.byName && called.has(plain(word))) ?? [])
    .filter((source, place, all) => all.indexOf(source) === place);
}

/** The field by which an object links to another: the one that holds one link before the one that holds several. */
export function linkTo(object: ObjectModel, to: string): Field | null {
  const links = [...object.fields.values()].filter(
    field => relationOf(field)?.to === to && !field.options.readOnly,
  );
  return links.find(field => !relationOf(field)!.many) ?? links[0] ?? null;
}

/** The field that may link to records of every kind. */
export function anyLink({ fields }: Pick<ObjectModel, 'fields'>): Field | undefined {
  return [...fields.values()].find(field => relationOf(field)?.to === '*' && !field.options.readOnly);
}
