import type { DatabaseModel, DatabaseObject } from '../model/database-model.ts';
import { listOf, textOf } from '../model/database-model.ts';

/** The states with the grants written out that new objects receive without a statement. */
export interface GrantedStates {
  readonly source: DatabaseModel;
  readonly target: DatabaseModel;
}

/**
 * ALTER DEFAULT PRIVILEGES makes a CREATE grant something too. What an object that is about to be
 * created will be granted is put beside the source's own grants, so that the difference from what the
 * target wants is planned like any other: nothing, a further GRANT or a REVOKE.
 */
export function withDefaultGrants(
  source: DatabaseModel,
  target: DatabaseModel,
  creator: string,
): GrantedStates {
  const usual = [...source.objects.values()].filter(
    (object) =>
      object.kind === DEFAULTS && textOf(object, 'role') === creator && textOf(object, 'grantee') !== creator,
  );
  if (usual.length === 0) return { source, target };
  const [before, after] = [new Map(source.objects), new Map(target.objects)];
  for (const object of target.objects.values()) {
    if (source.objects.has(object.id)) continue;
    for (const rule of usual) {
      const granted = grantedTo(object, rule);
      if (granted === undefined || source.objects.has(granted.id)) continue;
      before.set(granted.id, granted);
      const wanted = target.objects.get(granted.id);
      if (wanted === undefined) after.set(granted.id, { ...granted, attributes: withoutPrivileges(granted) });
      else
        before.set(granted.id, {
          ...granted,
          attributes: { ...wanted.attributes, privileges: listOf(granted, 'privileges') },
        });
    }
  }
  return { source: { ...source, objects: before }, target: { ...target, objects: after } };
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
  PROCEDURE: ['FUNCTIONS', 'PROCEDURE'],
  TYPE: ['TYPES', 'TYPE'],
  DOMAIN: ['TYPES', 'DOMAIN'],
  SCHEMA: ['SCHEMAS', 'SCHEMA'],
};

function grantedTo(object: DatabaseObject, rule: DatabaseObject): DatabaseObject | undefined {
  const [, word = '', name = ''] = /^((?:[A-Z]+ )*[A-Z]+) (.*)$/s.exec(object.sqlName) ?? [];
  const known = CLASSES[word];
  const isItself = object.id === `${object.kind}:${name}` || object.kind === 'function';
  if (known === undefined || !isItself || known[0] !== textOf(rule, 'on')) return undefined;
  const schema = textOf(rule, 'schema');
  if (schema !== '' && !name.startsWith(`${schema}.`)) return undefined;
  const words = `${known[1]} ${name}`;
  const grantee = textOf(rule, 'grantee');
  return {
    id: `grant:${grantee} on ${words}`,
    kind: 'grant',
    sqlName: words,
    owner: object.id,
    details: {},
    references: [object.id],
    follows: [],
    attributes: {
      on: words,
      column: '',
      grantee,
      privileges: listOf(rule, 'privileges'),
      default: listOf(rule, 'default'),
    },
  };
}

const withoutPrivileges = (grant: DatabaseObject): DatabaseObject['attributes'] => ({
  ...grant.attributes,
  privileges: listOf(grant, 'default'),
});
