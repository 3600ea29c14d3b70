import { sha256 } from '../core/hash.ts';
import {
  type AttributeValue,
  type DatabaseModel,
  type DatabaseObject,
  type ObjectId,
  textOf,
} from './model/database-model.ts';
import { canonical } from './model/fingerprint.ts';
import type { Rename } from './plan/renames.ts';
import { quoteName } from './quote.ts';
import { bareName } from './rules/rule.ts';
import { ruleOf } from './rules/rules.ts';

/** Something that is renamed instead of dropped. */
export interface Kept {
  readonly from: string;
  readonly to: string;
  /** How to drop it once nobody needs it. */
  readonly drop: string;
}

/** What would be dropped with what is stored in it, and what it is renamed to. */
export interface Preservation {
  readonly renames: readonly Rename[];
  readonly kept: readonly Kept[];
}

/** What holds something that is nowhere else. The columns of a table that goes are kept with it. */
const KEPT_KINDS: ReadonlySet<string> = new Set(['table', 'column', 'sequence']);

/** The ending of a kept name: found again, so that what was kept once stays as it is. */
const KEPT_NAME = /__kept_[0-9a-f]{8}"?$/;

/** A kept name, or a part of a table that has one. */
const isAlreadyKept = (object: DatabaseObject): boolean =>
  KEPT_NAME.test(partOf(object)) || KEPT_NAME.test(textOf(object, 'table'));

const partOf = (object: DatabaseObject): string => object.id.slice(object.id.indexOf(':') + 1);

/** Whether an object keeps rows or a position, and can be kept by another name. */
function isKeepable(object: DatabaseObject, source: DatabaseModel): boolean {
  if (!KEPT_KINDS.has(object.kind)) return false;
  // A partitioned table holds no rows, but its partitions are kept in it.
  if (object.kind === 'table') return isPlain(object);
  if (ruleOf(object.kind).dropHazard?.(object) !== 'data-loss') return false;
  const table = object.kind === 'column' ? source.objects.get(object.owner ?? '') : undefined;
  // The column of a child goes and comes with its parent's.
  const isInherited = Array.isArray(object.details['inherits']) && object.details['inherits'].length > 0;
  return object.kind === 'sequence' || (table !== undefined && isPlain(table) && !isInherited);
}

/** Foreign tables keep nothing here; a typed or inheriting table has columns that are not its own. */
const isPlain = ({ attributes }: DatabaseObject): boolean =>
  attributes['server'] === undefined &&
  attributes['ofType'] === undefined &&
  attributes['inherits'] === undefined;

/**
 * The renames by which nothing that is stored is dropped on the way from `source` to `target`. Names
 * end in a part of the source's fingerprint: the same change always gives the same names.
 */
export function preservation(source: DatabaseModel, target: DatabaseModel): Preservation {
  const suffix = `__kept_${sha256([...source.objects.keys()].sort().join('\n') + [...target.objects.keys()].sort().join('\n')).slice(0, 8)}`;
  const gone = [...source.objects.values()].filter(
    (object) => !target.objects.has(object.id) && isKeepable(object, source) && !isAlreadyKept(object),
  );
  const isWithTable = ({ kind, owner }: DatabaseObject): boolean =>
    kind === 'column' && gone.some(({ id }) => id === owner);
  const away = gone.filter((object) => !isWithTable(object));
  const renames = away.map((object) => renameAway(object, suffix));
  const identities = [...new Set(gone.flatMap((object) => identitySequences(object, source)))].map((name) =>
    renameSequence(name, suffix),
  );
  return {
    renames: [...identities, ...renames.map(({ rename }) => rename)],
    kept: renames.map(({ kept }) => kept),
  };
}

/** PostgreSQL cuts names behind 63 bytes, and a cut name must not lose its ending. */
function keptName(name: string, suffix: string): string {
  let base = name;
  while (Buffer.byteLength(base + suffix) > 63) base = base.replace(/.$/su, '');
  const kept = base + suffix;
  return /^[a-z_][a-z0-9_]*$/.test(kept) ? kept : quoteName(kept);
}

/** The last part of a qualified name, without quotes. */
const lastOf = (name: string): string => {
  const last = /("(?:[^"]|"")*"|[^."]+)$/.exec(name)?.[1] ?? name;
  return last.startsWith('"') ? last.slice(1, -1).replaceAll('""', '"') : last;
};

function renameAway(
  object: DatabaseObject,
  suffix: string,
): { readonly rename: Rename; readonly kept: Kept } {
  const isColumn = object.kind === 'column';
  const whole = isColumn ? `${textOf(object, 'table')}.${textOf(object, 'name')}` : bareName(object.sqlName);
  const name = keptName(lastOf(whole), suffix);
  const written = ruleOf(object.kind).rename?.(object, name);
  if (written === undefined) throw new Error(`objects of kind ${object.kind} cannot be renamed`);
  const to = `${whole.slice(0, whole.length - writtenLast(whole).length)}${name}`;
  const drop = isColumn
    ? `ALTER TABLE ${textOf(object, 'table')} DROP COLUMN ${name}`
    : `DROP ${object.sqlName.slice(0, -whole.length)}${to}`;
  return { rename: { id: object.id, ...written }, kept: { from: whole, to, drop } };
}

const writtenLast = (name: string): string => /("(?:[^"]|"")*"|[^."]+)$/.exec(name)?.[1] ?? name;

/** The sequences inside identity columns, whose names new ones may want. */
function identitySequences(object: DatabaseObject, { objects }: DatabaseModel): readonly string[] {
  const columns =
    object.kind === 'table'
      ? [...objects.values()].filter(({ owner, kind }) => kind === 'column' && owner === object.id)
      : [object];
  return columns.flatMap(({ kind, attributes }) => {
    const identity = attributes['identity'] as { readonly sequence?: string } | undefined;
    return kind !== 'column' || identity?.sequence === undefined ? [] : [identity.sequence];
  });
}

function renameSequence(name: string, suffix: string): Rename {
  const schema = name.slice(0, name.length - writtenLast(name).length);
  const to = keptName(lastOf(name), suffix);
  return {
    id: `sequence:${name}`,
    sql: `ALTER SEQUENCE ${name} RENAME TO ${to}`,
    reverse: `ALTER SEQUENCE ${schema}${to} RENAME TO ${writtenLast(name)}`,
  };
}

/**
 * The target with what is kept in it. Only what holds rows stays: constraints, indexes, defaults,
 * triggers and grants of a kept table go and come back with the rollback, so that they are in nobody's way.
 */
export function withKept(source: DatabaseModel, target: DatabaseModel): DatabaseModel {
  const kept = [...source.objects.values()].filter(
    (object) => !target.objects.has(object.id) && isKept(object, source),
  );
  if (kept.length === 0) return target;
  const ids = new Set(kept.map(({ id }) => id));
  const attachments = [...source.objects.values()].filter((object) => joinsKept(object, ids));
  const schemas = [...kept].flatMap(({ references }) =>
    references.flatMap((id) => {
      const schema = source.objects.get(id);
      return schema?.kind === 'schema' && !target.objects.has(id) ? [schema] : [];
    }),
  );
  const added = [...schemas, ...kept.map((object) => released(object, source, target)), ...attachments];
  const objects = new Map([...target.objects, ...added.map((object) => [object.id, object] as const)]);
  const isThere = (id: ObjectId): boolean => objects.has(id);
  for (const object of added) {
    const references = object.references.filter(isThere);
    objects.set(object.id, { ...object, references, follows: object.follows.filter(isThere) });
  }
  return { ...target, objects };
}

function isKept(object: DatabaseObject, source: DatabaseModel): boolean {
  if (!KEPT_KINDS.has(object.kind)) return false;
  const isNamed = KEPT_NAME.test(partOf(object));
  const table = object.kind === 'column' ? source.objects.get(object.owner ?? '') : undefined;
  const isOfKept = table !== undefined && KEPT_NAME.test(partOf(table));
  return (isNamed || isOfKept) && object.attributes['generated'] === undefined;
}

/** A partition of a kept table that is kept too, and a sequence of a kept column. */
function joinsKept({ kind, attributes, owner }: DatabaseObject, kept: ReadonlySet<ObjectId>): boolean {
  if (kind === 'partition') {
    return [attributes['table'], attributes['parent']].every((name) => kept.has(`table:${String(name)}`));
  }
  return (
    kind === 'sequence_owner' && kept.has(owner ?? '') && kept.has(`column:${String(attributes['column'])}`)
  );
}

/** A kept object without what would stop others: a column that programs no longer fill must not ask for a value. */
function released(object: DatabaseObject, source: DatabaseModel, target: DatabaseModel): DatabaseObject {
  if (object.kind !== 'column') return object;
  const { notNull, collation, identity, ...rest } = object.attributes;
  const isMoved = object.references.some((id) => id !== object.owner && isOtherThere(id, source, target));
  const attributes: Record<string, AttributeValue> = isMoved
    ? { ...rest, type: textOf(object, 'type').endsWith('[]') ? 'text[]' : 'text' }
    : { ...rest, ...(collation === undefined ? {} : { collation }) };
  // An identity fills itself and needs its NOT NULL; into a table that is kept nobody inserts.
  const isFilled = identity !== undefined || KEPT_NAME.test(textOf(object, 'table'));
  const filled = {
    ...(identity === undefined ? {} : { identity }),
    ...(isFilled && notNull !== undefined ? { notNull } : {}),
  };
  const references = object.references.filter(
    (id) => id === object.owner || !isOtherThere(id, source, target),
  );
  return { ...object, references, attributes: { ...attributes, ...filled } };
}

/** Whether a type or collation that a kept column needs is another one in the target, or gone. */
function isOtherThere(id: ObjectId, source: DatabaseModel, target: DatabaseModel): boolean {
  const [before, after] = [source.objects.get(id), target.objects.get(id)];
  if (before === undefined || !TYPES.has(before.kind)) return false;
  return after === undefined || canonical(before.attributes) !== canonical(after.attributes);
}

const TYPES: ReadonlySet<string> = new Set([
  'enum',
  'domain',
  'composite',
  'range',
  'collation',
  'extension',
  'table',
]);
