/** Routes of data quality: what costs a record points, and where all records of a kind lose theirs. */
import { Type } from 'typebox';
import type { ObjectModel } from '../model.ts';
import { flawsOf } from '../quality/flaws.ts';
import { qualityOf, qualityOfAll } from '../quality/score.ts';
import type { Route } from './app.ts';
import { objectAt, readQueryString } from './query.ts';

const measured = (object: ObjectModel) => flawsOf(object).length > 0;

export const qualityRoutes: Route[] = [
  {
    method: 'GET',
    url: '/api/:path/quality',
    policy: 'signedIn',
    doc: {
      summary: 'How complete, fresh and valid the {plural} are, and what costs them points',
      tag: '{object}',
      of: measured,
      query: {
        filter: Type.Optional(Type.String({ description: 'Only of those that match, as for lists.' })),
      },
    },
    handler: async request => {
      const object = objectAt(request);
      const { filter } = readQueryString(request.ctx, object, request.query as Record<string, string>);
      return qualityOfAll(request.ctx, object.name, filter);
    },
  },
  {
    method: 'GET',
    url: '/api/:path/:id/quality',
    policy: 'signedIn',
    doc: {
      summary: 'How good the data of a {label} are, and what costs points',
      tag: '{object}',
      of: measured,
    },
    handler: async request => {
      const { id } = request.params as { id: string };
      return qualityOf(request.ctx, objectAt(request).name, id);
    },
  },
];
