import { createRequire } from 'node:module';

const CONTRIB = '@electric-sql/pglite/contrib';

/** Extensions that ship with PGlite under a module of their own name. */
const PLAIN = [
  'amcheck',
  'bloom',
  'btree_gin',
  'btree_gist',
  'citext',
  'cube',
  'dict_int',
  'dict_xsyn',
  'earthdistance',
  'file_fdw',
  'fuzzystrmatch',
  'hstore',
  'intarray',
  'isn',
  'lo',
  'ltree',
  'moddatetime',
  'pageinspect',
  'pg_buffercache',
  'pg_freespacemap',
  'pg_stat_statements',
  'pg_surgery',
  'pg_trgm',
  'pg_visibility',
  'pg_walinspect',
  'pgcrypto',
  'seg',
  'tablefunc',
  'tcn',
  'tsm_system_rows',
  'tsm_system_time',
  'unaccent',
];

export interface PGliteExtension {
  readonly name: string;
  readonly module: string;
  readonly exported: string;
}

/** Extensions in packages of their own, which are used where somebody has installed them beside this one. */
const APART: readonly PGliteExtension[] = [
  { name: 'vector', module: '@electric-sql/pglite-pgvector', exported: 'vector' },
];

function isInstalled({ module }: PGliteExtension): boolean {
  try {
    createRequire(import.meta.url).resolve(module);
    return true;
  } catch {
    return false;
  }
}

/** Every extension PGlite can create, by its SQL name. plpgsql is always there and has no module. */
const EXTENSIONS: ReadonlyMap<string, PGliteExtension> = new Map(
  [
    ...PLAIN.map((name) => ({ name, module: `${CONTRIB}/${name}`, exported: name })),
    { name: 'uuid-ossp', module: `${CONTRIB}/uuid_ossp`, exported: 'uuid_ossp' },
    ...APART.filter(isInstalled),
  ].map((extension) => [extension.name, extension]),
);

/** The names that `CREATE EXTENSION` accepts in a PGlite scratch. */
export const PGLITE_EXTENSIONS: ReadonlySet<string> = new Set(['plpgsql', ...EXTENSIONS.keys()]);

/** The package that would bring an extension, where there is one. */
export const packageOf = (name: string): string | undefined =>
  APART.find((extension) => extension.name === name)?.module;

/** The modules behind the wanted extensions; each one loaded costs start-up time, so only what is named. */
export function pgliteModules(wanted: Iterable<string>): PGliteExtension[] {
  const known = [...wanted].map((name) => EXTENSIONS.get(name));
  return known.filter((extension) => extension !== undefined);
}
