/**
 * Deciding who gets which lead: what is known of rules, people, accounts and territories, read at once for some hundred leads,
 * and the decision about each with what speaks against the others. Nothing is given away here but links to who is on file.
 */
import {
  type Context,
  rows,
  sql,
  type Transaction,
  tableOf,
  type Values,
  write,
} from '../../../engine/index.ts';
import { awayAt, worksAt } from '../../workspace/module.ts';
import { holdersOf } from '../territories/holders.ts';
import { type Candidate, type Considered, choose, type Turns } from './assign.ts';
import { onFile } from './door.ts';
import { openStatuses } from './lead.ts';
import { among, idOf, idsOf, present, type Worker, workersOf } from './workers.ts';

export type Inside = Context & { tx: Transaction };

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

/** Decides about leads, each with what the ones before it changed; and the rules whose turns have gone on. */
export async function decideAll(
  ctx: Inside,
  leads: Values[],
  now: number,
): Promise<{ decisions: Decision[]; turned: { id: string; turns: Turns }[] }> {
  const sight = await sightOf(ctx, leads);
  const decisions = leads.map(lead => {
    const decision = decide(lead, sight, now);
    const { chosen } = decision;
    if (chosen) sight.open.set(chosen.id, (sight.open.get(chosen.id) ?? 0) + 1);
    return decision;
  });
  const turned = sight.rules.flatMap(({ record, turns }) =>
    JSON.stringify(record.turns ?? {}) === JSON.stringify(turns) ? [] : [{ id: record.id as string, turns }],
  );
  return { decisions, turned };
}
