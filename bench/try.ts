import { openPGliteScratch } from '../src/database/engines/pglite.ts';
import { inspect } from '../src/database/inspect/inspect.ts';
import { EMPTY_MODEL, type DatabaseModel } from '../src/database/model/database-model.ts';
import { planChange } from '../src/database/plan/plan.ts';
import { prove } from '../src/database/prove.ts';
import { ensureRoles, loadStatements } from '../src/database/sources/load.ts';
import { readSourceFiles } from '../src/database/sources/files.ts';
import { splitStatements, type Statement } from '../src/database/sources/statements.ts';
import { mentionsOf } from '../src/database/sources/mentions.ts';
import { writeFileSync } from 'node:fs';
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e6; };
const online = process.env.ONLINE === '1';
async function statementsOf(path: string): Promise<Statement[]> {
  if (path === 'empty') return [];
  const files = await readSourceFiles(path);
  return (await Promise.all(files.map(splitStatements))).flat();
}
let ok = 0, n = 0;
for (const pair of process.argv.slice(2)) {
  const [a = '', b = ''] = pair.split('..');
  const t0 = cpu();
  n += 1;
  const [A, B] = [await statementsOf(a), await statementsOf(b)];
  const scratch = await openPGliteScratch({ extensions: [...mentionsOf([...A, ...B]).extensions], snapshot: '/tmp/pg/snap.tar', budgetMs: 120000 });
  try {
    let roles: string[] = [];
    const target = await scratch.reading(async (engine) => { await loadStatements(engine, B, { extensions: scratch.extensions, autocommit: false }); roles = (await engine.rows<{ n: string }>('select rolname as n from pg_roles where oid >= 16384')).map((r) => r.n); return inspect(engine); }, { autocommit: false });
    await scratch.reading(async (engine) => {
      await loadStatements(engine, A, { extensions: scratch.extensions, autocommit: true });
      await ensureRoles(engine, roles);
      const source = await inspect(engine);
      const tp = cpu();
      if (process.env.SHOW) for (const m of [source, target]) for (const o of m.objects.values()) if (o.references.some((r) => r.includes(process.env.SHOW!))) console.log(o.id, o.references.join(' , '));
      const plan = planChange({ source, target, online, creator: 'postgres' });
      const rollback = planChange({ source: target, target: source, online, creator: 'postgres' });
      const tq = cpu();
      writeFileSync('/tmp/plan.sql', plan.segments.flatMap((s) => s.statements.map((x) => x.sql)).join(';\n') + ';\n\n-- ROLLBACK\n' + rollback.segments.flatMap((s) => s.statements.map((x) => x.sql)).join(';\n'));
      const proof = await prove(engine, { source, target, plan, rollback });
      const last = proof.steps.at(-1);
      if (proof.proved) ok += 1;
      console.log(proof.proved ? 'ok  ' : 'FAIL', pair.replaceAll('/work/shared/corpus/postgres/', ''), target.objects.size, 'plan', (tq - tp).toFixed(2), 'total', (cpu() - t0).toFixed(1), proof.proved ? '' : `${last?.name} ${last?.failed ? `${last.failed.message} :: ${last.failed.statement.sql.slice(0, 300)}` : JSON.stringify(last?.differences.slice(0, 3).map((d) => [d.id, d.action, 'changes' in d ? d.changes : '']))?.slice(0, 700)} (${last?.differences.length})`);
    }, { autocommit: true });
  } catch (e) { console.log('FAIL', pair, 'ERR', String((e as Error).message).slice(0, 400), JSON.stringify((e as any).location ?? '').slice(0, 300), (e as any).code ? '' : (e as Error).stack?.split('\n').slice(1, 5).join('\n')); }
  await scratch.close();
}
console.log(ok, 'of', n);
