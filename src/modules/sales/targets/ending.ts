/** Challenges that are over end by themselves: their winners get badge and points, once, however many processes look. */
import { type Context, defineWatch, list, type Values, write } from '../../../engine/index.ts';
import { todayOf } from '../dashboards/scope.ts';
import { challengeFields, challengeLines } from './progress.ts';

const most = 50;

export const endChallenges = defineWatch('challenges', {
  label: 'Ending challenges',
  every: 60,
  // The watch is one process at a time, and what it writes is committed with its place.
  run: async (ctx, _changes, skipped) => {
    const over = await list(ctx, 'challenge', {
      filter: {
        and: [
          { field: 'endedAt', op: 'empty' },
          { field: 'to', op: 'lt', value: todayOf(ctx) },
        ],
      },
      fields: challengeFields,
      sort: ['to'],
      limit: most,
    });
    const challenges = JSON.parse(over.data) as Values[];
    if (challenges.length === 0) return;
    const lines = await challengeLines(ctx, challenges, null, null);
    const given: { op: 'create'; values: Record<string, string | number | null> }[] = [];
    for (const line of lines) {
      const winners = line.standings.filter(({ place }) => place === 1);
      if (winners.length === 0) skipped(line.name, 'Nobody counted.');
      for (const { who } of winners)
        for (const to of line.mode === 'teams' ? await membersOf(ctx, who.id) : [who.id])
          given.push({
            op: 'create',
            values: {
              words: line.name,
              to,
              badge: line.badge?.id ?? null,
              points: line.points,
              challenge: line.id,
            },
          });
    }
    if (given.length > 0) await write(ctx, 'recognition', given);
    const endedAt = ctx.clock.now().toISOString();
    await write(
      ctx,
      'challenge',
      lines.map(({ id }) => ({ op: 'update', id, values: { endedAt } })),
    );
  },
});

/** Whoever leads a team shares what it wins; a team is named by its members as they stand now. */
async function membersOf(ctx: Context, team: string): Promise<string[]> {
  const { data } = await list(ctx, 'user', {
    filter: {
      and: [
        { field: 'team', op: 'is', value: team },
        { field: 'active', op: 'is', value: true },
      ],
    },
    fields: [],
    limit: 1_000,
  });
  return (JSON.parse(data) as Values[]).map(({ id }) => id as string);
}
