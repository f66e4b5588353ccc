import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { metaAddress } from './meta.tsx';
import { viewsAddress } from './views.ts';

test('what the page has the server send ahead is what its scripts ask for', () => {
  const page = readFileSync(new URL('../../../index.html', import.meta.url), 'utf8');
  const [, ahead = ''] = /<meta\s+name="farley-ahead"\s+content="([^"]*)"/.exec(page) ?? [];
  expect(ahead.replaceAll('&amp;', '&').split(' ')).toEqual([metaAddress, viewsAddress]);
});
