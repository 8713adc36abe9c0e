import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['game', 'contract', 'media', 'server', 'scripts'].map((name) => ({
      test: { name, root: name, include: ['**/*.test.ts'], testTimeout: 30_000, hookTimeout: 60_000 },
    })),
    passWithNoTests: false,
  },
});
