import type { DatabaseModel, DatabaseObject, ObjectId } from '../model/database-model.ts';
import { listOf, textOf } from '../model/database-model.ts';

/**
 * ALTER DEFAULT PRIVILEGES makes a CREATE grant something too. The target with, for every object that is
 * about to be made, what it will be granted written down as the state its grants start from; so that the
 * difference from what is wanted is planned like any other: nothing, a further GRANT or a REVOKE.
 */
export function withDefaultGrants(
  source: DatabaseModel,
  target: DatabaseModel,
  creator: string,
  isMade: (id: ObjectId) => boolean,
): DatabaseModel {
  const usual = [...source.objects.values()].filter(
    (object) =>
      object.kind === DEFAULTS &&
      textOf(object, 'role') === creator &&
      // Its owner may do everything; only the rule for the whole database can take something away.
      (textOf(object, 'grantee') !== creator || textOf(object, 'schema') === ''),
  );
  if (usual.length === 0) return target;
  const objects = new Map(target.objects);
  for (const object of target.objects.values()) {
    for (const granted of grantsOnMade(object, source, usual, isMade)) {
      const wanted = target.objects.get(granted.id);
      const privileges = listOf(wanted ?? granted, wanted === undefined ? 'default' : 'privileges');
      const attributes = { ...granted.attributes, privileges, default: listOf(granted, 'privileges') };
      objects.set(granted.id, { ...(wanted ?? granted), attributes });
    }
  }
  return { ...target, objects };
}

/** The grants that come with an object if it is made, or with the sequence of a column that becomes an identity. */
function grantsOnMade(
  object: DatabaseObject,
  source: DatabaseModel,
  usual: readonly DatabaseObject[],
  isMade: (id: ObjectId) => boolean,
): DatabaseObject[] {
  const sequence = sequenceOf(object);
  if (sequence === undefined) return isMade(object.id) ? grantsOf(object, usual) : [];
  const before = source.objects.get(object.id);
  const isThere = before !== undefined && sequenceOf(before) !== undefined && !isMade(object.id);
  return isThere ? [] : grantsOnThis({ ...object, sqlName: `SEQUENCE ${sequence}` }, usual);
}

/** The name of the sequence inside an identity column. */
function sequenceOf({ attributes }: DatabaseObject): string | undefined {
  const identity = attributes['identity'];
  const isIdentity = typeof identity === 'object' && identity !== null && 'sequence' in identity;
  return isIdentity && typeof identity.sequence === 'string' ? identity.sequence : undefined;
}

/** The kind in which default privileges are kept. */
const DEFAULTS = 'default_privilege';

/** The first word of an object's SQL name, and what ALTER DEFAULT PRIVILEGES and GRANT call such objects. */
const CLASSES: Readonly<Record<string, readonly [kind: string, grant: string]>> = {
  TABLE: ['TABLES', 'TABLE'],
  'FOREIGN TABLE': ['TABLES', 'TABLE'],
  VIEW: ['TABLES', 'TABLE'],
  'MATERIALIZED VIEW': ['TABLES', 'TABLE'],
  SEQUENCE: ['SEQUENCES', 'SEQUENCE'],
  FUNCTION: ['FUNCTIONS', 'FUNCTION'],
  AGGREGATE: ['FUNCTIONS', 'FUNCTION'],
  PROCEDURE: ['FUNCTIONS', 'PROCEDURE'],
  TYPE: ['TYPES', 'TYPE'],
  DOMAIN: ['TYPES', 'DOMAIN'],
  SCHEMA: ['SCHEMAS', 'SCHEMA'],
};

/** What everybody may do without a word: https://www.postgresql.org/docs/current/ddl-priv.html */
const BUILT_IN: Readonly<Record<string, readonly string[]>> = { FUNCTIONS: ['EXECUTE'], TYPES: ['USAGE'] };

/** What an object is granted when it is made. Comments and grants carry the name of another object. */
function grantsOf(object: DatabaseObject, usual: readonly DatabaseObject[]): DatabaseObject[] {
  const { name } = wordsOf(object);
  const isItself = object.id === `${object.kind}:${name}` || ROUTINES.has(object.kind);
  return isItself ? grantsOnThis(object, usual) : [];
}

function wordsOf({ sqlName }: DatabaseObject): { readonly word: string; readonly name: string } {
  const [, word = '', name = ''] = /^((?:[A-Z]+ )*[A-Z]+) (.*)$/s.exec(sqlName) ?? [];
  return { word, name };
}

/** By the rules of the whole database and those of its schema together. */
function grantsOnThis(object: DatabaseObject, usual: readonly DatabaseObject[]): DatabaseObject[] {
  const { word, name } = wordsOf(object);
  const known = CLASSES[word];
  if (known === undefined) return [];
  const [kind, grantWord] = known;
  const rules = usual.filter((rule) => textOf(rule, 'on') === kind && isIn(name, textOf(rule, 'schema')));
  const grantees = [...new Set(rules.map((rule) => textOf(rule, 'grantee')))];
  return grantees.map((grantee) => {
    const own = rules.filter((rule) => textOf(rule, 'grantee') === grantee);
    const whole = own.find((rule) => textOf(rule, 'schema') === '');
    const toEverybody = grantee === 'PUBLIC' ? (BUILT_IN[kind] ?? []) : [];
    const builtIn = whole === undefined ? toEverybody : listOf(whole, 'default');
    const privileges = [
      ...(whole === undefined ? builtIn : []),
      ...own.flatMap((rule) => listOf(rule, 'privileges')),
    ];
    return grantOf(object, `${grantWord} ${name}`, grantee, [...new Set(privileges)].sort(), builtIn);
  });
}

const ROUTINES: ReadonlySet<string> = new Set(['function', 'aggregate']);

const isIn = (name: string, schema: string): boolean => schema === '' || name.startsWith(`${schema}.`);

function grantOf(
  object: DatabaseObject,
  words: string,
  grantee: string,
  privileges: readonly string[],
  builtIn: readonly string[],
): DatabaseObject {
  return {
    id: `grant:${grantee} on ${words}`,
    kind: 'grant',
    sqlName: words,
    owner: object.id,
    details: {},
    references: [object.id],
    follows: [],
    attributes: { on: words, column: '', grantee, privileges, default: builtIn },
  };
}
