import type { Diagnostic } from '../core/diagnostic.ts';
import { counted } from '../core/names.ts';
import { sortByText } from '../core/order.ts';
import { enterZone } from './destination.ts';
import type { Engine, Scratch } from './engines/engine.ts';
import { inspect } from './inspect/inspect.ts';
import { sizesAt } from './lint/live-sizes.ts';
import type { TableSizes } from './lint/sizes.ts';
import type { DatabaseModel } from './model/database-model.ts';
import { withEffects } from './plan/effects.ts';
import { type Plan, type PlanRequest, planChange } from './plan/plan.ts';
import { likelyRenames, type RenameRequest } from './plan/renames.ts';
import { type Kept, withKept } from './preserve.ts';
import { failedOnRows, type Proof, prove } from './prove.ts';
import { renameFirst, renameInSource, renameLast } from './rename-source.ts';
import { openScratch, readingSchema } from './scratch.ts';
import { ensureRoles, loadStatements } from './sources/load.ts';
import type { SchemaLocation } from './sources/location.ts';
import { readSchema, type Schema } from './sources/schema.ts';
import { plantRows } from './witness-rows.ts';

export interface DiffRequest {
  readonly from: SchemaLocation;
  readonly to: SchemaLocation;
  /** A server to make temporary databases on; undefined: the embedded PostgreSQL. */
  readonly scratchUrl: string | undefined;
  /** The file that keeps the embedded PostgreSQL's initialised data folder between runs. */
  readonly snapshot: string | undefined;
  /** What has another name in the target. */
  readonly renames: readonly RenameRequest[];
  /** Whether what would be dropped with its rows is renamed away instead. */
  readonly preserve: boolean;
  /** Whether statements are written so that tables in use are not blocked. */
  readonly online: boolean;
  /** How long one statement may run in the scratch, in milliseconds. */
  readonly budgetMs: number;
  readonly signal?: AbortSignal;
}

/** Two schemas, what lies between them, and whether it was shown to work. */
export interface SchemaDiff {
  /** The scratch both were read and everything was proved in. */
  readonly engine: string;
  readonly from: string;
  readonly to: string;
  readonly source: DatabaseModel;
  readonly target: DatabaseModel;
  readonly plan: Plan;
  readonly rollback: Plan;
  readonly proof: Proof;
  /** What was renamed instead of being dropped; the target holds it under its new name. */
  readonly kept: readonly Kept[];
  /** How large the tables of the source are, where it is a running server. */
  readonly sizes: TableSizes | undefined;
  readonly notes: readonly Diagnostic[];
  /** What is planned as a removal and an addition, and may be a rename: for somebody to say. */
  readonly likelyRenames: readonly RenameRequest[];
}

/** Compares two schemas and plans and proves the way from one to the other and back. */
export async function diffSchemas(request: DiffRequest): Promise<SchemaDiff> {
  const { budgetMs, signal } = request;
  const options = signal === undefined ? { budgetMs } : { budgetMs, signal };
  const from = await readSchema(request.from, options);
  const to = await readSchema(request.to, options);
  return { ...(await diffRead(from, to, request)), sizes: await sizesAt(request.from, options) };
}

/** The same for schemas that were read already. */
export async function diffRead(
  from: Schema,
  to: Schema,
  request: Omit<DiffRequest, 'from' | 'to'>,
): Promise<SchemaDiff> {
  const scratch = await openScratch(request, {
    extensions: new Set([...from.extensions, ...to.extensions]),
    statements: [...from.statements, ...to.statements],
  });
  try {
    return { ...(await diffInScratch(scratch, from, to, request)), sizes: undefined };
  } finally {
    await scratch.close();
  }
}

/** A state as it was read, with the roles it needs. */
interface State {
  /** Of the PostgreSQL it was read by. */
  readonly version: number;
  readonly model: DatabaseModel;
  readonly roles: readonly string[];
  readonly notes: readonly Diagnostic[];
}

async function diffInScratch(
  scratch: Scratch,
  from: Schema,
  to: Schema,
  { online, renames, preserve }: Pick<DiffRequest, 'online' | 'renames' | 'preserve'>,
): Promise<Omit<SchemaDiff, 'sizes'>> {
  const target = await readingSchema(scratch, to, (engine, autocommit) =>
    readState(engine, scratch, to, { autocommit, other: from }),
  );
  const attempt = (form: Pick<AttemptInput, 'online' | 'rows'>): Promise<Attempt> =>
    // The source is loaded for good: it is both what is compared and what the proof starts from.
    scratch.reading(
      (engine) => planAndProve(engine, scratch, { from, to, target, renames, preserve, ...form }),
      { autocommit: true },
    );
  const withRows = await attempt({ online, rows: true });
  const inTheWay = failedOnRows(withRows.proof);
  const first = inTheWay ? await attempt({ online, rows: false }) : withRows;
  const plain = online && !first.proof.proved ? await attempt({ online: false, rows: false }) : undefined;
  const chosen = plain?.proof.proved === true ? plain : first;
  return {
    engine: scratch.name,
    from: from.name,
    to: to.name,
    source: chosen.source.model,
    target: chosen.target,
    kept: chosen.kept,
    plan: chosen.plan,
    rollback: chosen.rollback,
    proof: chosen.proof,
    likelyRenames: chosen.likely,
    notes: [
      ...sweptNote(scratch.swept),
      ...from.notes,
      ...chosen.source.notes,
      ...to.notes,
      ...target.notes,
      ...[from, to].flatMap((schema) => versionNote(schema, target.version, scratch.name)),
      ...chosen.likely.map(likelyNote),
      ...(inTheWay ? [rowsNote(withRows.proof)] : []),
      ...(chosen === plain ? [plainFormNote(first.proof)] : []),
    ],
  };
}

async function readState(
  engine: Engine,
  scratch: Scratch,
  schema: Schema,
  { autocommit, other }: { readonly autocommit: boolean; readonly other: Schema },
): Promise<State> {
  const { extensions } = scratch;
  const left = await loadStatements(engine, schema.statements, { extensions, autocommit });
  if (other.toOther !== undefined && other.toOther !== '') await engine.run(other.toOther);
  const model = await inspect(engine);
  const roles = await engine.rows<{ name: string }>(
    'SELECT rolname AS name FROM pg_catalog.pg_roles WHERE oid >= 16384',
  );
  const notes = [...left, ...unmodelledNotes(model, schema)];
  return { version: engine.version, model, roles: roles.map(({ name }) => name), notes };
}

interface Attempt {
  readonly source: State;
  readonly target: DatabaseModel;
  readonly kept: readonly Kept[];
  readonly plan: Plan;
  readonly rollback: Plan;
  readonly proof: Proof;
  readonly likely: readonly RenameRequest[];
}

interface AttemptInput {
  readonly from: Schema;
  readonly to: Schema;
  readonly target: State;
  readonly renames: readonly RenameRequest[];
  readonly preserve: boolean;
  readonly online: boolean;
  /** Whether rows are put into the source that have to survive. */
  readonly rows: boolean;
}

async function planAndProve(
  engine: Engine,
  scratch: Scratch,
  { from, to, target: wanted, renames, preserve, online, rows }: AttemptInput,
): Promise<Attempt> {
  const source = await readState(engine, scratch, from, { autocommit: true, other: to });
  await ensureRoles(engine, wanted.roles);
  const [role] = await engine.rows<{ name: string }>('SELECT pg_catalog.quote_ident(current_user) AS name');
  const renamed = await renameInSource(engine, source.model, wanted.model, { renames, preserve });
  const target = preserve ? withKept(renamed.model, wanted.model) : wanted.model;
  // A plan that is made from files is for whatever server, unless a scratch of its version was given.
  const timeZone = (await enterZone(engine, from)) ? from.timeZone : undefined;
  await engine.run('RESET TimeZone');
  const destination = { version: from.version ?? engine.version, timeZone };
  const there: PlanRequest = {
    source: renamed.model,
    target,
    online,
    creator: role?.name ?? '',
    destination,
  };
  const plan = renameFirst(planChange(there), source.model, renamed.renames);
  const back = planChange({ ...there, source: target, target: renamed.model });
  const rollback = renameLast(back, source.model, renamed.renames);
  const { proof, effects } = await prove(engine, {
    source: source.model,
    renamed: renamed.model,
    target,
    plan,
    rollback,
    destination,
    planted: rows ? await plantRows(engine) : new Map(),
  });
  return {
    source,
    target,
    kept: renamed.kept,
    plan: withEffects(plan, effects),
    rollback: withEffects(rollback, effects),
    proof,
    likely: likelyRenames(renamed.asked, wanted.model),
  };
}

/** What is in a schema but not in the model, so that no one believes it was compared. */
function unmodelledNotes({ unmodelled }: DatabaseModel, { name }: Schema): Diagnostic[] {
  const said = sortByText(unmodelled, (object) => `${object.kind} ${object.name}`);
  return said.map((object) => ({
    code: 'DB016',
    severity: 'warning',
    message: `${object.kind} ${object.name} is not compared`,
    location: { file: name },
  }));
}

/** A proof on one major version says little of words that another one does not know. */
function versionNote({ name, version }: Schema, scratch: number, engine: string): Diagnostic[] {
  const [major, other] = [Math.floor((version ?? scratch) / 10_000), Math.floor(scratch / 10_000)];
  if (major === other) return [];
  const message = `${name} runs PostgreSQL ${major} and the plan is proved on ${engine}; --scratch takes a server of the same version`;
  return [{ code: 'DB030', severity: 'info', message }];
}

function likelyNote({ from, to }: RenameRequest): Diagnostic {
  return {
    code: 'DB026',
    severity: 'warning',
    message: `${from} is removed and ${to} is added; if that is a rename: --rename ${from}=${to}`,
  };
}

/** That somebody else's leftovers are gone is not done without a word. */
function sweptNote(swept: number): Diagnostic[] {
  if (swept === 0) return [];
  const message = `dropped ${counted(swept, 'scratch database')} that an earlier run had left on the server`;
  return [{ code: 'DB032', severity: 'info', message }];
}

function rowsNote({ steps }: Proof): Diagnostic {
  const { name, failed } = steps.at(-1) ?? {};
  return {
    code: 'DB031',
    severity: 'info',
    message: `with a row in every table the plan fails going ${name} (${failed?.message}), so it is proved without rows`,
  };
}

function plainFormNote({ steps }: Proof): Diagnostic {
  const last = steps.at(-1);
  const reason = last?.failed?.message ?? 'it led elsewhere';
  return {
    code: 'DB021',
    severity: 'warning',
    message: `the online form could not be proved (${last?.name}: ${reason}), so the plain form is used`,
  };
}
