import { openPGliteScratch } from '../src/database/engines/pglite.ts';
import { readFileSync } from 'node:fs';
const s = await openPGliteScratch({ extensions: [], snapshot: '/tmp/pg/snap.tar', budgetMs: 60000 });
await s.reading(async (e) => {
  const q = async (sql: string) => { try { console.log(JSON.stringify(await e.rows(sql))); } catch (x) { console.log('ERR', (x as Error).message, (x as any).detail); } };
  for (const stmt of readFileSync('/tmp/dbg.sql', 'utf8').split(';;')) if (stmt.trim()) await q(stmt);
}, { autocommit: true });
await s.close();
