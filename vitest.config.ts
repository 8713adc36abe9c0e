import { defineConfig } from 'vitest/config';

/** `npm run test:long` runs the kills, the fuzzing and the properties with their full counts. */
const isLong = process.env.TEST_LONG === '1';

const inside = (name: string) => ({
  test: { name, root: name, include: ['**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
});
/** Whole-system tests share two cores and one browser: one file at a time. */
const whole = (name: string, folder: string) => ({
  test: {
    name,
    root: folder,
    include: ['**/*.test.ts'],
    fileParallelism: false,
    testTimeout: isLong ? 3_600_000 : 300_000,
    hookTimeout: 180_000,
  },
});

export default defineConfig({
  test: {
    projects: [
      ...['game', 'contract', 'media', 'analysis', 'server', 'scripts'].map(inside),
      whole('e2e', 'e2e/flows'),
      whole('performance', 'e2e/performance'),
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
