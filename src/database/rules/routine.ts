import { type DatabaseObject, textOf, wordOf } from '../model/database-model.ts';
import { canonical } from '../model/fingerprint.ts';
import {
  type Change,
  definitionRule,
  type KindRule,
  type RuleContext,
  type RuleStatement,
  statement,
} from './rule.ts';

const REPLACE = /^CREATE OR REPLACE /;

/** CREATE OR REPLACE cannot change a function's shape or take a default away. */
function replaceFunction({ before, after, context, from, to }: Change): readonly RuleStatement[] | 'replace' {
  const sameShape = canonical(from('shape')) === canonical(to('shape'));
  const losesDefault = Number(from('defaults')) > Number(to('defaults'));
  if (!sameShape || losesDefault || before.sqlName !== after.sqlName) return 'replace';
  const changed = before.details['body'] !== after.details['body'] && isStored(before, context);
  return [statement(textOf(after, 'definition'), changed ? { hazards: ['stale-results'] } : {})];
}

/** What keeps results: entries of indexes, rows that were checked, rows in their partitions. */
const STORES: ReadonlySet<string> = new Set(['index', 'constraint', 'domain_constraint', 'table']);

/** Whether what the function gives is kept, as it is in a generated column that is stored as well. */
const isStored = ({ id }: DatabaseObject, { source }: RuleContext): boolean =>
  [...source.objects.values()].some(
    ({ kind, references, attributes: { generated } }) =>
      references.includes(id) &&
      (STORES.has(kind) || (generated !== undefined && !(generated as { virtual: boolean }).virtual)),
  );

/** Gone, or with another result or other parameters. */
const goneHazard: NonNullable<KindRule['goneHazard']> = ({ id, attributes }, { target }) => {
  const after = target.objects.get(id);
  const isSame = canonical(attributes['shape'] ?? null) === canonical(after?.attributes['shape'] ?? null);
  return after !== undefined && isSame ? undefined : 'breaks-clients';
};

/** Beside an old version with other parameters, a call of the new one may be ambiguous. */
const overloadsOf = ({ id }: DatabaseObject): string =>
  `overloads of ${id.slice(id.indexOf(':') + 1).replace(/\(.*$/s, '')}`;

export const functionRule: KindRule = {
  kind: 'function',
  names: ({ id }) => [`routine ${id.slice(id.indexOf(':') + 1)}`],
  releases: (object) => [overloadsOf(object)],
  awaits: (object) => [overloadsOf(object)],
  rebuilt: () => true,
  goneHazard,
  create: (object) => [statement(textOf(object, 'definition').replace(REPLACE, 'CREATE '))],
  alter: [{ attributes: ['definition', 'defaults', 'language', 'shape'], apply: replaceFunction }],
};

export const aggregateRule = definitionRule('aggregate', {
  goneHazard,
  names: ({ id }) => [`routine ${id.slice(id.indexOf(':') + 1)}`],
  releases: (object) => [overloadsOf(object)],
  awaits: (object) => [overloadsOf(object)],
});

export const operatorRule = definitionRule('operator');
export const operatorFamilyRule = definitionRule('operator_family');
export const operatorClassRule = definitionRule('operator_class');
export const operatorFamilyMemberRule: KindRule = {
  kind: 'operator_family_member',
  create: ({ sqlName, attributes: { member } }) => [statement(`ALTER ${sqlName} ADD ${wordOf(member)}`)],
  drop: ({ sqlName, attributes: { slot } }) => [statement(`ALTER ${sqlName} DROP ${wordOf(slot)}`)],
  alter: [],
};

export const castRule = definitionRule('cast');
export const conversionRule = definitionRule('conversion');
