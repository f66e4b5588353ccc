/**
 * `npm run torture`: Farley and its PostgreSQL are killed with SIGKILL at random moments under load, started again, and
 * held against what clients were answered. The seed repeats the choices: `-- --seed 42 --point 17`.
 */
import { parseArgs } from 'node:util';
import { tortureDiskFull } from './disk-full.ts';
import { type Kind, kinds, torture } from './points.ts';
import { type Victim, victims } from './site.ts';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    point: { type: 'string' },
    only: { type: 'string' },
    kill: { type: 'string' },
    'disk-full': { type: 'boolean', default: false },
  },
});

const victimsOf: Record<string, Victim[]> = {
  farley: ['farley', 'both'],
  postgres: ['postmaster', 'postgres', 'session'],
};

function chosen<T>(
  text: string | undefined,
  known: readonly T[],
  more: Record<string, T[]> = {},
): readonly T[] {
  if (text === undefined) return known;
  const found = more[text] ?? known.filter(one => one === text);
  if (found.length > 0) return found;
  throw new Error(`"${text}" is none of ${[...Object.keys(more), ...known].join(', ')}.`);
}

const say = (line: string) => console.log(line);
const { seed } = values;
if (values['disk-full']) process.exitCode = (await tortureDiskFull(seed, say)) ? 0 : 1;
else {
  const { violations } = await torture({
    seed,
    points: values.point
      ? [Number(values.point)]
      : Array.from({ length: Number(values.points) }, (_, n) => n + 1),
    kinds: chosen<Kind>(values.only, kinds),
    victims: chosen<Victim>(values.kill, victims, victimsOf),
    say,
  });
  process.exitCode = violations === 0 ? 0 : 1;
}
process.exit();
