import { defineConfig } from 'vitest/config';

/** What mostly waits, for loads of a second and for machines that are silent: a few at a time. */
const WAITING = [
  'src/load/cluster/**/*.test.ts',
  'src/cli/drop-in/load-tester-host.test.ts',
  'test/load-cluster-cli.test.ts',
  'test/load-report-chromium.test.ts',
  'test/load-watch.test.ts',
];

/** What measures time: it runs alone, so that nothing else takes the processor meanwhile. */
const TIMED = [
  'src/load/**/*.test.ts',
  'src/cli/commands/load/**/*.test.ts',
  'test/load*.test.ts',
  'test/demo.test.ts',
];

/** A machine that stands still for half a second makes a load of one second a poor one: that is no fault of ours. */
const retry = 2;

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // Absolute, since the tests of generated projects below this folder find this configuration too.
    setupFiles: [new URL('test/support/property-seed.ts', import.meta.url).pathname],
    projects: [
      {
        extends: true,
        test: {
          name: 'timed',
          include: TIMED,
          exclude: WAITING,
          maxWorkers: 1,
          retry,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'waiting', include: WAITING, maxWorkers: 3, retry, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'templates/**/*.test.ts'],
          exclude: [...TIMED, ...WAITING],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
