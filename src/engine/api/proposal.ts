/** What Farley makes of files that are to be imported: nothing is written. */
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { FarleyError } from '../errors.ts';
import { find } from '../records/read.ts';
import type { ImportingSpec } from '../transfer/recognise/dictionary.ts';
import { type Proposal, propose } from '../transfer/recognise/propose.ts';
import { openTables } from '../transfer/tables.ts';
import type { Route } from './app.ts';
import type { TransferParts } from './transfer.ts';
import { compileInput } from './validate.ts';

const maxFile = 100 * 1024 ** 3;

const ProposalBody = Type.Object(
  {
    files: Type.Array(Type.String({ format: 'uuid' }), {
      minItems: 1,
      maxItems: 100,
      description: 'Ids of uploaded files that belong together.',
    }),
  },
  { additionalProperties: false },
);
const readBody = compileInput<{ files: string[] }>(ProposalBody);

interface Given {
  path: string;
  name: string;
}

export function proposalRoutes(parts: TransferParts, importing: ImportingSpec[]): Route[] {
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
        tag: 'Import and export',
        body: ProposalBody,
        query: { name: Type.Optional(Type.String({ description: 'Name of the file that is the body.' })) },
      },
      handler: async (request): Promise<Proposal> => {
        const { ctx } = request;
        const tables = [];
        for (const { path, name } of await given(parts, request))
          for (const table of await openTables(path, name, {}, ctx.settings.locale))
            tables.push({ ...table, file: name });
        return propose(ctx, importing, tables);
      },
    },
  ];
}

async function given({ files }: TransferParts, request: FastifyRequest): Promise<Given[]> {
  if (request.body instanceof Readable) {
    const { name = 'file.csv' } = request.query as { name?: string };
    const { hash, size } = await files.put(request.body, maxFile);
    if (size === 0) throw new FarleyError('invalidInput', 'The file is empty.');
    return [{ path: files.path(hash), name }];
  }
  const found: Given[] = [];
  for (const id of readBody(request.body ?? {}).files) {
    // Within reach of who asks; a hundred at most.
    const { hash, name } = await find(request.ctx, 'file', id, { fields: ['hash', 'name'] });
    found.push({ path: files.path(hash as string), name: name as string });
  }
  return found;
}
