/** Routes of the model: what there is, and what administrators add to it at run time. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { addField, addObject, FieldBody, ObjectBody } from '../db/custom.ts';
import type { Model } from '../model.ts';
import type { Declared } from '../workspace.ts';
import type { Route } from './app.ts';
import { briefOf } from './brief.ts';
import { metaObject, metaOf } from './meta.ts';

export interface SchemaParts {
  declared: Declared;
  /** First segments of addresses that routes of their own have, so that no object may take them. */
  takenPaths(): Set<string>;
  /** Makes a changed model known to all processes. */
  takeModel(workspace: string, model: Model): Promise<void>;
}

export function schemaRoutes(parts: SchemaParts): Route[] {
  const answer = async (request: FastifyRequest, reply: FastifyReply, model: Model, name: string) => {
    await parts.takeModel(request.ctx.settings.name, model);
    return reply.status(201).send(metaObject({ ...request.ctx, model }, model.objects.get(name)!));
  };
  return [
    {
      method: 'GET',
      url: '/api/objects',
      policy: 'signedIn',
      doc: {
        summary: 'Objects, fields, verbs and rights of the caller',
        tag: 'Platform',
        query: {
          brief: Type.Optional(
            Type.Boolean({
              description:
                'What most fields have in common is said once, in `usual`, `operators` and `aggregates`: a field is `{ ...usual, ...field }`, with the lists at the places it names.',
            }),
          ),
        },
      },
      handler: async request => {
        const { brief } = request.query as { brief?: boolean };
        return brief ? briefOf(metaOf(request.ctx)) : metaOf(request.ctx);
      },
    },
    {
      method: 'POST',
      url: '/api/objects',
      policy: 'administrator',
      doc: { summary: 'Add an object', tag: 'Platform', body: ObjectBody, status: 201 },
      handler: async (request, reply) => {
        const model = await addObject(request.ctx, parts.declared, request.body, parts.takenPaths());
        return answer(request, reply, model, (request.body as { name: string }).name);
      },
    },
    {
      method: 'POST',
      url: '/api/objects/:object/fields',
      policy: 'administrator',
      doc: { summary: 'Add a field to an object', tag: 'Platform', body: FieldBody, status: 201 },
      handler: async (request, reply) => {
        const { object } = request.params as { object: string };
        const model = await addField(request.ctx, parts.declared, object, request.body);
        return answer(request, reply, model, object);
      },
    },
  ];
}
