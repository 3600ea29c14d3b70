import {
  type AttributeValue,
  type DatabaseModel,
  type DatabaseObject,
  flagOf,
  type ObjectId,
  textOf,
  wordOf,
} from '../model/database-model.ts';
import { displaced } from './displace.ts';
import { domainCheckPreflight, domainNotNullPreflight } from './preflight.ts';
import {
  bareName,
  type Change,
  definitionRule,
  type KindRule,
  mayFail,
  type RuleStatement,
  renameBySqlName,
  statement,
  typeNames,
} from './rule.ts';

const collate = (collation: AttributeValue | undefined): string =>
  collation === undefined ? '' : ` COLLATE ${wordOf(collation)}`;

export const domainRule: KindRule = {
  kind: 'domain',
  rename: renameBySqlName,
  names: typeNames,
  takesParts: true,
  displace: displaced,
  create: (object, _context, parts) => {
    const { type, collation } = object.attributes;
    const head = `CREATE ${object.sqlName} AS ${wordOf(type)}${collate(collation)}`;
    return [statement([head, ...(flagOf(object, 'notNull') ? ['NOT NULL'] : []), ...parts].join(' '))];
  },
  alter: [
    {
      attributes: ['notNull'],
      apply: ({ after, to, context }) => {
        const name = bareName(after.sqlName);
        if (to('notNull') !== true) return [statement(`ALTER ${after.sqlName} DROP NOT NULL`)];
        if (isInsideOthers(name, context.source)) return 'replace';
        const preflight = domainNotNullPreflight(name, context.source);
        return [statement(`ALTER ${after.sqlName} SET NOT NULL`, mayFail(preflight))];
      },
    },
  ],
};

const setDomainDefault = (object: DatabaseObject): RuleStatement =>
  statement(`ALTER DOMAIN ${textOf(object, 'domain')} SET DEFAULT ${textOf(object, 'expression')}`);

export const domainDefaultRule: KindRule = {
  kind: 'domain_default',
  inline: (object) => `DEFAULT ${textOf(object, 'expression')}`,
  create: (object) => [setDomainDefault(object)],
  drop: (object) => [statement(`ALTER DOMAIN ${textOf(object, 'domain')} DROP DEFAULT`)],
  alter: [{ attributes: ['expression'], apply: ({ after }) => [setDomainDefault(after)] }],
};

export const domainConstraintRule: KindRule = {
  kind: 'domain_constraint',
  inline: (object) => (flagOf(object, 'validated') ? constraintText(object) : undefined),
  create: (object, { source }) => [
    statement(
      `ALTER DOMAIN ${textOf(object, 'domain')} ADD ${constraintText(object)}`,
      mayFail(domainCheckPreflight(object, source)),
    ),
  ],
  drop: (object) => [
    statement(`ALTER DOMAIN ${textOf(object, 'domain')} DROP CONSTRAINT ${textOf(object, 'name')}`),
  ],
  needsAnew: (object, { source }) => domainTooDeep(object, source),
  remakes: ({ after, context }) => domainTooDeep(after, context.source),
  alter: [
    {
      attributes: ['validated', 'definition'],
      apply: ({ after, before, to, context }) =>
        to('validated') === true && textOf(before, 'definition').startsWith(textOf(after, 'definition'))
          ? [
              statement(
                `ALTER DOMAIN ${textOf(after, 'domain')} VALIDATE CONSTRAINT ${textOf(after, 'name')}`,
                {
                  ...mayFail(domainCheckPreflight(after, context.source)),
                  ...(context.online ? { later: true } : {}),
                },
              ),
            ]
          : 'replace',
    },
  ],
};

/** A domain whose values are inside others, which no new constraint of it looks through. */
const domainTooDeep = (object: DatabaseObject, source: DatabaseModel): ObjectId | undefined =>
  flagOf(object, 'validated') && isInsideOthers(textOf(object, 'domain'), source)
    ? `domain:${textOf(object, 'domain')}`
    : undefined;

/**
 * Whether columns hold a type inside arrays or composite values. PostgreSQL refuses whatever would have to look at
 * such values: https://www.postgresql.org/docs/current/sql-alterdomain.html#SQL-ALTERDOMAIN-NOTES
 */
function isInsideOthers(type: string, { objects }: DatabaseModel): boolean {
  const all = [...objects.values()];
  const holders = all.filter(
    (object) => object.kind === 'composite' && fieldsOf(object).some((field) => isOf(field.type, type)),
  );
  const around = new Set(holders.map(({ sqlName }) => bareName(sqlName)));
  return all.some(({ kind, attributes }) => {
    if (kind !== 'column' || typeof attributes['type'] !== 'string') return false;
    return attributes['type'] === `${type}[]` || around.has(attributes['type'].replace(/\[\]$/, ''));
  });
}

const isOf = (found: string, type: string): boolean => found === type || found === `${type}[]`;

const constraintText = (object: DatabaseObject): string =>
  `CONSTRAINT ${textOf(object, 'name')} ${textOf(object, 'definition')}`;

interface Field {
  readonly name: string;
  readonly type: string;
  readonly collation?: string;
}

const fieldText = ({ name, type, collation }: Field): string => `${name} ${type}${collate(collation)}`;

function fieldsOf(object: DatabaseObject): readonly Field[] {
  const fields = object.attributes['fields'];
  return Array.isArray(fields) ? (fields as readonly unknown[] as readonly Field[]) : [];
}

/** Fields are added behind and removed in place; a changed field needs a new type. */
function changeFields({ before, after }: Change): readonly RuleStatement[] | 'replace' {
  const old = fieldsOf(before).map(fieldText);
  const wanted = fieldsOf(after).map(fieldText);
  const kept = old.filter((field) => wanted.includes(field));
  if (wanted.slice(0, kept.length).join('\0') !== kept.join('\0')) return 'replace';
  const gone = fieldsOf(before).filter((field) => !wanted.includes(fieldText(field)));
  const clash = fieldsOf(after).some(({ name }) => gone.some((field) => field.name === name));
  if (clash) return 'replace';
  const tables = before.details['typed'] === true ? ' CASCADE' : '';
  return [
    ...gone.map(({ name }) =>
      statement(`ALTER ${after.sqlName} DROP ATTRIBUTE ${name}${tables}`, { hazards: ['data-loss'] }),
    ),
    ...wanted
      .slice(kept.length)
      .map((field) => statement(`ALTER ${after.sqlName} ADD ATTRIBUTE ${field}${tables}`)),
  ];
}

export const compositeRule: KindRule = {
  kind: 'composite',
  rename: renameBySqlName,
  names: (object) => [
    ...typeNames(object),
    ...typeNames(object).map((name) => name.replace('type', 'relation')),
  ],
  displace: displaced,
  create: (object) => [
    statement(
      `CREATE ${object.sqlName} AS (${fieldsOf(object)
        .map((field) => fieldText(field))
        .join(', ')})`,
    ),
  ],
  alter: [
    {
      attributes: ['fields'],
      apply: changeFields,
      // What is only added stands in nobody's way.
      disturbs: ({ before, after }) => {
        const wanted = fieldsOf(after).map(fieldText);
        return fieldsOf(before).some((field) => !wanted.includes(fieldText(field)));
      },
    },
  ],
};

export const rangeRule = definitionRule('range', { names: typeNames });
