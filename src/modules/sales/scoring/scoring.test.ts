/** Scores on records: points that add up, models that are learned from outcomes, and what neither may do. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World, withRights } from '../../../../test/world.ts';
import {
  carryOut,
  create,
  find,
  type Input,
  read,
  rows,
  sql,
  tableOf,
  update,
  write,
} from '../../../engine/index.ts';
import { gather, proxiesOf, sourcesOf } from './facts.ts';
import { train } from './learn.ts';
import { learnScores, scoreRecords, scoringWatch } from './learning.ts';
import { scoreSome, scoringOf } from './score.ts';
import { checkScores, scoringReport, whyScore } from './why.ts';

let world: World;
let card: string;
const never = new AbortController().signal;

beforeAll(async () => {
  world = await createWorld('scoring');
  const [row] = await rows(world.ada, 'scorecard', {
    filter: { field: 'object', op: 'is', value: 'lead' },
  });
  card = row!.id as string;
});
afterAll(() => world.close());

/** A job as the worker would run it; answers what it skipped. */
async function work(job: typeof learnScores, object = 'lead') {
  const skipped: string[] = [];
  const report = {
    done: () => {},
    skipped: (what: string, why: string) => skipped.push(`${what}: ${why}`),
    progress: () => {},
    result: async () => {},
    checkpoint: async () => {},
  };
  await job.run(world.system, { object }, report, null, never);
  return skipped;
}

const rule = (values: Input) => create(world.ada, 'scoreRule', { scorecard: card, ...values });
const lead = (values: Input = {}) =>
  create(world.ada, 'lead', { name: 'Rosa Hofer', owner: world.sina.actor.userId, ...values });
const scoreOf = async (id: string) => (await find(world.ada, 'lead', id)).score;
const why = (id: string, ctx = world.ada) =>
  whyScore.run(ctx, { object: 'lead', id } as never) as Promise<Why>;
type Why = {
  score: number;
  by: string;
  points: number;
  average: number;
  unseen: number;
  parts: { name: string | null; points: number; limit: string | null }[];
  reasons: { fact: string; label: string; value: string | null; points: number }[];
};
const check = () =>
  checkScores.run(world.ada, { object: 'lead' } as never) as Promise<{ records: number; different: number }>;

test('points are the sum of stored parts, fade by half-lives, stop at limits and never differ when counted anew', async () => {
  const source = { field: 'source', op: 'is', value: 'referral' };
  await rule({ name: 'Referred', points: 30, filter: source });
  await rule({ name: 'Has a phone', points: 45, filter: { field: 'phone', op: 'notEmpty' } });
  await rule({ name: 'New', points: 20, group: 'engagement', since: 'createdAt', halfLife: 10 });
  await rule({ name: 'Calls', points: 15, group: 'engagement', activity: 'call', halfLife: 7 });
  const plain = await lead();
  const good = await lead({ source: 'referral', phone: '+43 662 123456' });
  const back = (days: number) => new Date(world.clock.now().getTime() - days * 86_400_000).toISOString();
  for (const days of [0, 7, 14])
    await create(world.ada, 'call', {
      subject: 'Call',
      startedAt: back(days),
      about: [{ object: 'lead', id: good }],
    });
  await work(scoreRecords);
  expect(await scoreOf(plain)).toBe(20);
  // 30 + 45, cut to 60; 20 + 15 + 7.5 + 3.8, cut to 40.
  expect(await find(world.ada, 'lead', good)).toMatchObject({ score: 100, grade: 'A' });
  const { parts, points, by } = await why(good);
  expect({ points, by }).toEqual({ points: 100, by: 'points' });
  expect(parts.map(({ name, limit, points: each }) => [name ?? limit, each])).toEqual(
    expect.arrayContaining([
      ['Referred', 30],
      ['Has a phone', 45],
      ['fit', -15],
      ['Calls', 26.3],
      ['engagement', -6.3],
    ]),
  );
  expect(await check()).toMatchObject({ records: 2, different: 0 });
  await world.db.run(sql`update ${tableOf('ws_main', 'lead')} set score = 1 where id = ${plain}::uuid`);
  expect(await check()).toMatchObject({ different: 1, examples: [{ id: plain, stored: 1, counted: 20 }] });
  await work(scoreRecords);
  await carryOut(world.ada, 'lead', 'resetScore', good, {});
  await work(scoreRecords);
  // Fit stays, what happened before does not count.
  expect(await scoreOf(good)).toBe(60);
});

test('a score is no part of history, cannot be stated, and sorts, filters and groups like any field', async () => {
  const id = await lead({ source: 'referral', score: 99 } as Input);
  expect(await find(world.ada, 'lead', id)).toMatchObject({ score: null, version: 1 });
  await scoreSome(world.system, (await scoringOf(world.system, 'lead'))!, [id]);
  expect(await find(world.ada, 'lead', id)).toMatchObject({ score: 50, grade: 'B', version: 1 });
  const changes = await world.db.run<{ n: number }>(
    sql`select count(*)::int as n from ${tableOf('ws_main', 'change')} where record_id = ${id}::uuid`,
  );
  expect(changes[0]!.n).toBe(1);
  const best = await rows(world.ada, 'lead', {
    filter: { field: 'score', op: 'gte', value: 50 },
    sort: ['-score'],
    fields: ['score'],
  });
  expect(best.map(row => row.score)).toEqual([60, 50]);
  const yesterday = await read(world.ada, 'lead', id, {
    asOf: world.clock.now().toISOString(),
  } as never).catch(() => null);
  if (yesterday)
    expect(JSON.parse(String((yesterday as { json?: string }).json ?? '{}')).score ?? null).toBeNull();
  const denied = withRights(world.ada, {
    objects: { '*': { read: 'all' }, lead: { read: 'all', fields: { score: 'none' } } },
  } as never);
  expect('score' in (await find(denied, 'lead', id))).toBe(false);
});

test('the watch scores what was touched, also by an activity about it', async () => {
  const step = (changes: object[]) =>
    world.db.transaction(async tx =>
      scoringWatch.run({ ...world.system, tx } as never, changes as never, () => {}),
    );
  const id = await lead();
  await step([{ object: 'lead', id, kind: 'created', fields: {} }]);
  expect(await scoreOf(id)).toBe(20);
  const about = [{ object: 'lead', id }];
  const call = await create(world.ada, 'call', {
    subject: 'Call',
    startedAt: world.clock.now().toISOString(),
    about,
  });
  await step([{ object: 'call', id: call, kind: 'created', fields: { about: [null, about] } }]);
  expect(await scoreOf(id)).toBe(35);
});

test('wrong rules are refused where they are written', async () => {
  const wrong = (values: Input) => expect(rule({ name: 'Wrong', points: 1, ...values })).rejects;
  await wrong({ filter: { field: 'colour', op: 'is', value: 'red' } }).toMatchObject({
    code: 'invalidInput',
  });
  await wrong({ since: 'nothing' }).toMatchObject({ code: 'invalidInput' });
  await wrong({ halfLife: 3 }).toMatchObject({ code: 'invalidInput' });
});

/** Outcomes in which referrals mostly win; every third gender differs. */
async function outcomes(count: number) {
  const sources = ['referral', 'website', 'advertising'];
  await write(
    world.system,
    'lead',
    Array.from({ length: count }, (_, at) => ({
      op: 'create' as const,
      values: {
        name: `Lead ${at}`,
        source: sources[at % 3]!,
        phone: at % 2 ? '+43 662 123456' : null,
        jobTitle: at % 5 ? 'Manager' : null,
        owner: world.sina.actor.userId,
      },
    })),
  );
  const made = await rows(world.system, 'lead', {
    filter: { field: 'name', op: 'contains', value: 'Lead ' },
    sort: ['createdAt', 'id'],
    fields: ['source', 'name'],
    limit: 1_000,
  });
  const wins = (row: (typeof made)[number], at: number) =>
    row.source === 'referral' ? at % 10 !== 0 : at % 8 === 1;
  await write(
    world.system,
    'lead',
    made.map((row, at) => ({
      op: 'update' as const,
      id: row.id as string,
      values: wins(row, at)
        ? { status: 'converted', convertedAt: world.clock.now().toISOString() }
        : { status: 'disqualified', disqualifiedFor: 'budget' },
    })),
  );
}

test('too few outcomes are said to be too few', async () => {
  expect(await work(learnScores)).toEqual(['Leads: 0 outcomes, 0 of them won: too few to learn of.']);
});

test('a model is learned from what was known before the decision, kept, and explains scores that add up', async () => {
  await outcomes(120);
  expect(await work(learnScores)).toEqual([]);
  const [model] = await rows(world.ada, 'scoreModel', {});
  expect(model).toMatchObject({ useful: true, outcomes: 120 });
  expect(model!.auc).toBeGreaterThan(0.8);
  const figures = model!.figures as { leftOut: { name: string; why: string }[] };
  const whyOf = (name: string) => figures.leftOut.find(fact => fact.name === name)?.why;
  // Set with the decision; before it nobody had it.
  expect(whyOf('convertedAt')).toBe('withDecision');
  expect(whyOf('disqualifiedFor')).toBe('withDecision');
  await work(scoreRecords);
  const [good, bad] = [await lead({ source: 'referral' }), await lead({ source: 'website' })];
  await scoreSome(world.system, (await scoringOf(world.system, 'lead'))!, [good, bad]);
  const told = await why(good);
  expect(told.by).toBe('model');
  expect(told.score).toBeGreaterThan((await why(bad)).score + 30);
  const sum = told.average + told.reasons.reduce((so, each) => so + each.points, 0);
  expect(Math.abs(sum - told.score)).toBeLessThan(1.5);
  expect(told.reasons[0]).toMatchObject({ fact: 'source', label: 'Source', value: 'Referral' });
  // Points are counted beside it, and still right.
  expect(await check()).toMatchObject({ different: 0 });
  // The same outcomes give the same model, which is not kept twice.
  await work(learnScores);
  expect(await rows(world.ada, 'scoreModel', {})).toHaveLength(1);
});

test('who may not see a fact is told its points, and not which it is', async () => {
  const id = await lead({ source: 'referral' });
  await scoreSome(world.system, (await scoringOf(world.system, 'lead'))!, [id]);
  const denied = withRights(world.ada, {
    objects: { '*': { read: 'all' }, lead: { read: 'all', fields: { source: 'none' } } },
  } as never);
  const told = await why(id, denied);
  expect(told.reasons.some(({ fact }) => fact === 'source')).toBe(false);
  expect(told.unseen).toBeGreaterThan(10);
});

test('what was learned can be put aside and taken back', async () => {
  const [model] = await rows(world.ada, 'scoreModel', {});
  await carryOut(world.ada, 'scorecard', 'use', card, {});
  const id = await lead({ source: 'referral' });
  await scoreSome(world.system, (await scoringOf(world.system, 'lead'))!, [id]);
  expect((await why(id)).by).toBe('points');
  await carryOut(world.ada, 'scorecard', 'use', card, { model: model!.id as string });
  await scoreSome(world.system, (await scoringOf(world.system, 'lead'))!, [id]);
  expect((await why(id)).by).toBe('model');
});

test('a model that someone has chosen stays in use, and the newer one is offered', async () => {
  const [first] = await rows(world.ada, 'scoreModel', {});
  await outcomes(12);
  await work(learnScores);
  const [newer] = await rows(world.ada, 'scoreModel', {
    filter: { field: 'id', op: 'isNot', value: first!.id! },
  });
  const now = () => find(world.ada, 'scorecard', card);
  expect(await now()).toMatchObject({ model: { id: first!.id }, offered: { id: newer!.id }, chosen: true });
  await carryOut(world.ada, 'scorecard', 'use', card, { model: newer!.id as string, newest: true });
  expect(await now()).toMatchObject({ model: { id: newer!.id }, offered: null, chosen: false });
});

test('the overview counts outcomes, grades and what each rule gives', async () => {
  const told = (await scoringReport.run(world.ada, { object: 'lead' } as never)) as {
    outcomes: number;
    needed: number;
    rules: { records: number }[];
    facts: { name: string }[];
  };
  expect(told).toMatchObject({ outcomes: 132, needed: 30 });
  expect(told.rules).toHaveLength(4);
  // Olga reaches none of them.
  expect(await scoringReport.run(world.olga, { object: 'lead' } as never)).toMatchObject({
    outcomes: 0,
    open: 0,
  });
  const { training } = await gather(world.system, 'lead', ['source'], () => {});
  expect(training.leftOut).toContainEqual({ name: 'source', label: 'Source', why: 'byHand' });
});

test('what is protected is learned from nowhere: turning it over changes no score, and what tells it is named', async () => {
  const { system } = world;
  const lead = system.model.objects.get('lead')!;
  const source = lead.fields.get('source')!;
  const fields = new Map(lead.fields).set('source', {
    ...source,
    options: { ...source.options, protected: true },
  });
  const objects = new Map(system.model.objects).set('lead', { ...lead, fields });
  const shielded = { ...system, model: { ...system.model, objects } };
  const { training, proxies } = await gather(shielded, 'lead', [], () => {});
  expect(training.leftOut).toContainEqual({ name: 'source', label: 'Source', why: 'protected' });
  expect(training.facts.some(({ name }) => name === 'source')).toBe(false);
  const before = train(training)!;
  const won = await rows(world.ada, 'lead', { filter: { field: 'status', op: 'is', value: 'converted' } });
  await write(
    system,
    'lead',
    won.map(({ id }) => ({ op: 'update' as const, id: id as string, values: { source: 'partner' } })),
  );
  const turned = await gather(shielded, 'lead', [], () => {});
  expect(JSON.stringify(train(turned.training))).toBe(JSON.stringify(before));
  // Nothing here tells the source.
  expect(proxies).toEqual([]);
  const phone = { shielded: 'Phone', fact: 'Phone', auc: 1 };
  const [used] = [sourcesOf(system, 'lead').used.filter(each => each.fact.name === 'phone')];
  const pasts = [...Array(40).keys()].map(at => ({ values: { phone: at % 2 ? '+43' : null } }) as never);
  expect(
    proxiesOf(
      used,
      used,
      pasts,
      pasts.map(past => [used[0]!.of(past)]),
    ),
  ).toEqual([phone]);
});

test('fields that are set with the decision are counted', async () => {
  await update(world.ada, 'scorecard', card, { excluded: [] });
  const told = await gather({ ...world.system, via: 'import' }, 'lead', [], () => {});
  expect(told.changed.get('convertedAt')).toBeGreaterThan(30);
});
