/** Contents of files that lie in an archive beside its tables, under the ids by which rows of those know them. */
import { Readable } from 'node:stream';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { type FileStore, maxFile, type StoredFile } from '../files/store.ts';
import type { Values } from '../object.ts';
import { inTransaction, type Operation, write } from '../records/write.ts';
import { markdownOfHtml } from './formats/html.ts';
import { type Member, openZip } from './formats/zip.ts';
import { FILE } from './plan.ts';
import type { DraftRow, MadeLinked, MakingPlan } from './rows.ts';
import { allBytes, fileSource, firstBytes } from './source.ts';
import type { KeepFile } from './table.ts';

/** What is needed to take contents in. */
export interface Taking {
  contents: Contents | null;
  /** Null: nothing is taken in, as in a dry run. */
  keep: KeepFile | null;
}

export interface Contents {
  /** Names of the files that hold some. */
  readonly files: ReadonlySet<string>;
  /** The content with this id; undefined where the files hold none. */
  find(id: string): Member | undefined;
}

/** Whether a member of an archive is the content of a file: in a folder, named by nothing but an id of 15 or 18 letters and digits. */
export function isContent(name: string): boolean {
  return /[\\/]\d[A-Za-z0-9]{14}([A-Za-z0-9]{3})?$/.test(name);
}

/** The same for both ways to write an id: the last three of 18 letters tell nothing new. */
function keyOf(id: string): string {
  return /^[A-Za-z0-9]{18}$/.test(id) ? id.slice(0, 15) : id;
}

/** Lists the contents of all files that are imported together: an export may be parted, its tables in the first archive. What is no archive, or cannot be read, holds none. */
export async function openContents(files: { path: string; name: string }[]): Promise<Contents> {
  const found = new Map<string, Member>();
  const holders = new Set<string>();
  for (const { path, name } of files) {
    const source = await fileSource(path, name);
    if ((await firstBytes(source, 4)).toString('latin1') !== 'PK\x03\x04') continue;
    const members = await openZip(source).catch(error => {
      // Whoever opens its tables is told why.
      if (error instanceof FarleyError) return [];
      throw error;
    });
    for (const member of members) {
      if (!isContent(member.name)) continue;
      const id = member.name.split(/[\\/]/).at(-1)!;
      found.set(keyOf(id), member);
      holders.add(name);
    }
  }
  return { files: holders, find: id => found.get(keyOf(id)) };
}

/** Takes files of imports into the store, held to the same size as uploads. */
export function keeper(files: FileStore): KeepFile {
  return content => files.put(Buffer.isBuffer(content) ? Readable.from([content]) : content, maxFile);
}

/** A row that names a content, and what it says of the file. */
interface Wanted {
  draft: DraftRow;
  key: string;
  values: Values;
}

/**
 * Makes files of contents that rows name and that are not there: each is streamed into the store, then all become records
 * in one write. Answers the ids of those by their keys. What cannot be taken in refuses its row.
 */
export async function bringContents(
  ctx: Context,
  link: MakingPlan,
  wanted: Wanted[],
  { contents, keep }: Taking,
  made: MadeLinked,
): Promise<Map<string, string>> {
  const brought: { id: string; values: Values }[] = [];
  for (const { draft, key, values } of wanted) {
    const member = contents?.find(key);
    if (!member) continue;
    const stored = await taken(member, keep);
    if (typeof stored === 'string') draft.problem = `The content of ${key} cannot be taken in: ${stored}`;
    else brought.push({ id: key, values: { ...fileValues(values, key), ...stored } });
  }
  if (brought.length === 0) return new Map();
  const source = link.options.source!;
  const operations = brought.map(
    ({ id, values }): Operation => ({ op: 'create', values: { ...values, externalIds: { [source]: id } } }),
  );
  const { results, told } = await inTransaction(ctx, async inside => {
    const { results } = await write(inside, FILE, operations, { trusted: true });
    return { results, told: await made(inside, FILE, results.length) };
  });
  told();
  return new Map(brought.map(({ id }, index) => [id, results[index]!.id]));
}

/** Letters of a page at most, with all that is said of how it looks. */
const longestPage = 4_000_000;

/** Puts contents that are pages of text into the rows that name them. Answers the ids of those. */
export async function bringPages(
  { options: { pages } }: MakingPlan,
  wanted: Wanted[],
  { contents }: Pick<Taking, 'contents'>,
): Promise<string[]> {
  const brought: string[] = [];
  if (!pages) return brought;
  for (const { draft, key, values } of wanted) {
    const member = pages.kinds.includes(String(values.mediaType)) ? contents?.find(key) : undefined;
    if (!member || member.size > longestPage) continue;
    const text = markdownOfHtml((await allBytes(member, longestPage)).toString('utf8'));
    const { field, heading } = pages;
    if (heading && draft.values[field]) draft.values[heading] = draft.values[field];
    if (text) draft.values[field] = text;
    brought.push(key);
  }
  return brought;
}

/** Takes a content in, or says why it cannot be; what concerns the disk is no fault of the row. */
async function taken(member: Member, keep: KeepFile | null): Promise<Partial<StoredFile> | string> {
  if (member.size > maxFile) return `it is larger than ${maxFile / 1024 ** 3} GiB.`;
  if (!keep) return { size: member.size };
  try {
    return await keep(member.bytes());
  } catch (error) {
    if (error instanceof FarleyError && ['tooLarge', 'invalidInput'].includes(error.code))
      return error.message;
    throw error;
  }
}

/** A name without folders, and a media type that is one. */
function fileValues({ name, mediaType }: Values, id: string): Values {
  const last = String(name ?? '')
    .split(/[\\/]/)
    .at(-1)!
    .trim();
  const known = /^[\w.+-]+\/[\w.+-]+$/.test(String(mediaType ?? ''));
  return {
    name: (last || id).slice(0, 250),
    mediaType: known ? String(mediaType).toLowerCase() : 'application/octet-stream',
  };
}
