// Runs bench/hostile.ts, which Node 20 cannot read by itself, the way the tests are run.
import { runnerImport } from 'vite';

process.env.HOSTILE = process.argv.slice(2).join(' ');
await runnerImport(new URL('hostile.ts', import.meta.url).pathname, { logLevel: 'warn' });
