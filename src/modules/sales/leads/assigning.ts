/** Giving leads to people: some hundred at a time, in a number of statements that does not depend on how many. */
import { Type } from 'typebox';
import {
  asSystem,
  type Context,
  defineVerb,
  defineWatch,
  FarleyError,
  type Json,
  newId,
  rows,
  sql,
  type Transaction,
  tableOf,
  tell,
  update,
  type Values,
  type WatchedChange,
  write,
} from '../../../engine/index.ts';
import { awayAt, workedFor, worksAt } from '../../workspace/module.ts';
import { holdersOf } from '../territories/holders.ts';
import { type Candidate, type Considered, choose, type Turns } from './assign.ts';
import { onFile } from './door.ts';
import { Lead, openStatuses } from './lead.ts';
import { among, idOf, idsOf, present, type Worker, workersOf } from './workers.ts';

type Inside = Context & { tx: Transaction };

const titleOf = (link: Json | undefined) => (link as { title?: string } | null | undefined)?.title ?? '';

interface Rule {
  record: Values;
  members: { user: string; weight: number; limit: number | null }[];
  /** Leads that its condition holds for. */
  fits: Set<string>;
  turns: Turns;
}

/** What decisions about some leads are made of. */
interface Sight {
  rules: Rule[];
  workers: Map<string, Worker>;
  /** Open leads by owner; counted on with each decision. */
  open: Map<string, number>;
  /** Lead → who has its account. */
  accounts: Map<string, string | null>;
  /** Lead → who has its territories; empty where no rule asks. */
  holders: Map<string, string[]>;
  skillNames: Map<string, string>;
}

export interface Decision {
  lead: Values;
  rule: Rule | null;
  chosen: Worker | null;
  how: string;
  considered: Considered[];
}

interface OnFile {
  person: string | null;
  company: string | null;
}

/** Lead → whom it is on file as. Links those that are found. */
async function linked(ctx: Inside, leads: Values[]): Promise<Map<string, OnFile>> {
  const strangers = leads.filter(({ person, company }) => !person && !company);
  const found = strangers.length > 0 ? await onFile(ctx, strangers) : new Map();
  const links = new Map<string, OnFile>(
    leads.map(({ id, person, company }) => [
      id as string,
      found.get(id as string) ?? { person: idOf(person), company: idOf(company) },
    ]),
  );
  const known = [...found].filter(([, { person, company }]) => person ?? company);
  if (known.length > 0)
    await write(
      ctx,
      'lead',
      known.map(([id, { person, company }]) => ({ op: 'update' as const, id, values: { person, company } })),
      { trusted: true },
    );
  return links;
}

/** Who has the account of each lead: of the company, else of the person on file. */
async function accountsOf(ctx: Inside, links: Map<string, OnFile>): Promise<Map<string, string | null>> {
  const owners = async (object: string, ids: (string | null)[]) => {
    const wanted = ids.filter(id => id !== null);
    if (wanted.length === 0) return new Map<string, string | null>();
    const read = await rows(ctx, object, { filter: among('id', wanted), fields: ['owner'], limit: 1_000 });
    return new Map(read.map(({ id, owner }) => [id as string, idOf(owner)]));
  };
  const all = [...links.values()];
  const companies = await owners(
    'company',
    all.map(({ company }) => company),
  );
  const people = await owners(
    'person',
    all.map(({ person }) => person),
  );
  return new Map(
    [...links].map(([id, { person, company }]) => [
      id,
      companies.get(company ?? '') ?? people.get(person ?? '') ?? null,
    ]),
  );
}

async function rulesFor(ctx: Inside, leads: Values[]): Promise<Rule[]> {
  const records = await rows(ctx, 'assignmentRule', {
    filter: { field: 'active', op: 'is', value: true },
    sort: ['position', 'name'],
    limit: 200,
  });
  const named = await rows(ctx, 'assignmentMember', {
    filter: among(
      'rule',
      records.map(({ id }) => id as string),
    ),
    sort: ['createdAt', 'id'],
    limit: 1_000,
  });
  const ids = leads.map(({ id }) => id as string);
  const rules: Rule[] = [];
  // One look for each rule that has a condition, however many leads there are.
  for (const record of records) {
    const { condition } = record;
    const fitting = condition
      ? await rows(ctx, 'lead', {
          filter: { and: [among('id', ids), condition] } as never,
          fields: [],
          limit: 1_000,
        })
      : leads;
    rules.push({
      record,
      members: named
        .filter(({ rule }) => idOf(rule) === record.id)
        .map(({ user, weight, limit }) => ({
          user: idOf(user)!,
          weight: Number(weight ?? 1),
          limit: limit as number | null,
        })),
      fits: new Set(fitting.map(({ id }) => id as string)),
      turns: { ...((record.turns as Turns | null) ?? {}) },
    });
  }
  return rules;
}

async function sightOf(ctx: Inside, leads: Values[]): Promise<Sight> {
  const rules = await rulesFor(ctx, leads);
  const links = await linked(ctx, leads);
  const accounts = await accountsOf(ctx, links);
  const byTerritory = rules.some(({ record }) => record.method === 'territory');
  const placed = [...links].map(([id, { company }]) => ({ id, company }));
  const holders = byTerritory ? await holdersOf(ctx, placed) : new Map<string, string[]>();
  const members = rules.flatMap(rule => rule.members.map(({ user }) => user));
  const fallbacks = rules.flatMap(({ record }) => idOf(record.fallback) ?? []);
  const owners = [...accounts.values()].filter(owner => owner !== null);
  const workers = await workersOf(ctx, {
    or: [
      among('id', [...members, ...fallbacks, ...owners, ...[...holders.values()].flat()]),
      among(
        'team',
        rules.flatMap(({ record }) => idsOf(record.teams)),
      ),
      // Whoever stands in for one of them.
      { field: 'standsIn', op: 'notEmpty' },
    ],
  });
  const counts = await ctx.tx.run<{ owner: string; open: string }>(
    sql`select owner_id as owner, count(*) as open from ${tableOf(ctx.schema, 'lead')}
      where owner_id = any(${[...workers.keys()]}::uuid[]) and status = any(${openStatuses}::text[]) and deleted_at is null
      group by owner_id`,
  );
  return {
    rules,
    workers,
    accounts,
    holders,
    open: new Map(counts.map(({ owner, open }) => [owner, Number(open)])),
    skillNames: new Map(
      rules.flatMap(({ record }) =>
        ((record.skills ?? []) as { id: string; title: string }[]).map(
          ({ id, title }) => [id, title] as const,
        ),
      ),
    ),
  };
}

/** Who takes part in a rule for a lead, each as they stand at this moment. */
function candidatesFor(rule: Rule, lead: string, sight: Sight, now: number): Candidate[] {
  const { record, members } = rule;
  const teams = new Set(idsOf(record.teams));
  const ofTeams = [...sight.workers.values()].filter(({ team }) => team && teams.has(team));
  const weights = new Map(members.map(member => [member.user, member]));
  const taking = [...members.map(({ user }) => user), ...ofTeams.map(({ id }) => id)];
  const ids = [...new Set(record.method === 'territory' ? sight.holders.get(lead) : taking)];
  const needed = idsOf(record.skills);
  return ids.flatMap(id => {
    const worker = sight.workers.get(id);
    if (!worker) return [];
    const member = weights.get(id);
    return {
      id,
      name: worker.name,
      active: worker.active,
      weight: member?.weight ?? 1,
      open: sight.open.get(id) ?? 0,
      limit: member?.limit ?? (record.limit as number | null),
      lacks: needed
        .filter(skill => !worker.skills.includes(skill))
        .map(skill => sight.skillNames.get(skill) ?? ''),
      awayUntil: awayAt(worker.time, now)?.to ?? null,
      works: worksAt(worker.time, now),
    };
  });
}

function decide(lead: Values, sight: Sight, now: number): Decision {
  const id = lead.id as string;
  const rule = sight.rules.find(({ fits }) => fits.has(id)) ?? null;
  if (!rule) return { lead, rule, chosen: null, how: 'nobody', considered: [] };
  const { record } = rule;
  const candidates = candidatesFor(rule, id, sight, now);
  const account =
    record.accountFirst === true ? present(sight.workers, sight.accounts.get(id) ?? null, now) : null;
  if (account) {
    const others = candidates.filter(each => each.id !== account.id);
    const considered = [
      { user: account.id, name: account.name, why: 'chosen' },
      ...others.map(({ id: user, name }) => ({ user, name, why: 'account' })),
    ];
    return { lead, rule, chosen: account, how: 'account', considered };
  }
  const withinHours = record.withinHours === true;
  const { chosen, considered } = choose(record.method as string, candidates, rule.turns, { withinHours });
  if (chosen)
    return { lead, rule, chosen: sight.workers.get(chosen.id)!, how: record.method as string, considered };
  const fallback = present(sight.workers, idOf(record.fallback), now);
  return { lead, rule, chosen: fallback, how: fallback ? 'fallback' : 'nobody', considered };
}

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
  const sight = await sightOf(ctx, leads);
  const decisions = leads.map(lead => {
    const decision = decide(lead, sight, now);
    const { chosen } = decision;
    if (chosen) sight.open.set(chosen.id, (sight.open.get(chosen.id) ?? 0) + 1);
    return decision;
  });
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
  const turned = sight.rules.filter(
    ({ record, turns }) => JSON.stringify(record.turns ?? {}) !== JSON.stringify(turns),
  );
  await write(
    ctx,
    'assignmentRule',
    turned.map(({ record, turns }) => ({ op: 'update', id: record.id as string, values: { turns } })),
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
