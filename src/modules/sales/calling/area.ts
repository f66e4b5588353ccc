import { type Context, create, type ModuleArea, rows } from '../../../engine/index.ts';
import { callFromList } from './call.ts';
import { CallList, CallOutcome } from './call-list.ts';
import { callListsReport } from './progress.ts';

/** Calling one after another: who is next, what came of it, what follows. */
export const calling: ModuleArea = {
  objects: [CallList, CallOutcome],
  verbs: [callFromList],
  reports: [callListsReport],
  demo: callingDemo,
};

async function callingDemo(ctx: Context) {
  const users = await rows(ctx, 'user', { fields: ['name'], limit: 100 });
  const byName = (name: string) =>
    users.find(user => (user.name as { full: string }).full.startsWith(name))?.id as string | undefined;
  const [owner, tom] = [byName('Sina') ?? ctx.actor.userId, byName('Tom')];
  await create(ctx, 'callList', {
    name: 'Hotels without a service plan',
    object: 'person',
    filter: { field: 'phone', op: 'notEmpty' },
    sort: ['name'],
    script:
      'Ask how the machines did in the season. Who descales them, and how often? The plan costs less than one visit of a technician.',
    owner,
    callers: tom && tom !== owner ? [tom] : null,
  });
}
