/** What journeys begin with and leave behind: a Farley in a folder of its own, a browser, and who has just signed in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { type Boot, boot, endAll } from './boot.ts';
import { callerOf, firstSignedIn, openBrowser } from './browser.ts';

/** Filled before the first test of the file; to be read within tests. */
export interface Journey {
  running: Boot;
  chromium: Browser;
  /** Of the first administrator, at a desk. */
  context: BrowserContext;
  /** Asks the server as the first administrator. */
  api: ReturnType<typeof callerOf>;
}

/** Starts Farley for a file's tests, with the sample data where `demo`, and ends it after them. */
export function journey({ demo = false } = {}): Journey {
  const begun = {} as Journey;
  let folder: string | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'farley-e2e-'));
    begun.running = await boot({ FARLEY_DATA: folder }, { args: demo ? ['--demo'] : [] });
    begun.chromium = await openBrowser();
    begun.context = await firstSignedIn(begun.chromium, begun.running);
    begun.api = callerOf(begun.context, begun.running.url);
  });
  afterAll(async () => {
    await begun.chromium?.close();
    await endAll();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
  return begun;
}
