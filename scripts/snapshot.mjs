// Packs an initialised data folder of the embedded PostgreSQL, so that a new user's first command does not spend
// seconds on making one. Done once for each version of PGlite: 1.5 MB, which the package carries.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { brotliCompressSync, constants } from 'node:zlib';

const FOLDER = 'snapshots';
const { version } = JSON.parse(readFileSync('node_modules/@electric-sql/pglite/package.json', 'utf8'));
const file = join(FOLDER, `pglite-${version}.tar.br`);

if (!existsSync(file)) {
  // WebAssembly that runs once is not worth optimising.
  setFlagsFromString('--liftoff-only');
  const { PGlite } = await import('@electric-sql/pglite');
  const db = await PGlite.create();
  const tar = Buffer.from(await (await db.dumpDataDir('none')).arrayBuffer());
  await db.close();
  mkdirSync(FOLDER, { recursive: true });
  for (const other of readdirSync(FOLDER)) rmSync(join(FOLDER, other));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 };
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, brotliCompressSync(tar, { params }));
  renameSync(part, file);
}
