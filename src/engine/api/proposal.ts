/** What Farley makes of files that are to be imported, and of what someone decides about them: nothing is written. */
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import { maxFile } from '../files/store.ts';
import { rows } from '../records/read.ts';
import { openContents } from '../transfer/contents.ts';
import type { ImportParts } from '../transfer/job.ts';
import type { ProposalTable } from '../transfer/recognise/parts.ts';
import { type Decision, mapAs, type Proposal, propose, targetsFor } from '../transfer/recognise/propose.ts';
import { openTable, openTables } from '../transfer/tables.ts';
import type { Route } from './app.ts';
import { compileInput } from './validate.ts';

const Files = Type.Array(Type.String({ format: 'uuid' }), {
  minItems: 1,
  maxItems: 10_000,
  description: 'Ids of uploaded files that belong together. At most 1,000; a ZIP of more is one.',
});
const ProposalBody = Type.Object({ files: Files }, { additionalProperties: false });
const readBody = compileInput<{ files: string[] }>(ProposalBody);

const MapBody = Type.Object(
  {
    files: Files,
    file: Type.String({ description: 'Name of the file, as the proposal calls it.' }),
    table: Type.Optional(Type.String()),
    part: Type.Optional(Type.String({ description: 'Which part of the table, as proposed.' })),
    object: Type.String({ description: 'What the rows become.' }),
    system: Type.Optional(Type.String({ pattern: '^[\\w.-]{1,100}$', description: 'As proposed.' })),
    columns: Type.Optional(
      Type.Array(Type.Object({ column: Type.String(), target: Type.String() }), {
        maxItems: 20_000,
        description: 'What each column becomes. Absent: as it would be proposed for the object.',
      }),
    ),
    objects: Type.Optional(
      Type.Array(Type.String(), { description: 'Objects of all tables that are imported together.' }),
    ),
  },
  { additionalProperties: false },
);
const readMapBody = compileInput<Decision & { files: string[]; file: string; table?: string }>(MapBody);

interface Given {
  path: string;
  name: string;
}

export function proposalRoutes({ files, declared }: ImportParts): Route[] {
  const importing = declared.modules.flatMap(module => module.importing ?? []);
  const tag = 'Import and export';
  return [
    {
      method: 'POST',
      url: '/api/imports/proposal',
      policy: 'signedIn',
      bodyLimit: maxFile,
      streams: true,
      doc: {
        summary:
          'What files hold and how they would be imported: uploaded files by their ids, or one file as the body. Nothing is written',
        tag,
        body: ProposalBody,
        query: { name: Type.Optional(Type.String({ description: 'Name of the file that is the body.' })) },
      },
      handler: async (request): Promise<Proposal & { refused: RefusedFile[] }> => {
        const { tables, refused, contents } = await readable(request.ctx, await given({ files }, request));
        return { ...(await propose(request.ctx, importing, tables, contents)), refused };
      },
    },
    {
      method: 'GET',
      url: '/api/imports/targets/:path',
      policy: 'signedIn',
      doc: { summary: 'Everything that a column of a file can become', tag },
      handler: async ({ ctx, params }) => {
        const object = ctx.model.paths.get((params as { path: string }).path);
        if (!object) throw new FarleyError('unknownRoute');
        return { data: targetsFor(ctx, importing, object) };
      },
    },
    {
      method: 'POST',
      url: '/api/imports/map',
      policy: 'signedIn',
      doc: { summary: 'The map of a table whose columns become what someone decided', tag, body: MapBody },
      handler: async ({ ctx, body }) => {
        const { files: ids, file, table, ...decision } = readMapBody(body ?? {});
        const all = (await uploaded(ctx, ids)).map(each => ({ ...each, path: files.path(each.hash) }));
        const found = all.find(({ name }) => name === file);
        if (!found) throw new FarleyError('invalidInput', `${file} is not among the files.`);
        const options = table === undefined ? {} : { table };
        const opened = await openTable(found.path, file, options, ctx.settings.locale);
        const contents = (await openContents(all)).files.size > 0;
        return mapAs(ctx, importing, { ...opened, file }, { ...decision, contents });
      },
    },
  ];
}

/** A file that holds nothing to import, and why. */
export interface RefusedFile {
  file: string;
  reason: string;
}

/** The tables of the files that can be read; throws where none can. */
async function readable({ settings }: Context, files: Given[]) {
  const tables: ProposalTable[] = [];
  const refused: RefusedFile[] = [];
  const contents = await openContents(files);
  for (const { path, name } of files)
    try {
      for (const table of await openTables(path, name, {}, settings.locale))
        tables.push({ ...table, file: name });
    } catch (error) {
      if (!(error instanceof FarleyError) || files.length === 1) throw error;
      // An archive of contents has no table, and goes with the one that has.
      if (!contents.files.has(name)) refused.push({ file: name, reason: error.message });
    }
  if (tables.length === 0)
    throw new FarleyError(
      'invalidInput',
      refused
        .map(({ reason }) => reason)
        .slice(0, 5)
        .join(' ') || 'The files hold contents of files, but no table that says whose they are.',
    );
  return { tables, refused, contents: contents.files.size > 0 };
}

async function given({ files }: Pick<ImportParts, 'files'>, request: FastifyRequest): Promise<Given[]> {
  if (request.body instanceof Readable) {
    const { name = 'file.csv' } = request.query as { name?: string };
    const { hash, size } = await files.put(request.body, maxFile);
    if (size === 0) throw new FarleyError('invalidInput', 'The file is empty.');
    return [{ path: files.path(hash), name }];
  }
  const found = await uploaded(request.ctx, readBody(request.body ?? {}).files);
  return found.map(({ name, hash }) => ({ name, path: files.path(hash) }));
}

/** Files that are imported together: each is opened and looked into, one after the other. */
const mostFiles = 1_000;

/** Uploaded files within reach of who asks; names that several have are told apart by numbers. */
export async function uploaded(ctx: Context, ids: string[]): Promise<{ name: string; hash: string }[]> {
  const wanted = [...new Set(ids)];
  if (wanted.length > mostFiles)
    throw new FarleyError(
      'invalidInput',
      `At most ${mostFiles.toLocaleString('en')} files are imported together. Put them into a ZIP, which counts as one.`,
    );
  const found = await rows(ctx, 'file', {
    filter: { field: 'id', op: 'isAnyOf', value: wanted },
    fields: ['id', 'hash', 'name'],
    limit: mostFiles,
  });
  const byId = new Map(found.map(file => [file.id, file]));
  const names = new Set<string>();
  return wanted.map(id => {
    const file = byId.get(id.toLowerCase());
    if (!file) throw new FarleyError('notFound', 'One of the files does not exist.');
    const called = file.name as string;
    let name = called;
    for (let count = 2; names.has(name); count++) name = called.replace(/(\.\w{1,8})?$/, ` (${count})$1`);
    names.add(name);
    return { name, hash: file.hash as string };
  });
}
