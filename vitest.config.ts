import { defineConfig } from 'vitest/config';

/** `LUCIE_TEST_ALL=1` adds the slow tier: browser, kills, whole recipes. `./lucie test --all` sets it. */
const all = process.env.LUCIE_TEST_ALL === '1';

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'recipes/test/**/*.test.ts', 'bench/test/**/*.test.ts'],
    exclude: all ? [] : ['**/*.slow.test.ts'],
    globalSetup: ['packages/cli/src/test/temporary-folder.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Every engine here is many times slower with more threads than idle cores.
    env: { OMP_NUM_THREADS: '1' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
