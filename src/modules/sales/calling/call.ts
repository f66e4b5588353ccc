/** Working through a call list: one act notes what came of a call with its next step, and hands out the next record. */
import { Type } from 'typebox';
import {
  asSystem,
  type Context,
  create,
  defineVerb,
  FarleyError,
  type Filter,
  find,
  type Json,
  keepMeasured,
  rows,
  sql,
  type Values,
} from '../../../engine/index.ts';
import { type Called, CallList, outcomes } from './call-list.ts';

/** Record id → who has it before them, and until when nobody else gets it. */
export type Claims = { [record: string]: { by: string; name: string; until: string } };

/** Whoever says nothing for so long has gone, in milliseconds; their page speaks far more often. */
const claimedFor = 10 * 60_000;

const values = outcomes.map(each => (typeof each === 'string' ? each : each.value));
const id = Type.String({ format: 'uuid' });

export const callFromList = defineVerb(CallList, {
  name: 'call',
  label: 'Call the next one',
  icon: 'phone-call',
  description: 'Notes what came of a call and what follows, and hands out whom to call next.',
  own: true,
  input: Type.Object(
    {
      of: Type.Optional({ ...id, title: 'Record that was called' }),
      outcome: Type.Optional(Type.Enum(values, { title: 'Outcome' })),
      notes: Type.Optional(Type.String({ title: 'Notes' })),
      startedAt: Type.Optional(
        Type.String({
          format: 'date-time',
          title: 'Began',
          description: 'How long it took follows from it.',
        }),
      ),
      endedAt: Type.Optional(
        Type.String({
          format: 'date-time',
          title: 'Ended',
          description: 'Absent: now, so that what is written down afterwards counts too.',
        }),
      ),
      next: Type.Optional(
        Type.Object(
          { subject: Type.String({ minLength: 1 }), dueAt: Type.String({ format: 'date-time' }) },
          { additionalProperties: false, title: 'Next step', description: 'Becomes a task.' },
        ),
      ),
      leave: Type.Optional(Type.Boolean({ title: 'Stop for now', description: 'Frees what is claimed.' })),
    },
    { additionalProperties: false },
  ),
  event: { sentence: '{actor} called {record}', icon: 'phone-call' },
  run: async (ctx, listId, input) => {
    const me = ctx.actor.userId;
    if (!me) throw new FarleyError('forbidden');
    // The list itself is locked by now: whoever else asks for the next one waits for this answer.
    const list = await find(ctx, 'callList', listId);
    const claims = freshOf(list.claims as Claims | null, ctx);
    const noted = input.of && input.outcome ? await note(ctx, list, input.of, input) : null;
    if (noted) delete claims[input.of!];
    const next = input.leave ? null : await nextOf(ctx, list, claims, me);
    for (const [record, { by }] of Object.entries(claims))
      if (by === me && record !== next && input.leave !== true) delete claims[record];
    const until = new Date(ctx.clock.now().getTime() + (input.leave ? 0 : claimedFor)).toISOString();
    if (next) claims[next] = { by: me, name: ctx.actor.name, until };
    // Whoever leaves comes back to the same record, unless someone else has taken it by then.
    else if (input.leave) for (const claim of Object.values(claims)) if (claim.by === me) claim.until = until;
    await keepMeasured(
      ctx,
      'callList',
      ['claims'],
      sql`select ${listId}::uuid as id, ${JSON.stringify(claims)}::jsonb as claims`,
    );
    const events: Record<string, Values> = noted?.call ? { [listId]: { record: noted.title } } : {};
    return { events, result: { next, call: noted?.call ?? null, task: noted?.task ?? null } };
  },
});

/** Claims that may still matter: live ones, and where people left off within a week. */
function freshOf(claims: Claims | null, ctx: Context): Claims {
  const week = new Date(ctx.clock.now().getTime() - 7 * 86_400_000).toISOString();
  return Object.fromEntries(Object.entries(claims ?? {}).filter(([, { until }]) => until > week));
}

/** Those of a list that wait for their call. */
export function waiting(list: Values): Filter {
  const open: Filter = { not: { field: 'listCalls.list', op: 'is', value: list.id! } };
  return list.filter ? { and: [list.filter as Filter, open] } : open;
}

async function nextOf(ctx: Context, list: Values, claims: Claims, me: string): Promise<string | null> {
  const now = ctx.clock.now().toISOString();
  const others = Object.entries(claims).flatMap(([record, { by, until }]) =>
    by !== me && until > now ? [record] : [],
  );
  const [mine] = Object.entries(claims).flatMap(([record, { by }]) => (by === me ? [record] : []));
  const first = async (which: Filter, limited: boolean) => {
    const [row] = await rows(ctx, list.object as string, {
      filter: { and: [waiting(list), which] },
      ...(limited ? {} : { q: (list.words as string | null) ?? undefined }),
      sort: (list.sort as string[] | null) ?? undefined,
      fields: [],
      limit: 1,
    });
    return (row?.id as string | undefined) ?? null;
  };
  const own = mine && (await first({ field: 'id', op: 'is', value: mine }, true));
  return own || first({ not: { field: 'id', op: 'isAnyOf', value: others } }, false);
}

interface Noted {
  outcome?: string;
  notes?: string;
  startedAt?: string;
  endedAt?: string;
  next?: { subject: string; dueAt: string };
}

/** The call, its next step and the mark in the list: one act, taken back by one undo. */
async function note(ctx: Context, list: Values, of: string, noted: Noted) {
  const { outcome, notes, next } = noted;
  const object = list.object as Called;
  const model = ctx.model.objects.get(object)!;
  const record = await find(ctx, object, of);
  const [done] = await rows(ctx, 'callOutcome', {
    filter: { and: [is('list', list.id!), is(object, of)] },
    fields: ['owner'],
    limit: 1,
  });
  if (done) throw new FarleyError('invalidInput', 'This one has been called from the list already.');
  const about = aboutOf(object, record);
  const now = ctx.clock.now();
  const owner = ctx.actor.userId;
  const spoken = spokenOf(noted, now);
  const call =
    outcome === 'skipped'
      ? null
      : await create(ctx, 'call', {
          direction: 'outbound',
          outcome,
          startedAt: spoken.startedAt ?? now.toISOString(),
          duration: spoken.duration,
          notes: notes?.trim() || null,
          owner,
          about,
        });
  const task = next ? await create(ctx, 'task', { ...next, owner, about }) : null;
  // Whoever may call from the list marks it, whether they may change the list or not.
  await create(consequence(ctx), 'callOutcome', {
    list: list.id!,
    [object]: of,
    outcome,
    call,
    task,
    ...(call ? spoken : {}),
    at: now.toISOString(),
    owner,
  });
  const title = record[model.spec.title];
  return { call, task, title: typeof title === 'object' ? (title as { full: string }).full : String(title) };
}

/** From when to when was spoken, and for how many seconds: as far as the clock ran, and not beyond now. */
function spokenOf({ startedAt, endedAt }: Noted, now: Date) {
  if (!startedAt) return { startedAt: null, endedAt: null, duration: null };
  const end = Math.min(now.getTime(), endedAt ? Date.parse(endedAt) : now.getTime());
  const begin = Math.min(Date.parse(startedAt), end);
  const iso = (time: number) => new Date(time).toISOString();
  return { startedAt: iso(begin), endedAt: iso(end), duration: Math.round((end - begin) / 1_000) };
}

const is = (field: string, value: Json): Filter => ({ field, op: 'is', value });

function consequence(ctx: Context): Context {
  const { name, userId } = ctx.actor;
  const { actor, ...rest } = asSystem(ctx, 'call list');
  return { ...rest, actor: { ...actor, name, userId } };
}

/** A call about a deal is one with its people too, and that of a lead on file with the person. */
function aboutOf(object: Called, record: Values): { object: string; id: string }[] {
  const linked = (value: Json | undefined, to: string) =>
    [value ?? []].flat().map(each => ({ object: to, id: (each as { id: string }).id }));
  return [
    { object, id: record.id as string },
    ...(object === 'lead' ? linked(record.person, 'person') : []),
    ...(object === 'deal' ? linked(record.company, 'company') : []),
  ];
}
