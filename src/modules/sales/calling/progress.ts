/** How far call lists are: for their page, and for whoever works through one. */
import { type Static, Type } from 'typebox';
import {
  aggregate,
  type Context,
  defineReport,
  list,
  may,
  rows,
  type Values,
} from '../../../engine/index.ts';
import { type Claims, waiting } from './call.ts';

const id = Type.String({ format: 'uuid' });

const Progress = Type.Object({
  id,
  name: Type.String(),
  object: Type.String(),
  script: Type.Union([Type.String(), Type.Null()]),
  left: Type.Integer({ description: 'Those who wait for their call, as far as the reader sees them.' }),
  done: Type.Integer(),
  outcomes: Type.Array(Type.Object({ outcome: Type.String(), count: Type.Integer() })),
  mine: Type.Integer({ description: 'Of those done, by the reader.' }),
  seconds: Type.Number({ description: 'Spoken in all, as far as the clock ran.' }),
  callers: Type.Array(
    Type.Object({
      user: Type.Union([id, Type.Null()]),
      title: Type.String(),
      calls: Type.Integer(),
      seconds: Type.Number(),
    }),
    { description: 'Who has called how many of them, for how long; the busiest first.' },
  ),
  others: Type.Array(Type.Object({ user: id, title: Type.String(), record: id }), {
    description: 'Who else is calling at this moment, and whom.',
  }),
});
export type CallProgress = Static<typeof Progress>;

/** So many lists are told at once. */
const most = 20;

export const callListsReport = defineReport('callLists', {
  label: 'Call lists',
  description: 'How far call lists are, and who is calling at this moment',
  input: Type.Object({ id: Type.Optional(id) }, { additionalProperties: false }),
  answer: Type.Array(Progress),
  run: async (ctx, { id: only }) => {
    const lists = await rows(ctx, 'callList', {
      ...(only ? { filter: { field: 'id', op: 'is', value: only } } : {}),
      fields: ['name', 'object', 'filter', 'words', 'script', 'claims'],
      sort: ['-createdAt'],
      limit: most,
    });
    return Promise.all(lists.map(each => progressOf(ctx, each)));
  },
});

/** Two statements for each list. */
async function progressOf(ctx: Context, calls: Values): Promise<CallProgress> {
  const object = calls.object as string;
  const known = may(ctx, ctx.model.objects.get(object)!, 'read');
  const [open, groups] = await Promise.all([
    known
      ? list(ctx, object, {
          filter: waiting(calls),
          q: (calls.words as string | null) ?? undefined,
          fields: [],
          limit: 1,
          count: 'exact',
        })
      : null,
    aggregate(ctx, 'callOutcome', {
      filter: { field: 'list', op: 'is', value: calls.id! },
      groupBy: [{ field: 'outcome' }, { field: 'owner' }],
      values: [{ op: 'count' }, { op: 'sum', field: 'duration' }],
    }),
  ]);
  const counted = groups.data.map(({ group, values }) => ({
    outcome: String(group.outcome),
    by: (group.owner as { id: string } | null)?.id ?? null,
    title: (group.owner as { title: string } | null)?.title ?? '',
    count: Number(values[0]),
    seconds: Number(values[1] ?? 0),
  }));
  const now = ctx.clock.now().toISOString();
  const me = ctx.actor.userId;
  const sum = (some: typeof counted) => some.reduce((so, { count }) => so + count, 0);
  return {
    id: calls.id as string,
    name: calls.name as string,
    object,
    script: calls.script as string | null,
    left: open?.count ?? 0,
    done: sum(counted),
    outcomes: [...new Set(counted.map(({ outcome }) => outcome))].map(outcome => ({
      outcome,
      count: sum(counted.filter(each => each.outcome === outcome)),
    })),
    mine: sum(counted.filter(({ by }) => by === me)),
    seconds: counted.reduce((so, { seconds }) => so + seconds, 0),
    callers: callersOf(counted),
    others: Object.entries((calls.claims as Claims | null) ?? {}).flatMap(([record, { by, name, until }]) =>
      by !== me && until > now ? [{ user: by, title: name, record }] : [],
    ),
  };
}

interface Counted {
  outcome: string;
  by: string | null;
  title: string;
  count: number;
  seconds: number;
}

/** What each has called; whom one skips, one does not call. */
function callersOf(counted: Counted[]): CallProgress['callers'] {
  const called = counted.filter(({ outcome }) => outcome !== 'skipped');
  return [...new Set(called.map(({ by }) => by))]
    .map(user => {
      const own = called.filter(({ by }) => by === user);
      return {
        user,
        title: own[0]!.title,
        calls: own.reduce((sum, { count }) => sum + count, 0),
        seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
      };
    })
    .sort((one, other) => other.calls - one.calls);
}
