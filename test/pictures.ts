/** Draws every page and state of the interface on the sample data (`npm run pictures`); see docs/guides/pictures.md. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { boot, endAll } from './boot.ts';
import { openBrowser, openPage } from './browser.ts';
import {
  fillWelcome,
  type Look,
  looks,
  recordsOf,
  settled,
  signedIn,
  turn,
  welcomeOf,
} from './every-page.ts';
import { root } from './source.ts';

type Scheme = 'light' | 'dark';

const { values: asked } = parseArgs({
  options: {
    to: { type: 'string', default: 'pictures' },
    only: { type: 'string', default: '.' },
    widths: { type: 'string', default: '1440,768,390' },
    schemes: { type: 'string', default: 'light,dark' },
    language: { type: 'string' },
    docs: { type: 'boolean', default: false },
  },
});

/** What README and the guides show; few, as each weighs in every clone. */
const shown: { name: string; width: number; scheme: Scheme }[] = [
  { name: 'board', width: 1280, scheme: 'light' },
  { name: 'company', width: 1280, scheme: 'light' },
  { name: 'forecast', width: 1280, scheme: 'dark' },
  { name: 'dashboards', width: 1280, scheme: 'light' },
  { name: 'briefing', width: 1280, scheme: 'light' },
  { name: 'list', width: 390, scheme: 'light' },
  { name: 'deal', width: 390, scheme: 'dark' },
];

const heights: Record<number, number> = { 1440: 900, 1280: 800, 768: 1024, 390: 844, 360: 640 };

interface Drawing {
  browser: Browser;
  url: string;
  width: number;
  schemes: Scheme[];
  looks: [string, Look][];
  draw(page: Page, name: string, scheme: Scheme): Promise<unknown>;
}

async function walk({ browser, url, width, schemes, looks: all, draw }: Drawing) {
  const touch = width < 1000;
  // A tablet is touched, but looks like a desk.
  const phone = width <= 720;
  const how = { viewport: { width, height: heights[width] ?? 900 }, hasTouch: touch, isMobile: touch };
  const member = await openPage(await signedIn(browser, url, how));
  const stranger = await openPage(await browser.newContext(how));
  for (const [name, look] of all) {
    if (look.only && look.only !== (phone ? 'touch' : 'mouse')) continue;
    const { page } = look.stranger ? stranger : member;
    try {
      await page.goto(url + look.path);
      await settled(page);
      await look.open?.(page, phone);
      if (!look.restless) await settled(page);
      for (const scheme of schemes) {
        await turn(page, scheme);
        await draw(page, name, scheme);
      }
    } catch (error) {
      process.exitCode = 1;
      console.error(`${name} at ${width} px: ${String(error).split('\n')[0]}`);
    }
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.emulateMedia({ colorScheme: 'light', media: null });
  }
  await member.page.context().close();
  await stranger.page.context().close();
}

/** As a WebP of the browser's own making: a quarter of a PNG. */
async function toWebP(page: Page, path: string) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
  writeFileSync(path, data, 'base64');
}

async function drawDocs(browser: Browser, url: string, all: Record<string, Look>) {
  const folder = join(root, 'docs/pictures');
  mkdirSync(folder, { recursive: true });
  for (const { name, width, scheme } of shown)
    await walk({
      browser,
      url,
      width,
      schemes: [scheme],
      looks: [[name, all[name]!]],
      draw: page => toWebP(page, join(folder, `${name}.webp`)),
    });
}

async function drawAll(browser: Browser, url: string, all: Record<string, Look>) {
  mkdirSync(asked.to, { recursive: true });
  const wanted = Object.entries(all).filter(([name]) => new RegExp(asked.only).test(name));
  const schemes = asked.schemes.split(',') as Scheme[];
  for (const width of asked.widths.split(',').map(Number))
    await walk({
      browser,
      url,
      width,
      schemes,
      looks: wanted,
      draw: (page, name, scheme) =>
        page.screenshot({ path: join(asked.to, `${name}-${width}-${scheme}.png`) }),
    });
}

/** The first administrator, who then reads what the others see. */
async function moveIn(browser: Browser, welcome: string, url: string): Promise<Record<string, Look>> {
  const context = await browser.newContext();
  const { page } = await openPage(context);
  await page.goto(welcome);
  await fillWelcome(page);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: /Good/ }).waitFor();
  const { language } = asked;
  const headers = { 'Idempotency-Key': 'pictures', Origin: url };
  if (language) await context.request.patch(`${url}/api/me`, { data: { language }, headers });
  const all = looks(await recordsOf(context, url));
  await context.close();
  return all;
}

const folder = mkdtempSync(join(tmpdir(), 'farley-pictures-'));
try {
  const running = await boot({ FARLEY_DATA: folder }, { args: ['--demo'] });
  const browser = await openBrowser();
  const all = await moveIn(browser, await welcomeOf(running), running.url);
  await (asked.docs ? drawDocs : drawAll)(browser, running.url, all);
  await browser.close();
} finally {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
}
