/** Targets and challenges: pace, fair order, who is told what, and an end that comes once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, stagesOf, type World, withRights } from '../../../../test/world.ts';
import { create, type Input, rows, step, undo, update, write } from '../../../engine/index.ts';
import { endChallenges } from './ending.ts';
import { progress } from './progress.ts';
import { before, type Contender, paceOf, standings } from './standing.ts';

const days = { from: '2026-03-01', to: '2026-03-30' };

describe('pace', () => {
  test('says what would be there by today, and what it comes to', () => {
    expect(paceOf(50, 100, days, '2026-03-15')).toEqual({
      passed: 0.5,
      expected: 50,
      forecast: 100,
      state: 'onTrack',
    });
    expect(paceOf(20, 100, days, '2026-03-15')).toMatchObject({ forecast: 40, state: 'behind' });
    expect(paceOf(60, 100, days, '2026-03-15').state).toBe('ahead');
    expect(paceOf(100, 100, days, '2026-03-02').state).toBe('reached');
    expect(paceOf(0, 100, days, '2026-02-01')).toEqual({
      passed: 0,
      expected: 0,
      forecast: null,
      state: 'coming',
    });
    expect(paceOf(70, 100, days, '2026-12-31')).toMatchObject({ passed: 1, forecast: 70, state: 'behind' });
  });
  test('the stretch before is as long', () =>
    expect(before(days)).toEqual({ from: '2026-01-30', to: '2026-02-28' }));
});

describe('standings', () => {
  const one = (id: string, value: number, more: Partial<Contender> = {}): Contender => ({
    id,
    value,
    past: null,
    target: null,
    quality: null,
    qualityBefore: null,
    ...more,
  });
  test('whoever works half the time leads by their own past', () => {
    const found = standings([one('full', 100, { past: 100 }), one('half', 60, { past: 50 })], 'past');
    expect(found.map(({ id, place, score }) => [id, place, score])).toEqual([
      ['half', 1, 1.2],
      ['full', 2, 1],
    ]);
  });
  test('equal ones share a place; whoever lets the quality fall, or has no measure, has none', () => {
    const found = standings(
      [
        one('a', 5),
        one('b', 9, { quality: 0.4, qualityBefore: 0.5 }),
        one('c', 5, { quality: 0.5, qualityBefore: 0.5 }),
        one('d', 1),
        one('e', 0),
      ],
      'amount',
    );
    expect(found.map(({ id, place }) => [id, place])).toEqual([
      ['a', 1],
      ['c', 1],
      ['d', 3],
      ['b', null],
      ['e', null],
    ]);
    expect(standings([one('a', 5)], 'target')[0]).toMatchObject({ score: null, place: null });
  });
});

describe('in a workspace', () => {
  let world: World;
  let stages: Record<string, string>;
  beforeAll(async () => {
    world = await createWorld('targets');
    stages = await stagesOf(world.ada);
    const { ada, sina, tom } = world;
    const deal = (owner: World['ada'], amount: string, stage: string, closeDate: string) =>
      create(ada, 'deal', {
        name: amount,
        amount,
        stage: stages[stage]!,
        closeDate,
        owner: owner.actor.userId,
      });
    await deal(sina, '100 EUR', 'Won', '2026-03-02');
    await deal(sina, '50.50 EUR', 'Won', '2026-03-15');
    await deal(sina, '900 EUR', 'Won', '2026-02-10');
    await deal(tom, '400 EUR', 'Won', '2026-03-03');
    await deal(tom, '70 EUR', 'Lost', '2026-03-04');
    await deal(tom, '10 EUR', 'Won', '2026-02-11');
  });
  afterAll(() => world.close());

  const targetOf = (told: Awaited<ReturnType<typeof progress>>, name: string) =>
    told.targets.find(target => target.name === name)!;

  test('a target counts what its people brought in its days, and everyone is told the same', async () => {
    const { ada, sina, rita, teams } = world;
    await create(ada, 'target', {
      name: 'Hers',
      metric: 'wonRevenue',
      amount: '200',
      user: sina.actor.userId!,
      ...days,
    });
    await create(ada, 'target', {
      name: 'Team',
      metric: 'dealsWon',
      amount: '3',
      team: teams.sales,
      ...days,
    });
    await create(ada, 'target', { name: 'All', metric: 'newPipeline', amount: '1000', ...days });
    const told = await progress(sina);
    expect(targetOf(told, 'Hers')).toMatchObject({
      value: '150.50',
      mine: true,
      unit: 'money',
      state: 'ahead',
    });
    expect(targetOf(told, 'Team')).toMatchObject({ value: '3.00', state: 'reached' });
    // Olga sees none of these deals, and yet what was published of them.
    expect(targetOf(await progress(world.olga), 'Hers')).toMatchObject({ value: '150.50', mine: false });
    expect(targetOf(await progress(rita), 'All').value).toBe('1530.50');
  });

  test('first contacts count for the owner where they came in time, on the day they came', async () => {
    const { ada, sina, system } = world;
    const lead = async (contactState: string, firstContactAt: string) => {
      const id = await create(sina, 'lead', { name: `${contactState} ${firstContactAt}` });
      await update(system, 'lead', id, { contactState, firstContactAt });
    };
    await lead('onTime', '2026-03-05T10:00:00Z');
    await lead('onTime', '2026-03-06T10:00:00Z');
    await lead('tooLate', '2026-03-06T10:00:00Z');
    await lead('onTime', '2026-02-06T10:00:00Z');
    const user = sina.actor.userId!;
    await create(ada, 'target', { name: 'Quick', metric: 'contactedInTime', amount: '2', user, ...days });
    expect(targetOf(await progress(sina), 'Quick')).toMatchObject({ value: '2.00', state: 'reached' });
  });

  test('a saved view counts as far as each reader sees', async () => {
    const view = await create(world.ada, 'view', {
      name: 'Won',
      object: 'deal',
      filter: { field: 'status', op: 'is', value: 'won' },
      visibility: 'everyone',
    });
    await create(world.ada, 'target', { name: 'By view', view, amount: '10', ...days });
    expect(targetOf(await progress(world.ada), 'By view').value).toBe('5');
    expect(targetOf(await progress(world.olga), 'By view').value).toBe('0');
  });

  test('a sum over a saved view counts what lies in the period, in one currency, as far as each reader sees', async () => {
    const { ada, olga, sina, system } = world;
    const name = { field: 'name', op: 'startsWith', value: 'Summed' };
    const view = await create(ada, 'view', {
      ...{ name: 'Summed', object: 'deal', filter: name, visibility: 'everyone' },
    });
    await create(ada, 'exchangeRate', { currency: 'USD', validFrom: '2026-01-01', worth: '0.5 EUR' });
    for (const [amount, closeDate, openedOn] of [
      ['0.10 EUR', days.from, '2026-02-27'],
      ['0.20 EUR', days.to, days.to],
      ['3 USD', '2026-03-10', '2026-03-10'],
      ['70 EUR', '2026-03-31', days.from],
      ['70 EUR', '2026-02-28', '2026-02-28'],
    ] as const)
      await create(system, 'deal', {
        ...{ name: `Summed ${amount} ${closeDate}`, amount, closeDate, openedOn, owner: sina.actor.userId },
      });
    const goal = (called: string, values: Input) =>
      create(ada, 'target', { name: called, view, amount: '10', ...days, ...values });
    await goal('Sum in time', { sum: ['amount'], day: ['closeDate'] });
    await goal('Sum ever', { sum: ['amount'] });
    await goal('Count in time', { day: ['closeDate'] });
    await goal('Sum by moment', { sum: ['amount'], day: ['createdAt'] });
    const told = async (ctx: World['ada']) => {
      const { targets } = await progress(ctx);
      return ['Sum in time', 'Sum ever', 'Count in time', 'Sum by moment'].map(called => {
        const line = targets.find(each => each.name === called)!;
        return [line.value, line.unit];
      });
    };
    expect(await told(sina)).toEqual([
      ['1.80', 'money'],
      ['141.80', 'money'],
      ['3', 'number'],
      ['141.80', 'money'],
    ]);
    expect((await told(olga)).map(([value]) => Number(value))).toEqual([0, 0, 0, 0]);
    // Who may not see amounts is told of none, and of all other targets.
    const blind = withRights(sina, {
      objects: { '*': { read: 'all' }, deal: { read: 'all', fields: { amount: 'none' } } },
    });
    expect((await told(blind)).map(([value]) => Number(value))).toEqual([0, 0, 3, 0]);
    const refused = (values: Input) => expect(goal('No', values)).rejects;
    await refused({ sum: ['name'] }).toMatchObject({ problems: [{ pointer: '/sum' }] });
    await refused({ sum: ['closeDate'] }).toMatchObject({ problems: [{ pointer: '/sum' }] });
    await refused({ day: ['amount'] }).toMatchObject({ problems: [{ pointer: '/day' }] });
    await refused({ day: ['nonsense'] }).toMatchObject({ problems: [{ pointer: '/day' }] });
    await refused({ view: null, sum: ['amount'] }).toMatchObject({ problems: [{ pointer: '/sum' }] });
    await refused({ sum: ['amount', 'closeDate'] }).toMatchObject({ problems: [{ pointer: '/sum' }] });
  });

  test('a target is for a person or a team', async () => {
    const both = {
      name: 'Torn',
      amount: '1',
      user: world.ada.actor.userId!,
      team: world.teams.sales,
      ...days,
    };
    await expect(create(world.ada, 'target', both)).rejects.toMatchObject({
      problems: [{ pointer: '/team' }],
    });
  });

  test('a challenge ends by itself, once, with badge and points for those whose quality has not fallen', async () => {
    const { ada, sina, tom } = world;
    const badge = await create(ada, 'badge', { name: 'Champion' });
    const challenge = await create(ada, 'challenge', {
      name: 'March',
      metric: 'wonRevenue',
      ranking: 'amount',
      quality: 'winRate',
      ...days,
      badge,
      points: 20,
    });
    await create(sina, 'participation', { hidden: true });
    const shown = async (who: World['ada']) =>
      (await progress(who)).challenges[0]!.standings.map(({ who: { title }, place, fair }) => [
        title,
        place,
        fair,
      ]);
    // Tom won more, and half of what he decided before he won all; Sina is shown to herself alone.
    expect(await shown(sina)).toEqual([
      ['Sina Gruber', 1, true],
      ['Tom Eder', null, false],
    ]);
    expect(await shown(tom)).toEqual([['Tom Eder', null, false]]);
    const [own] = await rows(sina, 'participation', {});
    await update(sina, 'participation', own!.id as string, { hidden: false });

    const context = () => ({ ...world.system, via: 'watch challenges' });
    while (await step(context(), endChallenges));
    expect(await rows(ada, 'recognition', {})).toEqual([]);
    world.clock.move('2026-04-02T12:00:00.000Z');
    await Promise.all([1, 2, 3].map(() => step(context(), endChallenges)));
    world.clock.move('2026-04-02T13:00:00.000Z');
    await step(context(), endChallenges);
    expect(await rows(ada, 'recognition', {})).toMatchObject([
      {
        to: { title: 'Sina Gruber' },
        badge: { title: 'Champion' },
        points: 20,
        challenge: { id: challenge },
      },
    ]);
    // What counted on the day of the end was given; a deal that goes afterwards takes nothing back.
    const won = await rows(ada, 'deal', { filter: { field: 'owner', op: 'is', value: sina.actor.userId! } });
    const gone = await write(
      ada,
      'deal',
      won.map(({ id }) => ({ op: 'delete', id: id as string })),
    );
    world.clock.move('2026-04-03T12:00:00.000Z');
    await step(context(), endChallenges);
    const told = await progress(ada);
    await undo(ada, gone.changeSet!);
    expect(told.points).toEqual([{ who: { id: sina.actor.userId, title: 'Sina Gruber' }, points: 20 }]);
    expect(told.challenges[0]!.endedAt).not.toBeNull();
  });

  test('thanks carry no points of their own, and points go with what brought them', async () => {
    const { tom, ada, sina } = world;
    const thanks = { op: 'create' as const, values: { words: 'For the late shift', to: sina.actor.userId! } };
    await expect(create(tom, 'recognition', { ...thanks.values, points: 5 })).rejects.toMatchObject({
      problems: [{ pointer: '/points' }],
    });
    const { changeSet } = await write(tom, 'recognition', [thanks]);
    expect((await progress(tom)).recognitions[0]).toMatchObject({
      words: 'For the late shift',
      by: 'Tom Eder',
    });
    await undo(tom, changeSet!);
    const [prize] = await rows(ada, 'recognition', {});
    await write(ada, 'recognition', [{ op: 'delete', id: prize!.id as string }]);
    expect((await progress(ada)).points).toEqual([]);
  });
});
