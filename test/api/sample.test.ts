/** First steps and sample data: what is done shows by itself; the sample goes whole, and comes back whole. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settings } from '../world.ts';
import { type Caller, type Json, type Server, startServer, welcome } from './server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer('sample');
});
afterAll(() => server.close());

const steps = async (): Promise<Json> => (await server.call(server.ada, 'GET', '/api/first-steps')).body;

async function done(method: string): Promise<Json> {
  const ordered = await server.call(server.ada, method, '/api/sample');
  expect(ordered.status, ordered.text).toBe(202);
  for (;;) {
    const { body } = await server.call(server.ada, 'GET', `/api/jobs/${ordered.body.id}`);
    if (['done', 'failed', 'dead'].includes(body.state)) {
      expect(body.state, body.error).toBe('done');
      return body.result;
    }
    await sleep(50);
  }
}

const deals = async (): Promise<Json[]> =>
  (await server.call(server.ada, 'GET', '/api/deals?limit=200')).body.data;

test('sample data is loaded by a click, goes whole with what people changed, and comes back by undo', async () => {
  expect((await server.call(server.sina, 'POST', '/api/sample')).status).toBe(403);
  expect(await steps()).toMatchObject({ sample: null, bare: true });
  await done('POST');
  await done('POST');
  const loaded = await steps();
  const sampled = await deals();
  expect(loaded.sample.records).toBeGreaterThan(50);
  expect(loaded.sample.edited).toBe(0);
  // Its deals have a past: they went through stages, at times that differ.
  const to = new Date().toISOString().slice(0, 10);
  const from = new Date(Date.now() - 365 * 86_400_000).toISOString().slice(0, 10);
  const { body } = await server.call(server.ada, 'POST', '/api/reports/stage-history', { from, to });
  const proposal = body.stages.find((stage: Json) => stage.name === 'Proposal');
  expect(proposal.moved).toBeGreaterThan(5);
  expect(proposal.median).toBeGreaterThan(2);
  // And its outcomes teach: what was learned says more than the average does, and scores the open ones.
  const { body: learned } = await server.call(server.ada, 'POST', '/api/reports/scoring', { object: 'deal' });
  expect([learned.outcomes >= learned.needed, learned.figures.gain > 0]).toEqual([true, true]);
  const open = sampled.filter(({ status }) => status === 'open');
  expect(open.every(({ score, grade }) => score > 0 && grade)).toBe(true);
  expect(loaded.bare).toBe(false);
  // What the sample made is nobody's first step.
  expect(loaded.make).toEqual({ object: 'deal', done: false });

  const touched = sampled.find(({ company }: Json) => company);
  const stage = touched.stage.id;
  await server.call(server.ada, 'PATCH', `/api/deals/${touched.id}`, { nextStep: 'Call them' });
  const own = await server.call(server.ada, 'POST', '/api/deals', {
    name: 'Our own',
    stage,
    company: touched.company.id,
  });
  expect(own.status, own.text).toBe(201);
  const { sample, make } = await steps();
  expect([sample.edited, sample.shown[0].title, sample.shown[0].by]).toEqual([
    1,
    touched.name,
    'Ada Baumann',
  ]);
  expect(make.done).toBe(true);

  const removed = await done('DELETE');
  expect(removed.records).toBe(sample.records);
  expect((await steps()).sample).toBeNull();
  expect((await deals()).map(deal => deal.name)).toEqual(['Our own']);

  const undone = await server.call(server.ada, 'POST', `/api/undo/${removed.changeSet}`, {});
  expect(undone.status, undone.text).toBe(200);
  expect((await steps()).sample.records).toBe(sample.records);
  expect((await deals()).length).toBe(sampled.length + 1);
  await done('DELETE');
  await done('POST');
  expect((await steps()).sample.records).toBe(sample.records);
});

test('a step is done as soon as it is true', async () => {
  const before = await steps();
  expect([before.settings, before.import, before.invite]).toEqual([false, false, false]);
  await server.call(server.ada, 'PATCH', '/api/workspace', { label: 'Kaffeehaus' });
  await server.call(server.ada, 'PATCH', '/api/me', {
    workingHours: { days: ['MO'], from: '09:00', to: '17:00' },
  });
  const after = await steps();
  expect([after.settings, after.profile]).toEqual([true, true]);
});

test('the first who signs in finds something of their own in it, which goes with the rest; who comes later does not', async () => {
  const before = (await steps()).sample.records;
  const first = await welcome(server, 'Theo Adler', 'administrator');
  const second = await welcome(server, 'Nora Adler', 'administrator');
  const own = async (who: Caller, path: string): Promise<Json[]> => {
    const filter = JSON.stringify({ field: 'owner', op: 'is', value: who.id });
    return (await server.call(who, 'GET', `/api/${path}?filter=${encodeURIComponent(filter)}`)).body.data;
  };
  const counts = async (who: Caller) => {
    const found = await Promise.all(['deals', 'tasks', 'meetings'].map(path => own(who, path)));
    return found.map(({ length }) => length);
  };
  expect([await counts(first), await counts(second)]).toEqual([
    [1, 3, 1],
    [0, 0, 0],
  ]);
  // Who ordered it has found the same.
  expect(await counts(server.ada)).toEqual([
    1 + (await deals()).filter(({ name }) => name === 'Our own').length,
    3,
    1,
  ]);
  const [meeting] = await own(first, 'meetings');
  const today = new Intl.DateTimeFormat('sv', { timeZone: settings.timeZone });
  expect(today.format(new Date(meeting.startsAt))).toBe(today.format(new Date()));
  expect((await steps()).sample.records).toBe(before + 5);
  await done('DELETE');
  expect(await counts(first)).toEqual([0, 0, 0]);
});
