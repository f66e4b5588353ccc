/** Farley as `bin/farley start` starts it, with one module more: a job of many steps. */
import { serve } from '../src/server.ts';
import { counting } from './counts.ts';

await serve({ demo: false, modules: [counting] });
process.exit();
