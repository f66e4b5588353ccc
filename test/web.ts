/** Builds the web interface before the first test, so that Farleys which start at the same time find it built. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './source.ts';

/** Vitest's `globalSetup`; done already when `npm test` runs it. */
export default function setup(): void {
  execFileSync(process.execPath, [join(root, 'bin/setup')], { stdio: ['ignore', 'ignore', 'inherit'] });
}
