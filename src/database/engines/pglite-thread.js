// Runs PGlite in a thread of its own: WebAssembly cannot be interrupted and PGlite has no
// statement_timeout, so the only way to stop a runaway statement is to end the thread it runs in.
// JavaScript, because a worker is loaded by file name and Node 20 cannot load TypeScript.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { brotliDecompressSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { plantedTree } from './planted-tree.js';

/** @typedef {{ id: number, method: 'rows' | 'run' | 'unbound' | 'resize' | 'copy', sql: string, rows?: string }} Request */

if (workerData.brief) setFlagsFromString('--liftoff-only');

const extensions = await loadExtensions(workerData.extensions);
const db = await openWanted();

parentPort?.on('message', async (/** @type {Request} */ { id, method, sql, rows }) => {
  try {
    const result = await ANSWERS[method](sql, rows ?? '');
    parentPort?.postMessage({ id, result });
  } catch (error) {
    parentPort?.postMessage({ id, error: describe(error) });
  }
});
parentPort?.postMessage({ id: 0 });

/** @type {Record<Request['method'], (sql: string, rows: string) => Promise<unknown>>} */
const ANSWERS = {
  rows: async (sql) => (await db.query(sql)).rows,
  run: async (sql) => void (await db.exec(sql)),
  // The simple protocol, which leaves $1 alone: GENERIC_PLAN plans a statement without values for it.
  unbound: async (sql) => (await db.exec(sql)).at(-1)?.rows ?? [],
  resize,
  copy: async (sql, rows) => void (await db.query(sql, [], { blob: new Blob([rows]) })),
};

async function openWanted() {
  const { folder, copy, snapshot } = workerData;
  if (folder !== undefined) return PGlite.create({ dataDir: folder, extensions });
  if (copy !== undefined) return PGlite.create({ loadDataDir: new Blob([await readFile(copy)]), extensions });
  return open(snapshot, extensions);
}

/** @param {readonly { name: string, module: string, exported: string }[]} wanted */
async function loadExtensions(wanted) {
  const loaded = await Promise.all(
    wanted.map(async ({ name, module, exported }) => [name, (await import(module))[exported]]),
  );
  return Object.fromEntries(loaded);
}

/**
 * Starts from the snapshot of an initialised data folder (0.7 s of CPU) or, where there is none yet, initialises
 * one (2 to 4 s) and keeps it. A snapshot that does not load is made anew, but for a packed one, which is not ours.
 * @param {string | undefined} snapshot
 * @param {Record<string, never>} extensions
 */
async function open(snapshot, extensions) {
  const isPacked = snapshot?.endsWith('.br') === true;
  if (snapshot !== undefined && existsSync(snapshot)) {
    try {
      const bytes = await readFile(snapshot);
      const loadDataDir = new Blob([isPacked ? brotliDecompressSync(bytes) : bytes]);
      return await PGlite.create({ loadDataDir, extensions });
    } catch {
      if (!isPacked) await rm(snapshot, { force: true });
    }
  }
  const fresh = await PGlite.create({ extensions });
  if (snapshot !== undefined && !isPacked) await keepSnapshot(fresh, snapshot);
  return fresh;
}

/**
 * @param {PGlite} fresh
 * @param {string} snapshot
 */
async function keepSnapshot(fresh, snapshot) {
  const part = `${snapshot}.${randomUUID()}.part`;
  try {
    const dump = await fresh.dumpDataDir('none');
    await mkdir(dirname(snapshot), { recursive: true });
    await writeFile(part, Buffer.from(await dump.arrayBuffer()));
    await rename(part, snapshot);
  } catch {
    // A cache folder that cannot be written only costs time.
    await rm(part, { force: true }).catch(() => {});
  }
}

/** PostgreSQL cuts a relation into files of so many blocks. */
const SEGMENT_BLOCKS = 131_072;
const BLOCK = 8192;

/**
 * Makes files of relations look as large as they are elsewhere: the planner asks the file system for the
 * number of blocks, and a database in memory has a file system of its own that can be told what to say.
 * Nothing may read such a relation afterwards, only plan.
 * @param {string} json `[{ "path": "base/5/16384", "blocks": 1000, "height": 1 }]`; a height for B-trees only
 */
async function resize(json) {
  const { FS } = db.Module;
  for (const { path, blocks, height = 0 } of JSON.parse(json)) {
    if (height > 0) plant(FS, `/pglite/data/${path}`, height);
    for (let segment = 0; segment === 0 || segment * SEGMENT_BLOCKS < blocks; segment += 1) {
      const file = `/pglite/data/${path}${segment === 0 ? '' : `.${segment}`}`;
      if (segment > 0 && !FS.analyzePath(file).exists) FS.writeFile(file, '');
      FS.lookupPath(file).node.usedBytes =
        Math.min(blocks - segment * SEGMENT_BLOCKS, SEGMENT_BLOCKS) * BLOCK;
    }
  }
}

/**
 * @param {typeof db.Module.FS} FS
 * @param {string} file
 * @param {number} height
 */
function plant(FS, file, height) {
  const stream = FS.open(file, 'r+');
  const pages = plantedTree(FS.readFile(file), height);
  FS.write(stream, pages, 0, pages.length, 0);
  FS.close(stream);
}

/** @param {unknown} error */
function describe(error) {
  const { message, code, position, detail, hint } = /** @type {Record<string, string | undefined>} */ (error);
  return { message: message ?? String(error), code, position, detail, hint };
}
