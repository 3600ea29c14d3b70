// Runs bench/openapi-directory.ts, which Node 20 cannot read by itself, the way the tests are run.
import { runnerImport } from 'vite';

await runnerImport(new URL('openapi-directory.ts', import.meta.url).pathname, { logLevel: 'warn' });
