/**
 * `npm run bench -- --web`: what somebody in front of Farley waits for, in a real Chromium on the benchmark's workspace.
 * Figures of one browser on one machine: no baseline but the bars of the design.
 */
import { fork } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type CDPSession,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';

export interface Web {
  /** Bytes of scripts, as they come over the wire, until the list stands. */
  script: number;
  /** Milliseconds from the address to the rows of a list, with a processor four times slower. */
  usable: { cold: number; warm: number };
  /** Frames while the list of all contacts is scrolled. */
  scroll: Frames;
  /** Milliseconds from the click in the list to facts and timeline of the record. */
  open: Spread;
  board: {
    cards: number;
    /** Milliseconds from the address to the first cards of all columns. */
    opened: number;
    /** Frames while every column is scrolled to its end and all cards are loaded. */
    scroll: Frames;
    /** Milliseconds from letting go of a card to its place in the other column. */
    moved: Spread;
  };
  /** Bytes that are alive in the page after so many acts. An hour of quick work has about 600. */
  memory: { acts: number; bytes: number; nodes: number }[];
}

export interface Frames {
  count: number;
  /** Share that took longer than one at 60 per second, with a quarter of tolerance; and than two. */
  late: number;
  missed: number;
}

export interface Spread {
  p50: number;
  p95: number;
}

export interface Site {
  url: string;
  email: string;
  key: string;
  stop(): void;
}

export interface Bench {
  connectionString: string;
  dataDir: string;
  webDir: string;
  /** Contacts in the workspace. */
  people: number;
}

const viewport = { width: 1440, height: 900 };
const acts = [0, 150, 300, 450, 600];

export async function measureWeb(bench: Bench, say: (sentence: string) => void): Promise<Web> {
  const site = await serve(bench);
  const browser = await launched();
  try {
    const { script, usable } = await measureLoading(browser, site);
    say(
      `Scripts ${Math.round(script / 1024)} KiB; usable after ${usable.cold} ms, warm ${usable.warm} ms, at a quarter of the speed`,
    );
    const context = await signedIn(browser, site);
    const page = await context.newPage();
    const scroll = await measureScroll(page, site);
    say(
      `Scrolling a list: ${percent(scroll.late)} of ${scroll.count} frames late, ${percent(scroll.missed)} missed`,
    );
    const open = await measureOpen(page, site);
    say(`Open a record: ${open.p50} ms, p95 ${open.p95}`);
    const board = await measureBoard(page, site, bench.people);
    say(
      `Board of ${board.cards} cards: open ${board.opened} ms, move ${board.moved.p50} ms, ${percent(board.scroll.late)} of frames late`,
    );
    const memory = await measureMemory(page, site);
    say(
      `Memory: ${memory.map(({ acts, bytes }) => `${acts} acts ${Math.round(bytes / 1024 ** 2)} MiB`).join(', ')}`,
    );
    return { script, usable, scroll, open, board, memory };
  } finally {
    await browser.close();
    site.stop();
  }
}

/** A Chromium without a graphics card. */
export const launched = () =>
  chromium.launch({
    executablePath: process.env.FARLEY_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--enable-precise-memory-info',
    ],
  });

export const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function freePort(): Promise<number> {
  return new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

export async function serve({ connectionString, dataDir, webDir }: Omit<Bench, 'people'>): Promise<Site> {
  const args = ['web', connectionString, 'ws_main', dataDir, String(await freePort()), webDir];
  const execArgv = ['--max-semi-space-size=16', '--heap-growing-percent=150'];
  const child = fork(join(import.meta.dirname, 'serve.ts'), args, { execArgv });
  return new Promise((done, fail) => {
    child.once('exit', code => fail(new Error(`Farley ended with ${code}.`)));
    child.once('message', message => done({ ...(message as Site), stop: () => child.disconnect() }));
  });
}

export async function signedIn(browser: Browser, { url, email, key }: Site): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport });
  const answer = await context.request.post(`${url}/api/auth/sign-in/email`, {
    data: { email, password: key },
  });
  if (!answer.ok()) throw new Error(`Sign-in answered ${answer.status()}.`);
  return context;
}

const rows = (page: Page) => page.locator('[role=grid] [role=row][aria-rowindex]:not([aria-rowindex="1"])');

/** Runs in the page: when what is looked for has been painted, in its own time, and when the last click was. */
function watch(selector: string) {
  let clicked = 0;
  const click = (event: Event) => {
    clicked = event.timeStamp;
  };
  addEventListener('click', click, true);
  const painted = new Promise<number>(done => {
    const look = () => {
      if (!document.querySelector(selector)) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true });
    look();
  });
  (window as unknown as { seen: Promise<[number, number]> }).seen = painted.then(at => {
    removeEventListener('click', click, true);
    return [at, clicked];
  });
}

/** Milliseconds since the page was asked for, and since the last click. */
const seen = (page: Page) =>
  page.evaluate(async () => {
    const [at, clicked] = await (window as unknown as { seen: Promise<[number, number]> }).seen;
    return { sinceStart: at, sinceClick: at - clicked };
  });

/** Each time with an empty cache, then once more with what the browser kept; the best of three, as others disturb. */
async function measureLoading(browser: Browser, site: Site): Promise<Pick<Web, 'script' | 'usable'>> {
  const cold: number[] = [];
  const warm: number[] = [];
  let script = 0;
  for (let round = 0; round < 3; round++) {
    const context = await signedIn(browser, site);
    await context.addInitScript(watch, '[role=grid] [role=row][aria-rowindex="2"]');
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    for (const times of [cold, warm]) {
      await page.goto('about:blank');
      await page.goto(`${site.url}/people`, { waitUntil: 'commit' });
      times.push(Math.round((await seen(page)).sinceStart));
      if (times === cold) script = await bytesOfScripts(page);
      await page.waitForLoadState('networkidle');
    }
    await context.close();
  }
  return { script, usable: { cold: Math.min(...cold), warm: Math.min(...warm) } };
}

function bytesOfScripts(page: Page): Promise<number> {
  return page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0),
  );
}

/** Counts frames while `act` runs. */
export async function framesOf(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const times: number[] = [];
    (window as unknown as { frames: number[] | null }).frames = times;
    const tick = (now: number) => {
      times.push(now);
      if ((window as unknown as { frames: number[] | null }).frames) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await act();
  const times = await page.evaluate(() => {
    const holder = window as unknown as { frames: number[] | null };
    const seen = holder.frames!;
    holder.frames = null;
    return seen;
  });
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  const over = (limit: number) => gaps.filter(gap => gap > limit).length / Math.max(1, gaps.length);
  return { count: gaps.length, late: over((1000 / 60) * 1.25), missed: over((2000 / 60) * 1.25) };
}

/** Turns of a wheel, 60 a second. */
export async function wheel(page: Page, by: number, turns: number) {
  for (let turn = 0; turn < turns; turn++) {
    await page.mouse.wheel(0, by);
    await page.waitForTimeout(16);
  }
}

async function measureScroll(page: Page, site: Site): Promise<Frames> {
  await page.goto(`${site.url}/people`);
  await rows(page).first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.mouse.move(700, 500);
  return framesOf(page, () => wheel(page, 120, 300));
}

export function spread(times: number[]): Spread {
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!);
  return { p50: at(0.5), p95: at(0.95) };
}

/** The pointer comes to rest on a name, as it does before a click; then the click. */
async function measureOpen(page: Page, site: Site): Promise<Spread> {
  const times: number[] = [];
  await page.goto(`${site.url}/people`);
  for (let n = 0; n < 21; n++) {
    const link = rows(page)
      .nth(2 + (n % 12))
      .getByRole('link')
      .first();
    await link.waitFor();
    await link.hover();
    await page.waitForTimeout(120);
    await page.evaluate(watch, 'ol[aria-label="Timeline"] > li');
    await link.click();
    times.push((await seen(page)).sinceClick);
    await page.goBack();
    await rows(page).first().waitFor();
  }
  // The first one loads the page's own scripts.
  return spread(times.slice(1));
}

async function measureBoard(page: Page, site: Site, people: number): Promise<Web['board']> {
  // The amounts of the generated deals are spread evenly over 100,000.
  const below = Math.round((2_000 / ((people * 3) / 10)) * 100_000);
  const filter = JSON.stringify({ field: 'amount', op: 'lt', value: String(below) });
  const begun = performance.now();
  await page.goto(`${site.url}/deals?layout=board&filter=${encodeURIComponent(filter)}`, {
    waitUntil: 'commit',
  });
  const columns = page.locator('section:has([data-card])');
  await page.waitForFunction(() => document.querySelectorAll('section:has([data-card])').length >= 6);
  const opened = Math.round(performance.now() - begun);
  const scroll = await framesOf(page, async () => {
    for (let n = 0; n < (await columns.count()); n++) {
      const column = columns.nth(n);
      await column.scrollIntoViewIfNeeded();
      await column.hover({ position: { x: 100, y: 300 } });
      for (let turn = 0; turn < 60; turn++) {
        await wheel(page, 600, 10);
        const [last, more] = await column.evaluate(node => {
          const scroller = node.querySelector('[data-card]')!.closest('ul')!.parentElement!;
          const rest = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
          return [rest < 40, scroller.querySelector(':scope > button') !== null];
        });
        if (last && !more) break;
      }
    }
  });
  const cards = await columns.evaluateAll(found =>
    found.reduce((sum, node) => {
      const sizes = [...node.querySelectorAll('[data-card]')].map(card =>
        Number(card.getAttribute('aria-setsize')),
      );
      return sum + Math.max(0, ...sizes);
    }, 0),
  );
  const moved: number[] = [];
  for (let n = 0; n < 11; n++) moved.push(await moveCard(page, n % 2));
  return { cards, opened, scroll, moved: spread(moved) };
}

/** Takes a card of one of the first two columns to the other, by hand. */
export async function moveCard(page: Page, from: number, chosen?: Locator): Promise<number> {
  const columns = page.locator('section:has([data-card])');
  await columns.nth(0).scrollIntoViewIfNeeded();
  const id = await (chosen ?? columns.nth(from).locator('[data-card]').nth(6)).getAttribute('data-card');
  // By its name from here: what others of its cards do meanwhile may make another the seventh.
  const card = columns.locator(`[data-card="${id}"]`);
  const [start, aim] = [(await card.boundingBox())!, (await columns.nth(1 - from).boundingBox())!];
  await page.mouse.move(start.x + 60, start.y + 12);
  await page.mouse.down();
  await page.mouse.move(start.x + 80, start.y + 30, { steps: 4 });
  await page.mouse.move(aim.x + 120, aim.y + 320, { steps: 12 });
  const begun = performance.now();
  await page.mouse.up();
  await columns
    .nth(1 - from)
    .locator(`[data-card="${id}"]`)
    .waitFor();
  return performance.now() - begun;
}

/** What people do all day, over and over: lists, records, search, boards, edits that are left again. */
async function measureMemory(page: Page, site: Site): Promise<Web['memory']> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  await page.goto(`${site.url}/people`);
  await rows(page).first().waitFor();
  const seen: Web['memory'] = [];
  let done = 0;
  for (const until of acts) {
    while (done < until) {
      await act(page, done);
      done++;
    }
    seen.push({ acts: done, ...(await alive(cdp)) });
  }
  return seen;
}

async function alive(cdp: CDPSession): Promise<{ bytes: number; nodes: number }> {
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const value = (name: string) => metrics.find(metric => metric.name === name)?.value ?? 0;
  return { bytes: value('JSHeapUsedSize'), nodes: value('Nodes') };
}

const places = ['Companies', 'People', 'Deals', 'Tasks'];

async function act(page: Page, n: number) {
  const rail = page.getByRole('navigation', { name: 'Main navigation' });
  if (n % 6 === 0)
    await rail.getByRole('link', { name: places[(n / 6) % places.length]!, exact: true }).click();
  else if (n % 6 === 1) await wheel(page, 500, 6);
  else if (n % 6 === 2) await openAny(page, n);
  else if (n % 6 === 3) await page.goBack();
  else if (n % 6 === 4) {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
  } else {
    await page.keyboard.type('an');
    await page.waitForTimeout(150);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }
  await page.waitForTimeout(60);
}

/** A row or a card, whatever is shown. */
async function openAny(page: Page, n: number) {
  const links = page.locator('[role=grid] [role=row] a, [data-card] a');
  const found = await links.count();
  if (found === 0) return;
  await links
    .nth(n % Math.min(found, 8))
    .click({ timeout: 2_000 })
    .catch(() => undefined);
  await page.locator('main h1').first().waitFor();
}
