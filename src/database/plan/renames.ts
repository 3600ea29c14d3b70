import { UserError } from '../../core/errors.ts';
import { appendTo } from '../../core/multimap.ts';
import type { DatabaseModel, DatabaseObject } from '../model/database-model.ts';
import { canonical } from '../model/fingerprint.ts';
import { bareName } from '../rules/rule.ts';
import { ruleOf } from '../rules/rules.ts';

/** A rename as it was asked for: `users.name=users.full_name`. */
export interface RenameRequest {
  readonly from: string;
  readonly to: string;
}

/** The statement of a rename and the one that takes it back. */
export interface Rename {
  readonly id: string;
  readonly sql: string;
  readonly reverse: string;
}

/** Reads `users.name=users.full_name`; the right side may be the new name alone. Errors: DB025. */
export function parseRename(text: string): RenameRequest {
  const [from = '', to = '', ...rest] = text.split('=').map((side) => side.trim());
  if (from === '' || to === '' || rest.length > 0) {
    throw new UserError('DB025', `--rename ${JSON.stringify(text)} is not OLD=NEW`, { kind: 'usage' });
  }
  return { from, to };
}

/**
 * The statements for what was asked, what is inside of something first: it is named by the old name of what it is in.
 * Errors: DB025 when a name is nothing, or nothing that can be renamed.
 */
export function requestedRenames(source: DatabaseModel, requests: readonly RenameRequest[]): Rename[] {
  const renames = requests.map(({ from, to }) => {
    const found = [...source.objects.values()].flatMap((object) => renamesOf(object, from, to, requests));
    const [rename, another] = found;
    if (rename === undefined || another !== undefined) {
      const reason =
        another === undefined ? 'nothing in the source is called so' : 'more than one object is called so';
      throw new UserError('DB025', `cannot rename ${from}: ${reason}`, {
        kind: 'usage',
        help: 'Name a table, column, view, type, label of an enum or sequence as table.column or schema.name.',
      });
    }
    return rename;
  });
  return [...renames.filter(({ inside }) => inside), ...renames.filter(({ inside }) => !inside)];
}

interface RequestedRename extends Rename {
  /** Whether it is a column or a label, and so called by the name of what it is in. */
  readonly inside: boolean;
}

/** The renames that a name can mean in one object: of itself, or of a part of it. */
function renamesOf(
  object: DatabaseObject,
  from: string,
  to: string,
  requests: readonly RenameRequest[],
): RequestedRename[] {
  const { rename, parts, renamePart } = ruleOf(object.kind);
  const names = namesOf(object);
  if (rename !== undefined && names.includes(from))
    return [{ ...renameTo(object, lastName(to)), inside: object.owner !== undefined }];
  if (parts === undefined || renamePart === undefined) return [];
  const called = [
    ...names,
    ...requests.filter((other) => names.includes(other.from)).map((other) => other.to),
  ];
  return names.flatMap((name) => {
    const part = from.startsWith(`${name}.`) ? from.slice(name.length + 1) : undefined;
    if (part === undefined || !parts(object).includes(part)) return [];
    const whole = called.find((other) => to.startsWith(`${other}.`));
    const wanted = whole === undefined ? to : to.slice(whole.length + 1);
    return [{ id: object.id, ...renamePart(object, part, wanted), inside: true }];
  });
}

/** `public.users.name` and, where the schema is public, `users.name`. */
function namesOf({ id }: DatabaseObject): readonly string[] {
  const name = id.slice(id.indexOf(':') + 1);
  return name.startsWith('public.') ? [name, name.slice('public.'.length)] : [name];
}

/** The last part of a dotted name, quoted or not. */
const lastName = (name: string): string => /("(?:[^"]|"")*"|[^."]+)$/.exec(name)?.[1] ?? name;

function renameTo(object: DatabaseObject, name: string): Rename {
  const written = ruleOf(object.kind).rename?.(object, name);
  if (written === undefined) throw new Error(`objects of kind ${object.kind} cannot be renamed`);
  return { id: object.id, ...written };
}

/**
 * What has another name and nothing else: a key or an index of the same table with the same definition.
 * Its name carries no data, so it is renamed without asking instead of being built again.
 */
export function freeRenames(source: DatabaseModel, target: DatabaseModel): Rename[] {
  const wanted = new Map<string, DatabaseObject[]>();
  for (const object of target.objects.values()) {
    if (source.objects.has(object.id)) continue;
    const key = likeness(object);
    if (key !== undefined) appendTo(wanted, key, object);
  }
  return [...source.objects.values()].flatMap((object) => {
    if (target.objects.has(object.id)) return [];
    const match = wanted.get(likeness(object) ?? '')?.shift();
    return match === undefined ? [] : [renameTo(object, lastName(bareName(namePart(match))))];
  });
}

/** Equal for two objects that differ in nothing but their names. */
function likeness(object: DatabaseObject): string | undefined {
  const like = ruleOf(object.kind).nameless?.(object);
  return like === undefined ? undefined : `${object.kind} ${object.owner} ${canonical(like)}`;
}

const namePart = ({ attributes, sqlName }: DatabaseObject): string =>
  typeof attributes['name'] === 'string' ? attributes['name'] : sqlName;

/** A removal and an addition that may be one rename: alike, and the only ones of their place. Offered, never done. */
export function likelyRenames(source: DatabaseModel, target: DatabaseModel): RenameRequest[] {
  const come = new Map<string, DatabaseObject[]>();
  for (const object of target.objects.values()) {
    if (source.objects.has(object.id) || ruleOf(object.kind).mayBecome === undefined) continue;
    appendTo(come, placeOf(object), object);
  }
  const gone = [...source.objects.values()].filter(({ id }) => !target.objects.has(id));
  const whole = gone.flatMap((before): RenameRequest[] => {
    const [after, another] = candidatesFor(before, come);
    if (after === undefined || another !== undefined) return [];
    return [{ from: shortName(before), to: shortName(after) }];
  });
  return [...whole, ...[...source.objects.values()].flatMap((before) => likelyParts(before, target))];
}

const placeOf = ({ kind, owner }: DatabaseObject): string => `${kind} ${owner}`;

/** Beyond so many new objects in one place a likeness says nothing, and looking would take long. */
const MANY = 100;

function candidatesFor(
  before: DatabaseObject,
  come: ReadonlyMap<string, readonly DatabaseObject[]>,
): readonly DatabaseObject[] {
  const candidates = come.get(placeOf(before)) ?? [];
  if (candidates.length > MANY) return [];
  return candidates.filter((after) => ruleOf(before.kind).mayBecome?.(before, after));
}

/** A part that is gone where another one stands now, with all the others as they were. */
function likelyParts(before: DatabaseObject, target: DatabaseModel): RenameRequest[] {
  const after = target.objects.get(before.id);
  const { parts } = ruleOf(before.kind);
  if (after === undefined || parts === undefined) return [];
  const [old, wanted] = [parts(before), parts(after)];
  const changed = old.flatMap((part, at) => (part === wanted[at] ? [] : [at]));
  const [at] = changed;
  if (at === undefined || changed.length > 1 || old.length !== wanted.length) return [];
  const name = shortName(before);
  return [{ from: `${name}.${old[at]}`, to: `${name}.${wanted[at]}` }];
}

const shortName = (object: DatabaseObject): string => namesOf(object).at(-1) ?? '';
