/** People as rules see them: when they work, when they are away, and who stands in for them. */
import { type Context, type Filter, type Json, rows } from '../../../engine/index.ts';
import { awayAt, hoursOf, type WorkingTime } from '../../workspace/module.ts';

export const idOf = (link: Json | undefined) => (link as { id: string } | null | undefined)?.id ?? null;
export const idsOf = (links: Json | undefined) => ((links ?? []) as { id: string }[]).map(({ id }) => id);

export const among = (field: string, value: string[]): Filter => ({
  field,
  op: 'isAnyOf',
  value: [...new Set(value)],
});

/** Someone as rules see them. */
export interface Worker {
  id: string;
  name: string;
  active: boolean;
  team: string | null;
  skills: string[];
  manager: string | null;
  time: WorkingTime;
  /** Who stands in for them on a day: `2026-03-16`. */
  substitutes: { from: string; to: string; user: string | null }[];
}

/** Users by id, with their working time and absences. Two statements. */
export async function workersOf(ctx: Context, filter: object): Promise<Map<string, Worker>> {
  const users = await rows(ctx, 'user', {
    // Keys and services have teams too, and work on no lead.
    filter: { and: [filter, { field: 'kind', op: 'is', value: 'person' }] } as never,
    fields: ['name', 'active', 'team', 'skills', 'manager', 'timeZone', 'workingHours'],
    limit: 1_000,
  });
  const today = ctx.clock.now().toISOString().slice(0, 10);
  const away = await rows(ctx, 'absence', {
    filter: {
      and: [
        among(
          'user',
          users.map(({ id }) => id as string),
        ),
        { field: 'to', op: 'gte', value: today },
      ],
    },
    limit: 1_000,
  });
  const of = Map.groupBy(away, ({ user }) => idOf(user));
  return new Map(
    users.map(user => {
      const own = of.get(user.id as string) ?? [];
      const days = own.map(({ from, to }) => ({ from: from as string, to: to as string }));
      const worker: Worker = {
        id: user.id as string,
        name: (user.name as { full: string }).full,
        active: user.active === true,
        team: idOf(user.team),
        skills: idsOf(user.skills),
        manager: idOf(user.manager),
        time: {
          zone: (user.timeZone as string | null) ?? ctx.settings.timeZone,
          hours: hoursOf(user.workingHours ?? null),
          absences: days,
        },
        substitutes: own.map(({ from, to, substitute }) => ({
          from: from as string,
          to: to as string,
          user: idOf(substitute),
        })),
      };
      return [worker.id, worker] as const;
    }),
  );
}

/** Someone, or whoever stands in for them while they are away; null where neither is there. */
export function present(
  workers: Map<string, Worker>,
  id: string | null,
  now: number,
  depth = 0,
): Worker | null {
  const worker = id === null ? undefined : workers.get(id);
  if (!worker || depth > 3) return null;
  const away = awayAt(worker.time, now);
  if (worker.active && !away) return worker;
  const instead = worker.substitutes.find(({ from, user }) => user && from === away?.from);
  return present(workers, instead?.user ?? null, now, depth + 1);
}
