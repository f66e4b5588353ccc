/**
 * 100,000 random combinations of role, record and action: what lists, exports, writes and verbs really do is what
 * `explain` says, and both are what the grants mean, worked out here in plain JavaScript.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runs } from '../../../test/runs.ts';
import { createWorld, stagesOf, type World, withRights } from '../../../test/world.ts';
import type { Context } from '../context.ts';
import { FarleyError } from '../errors.ts';
import type { Input, Values } from '../object.ts';
import { list, rows } from '../records/read.ts';
import { carryOut } from '../records/verbs.ts';
import { create, type Operation, write } from '../records/write.ts';
import { sql } from '../sql.ts';
import { exportRecords } from '../transfer/export.ts';
import { explainEach } from './explain.ts';
import type { FieldRight, Grants, ObjectGrant, Reach } from './role.ts';

const objects = ['company', 'person', 'deal', 'dealLine', 'task', 'product'] as const;
type Name = (typeof objects)[number];
const each = 48;
/** Combinations of role, record and action in all. */
const wanted = runs(100_000);

let world: World;
let people: Context[];
let stages: Record<string, string>;
/** Canonical values by object and id; `owner` is who owns it, `whole` the deal of a line. */
const records = new Map<Name, Map<string, Values>>();
const teamOf = new Map<string, string | null>();
interface Share {
  grantee: string;
  access: 'read' | 'edit';
  until: string | null;
}
const shares = new Map<string, Share[]>();

beforeAll(async () => {
  world = await createWorld('access');
  stages = await stagesOf(world.ada);
  const young = await create(world.system, 'team', { name: 'Trainees', parent: world.teams.inside });
  const trainee = await world.hire('Timo Berger', 'member', young);
  people = [world.max, world.sina, world.tom, world.olga, trainee, world.rita];
  for (const { actor } of people) teamOf.set(actor.userId!, actor.team);
  await makeRecords();
  await makeShares();
});
afterAll(() => world.close());

const [sectors, employees] = [
  [null, 'media', 'retail'],
  [null, 0, 5, 50],
];

async function makeRecords() {
  const ids: Partial<Record<Name, string[]>> = {};
  const random = fc.sample(fc.array(fc.nat(10_000), { minLength: 4, maxLength: 4 }), {
    numRuns: each,
    seed: 26,
  });
  for (const object of objects) {
    const made = new Map<string, Values>();
    for (const [n, person] of people.entries()) {
      const mine = random.filter((_, index) => index % people.length === n);
      const values = mine.map(([a, b, c, d]): Values => {
        const owner = d! % 7 === 0 ? null : people[a! % people.length]!.actor.userId!;
        const one = (of: Name) => ids[of]?.[b! % each] ?? null;
        const all: Record<Name, Values> = {
          company: { name: `C${a}`, owner, sector: sectors[b! % 3]!, employees: employees[c! % 4]! },
          person: { name: `P${a}`, owner, company: c! % 3 ? one('company') : null, doNotCall: d! % 2 === 0 },
          deal: { name: `D${a}`, owner, company: c! % 3 ? one('company') : null, probability: b! % 100 },
          dealLine: { name: `L${a}`, deal: one('deal') },
          task: { subject: `T${a}`, owner, priority: (['low', 'high'] as const)[b! % 2]! },
          product: { name: `Product ${n} ${a} ${b} ${c}`, active: c! % 2 === 0 },
        };
        return all[object];
      });
      const maker: Context = { ...person, actor: { ...person.actor, kind: 'system' } };
      const operations = values.map((one): Operation => ({ op: 'create', values: one as Input }));
      const { results } = await write(maker, object, operations);
      for (const [index, { id }] of results.entries())
        made.set(id, {
          ...values[index]!,
          ...('owner' in values[index]! ? {} : { owner: person.actor.userId! }),
        });
    }
    records.set(object, made);
    ids[object] = [...made.keys()];
  }
}

async function makeShares() {
  const grantees = [...people.map(({ actor }) => actor.userId!), ...Object.values(world.teams)];
  const untils = [null, null, '2026-03-16T11:59:00Z', '2026-03-16T12:01:00Z'];
  for (const [object, made] of records)
    for (const [index, id] of [...made.keys()].entries()) {
      if (index % 3 > 0) continue;
      const share: Share = {
        grantee: grantees[(index * 7) % grantees.length]!,
        access: index % 2 ? 'read' : 'edit',
        until: untils[(index / 3) % 4]!,
      };
      shares.set(id, [share]);
      await world.db.run(sql`insert into ${sql.id(world.workspace.schema, 'share')} (object, record_id, grantee_id, access, until)
        values (${object}, ${id}::uuid, ${share.grantee}::uuid, ${share.access}, ${share.until}::timestamptz)`);
    }
}

/** Rules in CEL, and what they mean. */
const rules: Record<string, { of: Name[]; means: (record: Values, me: string) => boolean }> = {
  'owner == me': { of: ['company', 'person', 'deal', 'task'], means: (record, me) => record.owner === me },
  'sector == "media" || employees > 4': {
    of: ['company'],
    means: ({ sector, employees: n }) => sector === 'media' || (typeof n === 'number' && n > 4),
  },
  'sector != "media" && !(owner == me)': {
    of: ['company'],
    means: ({ sector, owner }, me) => sector !== 'media' && owner !== me,
  },
  'company.owner == me': {
    of: ['person', 'deal'],
    means: ({ company }, me) =>
      company !== null && records.get('company')!.get(company as string)!.owner === me,
  },
  'doNotCall == false': { of: ['person'], means: ({ doNotCall }) => doNotCall === false },
  'probability >= 50 && owner != null': {
    of: ['deal'],
    means: ({ probability, owner }) => (probability as number) >= 50 && owner !== null,
  },
  'priority == "high"': { of: ['task'], means: ({ priority }) => priority === 'high' },
  'active && createdBy != me': {
    of: ['product'],
    means: ({ active, owner }, me) => active === true && owner !== me,
  },
  'name.startsWith("L1")': { of: ['dealLine'], means: ({ name }) => (name as string).startsWith('L1') },
};

function reachOf(object: Name | '*'): fc.Arbitrary<Reach> {
  const own = Object.keys(rules).filter(rule => object !== '*' && rules[rule]!.of.includes(object));
  const levels = fc.constantFrom<Reach>('none', 'own', 'team', 'teams', 'shared', 'all');
  if (own.length === 0) return levels;
  return fc.oneof(
    { weight: 3, arbitrary: levels },
    fc.constantFrom(...own).map(rule => ({ rule })),
  );
}

const guarded = ['sector', 'employees', 'revenue', 'domain'];

function grantFor(object: Name | '*'): fc.Arbitrary<ObjectGrant> {
  const level = reachOf(object);
  const verbs = fc.record({ win: level, move: level, lose: level }, { requiredKeys: [] });
  const right = fc.constantFrom<FieldRight>('none', 'read', 'edit');
  return fc.record(
    {
      create: fc.boolean(),
      read: fc.oneof({ weight: 2, arbitrary: level }, fc.constant<Reach>('all')),
      edit: level,
      delete: level,
      export: level,
      ...(object === 'deal' ? { verbs } : {}),
      ...(object === 'company'
        ? { fields: fc.record(Object.fromEntries(guarded.map(name => [name, right])), { requiredKeys: [] }) }
        : {}),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<ObjectGrant>;
}

const role: fc.Arbitrary<Grants> = fc
  .record(Object.fromEntries([...objects, '*' as const].map(object => [object, grantFor(object)])), {
    requiredKeys: [],
  })
  .map(grants => ({ objects: grants as Grants['objects'] }));

// The reference: grants and facts, no SQL.

function granted(grants: Grants, object: Name, action: string): Reach {
  const grant = grants.objects[object] ?? grants.objects['*'] ?? {};
  if (action === 'read')
    return (object === 'product' ? (grants.objects[object]?.read ?? 'all') : grant.read) ?? 'none';
  if (['edit', 'delete', 'export'].includes(action)) return grant[action as 'edit'] ?? 'none';
  return grant.verbs?.[action] ?? grant.edit ?? 'none';
}

function sharedWith({ actor }: Context, id: string, action: string): boolean {
  const reads = action === 'read' || action === 'export';
  return (shares.get(id) ?? []).some(
    ({ grantee, access, until }) =>
      (grantee === actor.userId || grantee === actor.team) &&
      (reads || access === 'edit') &&
      (until === null || new Date(until) > world.clock.now()),
  );
}

function within(ctx: Context, level: Reach, id: string, record: Values, action: string): boolean {
  const { userId, team, teams } = ctx.actor;
  if (level === 'none' || level === 'all') return level === 'all';
  if (sharedWith(ctx, id, action)) return true;
  if (typeof level === 'object') return rules[level.rule]!.means(record, userId!);
  if (level === 'shared') return false;
  if (record.owner === userId) return true;
  const theirs = teamOf.get(record.owner as string) ?? null;
  if (level === 'own' || theirs === null) return false;
  return level === 'team' ? theirs === team : teams.includes(theirs);
}

function right(ctx: Context, object: Name, id: string, action: string): boolean {
  if (action !== 'read' && !right(ctx, object, id, 'read')) return false;
  const record = records.get(object)!.get(id)!;
  const level = granted(ctx.actor.grants, object, action);
  if (object !== 'dealLine') return within(ctx, level, id, record, action);
  const asked = action === 'read' || action === 'export' ? action : 'edit';
  const ruled =
    typeof level === 'object' ? rules[level.rule]!.means(record, ctx.actor.userId!) : level !== 'none';
  return ruled && right(ctx, 'deal', record.deal as string, asked);
}

// The enforcement: the real doors, each for all records at once.

async function read(ctx: Context, object: Name): Promise<Set<string>> {
  return new Set((await rows(ctx, object, { fields: [], limit: 1000 })).map(row => row.id as string));
}

async function exported(ctx: Context, object: Name): Promise<Set<string>> {
  let text = '';
  for await (const chunk of exportRecords(ctx, object, 'ndjson', { fields: ['id'] })) text += chunk;
  return new Set(text.split('\n').flatMap(line => (line ? [JSON.parse(line).id as string] : [])));
}

async function written(ctx: Context, object: Name, op: 'update' | 'delete'): Promise<Set<string>> {
  const operations = [...records.get(object)!.keys()].map(
    (id): Operation => (op === 'update' ? { op, id, values: {} } : { op, id }),
  );
  const { results } = await write(ctx, object, operations, { perItem: true, dryRun: true });
  const refused = (result: (typeof results)[number]) =>
    result.problems.some(({ code }) => code === 'forbidden' || code === 'notFound');
  return new Set(results.filter(result => !refused(result)).map(result => result.id));
}

/** Nothing is in reach of who may do nothing with an object at all. */
const orNothing = (work: Promise<Set<string>>) =>
  work.catch(error => {
    if (error instanceof FarleyError && (error.code === 'notFound' || error.code === 'forbidden'))
      return new Set<string>();
    throw error;
  });

class RollBack extends Error {}

async function carriedOut(ctx: Context, verb: string, id: string): Promise<boolean> {
  const input = verb === 'move' ? { stage: stages.Qualified! } : {};
  const work = ctx.db.transaction(async tx => {
    await carryOut({ ...ctx, tx, changeSet: id }, 'deal', verb, id, input);
    throw new RollBack();
  });
  return work.catch(error => {
    if (error instanceof RollBack) return true;
    if (!(error instanceof FarleyError)) throw error;
    return error.code !== 'forbidden' && error.code !== 'notFound';
  });
}

let combinations = 0;

async function wrongFor(ctx: Context): Promise<string[]> {
  const wrong: string[] = [];
  for (const object of objects) {
    const ids = [...records.get(object)!.keys()];
    const told = await explainEach(ctx, object, ids);
    const done: Record<string, Set<string>> = {
      read: await orNothing(read(ctx, object)),
      export: await orNothing(exported(ctx, object)),
      edit: await orNothing(written(ctx, object, 'update')),
      delete: await orNothing(written(ctx, object, 'delete')),
    };
    for (const id of ids)
      for (const [action, said] of Object.entries(told.get(id)!.actions)) {
        const [is, may] = [done[action]?.has(id) ?? said.allowed, right(ctx, object, id, action)];
        combinations++;
        if (is !== may || said.allowed !== may)
          wrong.push(`${action} ${object} ${id}: ${may}, but is ${is} and explained ${said.allowed}`);
      }
  }
  return wrong;
}

test(`${wanted} random combinations of role, record and action are as explained`, async () => {
  await fc.assert(
    fc.asyncProperty(role, fc.nat(5), async (grants, who) => {
      const ctx = withRights(people[who]!, grants);
      expect(await wrongFor(ctx)).toEqual([]);
    }),
    // Six objects with four actions each, and the verbs of deals and tasks.
    { numRuns: Math.ceil(wanted / (each * objects.length * 4)), endOnFailure: true },
  );
  expect(combinations).toBeGreaterThanOrEqual(wanted);
});

test('verbs, created records and fields are too', async () => {
  await fc.assert(
    fc.asyncProperty(role, fc.nat(5), fc.nat(each - 1), async (grants, who, which) => {
      const ctx = withRights(people[who]!, grants);
      const deal = [...records.get('deal')!.keys()][which]!;
      for (const verb of ['move', 'win', 'lose', 'reopen'])
        expect(await carriedOut(ctx, verb, deal), verb).toBe(right(ctx, 'deal', deal, verb));
      const grant = grants.objects.company ?? grants.objects['*'] ?? {};
      const made = write(ctx, 'company', [{ op: 'create', values: { name: 'New' } }], { dryRun: true });
      expect(await made.then(() => true).catch(error => error.code !== 'forbidden')).toBe(
        grant.create ?? false,
      );
      await expectFields(ctx, grants.objects.company?.fields ?? {});
    }),
    { numRuns: runs(60), endOnFailure: true },
  );
});

async function expectFields(ctx: Context, rights: Record<string, FieldRight>) {
  const companies = [...records.get('company')!.keys()];
  const values: Input = { sector: 'energy', employees: 77, revenue: '77 EUR', domain: 'new.example' };
  const editable = companies.find(id => right(ctx, 'company', id, 'edit'));
  const told = (await explainEach(ctx, 'company', [companies[0]!])).get(companies[0]!)!;
  for (const name of guarded) {
    const may = (ctx.actor.grants.objects.company ? rights[name] : undefined) ?? 'edit';
    expect(told.fields[name] ?? 'edit').toBe(may);
    const refusal = await list(ctx, 'company', { filter: { field: name, op: 'notEmpty' } }).then(
      () => null,
      error => error.problems[0].code,
    );
    expect(refusal).toBe(may === 'none' ? 'unknownField' : null);
    const [row] = await rows(ctx, 'company', { limit: 1 });
    if (row) expect(name in row, name).toBe(may !== 'none');
    if (!editable) continue;
    const operation: Operation = { op: 'update', id: editable, values: { [name]: values[name]! } };
    const { results } = await write(ctx, 'company', [operation], { perItem: true, dryRun: true });
    expect(results[0]!.problems.map(({ code }) => code)).toEqual(
      may === 'edit' ? [] : [may === 'read' ? 'notEditable' : 'unknownField'],
    );
  }
}
