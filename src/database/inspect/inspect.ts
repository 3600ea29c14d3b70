import { sortByText } from '../../core/order.ts';
import { type Engine, SqlFailure } from '../engines/engine.ts';
import type {
  AttributeValue,
  DatabaseModel,
  DatabaseObject,
  UnmodelledObject,
} from '../model/database-model.ts';
import type { CatalogRow } from './area.ts';
import { AREAS } from './areas.ts';
import { ALIASES, DEPENDENCIES, EXTENSION_MEMBERS, JOURNAL_MEMBERS, UNMODELLED } from './dependencies.ts';
import { settled } from './settle.ts';

/** What is a part of what; null: of nothing of ours. */
export interface Link {
  readonly part: string;
  readonly whole: string | null;
}

/** Reads the whole catalog of a database into a model. */
export async function inspect(engine: Engine): Promise<DatabaseModel> {
  // With nothing but pg_catalog on the path, every name PostgreSQL prints is qualified.
  await engine.run("SET search_path = ''");
  await prepareOnce(engine);
  const rows: CatalogRow[] = [];
  for (const [at, area] of AREAS.entries()) {
    const found = await readAll<CatalogRow>(engine, `area_${at}`);
    for (const row of found) rows.push(settle(row, area.printed ?? []));
  }
  const members = [...(await readAll<Link>(engine, 'members')), ...(await readAll<Link>(engine, 'journal'))];
  const aliases = await readAll<Link>(engine, 'aliases');
  const dependencies = await readAll<{ dependent: string; needs: string }>(engine, 'dependencies');
  const unmodelled = await readAll<UnmodelledObject>(engine, 'unmodelled');
  return buildModel({ rows, members, aliases, dependencies, unmodelled });
}

/** A row with the texts that PostgreSQL prints in one form for all versions. */
export function settle(row: CatalogRow, printed: readonly string[]): CatalogRow {
  if (printed.length === 0) return row;
  const texts = printed.flatMap((name) => {
    const text = row.attributes[name];
    return text === undefined ? [] : [[name, settledValue(text)] as const];
  });
  return { ...row, attributes: { ...row.attributes, ...Object.fromEntries(texts) } };
}

/** The same for texts in a list, or by name. */
function settledValue(value: AttributeValue): AttributeValue {
  if (typeof value === 'string') return settled(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly AttributeValue[]).map(settledValue);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, settledValue(one)]));
}

/** Every query by its name. */
const queriesOf = (version: number): readonly (readonly [string, string])[] => [
  ...AREAS.map(({ sql }, at) => [`area_${at}`, sql(version)] as const),
  ['members', EXTENSION_MEMBERS],
  ['journal', JOURNAL_MEMBERS],
  ['aliases', ALIASES],
  ['dependencies', DEPENDENCIES()],
  ['unmodelled', UNMODELLED()],
];

const PREPARED = new WeakSet<Engine>();

/**
 * A proof reads the catalog five times over one connection; planning the queries takes longer than
 * running them, so they are planned once. A prepared statement outlives a transaction that is rolled back.
 * One JSON text holds all rows: both drivers agree on what a text is, and on nothing else.
 */
async function prepareOnce(engine: Engine): Promise<void> {
  if (PREPARED.has(engine)) return;
  // The connection may have been used before, through another engine object.
  const there = await engine.rows<{ name: string }>('SELECT name FROM pg_catalog.pg_prepared_statements');
  const known = new Set(there.map(({ name }) => name));
  const missing = queriesOf(engine.version).filter(([name]) => !known.has(`senior_backend_${name}`));
  const statements = missing.map(
    ([name, sql]) =>
      `PREPARE senior_backend_${name} AS SELECT coalesce(json_agg(q), '[]')::text AS rows FROM (${sql}) q`,
  );
  if (statements.length > 0) await engine.run(statements.join(';\n'));
  PREPARED.add(engine);
}

async function readAll<Row>(engine: Engine, name: string): Promise<Row[]> {
  const execute = `EXECUTE senior_backend_${name}`;
  const [answer] = await engine.rows<{ rows: string }>(execute).catch(async (error: unknown) => {
    // A file of the user's may have run DISCARD ALL on this connection.
    if (!(error instanceof SqlFailure) || error.state !== '26000') throw error;
    PREPARED.delete(engine);
    await prepareOnce(engine);
    return engine.rows<{ rows: string }>(execute);
  });
  return JSON.parse(answer?.rows ?? '[]');
}

interface CatalogParts {
  readonly rows: readonly CatalogRow[];
  readonly members: readonly Link[];
  readonly aliases: readonly Link[];
  readonly dependencies: readonly { readonly dependent: string; readonly needs: string }[];
  readonly unmodelled: readonly UnmodelledObject[];
}

/** Puts the rows of the areas together by who needs whom. */
export function buildModel({
  rows,
  members,
  aliases,
  dependencies,
  unmodelled,
}: CatalogParts): DatabaseModel {
  const inExtension = new Map(members.map(({ part, whole }) => [part, whole ?? '']));
  const own = rows.filter(
    (row) => !inExtension.has(`${row.catalog}/${row.oid}/0`) && !inExtension.has(wholeKey(row.owner ?? '')),
  );
  const idOf = keyResolver(own, aliases, inExtension);
  const named = own.flatMap((row) => nameAddition(row, idOf));
  const needs = new Map<string, Set<string>>();
  const need = (id: string | undefined, target: string | undefined): void => {
    if (id === undefined || target === undefined || id === target) return;
    const known = needs.get(id);
    if (known === undefined) needs.set(id, new Set([target]));
    else known.add(target);
  };
  for (const row of named) {
    const id = `${row.kind}:${row.identity}`;
    need(id, idOf(row.owner ?? ''));
    for (const key of row.needs ?? []) need(id, idOf(key));
  }
  for (const { dependent, needs: key } of dependencies) need(idOf(dependent), idOf(key));
  const objects = named.map((row) => toObject(row, idOf, needs));
  return {
    objects: new Map(sortByText(objects, ({ id }) => id).map((object) => [object.id, object])),
    unmodelled,
  };
}

type Resolve = (key: string) => string | undefined;

const wholeKey = (key: string): string => key.replace(/\/\d+$/, '/0');

/** From a key of the catalog to the id of the object it is, or is a part of. */
function keyResolver(
  rows: readonly CatalogRow[],
  aliases: readonly Link[],
  inExtension: ReadonlyMap<string, string>,
): Resolve {
  const direct = new Map(
    rows.map((row) => [`${row.catalog}/${row.oid}/${row.sub}`, `${row.kind}:${row.identity}`]),
  );
  const wholes = new Map(aliases.map(({ part, whole }) => [part, whole ?? '']));
  const resolve = (key: string, depth: number): string | undefined => {
    const found = direct.get(key);
    if (found !== undefined || depth === 0) return found;
    const whole = wholes.get(key) ?? inExtension.get(key);
    if (whole !== undefined) return resolve(whole, depth - 1);
    const table = wholeKey(key);
    return table === key ? undefined : resolve(table, depth - 1);
  };
  return (key) => resolve(key, 6);
}

/** A comment is named after what it is on, which only the resolver knows; one on nothing of ours is left out. */
function nameAddition(row: CatalogRow, idOf: Resolve): CatalogRow[] {
  if (row.identity !== '') return [row];
  const target = idOf(row.owner ?? '');
  if (target === undefined) return [];
  const column = row.attributes['on'];
  return [{ ...row, identity: typeof column === 'string' ? `${target} ${column}` : target }];
}

function toObject(
  row: CatalogRow,
  idOf: Resolve,
  needs: ReadonlyMap<string, ReadonlySet<string>>,
): DatabaseObject {
  const id = `${row.kind}:${row.identity}`;
  return {
    id,
    kind: row.kind,
    sqlName: row.sql_name,
    owner: row.owner === null ? undefined : idOf(row.owner),
    attributes: row.attributes,
    details: row.details ?? {},
    references: sortByText(needs.get(id) ?? [], (target) => target),
    follows: sortByText(
      (row.follows ?? []).flatMap((key) => idOf(key) ?? []),
      (target) => target,
    ),
  };
}
