import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const setup = {
  globalSetup: ['./test/database.ts', './test/web.ts'],
  // Generous: tests prove behaviour, never speed, and two busy cores are slow.
  testTimeout: 120_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 30_000 } },
};

/** Files that take a minute or more, the longest first: begun last, they would run on alone. */
const long = ['e2e/pages', 'hostile/walk', 'e2e/duplicates', 'e2e/import', 'e2e/views', 'torture'];

/** Journeys, then all the rest; of both the long ones first, and then by size. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const weight = ({ moduleId }: TestSpecification) => {
      const place = long.findIndex(name => moduleId.endsWith(`/${name}.test.ts`));
      return place < 0 ? statSync(moduleId).size : 1e9 - place;
    };
    const rank = ({ project }: TestSpecification) => ['e2e', 'unit', 'architecture'].indexOf(project.name);
    return [...files].sort((a, b) => rank(a) - rank(b) || weight(b) - weight(a));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // Also on two cores: much of the time of tests is waiting for processes, answers and clocks.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'architecture',
          include: ['test/{architecture,messages}.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          ...setup,
          name: 'unit',
          include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/{architecture,messages}.test.ts'],
          // Files that follow each other in a worker share its modules: to load them anew took a fifth of the time.
          isolate: false,
        },
      },
      {
        test: {
          ...setup,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
        },
      },
    ],
  },
});
