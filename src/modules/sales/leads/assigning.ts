/** Giving leads to people as was decided: some hundred at a time, in a number of statements that does not depend on how many. */
import { Type } from 'typebox';
import {
  asSystem,
  defineVerb,
  defineWatch,
  FarleyError,
  type Json,
  newId,
  rows,
  sql,
  tell,
  update,
  type Values,
  type WatchedChange,
  write,
} from '../../../engine/index.ts';
import { workedFor } from '../../workspace/module.ts';
import { type Decision, decideAll, type Inside } from './deciding.ts';
import { Lead, openStatuses } from './lead.ts';
import { among, idOf, type Worker, workersOf } from './workers.ts';

const titleOf = (link: Json | undefined) => (link as { title?: string } | null | undefined)?.title ?? '';

/** By when a lead's owner should have been in touch, and what is waited for; nothing where no rule says so. */
export function promised(lead: Values, rule: Values | null, owner: Worker | null, now: number): Values {
  if (!rule?.contactWithin || !owner || lead.firstContactAt) return {};
  const due = workedFor(owner.time, now, Number(rule.contactWithin) * 1_000);
  return due === null ? {} : { contactBy: new Date(due).toISOString(), contactState: 'waiting' };
}

/** Gives leads to people by the rules; answers what was decided about each. Those of one workspace one after the other. */
export async function assignLeads(
  ctx: Inside,
  leads: Values[],
  again: Map<string, string>,
): Promise<Decision[]> {
  if (leads.length === 0) return [];
  await ctx.tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`assignment ${ctx.schema}`}, 0))`);
  const now = ctx.clock.now().getTime();
  const { decisions, turned } = await decideAll(ctx, leads, now);
  const given = decisions.filter(({ chosen }) => chosen !== null);
  await write(
    ctx,
    'lead',
    given.map(({ lead, rule, chosen }) => ({
      op: 'update',
      id: lead.id as string,
      values: { owner: chosen!.id, ...promised(lead, rule?.record ?? null, chosen, now) },
    })),
    { trusted: true },
  );
  await keep(ctx, decisions, again);
  await write(
    ctx,
    'assignmentRule',
    turned.map(({ id, turns }) => ({ op: 'update', id, values: { turns } })),
    { trusted: true },
  );
  const events = given.map(
    ({ lead, chosen }) => [lead.id, { lead: nameOf(lead), owner: chosen!.name }] as const,
  );
  await tell(ctx, 'lead', 'assign', Object.fromEntries(events));
  return decisions;
}

const nameOf = (lead: Values) => (lead.name as { full: string }).full;

/** Writes decisions down. That nobody could is written once, and left open until somebody can. */
async function keep(ctx: Inside, decisions: Decision[], again: Map<string, string>) {
  const at = ctx.clock.now().toISOString();
  const news = decisions.filter(
    ({ lead, rule, chosen }) => rule && (chosen || !again.has(lead.id as string)),
  );
  await write(
    ctx,
    'assignment',
    news.map(({ lead, rule, chosen, how, considered }) => ({
      op: 'create',
      values: {
        name: chosen?.name ?? nameOf(lead),
        lead: lead.id!,
        chosen: chosen?.id ?? null,
        how,
        rule: rule!.record.id!,
        decidedAt: at,
        considered: considered as unknown as Json,
        waits: chosen === null,
      },
    })),
    { trusted: true },
  );
  const settled = decisions.filter(({ lead, chosen }) => chosen && again.has(lead.id as string));
  await write(
    ctx,
    'assignment',
    settled.map(({ lead }) => ({
      op: 'update',
      id: again.get(lead.id as string)!,
      values: { waits: false },
    })),
    { trusted: true },
  );
}

/** What decisions go by. */
export const wanted = [
  'name',
  'companyName',
  'email',
  'phone',
  'website',
  'person',
  'company',
  'owner',
  'firstContactAt',
];

/** Whether a change leaves a lead without anybody: it came in, or comes back. */
function asks({ object, kind, fields, undoes }: WatchedChange): boolean {
  if (object !== 'lead' || undoes !== null) return false;
  const back = kind === 'updated' && fields.status?.[0] === 'recycled';
  return kind === 'created' || back;
}

/** Leads without an owner get one as they come in; those whom nobody could take are tried again. */
export const assigning = defineWatch('lead-assignment', {
  label: 'Lead assignment',
  every: 60,
  run: async (ctx, changes, skipped) => {
    const waiting = await rows(ctx, 'assignment', {
      filter: { field: 'waits', op: 'is', value: true },
      sort: ['decidedAt'],
      fields: ['lead'],
      limit: 400,
    });
    const again = new Map(waiting.map(({ id, lead }) => [idOf(lead)!, id as string]));
    const ids = [...changes.filter(asks).map(({ id }) => id), ...again.keys()];
    if (ids.length === 0) return;
    const leads = await rows(ctx, 'lead', {
      filter: {
        and: [among('id', ids), { field: 'owner', op: 'empty' }, among('status', openStatuses)],
      },
      fields: wanted,
      sort: ['createdAt', 'id'],
      limit: 1_000,
    });
    await forget(ctx, again, leads);
    const decisions = await assignLeads(ctx, leads, again);
    for (const { lead, rule, chosen } of decisions)
      if (rule && !chosen && !again.has(lead.id as string))
        skipped(nameOf(lead), 'Nobody could take it yet.');
  },
});

/** What has an owner by now, or needs none, does not wait any more. */
async function forget(ctx: Inside, again: Map<string, string>, leads: Values[]) {
  const open = new Set(leads.map(({ id }) => id as string));
  const over = [...again].filter(([lead]) => !open.has(lead));
  await write(
    ctx,
    'assignment',
    over.map(([, id]) => ({ op: 'update', id, values: { waits: false } })),
    { trusted: true },
  );
}

export const assignLead = defineVerb(Lead, {
  name: 'assign',
  label: 'Assign lead',
  icon: 'route',
  description: 'Gives the lead to someone, or has the rules decide anew.',
  input: Type.Object({
    to: Type.Optional(
      Type.Unsafe<string>({
        type: 'string',
        format: 'uuid',
        title: 'To whom',
        description: 'Empty: the assignment rules decide.',
        link: 'user',
      }),
    ),
    reason: Type.Optional(Type.String({ title: 'Reason', maxLength: 500 })),
  }),
  allow: { field: 'status', is: openStatuses },
  event: { sentence: '{actor} assigned {lead} to {owner}', icon: 'route' },
  run: async (ctx, id, { to, reason }) => {
    const own = { ...asSystem(ctx, 'lead assignment'), tx: ctx.tx! };
    const [lead] = await rows(ctx, 'lead', { filter: among('id', [id]), fields: wanted });
    if (to) return byHand(own, lead!, to, reason ?? null);
    const [decision] = await assignLeads(own, [lead!], new Map());
    if (!decision!.rule) throw new FarleyError('invalidInput', 'No assignment rule fits this lead.');
    if (!decision!.chosen) throw new FarleyError('invalidInput', 'Nobody can take this lead at the moment.');
    return { events: {}, result: { id, owner: decision!.chosen.id } };
  },
});

async function byHand(ctx: Inside, lead: Values, to: string, reason: string | null) {
  const worker = (await workersOf(ctx, among('id', [to]))).get(to);
  if (!worker?.active) throw new FarleyError('invalidInput', 'Leads are given to people who are active.');
  const [last] = await rows(ctx, 'assignment', {
    filter: { and: [among('lead', [lead.id as string]), { field: 'rule', op: 'notEmpty' }] },
    fields: ['rule'],
    limit: 1,
  });
  const rule = idOf(last?.rule);
  const [record] = rule ? await rows(ctx, 'assignmentRule', { filter: among('id', [rule]) }) : [];
  const now = ctx.clock.now();
  const values = { owner: to, ...promised(lead, record ?? null, worker, now.getTime()) };
  await update(ctx, 'lead', lead.id as string, values, { trusted: true });
  await write(
    ctx,
    'assignment',
    [
      {
        op: 'create',
        values: {
          id: newId(),
          name: worker.name,
          lead: lead.id!,
          chosen: to,
          how: 'hand',
          rule,
          decidedAt: now.toISOString(),
          considered: [{ user: to, name: worker.name, why: 'chosen' }],
          reason,
        },
      },
    ],
    { trusted: true },
  );
  const was = titleOf(lead.owner);
  const payload = { lead: nameOf(lead), owner: worker.name, ...(was ? { before: was } : {}) };
  return { events: { [lead.id as string]: payload }, result: { id: lead.id!, owner: to } };
}
