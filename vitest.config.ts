import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const setup = {
  globalSetup: ['./test/database.ts', './test/web.ts'],
  // Generous: tests prove behaviour, never speed, and two busy cores are slow.
  testTimeout: 120_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 15_000 } },
};

export default defineConfig({
  test: {
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
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...setup,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
