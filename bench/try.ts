import { openPGliteScratch } from '../src/database/engines/pglite.ts';
import { inspect } from '../src/database/inspect/inspect.ts';
import { loadStatements } from '../src/database/sources/load.ts';
import { readSourceFiles } from '../src/database/sources/files.ts';
import { splitStatements } from '../src/database/sources/statements.ts';
import { mentionsOf } from '../src/database/sources/mentions.ts';
const cpu = () => { const u = process.cpuUsage(); return ((u.user + u.system) / 1e6).toFixed(2); };
for (const path of process.argv.slice(2)) {
  const t0=Number(cpu());
  const files = await readSourceFiles(path);
  const statements = (await Promise.all(files.map(splitStatements))).flat();
  const ext = mentionsOf(statements).extensions;
  const scratch = await openPGliteScratch({ extensions: [...ext], snapshot: '/tmp/pg/snap.tar', budgetMs: 60000 });
  const t1=Number(cpu());
  try {
    await scratch.reading(async (engine) => {
      const notes = await loadStatements(engine, statements, { extensions: scratch.extensions, autocommit: false });
      const t2=Number(cpu());
      const model = await inspect(engine);
      const t3=Number(cpu());
      const kinds: Record<string, number> = {};
      for (const o of model.objects.values()) kinds[o.kind] = (kinds[o.kind] ?? 0) + 1;
      console.log(path.split('/').at(-1), statements.length, 'open', (t1-t0).toFixed(2), 'load', (t2-t1).toFixed(2), 'inspect', (t3-t2).toFixed(2), model.objects.size, JSON.stringify(kinds), JSON.stringify(model.unmodelled).slice(0,300), JSON.stringify(notes).slice(0, 300));
    }, { autocommit: false });
  } catch (e) { console.log(path, 'FAIL', String((e as Error).message), JSON.stringify((e as any).location ?? '').slice(0,300), (e as any).detail??'', (e as any).state === undefined ? '' : (e as Error).stack?.split('\n').slice(1,5).join('\n')); }
  await scratch.close();
}
