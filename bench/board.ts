/**
 * A board of 20,000 open deals in one pipeline, with 200,000 decided ones in its last columns: `node bench/board.ts` after
 * `npm run build`. What the server answers, beside the same in SQL by hand, and what somebody in front of it waits for.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type Context, rows } from '../src/engine/index.ts';
import { withDeals } from './deals.ts';
import { framesOf, launched, moveCard, percent, type Site, serve, signedIn, spread, wheel } from './web.ts';

const pageSize = 40;
const deep = 100;

interface Column {
  id: string;
  name: string;
}

/** Milliseconds of twenty calls, the first not counted. */
async function timed(act: () => Promise<unknown>) {
  const times: number[] = [];
  for (let n = 0; n < 21; n++) {
    const begun = performance.now();
    await act();
    times.push(performance.now() - begun);
  }
  return spread(times.slice(1));
}

/** What the board asks the server for, as it asks: all heads at once, and the cards of a column, page by page. */
async function measureServer(ctx: Context, { url, key }: Site, columns: Column[], pipeline: string) {
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${url}/api/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as { data: { id: string }[]; next: string | null };
  };
  const own = { field: 'pipeline', op: 'is', value: pipeline };
  const heads = (values: unknown[]) => ({ filter: own, groupBy: [{ field: 'stage' }], values });
  const sums = [{ op: 'count' }, { op: 'sum', field: 'amount' }];
  const cards = (column: Column, after?: string) => ({
    filter: { and: [{ field: 'stage', op: 'is', value: column.id }, own] },
    sort: ['rank'],
    fields: ['name', 'stage', 'amount', 'closeDate', 'company', 'owner', 'nextStep', 'rank', 'lacksStep'],
    limit: pageSize,
    ...(after ? { after } : {}),
  });
  let after: string | null = null;
  const first = columns[0]!;
  for (let n = 0; n < deep; n++) after = (await post('deals/search', cards(first, after ?? undefined))).next;
  const by = (text: string, values: unknown[]) => () =>
    ctx.db.pool.query({ name: text.slice(0, 40), text, values });
  const live = `from ${ctx.schema}.deal where deleted_at is null`;
  const column = `select id, name, amount, close_date, owner_id, next_step, rank ${live} and stage_id = $1 order by rank, id limit ${pageSize}`;
  const head = `select stage_id, count(*), sum(amount) ${live} and pipeline_id = $1 group by stage_id`;
  const parts: [string, () => Promise<unknown>, (() => Promise<unknown>) | null][] = [
    ['heads: count and sum of each column', () => post('deals/aggregate', heads(sums)), by(head, [pipeline])],
    [
      'heads with the weighted sum',
      () => post('deals/aggregate', heads([...sums, { op: 'sum', field: 'expected' }])),
      null,
    ],
    ['first cards of a column', () => post('deals/search', cards(first)), by(column, [first.id])],
    [`its page ${deep + 1}`, () => post('deals/search', cards(first, after!)), null],
    [
      'first cards of the largest column',
      () => post('deals/search', cards(columns.at(-1)!)),
      by(column, [columns.at(-1)!.id]),
    ],
  ];
  for (const [what, act, bare] of parts) {
    const [farley, beside] = [await timed(act), bare ? await timed(bare) : null];
    console.log(`${what}: ${farley.p50} ms, p95 ${farley.p95}${beside ? `; by hand ${beside.p50} ms` : ''}`);
  }
}

async function measureBrowser(page: Page, { url }: Site) {
  const columns = page.locator('section:has([data-card])');
  const opened: number[] = [];
  for (let n = 0; n < 4; n++) {
    await page.goto('about:blank');
    const begun = performance.now();
    await page.goto(`${url}/deals?layout=board`, { waitUntil: 'commit' });
    await page.waitForFunction(() => document.querySelectorAll('section:has([data-card])').length >= 6);
    opened.push(performance.now() - begun);
  }
  console.log(`open: ${Math.round(opened[0]!)} ms at first, then ${spread(opened.slice(1)).p50} ms`);
  await columns.first().hover({ position: { x: 100, y: 300 } });
  const frames = await framesOf(page, () => wheel(page, 600, 300));
  const loaded = await columns.first().locator('[data-card]').last().getAttribute('aria-posinset');
  console.log(
    `scroll a column to card ${loaded}: ${percent(frames.late)} of ${frames.count} frames late, ${percent(frames.missed)} missed`,
  );
  const asked: number[] = [];
  page.on('response', () => asked.push(performance.now()));
  const begun = performance.now();
  await moveCard(page, 0, columns.first().locator('[data-card]').nth(6));
  await page.waitForTimeout(6_000);
  console.log(
    `after a move in there all is as it is on the server within ${Math.round(Math.max(...asked) - begun)} ms, by ${asked.length} requests`,
  );
  await page.reload();
  await page.waitForFunction(() => document.querySelectorAll('section:has([data-card])').length >= 6);
  const moved: number[] = [];
  for (let n = 0; n < 11; n++) moved.push(await moveCard(page, n % 2));
  const { p50, p95 } = spread(moved);
  console.log(`a card let go stands in ${p50} ms, p95 ${p95}`);
}

await withDeals(async ({ ctx, connectionString, dataDir }) => {
  const stages = await rows(ctx, 'stage', { sort: ['position'], fields: ['name', 'pipeline'] });
  const columns = stages.map(({ id, name }) => ({ id, name }) as Column);
  const site = await serve({ connectionString, dataDir, webDir: join(import.meta.dirname, '../dist/web') });
  const browser = await launched();
  try {
    await measureServer(ctx, site, columns, (stages[0]!.pipeline as { id: string }).id);
    await measureBrowser(await (await signedIn(browser, site)).newPage(), site);
  } finally {
    await browser.close();
    site.stop();
  }
});
