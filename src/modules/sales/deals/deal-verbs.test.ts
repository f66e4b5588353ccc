/** What salespeople do to deals. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, stagesOf, type World, withRights } from '../../../../test/world.ts';
import { carryOut, create, find, rows, sql, tableOf, undo, update } from '../../../engine/index.ts';

let world: World;
let stages: Record<string, string>;
let deal: string;
beforeAll(async () => {
  world = await createWorld('deal_verbs');
  stages = await stagesOf(world.ada);
});
beforeEach(async () => {
  deal = await create(world.sina, 'deal', { name: 'Espresso bar', amount: '1200 EUR' });
});
afterAll(() => world.close());

const now = () => find(world.sina, 'deal', deal);

describe('moving a deal', () => {
  test('sets stage, pipeline and probability, and says so in words', async () => {
    await carryOut(world.sina, 'deal', 'move', deal, { stage: stages.Proposal });
    expect(await now()).toMatchObject({ stage: { title: 'Proposal' }, probability: 50, status: 'open' });
    const [event] = await world.db.run<{ payload: string }>(
      sql`select payload::text as payload from ${tableOf(world.workspace.schema, 'change')} where record_id = ${deal}::uuid and kind = 'event'`,
    );
    expect(JSON.parse(event!.payload)).toEqual({ deal: 'Espresso bar', from: 'Prospecting', to: 'Proposal' });
  });

  test('to a foreign pipeline is refused', async () => {
    const pipeline = await create(world.ada, 'pipeline', { name: 'Partners', position: 1 });
    const stage = await create(world.ada, 'stage', { name: 'First talk', pipeline });
    await expect(carryOut(world.sina, 'deal', 'move', deal, { stage })).rejects.toMatchObject({
      problems: [
        { pointer: '/stage', code: 'foreignStage', message: 'This stage belongs to another pipeline.' },
      ],
    });
    expect(await now()).toMatchObject({ pipeline: { title: 'Sales' }, stage: { title: 'Prospecting' } });
  });

  test('puts it halfway between two cards, and writes one row', async () => {
    const [top, bottom] = [
      await create(world.sina, 'deal', { name: 'Top', stage: stages.Negotiation! }),
      await create(world.sina, 'deal', { name: 'Bottom', stage: stages.Negotiation! }),
    ];
    await carryOut(world.sina, 'deal', 'move', top, { stage: stages.Negotiation, after: null });
    const { changeSet } = await carryOut(world.sina, 'deal', 'move', deal, {
      stage: stages.Negotiation,
      after: top,
    });
    const column = await rows(world.sina, 'deal', {
      filter: { field: 'stage', op: 'is', value: stages.Negotiation! },
      sort: ['rank'],
      fields: ['rank'],
    });
    expect(column.map(card => card.id)).toEqual([top, deal, bottom]);
    const [first, middle, last] = column.map(card => Number(card.rank)) as [number, number, number];
    expect(middle).toBe((first + last) / 2);
    const written = await world.db.run(
      sql`select 1 from ${tableOf(world.workspace.schema, 'change')} where set_id = ${changeSet}::uuid and kind = 'updated'`,
    );
    expect(written).toHaveLength(1);
  });

  test('to a stage that does not exist, or out of reach, is refused', async () => {
    await expect(carryOut(world.sina, 'deal', 'move', deal, { stage: deal })).rejects.toMatchObject({
      problems: [{ pointer: '/stage', code: 'unknownRecord' }],
    });
    await expect(
      carryOut(world.olga, 'deal', 'move', deal, { stage: stages.Qualified }),
    ).rejects.toMatchObject({ code: 'notFound' });
    await expect(
      carryOut(world.tom, 'deal', 'move', deal, { stage: stages.Qualified }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('pipeline and stage', () => {
  let pipeline: string;
  let stage: string;
  beforeAll(async () => {
    pipeline = await create(world.ada, 'pipeline', { name: 'Elsewhere', position: 2 });
    await create(world.ada, 'stage', { name: 'Later', pipeline, position: 2 });
    stage = await create(world.ada, 'stage', { name: 'Sooner', pipeline, position: 1 });
  });

  test('that do not belong together are refused where both are named', async () => {
    await expect(
      create(world.ada, 'deal', { name: 'Torn', pipeline, stage: stages.Qualified! }),
    ).rejects.toMatchObject({ problems: [{ pointer: '/stage', code: 'foreignStage' }] });
  });

  test('follow one another: a pipeline begins with its first stage, a stage brings its pipeline', async () => {
    const begun = await create(world.ada, 'deal', { name: 'Begun', pipeline });
    expect(await find(world.ada, 'deal', begun)).toMatchObject({ stage: { id: stage } });
    const brought = await create(world.ada, 'deal', { name: 'Brought', stage });
    expect(await find(world.ada, 'deal', brought)).toMatchObject({ pipeline: { id: pipeline } });
    await update(world.ada, 'deal', brought, { stage: stages.Qualified! });
    expect(await find(world.ada, 'deal', brought)).toMatchObject({ pipeline: { title: 'Sales' } });
  });
});

describe('winning, losing and reopening', () => {
  test('lead into the stage of that kind, with date and reason', async () => {
    await carryOut(world.sina, 'deal', 'win', deal, {});
    expect(await now()).toMatchObject({
      status: 'won',
      stage: { title: 'Won' },
      probability: 100,
      closeDate: '2026-03-16',
    });
    await carryOut(world.sina, 'deal', 'reopen', deal, {});
    expect(await now()).toMatchObject({ status: 'open', stage: { title: 'Prospecting' }, decidedAt: null });
    await carryOut(world.sina, 'deal', 'lose', deal, { reason: 'price', closeDate: '2026-03-01' });
    expect(await now()).toMatchObject({ status: 'lost', lostReason: 'price', closeDate: '2026-03-01' });
  });

  test('a decided deal is not won again', async () => {
    await carryOut(world.sina, 'deal', 'win', deal, {});
    await expect(carryOut(world.sina, 'deal', 'win', deal, {})).rejects.toMatchObject({
      code: 'invalidInput',
    });
  });

  test('a role may win deals without editing them', async () => {
    const closer = withRights(world.sina, {
      objects: {
        '*': { read: 'all' },
        deal: {
          read: 'all',
          edit: 'none',
          verbs: { win: 'own' },
          fields: { stage: 'read', closeDate: 'read' },
        },
      },
    });
    await expect(carryOut(closer, 'deal', 'lose', deal, {})).rejects.toMatchObject({ code: 'forbidden' });
    await carryOut(closer, 'deal', 'win', deal, {});
    expect((await now()).status).toBe('won');
  });

  test('one undo takes a decision back', async () => {
    const before = await now();
    const { changeSet } = await carryOut(world.sina, 'deal', 'lose', deal, { reason: 'timing' });
    await undo(world.sina, changeSet);
    expect({ ...(await now()), version: before.version }).toEqual(before);
  });
});
