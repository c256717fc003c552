import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['main/**/*.test.ts', 'app/**/*.test.ts', 'renderer/**/*.test.ts', 'test/**/*.test.ts'],
    // Real keys, real files with flush, real child processes, on two cores.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    restoreMocks: true,
    // The command-line suites wait for child processes most of the time.
    maxWorkers: 2,
  },
});
