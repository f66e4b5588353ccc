/** Who gets which lead, and why the others do not. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../../../../test/world.ts';
import { type Context, carryOut, create, find, rows, step, update, write } from '../../../engine/index.ts';
import { type Candidate, choose, type Turns } from './assign.ts';
import { assigning } from './assigning.ts';

let world: World;
let hands: { [name: string]: string };
beforeAll(async () => {
  world = await createWorld('assigning');
  const { sina, tom, olga, max } = world;
  hands = {
    sina: sina.actor.userId!,
    tom: tom.actor.userId!,
    olga: olga.actor.userId!,
    max: max.actor.userId!,
  };
  await step(world.system, assigning);
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.move('2026-03-16T12:00:00.000Z');
  for (const object of ['lead', 'assignmentRule', 'absence']) {
    const all = await rows(world.system, object, { fields: [], limit: 1_000 });
    await write(
      world.system,
      object,
      all.map(({ id }) => ({ op: 'delete' as const, id: id as string })),
    );
  }
  await settle();
});

async function settle() {
  while (await step(world.system, assigning));
}

async function rule(values: object, members: [string, object?][]) {
  const id = await create(world.ada, 'assignmentRule', { name: 'All', ...values });
  for (const [who, more] of members)
    await create(world.ada, 'assignmentMember', { rule: id, user: hands[who]!, ...more });
  return id;
}

let count = 0;
/** Comes in by a website, so that nobody has it. */
const comes = (values: object = {}, ctx: Context = world.system) =>
  create(ctx, 'lead', { name: `Lead ${++count}`, ...values, owner: null });
const ownerOf = async (lead: string) => {
  const { owner } = await find(world.system, 'lead', lead);
  return Object.keys(hands).find(name => hands[name] === (owner as { id: string } | null)?.id) ?? null;
};
const logOf = async (lead: string) => {
  const found = await rows(world.system, 'assignment', { filter: { field: 'lead', op: 'is', value: lead } });
  return found.map(({ how, considered, chosen }) => ({
    how,
    chosen: (chosen as { title: string } | null)?.title ?? null,
    why: Object.fromEntries(
      (considered as { name: string; why: string }[]).map(each => [each.name.split(' ')[0], each.why]),
    ),
  }));
};

const someone = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  id: name,
  name,
  active: true,
  weight: 1,
  open: 0,
  limit: null,
  lacks: [],
  awayUntil: null,
  works: true,
  ...more,
});

test('in turn means everyone as often as their weight says, whoever is away being owed nothing', () => {
  const turns: Turns = {};
  const people = [someone('a', { weight: 2 }), someone('b'), someone('c')];
  const next = (all = people, method = 'weighted') =>
    choose(method, all, turns, { withinHours: true }).chosen?.id;
  const eight = Array.from({ length: 8 }, () => next());
  expect(Object.entries(Object.groupBy(eight, id => id!)).map(([id, all]) => [id, all!.length])).toEqual([
    ['a', 4],
    ['b', 2],
    ['c', 2],
  ]);
  const away = people.map(each => (each.id === 'a' ? { ...each, awayUntil: '2026-03-20' } : each));
  const without = Array.from({ length: 4 }, () => next(away));
  expect([...new Set(without)].sort()).toEqual(['b', 'c']);
  expect(Array.from({ length: 4 }, () => next()).filter(id => id === 'a')).toHaveLength(2);
});

test('of each who does not get it a decision says why', () => {
  const { chosen, considered } = choose(
    'load',
    [
      someone('busy', { open: 14 }),
      someone('free', { open: 9 }),
      someone('full', { open: 20, limit: 20 }),
      someone('away', { awayUntil: '2026-03-20' }),
      someone('asleep', { works: false }),
      someone('monoglot', { lacks: ['French'] }),
      someone('gone', { active: false }),
    ],
    {},
    { withinHours: true },
  );
  expect(chosen?.id).toBe('free');
  expect(considered.map(({ user: _, ...each }) => each)).toEqual([
    { name: 'busy', why: 'load', open: 14, least: 9 },
    { name: 'free', why: 'chosen' },
    { name: 'full', why: 'limit', open: 20, limit: 20 },
    { name: 'away', why: 'away', until: '2026-03-20' },
    { name: 'asleep', why: 'hours' },
    { name: 'monoglot', why: 'skill', skills: 'French' },
    { name: 'gone', why: 'inactive' },
  ]);
});

test('new leads that nobody has go to people in turn; those of their makers stay theirs; each once', async () => {
  await rule({}, [['sina'], ['tom']]);
  const [first, second, third] = [await comes(), await comes(), await comes()];
  const own = await create(world.olga, 'lead', { name: 'Mine' });
  await Promise.all([settle(), settle()]);
  expect([await ownerOf(first), await ownerOf(second), await ownerOf(third), await ownerOf(own)]).toEqual([
    'sina',
    'tom',
    'sina',
    'olga',
  ]);
  expect(await logOf(first)).toEqual([
    { how: 'roundRobin', chosen: 'Sina Gruber', why: { Sina: 'chosen', Tom: 'turn' } },
  ]);
  expect(await logOf(own)).toEqual([]);
  const { data } = { data: await rows(world.system, 'assignment', { limit: 10 }) };
  expect(
    data.filter(({ lead }) => [first, second, third].includes((lead as { id: string }).id)),
  ).toHaveLength(3);
});

test('the first rule that fits decides, by skill, hours, absence and limit; the fallback takes what nobody can', async () => {
  const french = await create(world.ada, 'tag', { name: 'French' });
  await update(world.ada, 'user', hands.tom!, { skills: [french] });
  await rule(
    {
      name: 'France',
      position: 1,
      condition: { field: 'source', op: 'is', value: 'event' },
      skills: [french],
      limit: 1,
      fallback: hands.max!,
    },
    [['sina'], ['tom']],
  );
  await rule({ name: 'Rest', position: 2 }, [['sina'], ['olga']]);
  await create(world.ada, 'absence', { user: hands.sina!, from: '2026-03-16', to: '2026-03-18' });
  const [a, b, c] = [await comes({ source: 'event' }), await comes({ source: 'event' }), await comes()];
  await settle();
  expect([await ownerOf(a), await ownerOf(b), await ownerOf(c)]).toEqual(['tom', 'max', 'olga']);
  expect(await logOf(b)).toEqual([
    { how: 'fallback', chosen: 'Max Novak', why: { Sina: 'away', Tom: 'limit' } },
  ]);
});

test('what nobody can take waits, and is given as soon as somebody works again', async () => {
  await rule({}, [['sina']]);
  world.clock.move('2026-03-16T20:00:00.000Z');
  const lead = await comes();
  await settle();
  expect(await ownerOf(lead)).toBeNull();
  expect(await logOf(lead)).toEqual([{ how: 'nobody', chosen: null, why: { Sina: 'hours' } }]);
  world.clock.move('2026-03-16T21:00:00.000Z');
  await settle();
  expect(await logOf(lead)).toHaveLength(1);
  world.clock.move('2026-03-17T08:30:00.000Z');
  await settle();
  expect(await ownerOf(lead)).toBe('sina');
  expect(await logOf(lead)).toHaveLength(2);
});

test('who has the account comes first, and whoever stands in while they are away', async () => {
  await rule({}, [['sina']]);
  const company = await create(world.system, 'company', {
    name: 'Donau',
    domain: 'donau.example',
    owner: hands.tom!,
  });
  const lead = await comes({ email: 'someone@donau.example' });
  await settle();
  expect(await ownerOf(lead)).toBe('tom');
  expect(await logOf(lead)).toEqual([
    { how: 'account', chosen: 'Tom Eder', why: { Tom: 'chosen', Sina: 'account' } },
  ]);
  expect(await find(world.system, 'lead', lead)).toMatchObject({ company: { id: company } });
  await create(world.ada, 'absence', {
    user: hands.tom!,
    from: '2026-03-10',
    to: '2026-03-20',
    substitute: hands.olga!,
  });
  const next = await comes({ email: 'other@donau.example' });
  await settle();
  expect(await ownerOf(next)).toBe('olga');
});

test('by hand it goes to whom one says, with the reason; by the rules where nobody is named', async () => {
  await rule({ contactWithin: 3_600 }, [['tom']]);
  const lead = await comes();
  await settle();
  await carryOut(world.max, 'lead', 'assign', lead, { to: hands.sina, reason: 'Speaks Swedish' });
  expect(await ownerOf(lead)).toBe('sina');
  const [last] = await rows(world.max, 'assignment', { filter: { field: 'how', op: 'is', value: 'hand' } });
  expect(last).toMatchObject({ reason: 'Speaks Swedish', chosen: { title: 'Sina Gruber' } });
  await carryOut(world.max, 'lead', 'assign', lead, {});
  expect(await ownerOf(lead)).toBe('tom');
  expect(await find(world.max, 'lead', lead)).toMatchObject({
    contactBy: '2026-03-16T13:00:00.000Z',
    contactState: 'waiting',
  });
});

test('four hundred leads take as many statements as ten', async () => {
  await rule({ condition: { field: 'source', op: 'is', value: 'event' } }, [['sina'], ['tom']]);
  const statements = async (n: number) => {
    await write(
      world.system,
      'lead',
      Array.from({ length: n }, (_, index) => ({
        op: 'create' as const,
        values: { name: `Many ${index}`, source: 'event', owner: null },
      })),
    );
    let count = 0;
    const db = Object.create(world.db) as Context['db'];
    db.transaction = work =>
      world.db.transaction(tx => {
        const counted = Object.create(tx) as typeof tx;
        counted.run = statement => {
          count++;
          return tx.run(statement);
        };
        return work(counted);
      });
    await step({ ...world.system, db }, assigning);
    return count;
  };
  const few = await statements(10);
  expect(few).toBeGreaterThan(10);
  expect(await statements(400)).toBeLessThanOrEqual(few);
  const left = await rows(world.system, 'lead', { filter: { field: 'owner', op: 'empty' }, fields: [] });
  expect(left).toEqual([]);
  const ofSina = await rows(world.system, 'lead', {
    filter: { field: 'owner', op: 'is', value: hands.sina! },
    fields: [],
    limit: 1_000,
  });
  expect(ofSina).toHaveLength(205);
});
