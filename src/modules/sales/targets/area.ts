import { type Context, create, type ModuleArea, rows } from '../../../engine/index.ts';
import { endChallenges } from './ending.ts';
import { progressReport } from './progress.ts';
import { Badge, Challenge, Participation, Recognition, Target } from './target.ts';

/** What people want to reach, how far they are, and thanks for it. */
export const targets: ModuleArea = {
  objects: [Target, Challenge, Badge, Recognition, Participation],
  watches: [endChallenges],
  reports: [progressReport],
  demo: targetsDemo,
};

async function targetsDemo(ctx: Context) {
  const now = ctx.clock.now();
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const first = Math.floor(month / 3) * 3;
  const on = (at: number, date: number) => new Date(Date.UTC(year, at, date)).toISOString().slice(0, 10);
  const quarter = { from: on(first, 1), to: on(first + 3, 0) };
  const users = await rows(ctx, 'user', { fields: ['name'], limit: 100 });
  const byName = (name: string) =>
    (users.find(user => (user.name as { full: string }).full.startsWith(name))?.id as string | undefined) ??
    null;
  const [sina, tom, leyla] = ['Sina', 'Tom', 'Leyla'].map(byName);
  const badge = await create(ctx, 'badge', { name: 'Good listener', description: 'Asks before offering.' });
  const closer = await create(ctx, 'badge', { name: 'Month of machines' });
  await create(ctx, 'target', {
    name: 'Revenue of the quarter',
    metric: 'wonRevenue',
    amount: '420000',
    ...quarter,
  });
  await create(ctx, 'target', {
    name: 'Sina: revenue',
    metric: 'wonRevenue',
    amount: '20000',
    user: sina!,
    ...quarter,
  });
  await create(ctx, 'target', { name: 'Meetings held', metric: 'meetingsHeld', amount: '12', ...quarter });
  await create(ctx, 'challenge', {
    name: 'November of machines',
    metric: 'wonRevenue',
    ranking: 'amount',
    quality: 'winRate',
    from: on(month, 1),
    to: on(month + 1, 0),
    badge: closer,
    points: 20,
    responsible: sina!,
  });
  if (tom && leyla)
    await create(ctx, 'recognition', {
      words: 'Stayed with the bakery until midnight when the grinder failed.',
      to: leyla,
      badge,
    });
}
