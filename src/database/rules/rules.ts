import { columnRule, defaultRule } from './column.ts';
import { constraintRule } from './constraint.ts';
import { enumRule } from './enum.ts';
import { foreignDataWrapperRule, publicationRule, serverRule, userMappingRule } from './foreign-data.ts';
import { indexRule } from './index-rule.ts';
import { commentRule, defaultPrivilegeRule, grantRule } from './privilege.ts';
import {
  aggregateRule,
  castRule,
  conversionRule,
  functionRule,
  operatorClassRule,
  operatorFamilyMemberRule,
  operatorFamilyRule,
  operatorRule,
} from './routine.ts';
import type { KindRule } from './rule.ts';
import {
  accessMethodRule,
  collationRule,
  extensionRule,
  languageRule,
  schemaRule,
  transformRule,
} from './schema.ts';
import { sequenceOwnerRule, sequenceRule } from './sequence.ts';
import { inheritanceRule, partitionRule, tableRule } from './table.ts';
import { clusterMarkRule, replicaIdentityRule } from './table-marks.ts';
import {
  eventTriggerRule,
  policyRule,
  rewriteRuleRule,
  statisticsRule,
  triggerRule,
} from './table-programs.ts';
import {
  textSearchConfigurationRule,
  textSearchDictionaryRule,
  textSearchParserRule,
  textSearchTemplateRule,
} from './text-search.ts';
import { compositeRule, domainConstraintRule, domainDefaultRule, domainRule, rangeRule } from './types.ts';
import { materializedViewRule, viewRule } from './view.ts';

/** Every kind of object, in the order in which independent ones are made; they are removed in reverse. */
export const RULES: readonly KindRule[] = [
  schemaRule,
  extensionRule,
  languageRule,
  accessMethodRule,
  collationRule,
  enumRule,
  domainRule,
  domainDefaultRule,
  domainConstraintRule,
  compositeRule,
  rangeRule,
  conversionRule,
  sequenceRule,
  functionRule,
  aggregateRule,
  operatorRule,
  operatorFamilyRule,
  operatorClassRule,
  operatorFamilyMemberRule,
  castRule,
  transformRule,
  textSearchParserRule,
  textSearchTemplateRule,
  textSearchDictionaryRule,
  textSearchConfigurationRule,
  foreignDataWrapperRule,
  serverRule,
  userMappingRule,
  tableRule,
  inheritanceRule,
  columnRule,
  defaultRule,
  sequenceOwnerRule,
  constraintRule,
  indexRule,
  partitionRule,
  replicaIdentityRule,
  clusterMarkRule,
  viewRule,
  materializedViewRule,
  statisticsRule,
  rewriteRuleRule,
  triggerRule,
  policyRule,
  eventTriggerRule,
  publicationRule,
  grantRule,
  defaultPrivilegeRule,
  commentRule,
];

const BY_KIND: ReadonlyMap<string, KindRule> = new Map(RULES.map((rule) => [rule.kind, rule]));
const RANKS: ReadonlyMap<string, number> = new Map(RULES.map((rule, rank) => [rule.kind, rank]));

/** The rule of a kind. That there is one for every kind inspection returns is held by a test. */
export function ruleOf(kind: string): KindRule {
  const rule = BY_KIND.get(kind);
  if (rule === undefined) throw new Error(`no rule for objects of kind ${kind}`);
  return rule;
}

/** The place of a kind in the order of RULES. */
export function rankOf(kind: string): number {
  return RANKS.get(kind) ?? RULES.length;
}
