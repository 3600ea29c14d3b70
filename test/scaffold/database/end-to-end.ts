import {
  isAddressable,
  nameResources,
  type ResourceNames,
} from '../../../src/scaffold/sources/postgres/contract-names.ts';
import type { Resource } from '../../../src/scaffold/sources/postgres/resource.ts';
import { sampleValue } from './sample-values.ts';
import type { Answer, RunningService } from './service.ts';

/** A connection to the service's database, to put rows there and to ask it what the service should have said. */
export interface DirectConnection {
  query(sql: string, parameters?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** What came of asking for every operation. */
export interface EndToEnd {
  /** Operations that did what they are for, on real rows. */
  succeeded: number;
  /** Operations that the schema itself forbids for these rows: the same statement by hand fails too. */
  refused: number;
  /** Operations that no row could be made for: the schema's own checks and triggers refuse the samples. */
  withoutRows: number;
  /** Anything else, with what the service answered. */
  readonly failures: string[];
}

interface Run {
  readonly service: RunningService;
  readonly direct: DirectConnection;
  readonly result: EndToEnd;
}

/** The row that is made, changed and deleted; the others stay, so that references to them hold. */
const OURS = 4;

/** Puts rows into every table and asks for every operation of every resource. */
export async function askEverything(
  service: RunningService,
  direct: DirectConnection,
  resources: readonly Resource[],
): Promise<EndToEnd> {
  const result: EndToEnd = { succeeded: 0, refused: 0, withoutRows: 0, failures: [] };
  const names = nameResources(resources);
  const seeded = new Set<string>();
  for (const resource of resources) if (await seed(direct, resource)) seeded.add(resource.name);
  for (const resource of resources) {
    const own = names.get(resource.name);
    if (own === undefined) continue;
    const run: Run = { service, direct, result };
    await askForLists(run, resource, own);
    if (!isAddressable(resource)) continue;
    if (!resource.writable || !seeded.has(resource.name)) {
      result.withoutRows += resource.writable ? 6 : 1;
      continue;
    }
    await askForRow(run, resource);
  }
  return result;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const tableOf = ({ schema, table }: Resource): string => `${quoted(schema)}.${quoted(table)}`;

/** Rows without their foreign keys and triggers being looked at. */
async function unchecked(direct: DirectConnection, work: () => Promise<unknown>): Promise<boolean> {
  await direct.query("SET session_replication_role = 'replica'");
  try {
    await work();
    return true;
  } catch {
    return false;
  } finally {
    await direct.query("SET session_replication_role = 'origin'");
  }
}

const writable = (resource: Resource): Resource['columns'] =>
  resource.columns.filter(({ written }) => written !== 'never');

const rowOf = (resource: Resource, n: number): Record<string, unknown> =>
  Object.fromEntries(writable(resource).map((column) => [column.name, sampleValue(column, n)]));

/** As the service writes it, but by hand; identities that are always generated are given all the same. */
async function insert(direct: DirectConnection, resource: Resource, n: number): Promise<void> {
  const columns = resource.columns.filter(
    ({ name, written }) => written !== 'never' || resource.key.includes(name),
  );
  const row = Object.fromEntries(
    columns.map((column) => [
      column.name,
      column.type.read === 'base64' ? `\\x3${n}` : sampleValue(column, n),
    ]),
  );
  const names = columns.map(({ name }) => quoted(name));
  const types = columns.map(({ name, type }) => `${quoted(name)} ${type.sql}`);
  await direct.query(
    `INSERT INTO ${tableOf(resource)} (${names.join(', ')}) OVERRIDING SYSTEM VALUE
     SELECT ${names.join(', ')} FROM jsonb_to_record($1::text::jsonb) AS v(${types.join(', ')})`,
    [JSON.stringify(row)],
  );
}

async function seed(direct: DirectConnection, resource: Resource): Promise<boolean> {
  if (!resource.writable) return false;
  return unchecked(direct, async () => {
    for (let n = 1; n <= OURS; n += 1) await insert(direct, resource, n);
  });
}

async function askForLists(
  { service, direct, result }: Run,
  resource: Resource,
  own: ResourceNames,
): Promise<void> {
  const path = `/${encodeURIComponent(resource.segment)}`;
  const expectOk = async (what: string, answer: Answer): Promise<void> => {
    if (answer.status === 200) result.succeeded += 1;
    // A materialized view that was made without data, a view that divides by nothing: 503 and 400 are right then.
    else if (answer.status !== 500 && !(await canBeRead(direct, resource))) result.refused += 1;
    else result.failures.push(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };
  const relations = resource.relations
    .map(({ name }) => encodeURIComponent(name))
    .filter((name) => !name.includes('%2C'));
  const include = relations.length === 0 ? '' : `&include=${relations.join(',')}`;
  await expectOk(`GET ${path}`, await service.ask('GET', `${path}?limit=3&count=exact${include}`));
  const answer = await service.ask('GET', `${path}?limit=1`);
  const cursor = (answer.body as { meta?: { nextCursor?: string } }).meta?.nextCursor;
  if (typeof cursor === 'string') {
    const next = await service.ask('GET', `${path}?limit=1&cursor=${cursor}`);
    if (next.status !== 200)
      result.failures.push(`GET ${path}, second page: ${next.status} ${JSON.stringify(next.body)}`);
  }
  if (!isAddressable(resource)) return;
  for (const { relation } of own.nested)
    await expectOk(
      `GET ${path}/../${relation.name}`,
      await service.ask('GET', `${pathOf(resource, 1)}/${encodeURIComponent(relation.name)}`),
    );
}

const canBeRead = (direct: DirectConnection, resource: Resource): Promise<boolean> =>
  direct.query(`SELECT * FROM ${tableOf(resource)} LIMIT 4`).then(
    () => true,
    () => false,
  );

const pathOf = (resource: Resource, n: number): string => {
  const parts = resource.key.map((name) => {
    const column = resource.columns.find((each) => each.name === name);
    return encodeURIComponent(String(column === undefined ? n : sampleValue(column, n)));
  });
  return `/${[encodeURIComponent(resource.segment), ...parts].join('/')}`;
};

async function askForRow(run: Run, resource: Resource): Promise<void> {
  const { service, direct } = run;
  const path = pathOf(resource, OURS);
  const read = await service.ask('GET', pathOf(resource, 1));
  settle(run, `GET ${path}`, read, 200);
  const body = rowOf(resource, OURS);
  const hasNoFixedKey = resource.key.some((name) => !Object.hasOwn(body, name));
  if (!hasNoFixedKey) {
    await unchecked(direct, () => remove(direct, resource));
    const created = await service.ask('POST', `/${encodeURIComponent(resource.segment)}`, { body });
    await settleWrite(run, `POST ${path}`, created, 201, () => insert(direct, resource, OURS));
    await unchecked(direct, () => insert(direct, resource, OURS));
  } else
    settle(run, 'POST', await service.ask('POST', `/${encodeURIComponent(resource.segment)}`, { body }), 201);
  const [column] = writable(resource).filter(({ name }) => !resource.key.includes(name));
  if (column !== undefined) {
    const replaced = await service.ask('PUT', path, { body });
    const set = (): Promise<unknown> =>
      direct.query(`UPDATE ${tableOf(resource)} SET ${quoted(column.name)} = ${quoted(column.name)}`);
    await settleWrite(run, `PUT ${path}`, replaced, 200, set);
    const change = { [column.name]: body[column.name] };
    await settleWrite(run, `PATCH ${path}`, await service.ask('PATCH', path, { body: change }), 200, set);
  }
  const gone = await service.ask('DELETE', path);
  // Rows of other tables may refer to it: that is for the schema to say.
  if (gone.status === 409) run.result.refused += 1;
  else await settleWrite(run, `DELETE ${path}`, gone, 204, () => remove(direct, resource));
  await unchecked(direct, () => insert(direct, resource, OURS));
}

const remove = (direct: DirectConnection, resource: Resource): Promise<unknown> => {
  const conditions = resource.key.map((name) => {
    const column = resource.columns.find((each) => each.name === name);
    const value = String(column === undefined ? OURS : sampleValue(column, OURS)).replaceAll("'", "''");
    return `${quoted(name)} = '${value}'`;
  });
  return direct.query(`DELETE FROM ${tableOf(resource)} WHERE ${conditions.join(' AND ')}`);
};

function settle({ result }: Run, what: string, { status, body }: Answer, expected: number): void {
  if (status === expected) result.succeeded += 1;
  else result.failures.push(`${what}: ${status} ${JSON.stringify(body)}`);
}

/** A write that failed is right only if PostgreSQL refuses the same by hand. */
async function settleWrite(
  run: Run,
  what: string,
  answer: Answer,
  expected: number,
  byHand: () => Promise<unknown>,
): Promise<void> {
  const { direct, result } = run;
  if (answer.status === expected || answer.status >= 500) return settle(run, what, answer, expected);
  await direct.query('BEGIN');
  const refused = await byHand().then(
    () => false,
    () => true,
  );
  await direct.query('ROLLBACK');
  if (refused) result.refused += 1;
  else settle(run, what, answer, expected);
}
