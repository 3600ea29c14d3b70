// Runs a bench that is written in TypeScript, which Node 20 cannot read by itself, the way the tests are run:
//   node bench/run.mjs bench/database.ts [flags of the bench]
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const [, , file = '', ...flags] = process.argv;
process.argv = [process.argv[0], resolve(file), ...flags];
await runnerImport(resolve(file), { logLevel: 'error' });
// Embedded servers of a bench keep the process alive.
process.exit();
