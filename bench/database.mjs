// Runs bench/database.ts, which Node 20 cannot read by itself, the way the tests are run.
import { runnerImport } from 'vite';

await runnerImport(new URL('database.ts', import.meta.url).pathname, { logLevel: 'error' });
// The embedded PostgreSQL of the comparison keeps the process alive.
process.exit();
