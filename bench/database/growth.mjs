// Runs growth.ts, which Node 20 cannot read by itself, the way the tests are run.
import { runnerImport } from 'vite';

await runnerImport(new URL('growth.ts', import.meta.url).pathname, { logLevel: 'error' });
