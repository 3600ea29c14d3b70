import {
  isAddressable,
  nameResources,
  operationId,
  type ResourceNames,
} from '../../../src/scaffold/sources/postgres/contract-names.ts';
import type { Column, Relation, Resource } from '../../../src/scaffold/sources/postgres/resource.ts';
import type { Place } from './places.ts';
import { insertRow, OURS, quoted, type SampleRow, seedRows, tableOf, unchecked } from './sample-rows.ts';
import type { Answer, RunningService } from './service.ts';

/**
 * What came of an operation. `done`: it did what it is for, on rows. `empty`: it did, and there is no row for it to
 * find (a view over what the samples have none of). `refused`: the schema itself forbids it for these rows, and the
 * same statement by hand fails too. `without rows`: PostgreSQL takes no sample for this table. Else what went wrong.
 */
export type Verdict = 'done' | 'empty' | 'refused' | 'without rows';

export interface EndToEnd {
  /** By the operation's id. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly failures: readonly string[];
  /** Lists whose number of statements was compared between one row and several, with all relations included. */
  readonly constantLists: number;
}

/** The rows of every table, or why it has none. */
export type Seeds = ReadonlyMap<string, readonly SampleRow[] | Error>;

/** Puts rows into every table: those that another database has taken already, or samples. */
export async function seedAll(
  { direct }: Place,
  resources: readonly Resource[],
  known?: Seeds,
): Promise<Seeds> {
  const seeds = new Map<string, readonly SampleRow[] | Error>();
  // A view has no column to write; a table without a key has.
  for (const resource of resources)
    if (resource.columns.some(({ written }) => written !== 'never'))
      seeds.set(resource.name, await seedRows(direct, resource, known?.get(resource.name)));
  return seeds;
}

interface Run {
  readonly service: RunningService;
  readonly place: Place;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly verdicts: Map<string, Verdict>;
  readonly failures: string[];
  readonly seeds: Seeds;
  constantLists: number;
}

/** Asks for every operation of every resource. The rows are there again afterwards, for the next service. */
export async function askEverything(
  service: RunningService,
  place: Place,
  resources: readonly Resource[],
  seeds: Seeds,
): Promise<EndToEnd> {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  const run: Run = {
    service,
    place,
    resources: byName,
    verdicts: new Map(),
    failures: [],
    seeds,
    constantLists: 0,
  };
  // The first statement of a connection is not one of the request's.
  const [first] = resources;
  if (first !== undefined) await firstKey(run, first);
  // Materialized views see the rows only then. One that cannot be filled answers 503.
  for (const resource of resources) await refresh(place, resource);
  const names = nameResources(resources);
  for (const resource of resources) {
    const own = names.get(resource.name);
    if (own === undefined) continue;
    const seed = seeds.get(resource.name);
    const rows = Array.isArray(seed) ? (seed as readonly SampleRow[]) : undefined;
    await askForLists(run, resource, own, rows?.[0]);
    if (isAddressable(resource)) await askForRow(run, resource, own, rows);
  }
  return run;
}

const refresh = ({ direct }: Place, resource: Resource): Promise<unknown> =>
  resource.writable
    ? Promise.resolve()
    : direct.query(`REFRESH MATERIALIZED VIEW ${tableOf(resource)}`).catch(() => undefined);

function settle({ verdicts, failures }: Run, id: string, verdict: Verdict | Error): void {
  if (verdict instanceof Error) failures.push(`${id}: ${verdict.message}`);
  else verdicts.set(id, verdict);
}

const unexpected = (what: string, { status, body }: Answer): Error =>
  new Error(`${what}: ${status} ${JSON.stringify(body)}`);

const listed = ({ body }: Answer): readonly Record<string, unknown>[] =>
  (body as { data?: Record<string, unknown>[] }).data ?? [];

async function askForLists(
  run: Run,
  resource: Resource,
  own: ResourceNames,
  row: SampleRow | undefined,
): Promise<void> {
  const path = `/${encodeURIComponent(resource.segment)}`;
  await askForList(run, operationId('list', own), path, resource);
  if (!isAddressable(resource)) return;
  const key = row === undefined ? await firstKey(run, resource) : row;
  for (const { relation, id } of own.nested) {
    if (key === undefined) settle(run, id, 'without rows');
    else
      await askForNested(run, id, `${pathOf(resource, key)}/${encodeURIComponent(relation.name)}`, relation);
  }
}

/** The key of a row that is there though we did not put it there: of a materialized view. */
async function firstKey({ service }: Run, resource: Resource): Promise<SampleRow | undefined> {
  const answer = await service.ask('GET', `/${encodeURIComponent(resource.segment)}?limit=1`);
  return listed(answer)[0] as SampleRow | undefined;
}

const askForNested = (run: Run, id: string, path: string, { target }: Relation): Promise<void> => {
  const resource = run.resources.get(target);
  if (resource === undefined) throw new Error(`no resource ${target}`);
  return askForList(run, id, path, resource);
};

/** A page with everything on it, the page behind it, and as many statements for four rows as for one. */
async function askForList(run: Run, id: string, path: string, resource: Resource): Promise<void> {
  const { service, place } = run;
  const relations = resource.relations.map(({ name }) => name).filter((name) => !name.includes(','));
  const include = relations.length === 0 ? '' : `&include=${relations.map(encodeURIComponent).join(',')}`;
  const counted = async (limit: number): Promise<readonly [Answer, number]> => {
    const before = place.statements();
    const answer = await service.ask('GET', `${path}?limit=${limit}&count=exact${include}`);
    return [answer, place.statements() - before];
  };
  const [one, forOne] = await counted(1);
  const [four, forFour] = await counted(4);
  if (four.status !== 200) {
    // A materialized view that was made without data, one that divides by nothing, one that selects from itself.
    const isRight = !(await canBeRead(run, resource));
    return settle(run, id, isRight ? 'refused' : unexpected(`GET ${path}`, four));
  }
  const rows = listed(four);
  if (rows.length === 0) return settle(run, id, 'empty');
  if (forOne !== forFour)
    return settle(run, id, new Error(`GET ${path}: ${forOne} statements for one row, ${forFour} for four`));
  run.constantLists += 1;
  const next = await nextPage(run, path, one);
  settle(run, id, next ?? 'done');
}

/** What is wrong with the page behind a page of one row. */
async function nextPage({ service }: Run, path: string, one: Answer): Promise<Error | undefined> {
  const cursor = (one.body as { meta?: { nextCursor?: string | null } }).meta?.nextCursor;
  if (typeof cursor !== 'string') return undefined;
  const next = await service.ask('GET', `${path}?limit=1&cursor=${cursor}`);
  if (next.status !== 200) return unexpected(`GET ${path}, second page`, next);
  if (listed(next).length !== 1) return new Error(`GET ${path}, second page: ${listed(next).length} rows`);
  return undefined;
}

/** As a list reads it, which counts; a view that joins everything with everything is counted for ever. */
async function canBeRead({ place: { direct } }: Run, resource: Resource): Promise<boolean> {
  await direct.query("SET statement_timeout = '20s'");
  const from = tableOf(resource);
  const can = await direct
    .query(`SELECT * FROM ${from} LIMIT 4`)
    .then(() => direct.query(`SELECT count(*) FROM ${from}`))
    .then(
      () => true,
      () => false,
    );
  await direct.query('SET statement_timeout = 0');
  return can;
}

const pathOf = (resource: Resource, row: SampleRow): string =>
  `/${[resource.segment, ...resource.key.map((name) => String(row[name]))].map(encodeURIComponent).join('/')}`;

const VERBS = ['create', 'replace', 'change', 'delete'] as const;

async function askForRow(
  run: Run,
  resource: Resource,
  own: ResourceNames,
  rows: readonly SampleRow[] | undefined,
): Promise<void> {
  const id = operationId('read', own);
  const first = rows?.[0] ?? (resource.writable ? undefined : await firstKey(run, resource));
  if (first === undefined) settle(run, id, 'without rows');
  else {
    const path = pathOf(resource, first);
    const read = await run.service.ask('GET', path);
    settle(run, id, read.status === 200 ? 'done' : unexpected(`GET ${path}`, read));
  }
  if (!resource.writable) return;
  const last = rows?.[OURS - 1];
  if (last === undefined) for (const verb of VERBS) settle(run, operationId(verb, own), 'without rows');
  else await askForWrites(run, resource, own, last);
}

async function askForWrites(run: Run, resource: Resource, own: ResourceNames, row: SampleRow): Promise<void> {
  const { service, place, seeds } = run;
  const { direct } = place;
  const path = pathOf(resource, row);
  const list = `/${encodeURIComponent(resource.segment)}`;
  const writable = resource.columns.filter(({ written }) => written !== 'never');
  const body = Object.fromEntries(writable.map(({ name }) => [name, row[name] ?? null]));
  const again = (): Promise<void> =>
    unchecked(direct, () => insertRow(direct, resource, row)).catch(() => {});
  const remove = (): Promise<unknown> => direct.query(deletion(resource, row));

  const settleWrite = async (
    id: string,
    what: string,
    answer: Answer,
    expected: number,
    byHand: string | null,
  ) => {
    if (answer.status === expected) return settle(run, id, 'done');
    const state = await refusal(direct, () =>
      byHand === null ? insertRow(direct, resource, row, 'RETURNING *') : direct.query(byHand),
    );
    // A trigger that is broken is the service's fault, as clients see it; bad values never are.
    const isRight = answer.status < 500 ? state !== undefined : BROKEN.test(state ?? '');
    settle(run, id, isRight ? 'refused' : unexpected(what, answer));
  };

  await unchecked(direct, remove).catch(() => undefined);
  const created = await service.ask('POST', list, { body });
  await settleWrite(operationId('create', own), `POST ${list}`, created, 201, null);
  await again();
  const changed = writable.find(({ name }) => !resource.key.includes(name)) ?? writable[0];
  if (changed === undefined) return settle(run, operationId('replace', own), 'refused');
  const set = update(resource, changed);
  const replaced = await service.ask('PUT', path, { body });
  await settleWrite(operationId('replace', own), `PUT ${path}`, replaced, 200, set);
  const change = { [changed.name]: body[changed.name] };
  const patched = await service.ask('PATCH', path, { body: change });
  await settleWrite(operationId('change', own), `PATCH ${path}`, patched, 200, set);
  const gone = await deleteRow(run, resource, row, seeds);
  await settleWrite(operationId('delete', own), `DELETE ${path}`, gone, 204, deletion(resource, row));
  await again();
}

/** A row that others refer to is not deleted: they are taken away first, and put back. */
async function deleteRow(
  { service, place: { direct }, resources }: Run,
  resource: Resource,
  row: SampleRow,
  seeds: Seeds,
): Promise<Answer> {
  const path = pathOf(resource, row);
  const answer = await service.ask('DELETE', path);
  if (answer.status !== 409) return answer;
  const referring = resource.relations
    .filter(({ kind }) => kind === 'many')
    .flatMap(({ target, columns }) => {
      const found = resources.get(target);
      const rows = seeds.get(target);
      if (found === undefined || !Array.isArray(rows)) return [];
      const refers = (other: SampleRow): boolean =>
        columns.every(([ours, theirs]) => String(other[theirs]) === String(row[ours]));
      const wanted = deletionWhere(
        found,
        columns.map(([ours, theirs]) => [theirs, row[ours]] as const),
      );
      // A row that refers to itself goes by its own DELETE.
      const sql = target === resource.name ? `${wanted} AND NOT (${isRow(resource, row)})` : wanted;
      return [{ found, sql, rows: (rows as readonly SampleRow[]).filter(refers) }];
    });
  await unchecked(direct, async () => {
    for (const { sql } of referring) await direct.query(sql);
  });
  const gone = await service.ask('DELETE', path);
  await unchecked(direct, async () => {
    for (const { found, rows } of referring)
      for (const other of rows) await insertRow(direct, found, other).catch(() => undefined);
  });
  return gone;
}

/** Syntax errors and missing objects, errors that PL/pgSQL raises, internal ones. */
const BROKEN = /^(?:42|P0|XX)/;

/** The SQLSTATE by which PostgreSQL refuses a statement, which is taken back; undefined when it takes it. */
async function refusal(direct: Place['direct'], work: () => Promise<unknown>): Promise<string | undefined> {
  await direct.query('BEGIN');
  // What is only looked at when a transaction ends is looked at here.
  const settled = work().then(() => direct.query('SET CONSTRAINTS ALL IMMEDIATE'));
  const state = await settled.then(
    () => undefined,
    (error: { code?: string }) => error.code ?? 'unknown',
  );
  await direct.query('ROLLBACK');
  return state;
}

const update = (resource: Resource, { name }: Column): string =>
  `UPDATE ${tableOf(resource)} SET ${quoted(name)} = ${quoted(name)}`;

const deletion = (resource: Resource, row: SampleRow): string =>
  `DELETE FROM ${tableOf(resource)} WHERE ${isRow(resource, row)}`;

const isRow = (resource: Resource, row: SampleRow): string =>
  allEqual(resource.key.map((name) => [name, row[name]] as const));

/** Rows of tables that inherit from it have samples of their own, which would be put back into the wrong table. */
const deletionWhere = (resource: Resource, values: Pairs): string =>
  `DELETE FROM ${resource.inherited ? 'ONLY ' : ''}${tableOf(resource)} WHERE ${allEqual(values)}`;

type Pairs = readonly (readonly [string, unknown])[];

const allEqual = (values: Pairs): string =>
  values
    .map(([name, value]) => `${quoted(name)}::text = '${String(value).replaceAll("'", "''")}'`)
    .join(' AND ');
