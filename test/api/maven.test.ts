/** A sales team's real files, flaws included, imported over HTTP with the guide's maps: every number is right. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AggregateQuery } from '../../src/engine/index.ts';
import type { ImportReport } from '../../src/engine/transfer/findings.ts';
import { type MavenDeal, mavenDeals, mavenTruth, type Sum } from '../maven.ts';
import { type Json, type Server, startServer, until } from './server.ts';

const folder = join(process.env.FARLEY_TEST_DATA ?? '../shared/data', 'crm-maven-pipeline');
const absent = !existsSync(folder);
if (absent)
  console.warn(`Skipped: the sales team's files, because ${folder} is absent (set FARLEY_TEST_DATA).`);

const maps = join(import.meta.dirname, '../../docs/guides/import-sales-team');
/** In the order of the guide. */
const steps: [file: string, map: string][] = [
  ['sales_teams.csv', '1-teams.json'],
  ['sales_teams.csv', '2-managers.json'],
  ['sales_teams.csv', '3-agents.json'],
  ['sales_teams.csv', '4-team-managers.json'],
  ['products.csv', '5-products.json'],
  ['accounts.csv', '6-accounts.json'],
  ['sales_pipeline.csv', '7-deals.json'],
  ['sales_pipeline.csv', '8-deal-lines.json'],
];

describe.skipIf(absent)('a sales team that moves to Farley', () => {
  const truth = absent ? null! : mavenTruth(folder);
  const reports: ImportReport[] = [];
  let server: Server;

  const importAll = async () => {
    for (const [file, map] of steps) reports.push(await importOne(file, map));
  };

  async function importOne(file: string, map: string): Promise<ImportReport> {
    const query = new URLSearchParams({ name: file, map: readFileSync(join(maps, map), 'utf8') });
    const content = readFileSync(join(folder, file));
    const headers = { 'content-type': 'text/csv' };
    const { status, body } = await server.call(server.ada, 'POST', `/api/imports?${query}`, content, headers);
    expect([status, body]).toEqual([202, expect.anything()]);
    return until(async () => {
      const { body: job } = await server.call(server.ada, 'GET', `/api/jobs/${body.id}`);
      if (job.state === 'failed') throw new Error(JSON.stringify(job));
      return (job.result?.tables[0] ?? null) as ImportReport | null;
    }, 60_000);
  }

  async function find(path: string, field: string, op: string, value?: string): Promise<Json[]> {
    const { body } = await server.call(server.ada, 'POST', `/api/${path}/search`, {
      filter: { field, op, value },
      limit: 1_000,
    });
    return body.data;
  }

  beforeAll(async () => {
    server = await startServer('maven');
    await importAll();
  });
  afterAll(() => server?.close());

  /** Count and sum per group, by the group's title. */
  async function summed(
    path: string,
    groupBy: string,
    filter?: AggregateQuery['filter'],
  ): Promise<Record<string, Sum>> {
    const query = {
      groupBy: [{ field: groupBy }],
      values: [{ op: 'count' }, { op: 'sum', field: 'amount' }],
      filter,
    };
    const { body } = await server.call(server.ada, 'POST', `/api/${path}/aggregate`, query);
    return Object.fromEntries(
      body.data.map(({ group, values: [count, sum] }: Json) => {
        const key = group[groupBy];
        const value = Number(sum?.amount ?? 0);
        return [typeof key === 'object' ? (key?.title ?? 'none') : key, { count, value }];
      }),
    );
  }

  const won = { field: 'stage.name', op: 'is', value: 'Won' };

  test('every row of every file arrived', () => {
    const [teams, managers, agents, leaders, products, accounts, deals, lines] = reports;
    expect(reports.map(report => report.failed)).toEqual(steps.map(() => 0));
    expect([teams?.created, teams?.linked.team]).toEqual([truth.managers, 3]);
    expect([managers?.created, agents?.created, leaders?.updated]).toEqual([
      truth.managers,
      truth.agents,
      truth.managers,
    ]);
    expect([products?.created, accounts?.created]).toEqual([truth.products, truth.companies]);
    expect([deals?.created, lines?.created]).toEqual([truth.deals, truth.deals]);
  });

  test('counts and sums by stage', async () => expect(await summed('deals', 'stage')).toEqual(truth.byStage));
  test('counts and sums by sales agent', async () =>
    expect(await summed('deals', 'owner')).toEqual(truth.byAgent));
  test('what each agent won', async () =>
    expect(await summed('deals', 'owner', won)).toEqual(truth.wonByAgent));
  test('counts and sums by sector', async () =>
    expect(await summed('deals', 'company.sector')).toEqual(truth.bySector));
  test('what was won of each product', async () => {
    const ofWon = { field: 'deal.stage.name', op: 'is', value: 'Won' };
    expect(await summed('dealLines', 'product', ofWon)).toEqual(truth.wonByProduct);
  });

  test('deals without a company have none', async () => {
    const query = { filter: { field: 'company', op: 'empty' }, count: 'exact', limit: 1 };
    const { body } = await server.call(server.ada, 'POST', '/api/deals/search', query);
    expect(body.count).toBe(truth.withoutCompany);
  });

  test('the flaws of the files are told, each with its count', () => {
    const [, , , , , accounts, deals, lines] = reports;
    const count = (report: ImportReport | undefined, message: string) =>
      report?.warnings.find(warning => warning.message.startsWith(message))?.count;
    expect(count(accounts, 'Industry: "technolgy"')).toBe(12);
    expect(count(accounts, 'Address (country): "Philipines"')).toBe(1);
    // An empty cell is no flaw: nothing is told of it, and nothing made of it.
    expect(count(deals, 'Company')).toBeUndefined();
    expect(count(lines, 'Product: "GTXPro"')).toBe(truth.byProduct['GTX Pro']!.count);
  });

  test('offices lead to teams, teams to managers, companies to their parents', async () => {
    const [team] = await find('teams', 'name', 'is', "Melvin Marxen's team");
    expect([team.parent.title, team.manager.title]).toEqual(['Central', 'Melvin Marxen']);
    const [agent] = await find('users', 'name', 'is', 'Darcel Schlecht');
    expect([agent.team.title, agent.manager.title]).toEqual(["Melvin Marxen's team", 'Melvin Marxen']);
    expect((await find('companies', 'parent', 'notEmpty')).length).toBe(truth.subsidiaries);
  });

  describe('the dashboard', () => {
    /** Deals come in dollars, and the workspace reckons in euros. */
    const worth = 0.5;
    let all: MavenDeal[];
    let idOf: (path: string, name: string) => Promise<string>;
    beforeAll(async () => {
      all = mavenDeals(folder);
      await server.call(server.ada, 'POST', '/api/exchangeRates', {
        currency: 'USD',
        validFrom: '2016-01-01',
        worth: `${worth} EUR`,
      });
      idOf = async (path, name) => (await find(path, 'name', 'is', name))[0].id;
    });

    async function report(name: string, input: object): Promise<Json> {
      const { status, body } = await server.call(server.ada, 'POST', `/api/reports/${name}`, input);
      expect([status, body.code]).toEqual([200, undefined]);
      return body;
    }

    const dayOf = (day: string) => Date.parse(day) / 86_400_000;
    const sumOf = (deals: MavenDeal[]) => deals.reduce((sum, { value }) => sum + value, 0) * worth;
    const within = (deals: MavenDeal[], from: string, to: string, stage: string) =>
      deals.filter(deal => deal.stage === stage && deal.closed >= from && deal.closed <= to);
    /** Those without a day on which they were engaged came to Farley today. */
    const openOn = (deals: MavenDeal[], day: string) =>
      deals.filter(({ engaged, closed }) => engaged && engaged <= day && (!closed || closed > day));

    /** What the figures have to be, by the files alone. */
    function figures(deals: MavenDeal[], from: string, to: string) {
      const [won, lost] = [within(deals, from, to, 'Won'), within(deals, from, to, 'Lost')];
      const days = won.reduce((sum, { engaged, closed }) => sum + dayOf(closed) - dayOf(engaged), 0);
      const open = openOn(deals, to);
      const [amount, decided] = [sumOf(won), won.length + lost.length];
      return {
        won: won.length,
        lost: lost.length,
        amount: amount.toFixed(2),
        days,
        timed: won.length,
        open: open.length,
        openAmount: sumOf(open).toFixed(2),
        winRate: decided ? won.length / decided : null,
        average: won.length ? Number((amount / won.length).toFixed(2)) : null,
        cycle: won.length ? days / won.length : null,
        velocity: days ? (amount * open.length * won.length) / (decided * days) : null,
      };
    }

    /** Quotients are rounded half up by Farley, of exact numbers; here they come from floats. */
    function expectFigures(told: Json, deals: MavenDeal[], from: string, to: string) {
      const { average, velocity, ...exact } = figures(deals, from, to);
      expect(told).toMatchObject(exact);
      for (const [name, value] of Object.entries({ average, velocity }))
        if (value === null) expect(told[name]).toBeNull();
        else expect(Math.abs(Number(told[name]) - value)).toBeLessThan(0.006);
    }

    const cases: [string, string, string, (deal: MavenDeal) => boolean, () => Promise<object>][] = [
      ['a year', '2017-01-01', '2017-12-31', () => true, async () => ({})],
      ['a quarter', '2017-04-01', '2017-06-30', () => true, async () => ({})],
      [
        'an agent in a month',
        '2017-09-01',
        '2017-09-30',
        ({ agent }) => agent === 'Darcel Schlecht',
        async () => ({ owner: await idOf('users', 'Darcel Schlecht') }),
      ],
      [
        'a team in a quarter',
        '2017-07-01',
        '2017-09-30',
        ({ manager, agent }) => manager === 'Melvin Marxen' || agent === 'Melvin Marxen',
        async () => ({ team: await idOf('teams', "Melvin Marxen's team") }),
      ],
      [
        'an industry in days of one’s own',
        '2017-03-10',
        '2017-10-05',
        ({ sector }) => sector === 'retail',
        async () => ({ filter: { field: 'company.sector', op: 'is', value: 'retail' } }),
      ],
    ];

    test.each(cases)('of %s says what the files say', async (_name, from, to, picks, only) => {
      const deals = all.filter(picks);
      const compare = { from: '2017-03-01', to: '2017-03-31' };
      const scope = { from, to, ...(await only()) };
      const told = await report('dashboard', { ...scope, compare });
      expect([told.currency, told.unrated]).toEqual(['EUR', []]);
      expectFigures(told.now, deals, from, to);
      expectFigures(told.before, deals, compare.from, compare.to);
      expect(told.months).toHaveLength(12);
      for (const month of told.months)
        expectFigures(month.figures, deals, `${month.to.slice(0, 8)}01`, month.to);
      const won = within(deals, from, to, 'Won');
      const sellers = told.sellers.map((seller: Json) => [
        seller.user.title,
        seller.won,
        seller.lost,
        seller.amount,
      ]);
      const agents = [...new Set([...won, ...within(deals, from, to, 'Lost')].map(({ agent }) => agent))];
      const expected = agents.map(agent => {
        const own = deals.filter(deal => deal.agent === agent);
        const hits = within(own, from, to, 'Won');
        return [agent, hits.length, within(own, from, to, 'Lost').length, sumOf(hits).toFixed(2)];
      });
      expect(sellers.sort()).toEqual(expected.sort());
      const lost = within(deals, from, to, 'Lost').length;
      expect(told.reasons).toEqual(lost ? [{ reason: null, count: lost, amount: '0.00' }] : []);

      const history = await report('stage-history', scope);
      const stages = new Map<string, string>(history.stages.map((stage: Json) => [stage.stage, stage.name]));
      expect(history.points.at(-1).day).toBe(to);
      for (const { day, stages: told } of history.points) {
        const open = openOn(deals, day);
        // Where a deal stood that had been decided before it came to Farley, no file says.
        const groups = Map.groupBy(open, ({ stage }) => (stage === 'Engaging' ? stage : null));
        const rows = told.map(({ stage, count, amount }: Json) => [stages.get(stage) ?? null, count, amount]);
        const truth = [...groups].map(([stage, some]) => [stage, some.length, sumOf(some).toFixed(2)]);
        expect([day, rows.sort()]).toEqual([day, truth.sort()]);
      }
      const entered = (name: string) => history.stages.find((stage: Json) => stage.name === name).entered;
      expect([entered('Won'), entered('Lost')]).toEqual([won.length, lost]);
      expect(entered('Engaging')).toBe(
        deals.filter(deal => deal.stage === 'Engaging' && deal.engaged >= from && deal.engaged <= to).length,
      );
    });

    test.each([
      ['product', (deal: MavenDeal) => deal.product],
      ['sector', (deal: MavenDeal) => deal.sector],
      ['owner', (deal: MavenDeal) => deal.agent],
    ])('knows the win rates by %s', async (by, keyOf) => {
      const [from, to] = ['2017-01-01', '2017-12-31'];
      const told = await report('win-rates', { from, to, by });
      const decided = [...within(all, from, to, 'Won'), ...within(all, from, to, 'Lost')];
      const groups = [...Map.groupBy(decided, keyOf)];
      const count = (deals: MavenDeal[], stage: string) => deals.filter(deal => deal.stage === stage).length;
      const truth = groups.map(([key, deals]) => [
        key,
        count(deals, 'Won'),
        count(deals, 'Lost'),
        sumOf(deals).toFixed(2),
      ]);
      expect(told.count).toBe(groups.length);
      const rows = told.segments.map((each: Json) => [
        each.title ?? each.value ?? '',
        each.won,
        each.lost,
        each.amount,
      ]);
      // Those with the fewest deals are left out of long lists.
      expect(truth).toEqual(expect.arrayContaining(rows));
      expect(rows).toHaveLength(Math.min(25, groups.length));
    });

    test('leads from its figures to the records behind them', async () => {
      const scope = { from: '2017-04-01', to: '2017-06-30' };
      const { now, filter } = await report('dashboard', scope);
      const won = {
        and: [
          filter,
          { field: 'status', op: 'is', value: 'won' },
          { field: 'closeDate', op: 'between', value: [scope.from, scope.to] },
        ],
      };
      const { body } = await server.call(server.ada, 'POST', '/api/deals/search', {
        filter: won,
        count: 'exact',
        limit: 1,
      });
      expect(body.count).toBe(now.won);
      const { points } = await report('stage-history', scope);
      const { day, stages } = points.at(-1);
      const part = stages.find((each: Json) => each.stage !== null);
      const of = { kind: 'standing', day, stage: part.stage };
      const behind = await report('stage-history-records', { ...scope, of });
      expect([behind.count, behind.ids.length]).toEqual([part.count, Math.min(500, part.count)]);
    });
  });

  test('importing all once more changes nothing', async () => {
    reports.length = 0;
    await importAll();
    const changed = reports.map(({ created, failed }) => created + failed);
    expect(changed).toEqual(steps.map(() => 0));
    // Managers' and agents' own rows, read twice under two maps, agree; so nothing is updated either.
    expect(reports.map(report => report.updated)).toEqual(steps.map(() => 0));
  });
});
