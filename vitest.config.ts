import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/**
 * Where the long suites lie, the longest first: windows in a browser, the command line as processes. What a fresh clone knows of its
 * suites is their size, which says little of their time, and a long one that is begun last leaves the other processors idle.
 */
const LONGEST_FIRST = [/\/test\/window\//, /\/test\//, /\/main\/operations\//];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST_FIRST.findIndex((place) => place.test(moduleId));
      return found === -1 ? LONGEST_FIRST.length : found;
    };
    // The sort is stable: within one place it stays as Vitest has it, by what it knows of the last run or by size.
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['main/**/*.test.ts', 'app/**/*.test.ts', 'renderer/**/*.test.ts', 'test/**/*.test.ts'],
    // Real keys, real files with flush, real child processes, on two cores.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // What is waited for comes when it comes: a look that gives up after a second, as is the default, fails of a busy machine alone.
    expect: { poll: { timeout: 60_000 } },
    restoreMocks: true,
    // A window that a busy machine did not draw within a minute is waited for once more, and the report says so (`retry x1`); an
    // expectation that does not hold is never asked again.
    retry: { count: 1, condition: /: Timeout \d+ms exceeded/ },
    // One more than the two cores it is meant for: a suite waits for a child process or a browser a third of its time.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
});
