import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Engine } from '../engines/engine.ts';
import { inspect } from '../inspect/inspect.ts';
import { type DatabaseModel, EMPTY_MODEL } from '../model/database-model.ts';
import { planChange } from '../plan/plan.ts';
import { readSourceFiles } from './files.ts';
import { nameOfLocation, type SchemaLocation } from './location.ts';
import { mentionsOf } from './mentions.ts';
import { inNewWords, usualRights } from './older-server.ts';
import { openLocation } from './open-location.ts';
import { readPsql } from './psql.ts';
import { psqlNotes } from './psql-commands.ts';
import { type Statement, splitStatements } from './statements.ts';

/** A schema as the statements that make it: every source is turned into these before anything is compared. */
export interface Schema {
  readonly name: string;
  readonly statements: readonly Statement[];
  readonly extensions: ReadonlySet<string>;
  /** Whether it can be loaded inside a transaction. */
  readonly transactional: boolean;
  readonly notes: readonly Diagnostic[];
  /** `server_version_num` of a running database; undefined for files. */
  readonly version?: number;
  /** What TimeZone is for those who connect to it; undefined for files. */
  readonly timeZone?: string;
  /** What has to be done to the other side before the two are compared. */
  readonly toOther?: string;
}

export interface ReadOptions {
  readonly budgetMs: number;
  readonly signal?: AbortSignal;
}

/** Reads a schema from where it is. Errors: DB001, DB010, DB011, DB069. */
export async function readSchema(location: SchemaLocation, options: ReadOptions): Promise<Schema> {
  const name = nameOfLocation(location);
  if (location.kind === 'empty') return schemaOf(name, [], []);
  if (location.kind === 'files') {
    const files = await readSourceFiles(location.path, location.root);
    const paths = files.map(({ path }) => path);
    const read = await Promise.all(
      files.map(async (file) => {
        const psql = readPsql(file.text);
        const notes = psqlNotes(file.path, psql.commands, paths);
        return { notes, statements: await splitStatements(file, psql) };
      }),
    );
    return schemaOf(
      name,
      read.flatMap(({ statements }) => statements),
      read.flatMap(({ notes }) => notes),
    );
  }
  const engine = await openLocation(location, options);
  try {
    return await readDatabase(name, engine);
  } finally {
    await engine.close();
  }
}

function schemaOf(name: string, statements: readonly Statement[], notes: readonly Diagnostic[]): Schema {
  const { extensions, concurrent } = mentionsOf(statements);
  const transactional = !concurrent && statements.length <= LOCKABLE;
  return { name, statements, extensions, transactional, notes };
}

/** A transaction that makes more than some thousand tables and indexes runs out of room for its locks. */
const LOCKABLE = 2000;

/**
 * A running database as statements: texts of different servers must not be compared with each other
 * (PostgreSQL prints the same view differently from version to version), so the database is rebuilt in
 * the scratch, from statements that our own planner writes. Reads only.
 */
export async function readDatabase(name: string, engine: Engine): Promise<Schema> {
  // An older server leaves names bare that a newer one reads as keywords.
  await engine.run('SET default_transaction_read_only = on; SET quote_all_identifiers = on');
  const model = inNewWords(await inspect(engine), engine.version);
  const text = creationText(model);
  const statements = await splitStatements({ path: name, text });
  const notes = model.unmodelled.map(
    ({ kind, name: unmodelled }): Diagnostic => ({
      code: 'DB016',
      severity: 'warning',
      message: `${kind} ${unmodelled} is not compared`,
      location: { file: name },
    }),
  );
  const toOther = await usualRights(engine, model);
  const [{ zone = 'UTC' } = {}] = await engine.rows<{ zone: string }>(
    "SELECT pg_catalog.current_setting('TimeZone') AS zone",
  );
  return { ...schemaOf(name, statements, notes), version: engine.version, timeZone: zone, toOther };
}

function creationText(target: DatabaseModel): string {
  const source: DatabaseModel = { ...EMPTY_MODEL, objects: publicOf(target) };
  const plan = planChange({ source, target, online: false, creator: '' });
  const statements = plan.segments.flatMap((segment) => segment.statements.map(({ sql }) => sql));
  return [...statements, ...ownersText(target)].map((sql) => `${sql};\n`).join('');
}

/** Who owns what somebody else than the reader does. */
const ownersText = ({ objects }: DatabaseModel): readonly string[] =>
  [...objects.values()].flatMap(({ sqlName, details: { role } }) =>
    typeof role === 'string' ? [`ALTER ${sqlName} OWNER TO ${role}`] : [],
  );

/** The schema `public` as initdb leaves it: there before the first statement. */
function publicOf({ objects }: DatabaseModel): DatabaseModel['objects'] {
  const kept = [...objects.values()].filter(({ id }) => id === 'schema:"public"');
  return new Map(kept.map((object) => [object.id, object]));
}
