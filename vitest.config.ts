import { defineConfig } from 'vitest/config';

/** What measures time: it runs alone, so that nothing else takes the processor meanwhile. */
const TIMED = [
  'src/load/**/*.test.ts',
  'src/cli/commands/load/**/*.test.ts',
  'src/cli/drop-in/api-load-tester*.test.ts',
  'test/load*.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // Absolute, since the tests of generated projects below this folder find this configuration too.
    setupFiles: [new URL('test/support/property-seed.ts', import.meta.url).pathname],
    projects: [
      {
        extends: true,
        test: { name: 'timed', include: TIMED, maxWorkers: 1, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'templates/**/*.test.ts'],
          exclude: TIMED,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
