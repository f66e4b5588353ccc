/** Routes of what many records say together: counts and sums, time in stage, and what became of them between two moments. */
import { type TSchema, Type } from 'typebox';
import { type AggregateQuery, aggregate } from '../records/aggregate.ts';
import { type FlowQuery, flow } from '../records/flow.ts';
import { type TimeInQuery, timeIn } from '../records/time-in.ts';
import type { ReportSpec } from '../report.ts';
import type { Route } from './app.ts';
import { objectAt, QueryBody } from './query.ts';
import { compileInput } from './validate.ts';

const { filter, q } = QueryBody.properties;
const moment = (description: string) => Type.String({ format: 'date-time', description });
const strict = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

const AggregateBody = strict({
  filter,
  q,
  groupBy: Type.Optional(
    Type.Array(Type.Object({ field: Type.String(), bucket: Type.Optional(Type.String()) })),
  ),
  values: Type.Optional(Type.Array(Type.Object({ op: Type.String(), field: Type.Optional(Type.String()) }))),
  asOf: Type.Optional(Type.String()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
});
const readAggregate = compileInput<AggregateQuery>(AggregateBody);

const TimeInBody = strict({
  field: Type.String({ description: 'A choice, a link or a user.' }),
  filter,
  q,
  from: Type.Optional(moment('Only stays that began at or after this.')),
  to: Type.Optional(moment('Only stays that began before this.')),
});
const readTimeIn = compileInput<TimeInQuery>(TimeInBody);

const FlowBody = strict({
  field: Type.String({ description: 'What is followed: a choice, a link or a user.' }),
  from: moment('The earlier moment.'),
  to: Type.Optional(moment('The later one. Default: now.')),
  filter,
  value: Type.Optional(Type.String({ description: 'A number or an amount, summed at both moments.' })),
});
const readFlow = compileInput<FlowQuery>(FlowBody);

export const reportRoutes: Route[] = [
  {
    method: 'POST',
    url: '/api/:path/aggregate',
    policy: 'signedIn',
    doc: { summary: 'Count and sum {plural} by groups', tag: '{object}', body: AggregateBody },
    handler: async request =>
      aggregate(request.ctx, objectAt(request).name, readAggregate(request.body ?? {})),
  },
  {
    method: 'POST',
    url: '/api/:path/time-in',
    policy: 'signedIn',
    doc: {
      summary: 'How long {plural} stay at each value of a field, such as a stage, and what comes next',
      tag: '{object}',
      body: TimeInBody,
    },
    handler: async request => ({
      data: await timeIn(request.ctx, objectAt(request).name, readTimeIn(request.body ?? {})),
    }),
  },
  {
    method: 'POST',
    url: '/api/:path/flow',
    policy: 'signedIn',
    doc: {
      summary: 'What became of {plural} between two moments, by a field such as the stage',
      tag: '{object}',
      body: FlowBody,
    },
    handler: async request => ({
      data: await flow(request.ctx, objectAt(request).name, readFlow(request.body ?? {})),
    }),
  },
];

/** The reports of modules. */
export function moduleReports(reports: ReportSpec[]): Route[] {
  return reports.map(({ name, label, description, input, answer, run }) => {
    const readInput = compileInput<never>(input);
    return {
      method: 'POST',
      url: `/api/reports/${name}`,
      policy: 'signedIn',
      doc: { summary: `${label}: ${description}`, tag: 'Reports', body: input, answer },
      handler: async request => run(request.ctx, readInput(request.body ?? {})),
    };
  });
}
