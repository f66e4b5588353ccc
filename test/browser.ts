/** A real Chromium for the browser tests. Pictures of what it saw go to `FARLEY_SHOTS`, where that is set. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';

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
  page.setDefaultTimeout(15_000);
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
