import { defineConfig } from 'vitest/config';

/** `npm run test:long` runs the kills, the fuzzing and the properties with their full counts. */
const isLong = process.env.TEST_LONG === '1';

/** All cores: Vitest would leave one idle, half of a machine with two. */
const inside = (name: string) => ({
  test: { name, root: name, include: ['**/*.test.ts'], maxWorkers: '100%', testTimeout: 120_000, hookTimeout: 120_000 },
});
/** Whole-system tests wait a lot, but each file has a server and a browser of its own: two files at a time, wherever they run. */
const whole = (name: string, folder: string, files = 2) => ({
  test: {
    name,
    root: folder,
    include: ['**/*.test.ts'],
    maxWorkers: files,
    // Vitest wants one number of workers in a group.
    sequence: { groupOrder: files },
    testTimeout: isLong ? 3_600_000 : 300_000,
    hookTimeout: 180_000,
  },
});

export default defineConfig({
  test: {
    projects: [
      ...['game', 'contract', 'media', 'analysis', 'server', 'scripts'].map(inside),
      whole('e2e', 'e2e/flows'),
      whole('performance', 'e2e/performance', 1),
      whole('security', 'e2e/security'),
    ],
    passWithNoTests: false,
    coverage: {
      provider: 'v8',
      reporter: ['text-summary'],
      include: ['**/src/**/*.ts'],
      exclude: ['**/*.test.ts', 'client/**'],
    },
  },
});
