/** Putting notifications into people's hands: only of what they can see, only what they want, what belongs together as one. */
import { actorOf, allRows, type Context, type Values, write } from '../../engine/index.ts';
import { mailedAt } from './digest.ts';
import { pushTo } from './send.ts';
import { paceOf } from './sending.ts';

/** Something that concerns someone. */
export interface Notice {
  /** User id of whom it concerns. */
  to: string;
  kind: string;
  object: string;
  id: string;
  /** What was said, where that is another record: it has to be in reach as well. */
  source: { object: string; id: string } | null;
  /** User id of who did it. */
  actor: string | null;
  /** ISO 8601. */
  at: string;
  /** The act that it came of; notices of one act to one person are gathered. */
  changeSet: string | null;
}

type Skipped = (what: string, why: string) => void;

/** Makes notifications of notices. Each recipient's reach is asked for as it is now. */
export async function deliver(ctx: Context, notices: Notice[], skipped: Skipped) {
  if (notices.length === 0) return;
  const { wanted, users } = await wantedOf(ctx, notices);
  const seen: Notice[] = [];
  for (const [to, own] of Map.groupBy(wanted, notice => notice.to))
    seen.push(...(await visibleTo(ctx, to, own, skipped)));
  await tell(ctx, seen, users);
}

/** Without those of kinds that people have switched off, and those to nobody. */
async function wantedOf(ctx: Context, notices: Notice[]) {
  const ids = [...new Set(notices.map(({ to }) => to))];
  const users = await allRows(ctx, 'user', {
    filter: {
      and: [
        { field: 'id', op: 'isAnyOf', value: ids },
        { field: 'active', op: 'is', value: true },
      ],
    },
    fields: ['silenced', 'mailed', 'timeZone', 'workingHours'],
  });
  const known = new Map(users.map(user => [user.id as string, user]));
  const silenced = (id: string) => (known.get(id)?.silenced as string[] | null | undefined) ?? [];
  const wanted = notices.filter(({ to, kind }) => known.has(to) && !silenced(to).includes(kind));
  return { wanted, users: known };
}

/** Nobody is told of what is out of their reach, were it but that it exists. */
async function visibleTo(ctx: Context, to: string, notices: Notice[], skipped: Skipped): Promise<Notice[]> {
  const actor = await actorOf(ctx.db, ctx.schema, to, 'person');
  if (!actor) return [];
  const reader = { ...ctx, actor };
  const records = notices.flatMap(({ object, id, source }) => [{ object, id }, ...(source ? [source] : [])]);
  const reached = new Set<string>();
  for (const [object, some] of Map.groupBy(records, record => record.object)) {
    const value = [...new Set(some.map(({ id }) => id))];
    const found = await allRows(reader, object, {
      filter: { field: 'id', op: 'isAnyOf', value },
      fields: [],
    }).catch(() => []);
    for (const { id } of found) reached.add(id as string);
  }
  return notices.filter(notice => {
    const sees = reached.has(notice.id) && (notice.source === null || reached.has(notice.source.id));
    if (!sees) skipped(`${notice.kind} of ${notice.object} ${notice.id}`, `${actor.name} cannot see it.`);
    return sees;
  });
}

/** One notification per person, act and kind; of a single record each says which. */
async function tell(ctx: Context, notices: Notice[], users: Map<string, Values>) {
  const gathered = [
    ...Map.groupBy(notices, ({ to, kind, changeSet, id }) => `${to} ${kind} ${changeSet ?? id}`).values(),
  ];
  const known = await earlierOf(ctx, notices);
  const operations = gathered.map(all => {
    const { to, kind, object, id, source, actor, at, changeSet } = all[0]!;
    const earlier = changeSet ? known.get(`${to} ${kind} ${changeSet}`) : undefined;
    const count = new Set(all.map(notice => notice.id)).size;
    if (earlier)
      return {
        op: 'update' as const,
        id: earlier.id as string,
        values: { count: (earlier.count as number) + count, readAt: null },
      };
    const values = {
      kind,
      about: { object, id },
      source,
      actor,
      count,
      owner: to,
      happenedAt: at,
      changeSet,
      mailAt: mailedTo(ctx, users.get(to)!, kind, at),
    };
    return { op: 'create' as const, values };
  });
  if (operations.length === 0) return;
  const { results } = await write(ctx, 'notification', operations);
  await pushTo(
    ctx,
    results.map(({ id }, index) => ({ id, owner: gathered[index]![0]!.to })),
  );
}

/** When its reader is mailed of it, as they like it. */
function mailedTo(ctx: Context, user: Values, kind: string, at: string): string | null {
  const zone = (user.timeZone as string | null) ?? ctx.settings.timeZone;
  return mailedAt(paceOf(user.mailed, kind), at, zone, user.workingHours ?? null);
}

/** Those of the same act that went out with an earlier part of it. */
async function earlierOf(ctx: Context, notices: Notice[]): Promise<Map<string, Values>> {
  const acts = [...new Set(notices.flatMap(({ changeSet }) => changeSet ?? []))];
  if (acts.length === 0) return new Map();
  const found = await allRows(ctx, 'notification', {
    filter: { field: 'changeSet', op: 'isAnyOf', value: acts },
    fields: ['kind', 'owner', 'changeSet', 'count'],
  });
  return new Map(
    found.map(row => [`${(row.owner as { id: string }).id} ${row.kind} ${row.changeSet}`, row] as const),
  );
}
