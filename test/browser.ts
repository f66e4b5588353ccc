/** A real Chromium for the browser tests. Pictures of what it saw go to `FARLEY_SHOTS`, where that is set. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { expect } from 'vitest';
import type { Boot } from './boot.ts';
import { account, welcomeOf } from './every-page.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.FARLEY_CHROMIUM ?? '/usr/bin/chromium', args: quiet });
}

/** A browser of the first administrator, who has just followed the link that the start prints. */
export async function firstSignedIn(
  browser: Browser,
  running: Boot,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const token = new URL(await welcomeOf(running)).searchParams.get('token');
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  await callerOf(context, running.url)('POST', '/api/welcome', { token, ...account });
  return context;
}

/** Asks the server as who is signed in; answers what it says. What is refused ends the journey. */
export function callerOf(context: BrowserContext, url: string) {
  return async (method: string, path: string, data?: object) => {
    const answer = await context.request.fetch(url + path, { method, data, headers: { origin: url } });
    expect(answer.ok(), `${method} ${path} ${answer.status()}`).toBe(true);
    return answer.json();
  };
}

/** What a page complained about; a journey ends with none. */
export interface Watched {
  page: Page;
  complaints: string[];
}

export async function openPage(context: BrowserContext): Promise<Watched> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', error => complaints.push(error.message));
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()));
  // A server for tests that is busy with others is slow, not wrong.
  page.setDefaultTimeout(30_000);
  return { page, complaints };
}

/** Nothing was wrong; a refused request that the journey provokes on purpose is named in `but`. */
export function expectNoComplaints(watched: Watched, but: RegExp = /^$/) {
  expect(watched.complaints.filter(text => !but.test(text))).toEqual([]);
}

export async function shoot(page: Page, name: string) {
  const folder = process.env.FARLEY_SHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** What axe finds against WCAG 2.2 A and AA, or only by the rules named, in a line each. */
export async function barriers(page: Page, rules?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const found = await page.evaluate(async only => {
    const runOnly = only ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await (
      globalThis as unknown as {
        axe: {
          run(
            o: object,
          ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
        };
      }
    ).axe.run({ runOnly });
    return violations.flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(node => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 200)}`),
    );
  }, rules);
  return found;
}

/** Barriers to people, and whether the page is wider than the screen. */
export async function problemsOf(page: Page): Promise<string[]> {
  const problems = await barriers(page);
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (wider > 0) problems.push(`the page is ${wider} px wider than the screen`);
  return problems;
}
