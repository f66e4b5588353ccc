/** Every story of the kit and of the field views, in a real browser: light, dark, and from right to left. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fieldTypes } from '../../src/fields/index.ts';
import { barriers, expectNoComplaints, openBrowser, openPage } from '../browser.ts';
import { buildGallery } from '../gallery/vite.ts';
import { root } from '../source.ts';

const origin = 'http://gallery.test';
let folder: string;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'farley-gallery-'));
  await buildGallery(folder);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const parts = readdirSync(join(root, 'src/kit')).filter(name => name.endsWith('.stories.tsx'));
const groups = [
  ...parts.map(name => name.replace('.stories.tsx', '')),
  ...fieldTypes.map(({ name }) => name),
].toSorted();

/** Stories that show nothing, and those that are wider than their frame. */
function flawsOf(page: Page): Promise<string[]> {
  return page.locator('[data-story]').evaluateAll(stories =>
    stories.flatMap(story => {
      const frame = story.querySelector('.gallery-frame')!;
      const name = story.getAttribute('data-story');
      if (frame.getBoundingClientRect().height < 2 || frame.childNodes.length === 0)
        return [`${name} is empty`];
      const over = frame.scrollWidth - frame.clientWidth;
      return over > 0 ? [`${name} is ${over} px too wide`] : [];
    }),
  );
}

test.each([
  ['light', 'en', null],
  // What a theme changes is contrast alone, and a direction nothing that axe sees.
  ['dark', 'ar', ['color-contrast']],
])('every story renders, within its frame and for everyone: %s, %s', async (theme, language, rules) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const watched = await openPage(context);
  const { page } = watched;
  await page.route(`${origin}/**`, route => {
    const { pathname } = new URL(route.request().url());
    return route.fulfill({ path: join(folder, pathname === '/' ? 'index.html' : pathname) });
  });
  await page.goto(`${origin}/?theme=${theme}&language=${language}`);
  await page.locator('[data-story]').first().waitFor();
  const seen = await page
    .locator('[data-group]')
    .evaluateAll(all => all.map(each => each.getAttribute('data-group')));
  expect(seen.toSorted()).toEqual(groups);
  expect(await flawsOf(page)).toEqual([]);
  expect(await barriers(page, rules ?? undefined)).toEqual([]);
  expectNoComplaints(watched);
  await context.close();
});
