import type { CatalogArea } from './area.ts';
import { columns, defaults } from './columns.ts';
import { constraints, indexes } from './constraints.ts';
import { foreignDataWrappers, foreignServers, publications, userMappings } from './foreign-data.ts';
import { inheritances, partitions } from './inheritance.ts';
import { accessMethods, languages, transforms } from './languages.ts';
import { extensions, schemas } from './namespaces.ts';
import {
  casts,
  conversions,
  operatorClasses,
  operatorFamilies,
  operatorFamilyMembers,
  operators,
} from './operators.ts';
import { comments, defaultPrivileges, grants } from './privileges.ts';
import { sequenceOwners, sequences, tables, views } from './relations.ts';
import { aggregates, functions } from './routines.ts';
import { clusterMarks, replicaIdentities } from './table-marks.ts';
import { eventTriggers, policies, rewriteRules, statistics, triggers } from './table-programs.ts';
import {
  textSearchConfigurations,
  textSearchDictionaries,
  textSearchParsers,
  textSearchTemplates,
} from './text-search.ts';
import {
  collations,
  composites,
  domainConstraints,
  domainDefaults,
  domains,
  enums,
  ranges,
} from './types.ts';

/** Everything that is read from the catalog. A new kind of object is a new entry here and a rule. */
export const AREAS: readonly CatalogArea[] = [
  schemas,
  extensions,
  collations,
  enums,
  domains,
  domainDefaults,
  domainConstraints,
  composites,
  ranges,
  sequences,
  sequenceOwners,
  tables,
  inheritances,
  partitions,
  columns,
  defaults,
  constraints,
  indexes,
  replicaIdentities,
  clusterMarks,
  views,
  functions,
  aggregates,
  triggers,
  rewriteRules,
  policies,
  statistics,
  eventTriggers,
  operators,
  operatorFamilies,
  operatorClasses,
  operatorFamilyMembers,
  casts,
  conversions,
  languages,
  accessMethods,
  transforms,
  textSearchParsers,
  textSearchTemplates,
  textSearchDictionaries,
  textSearchConfigurations,
  foreignDataWrappers,
  foreignServers,
  userMappings,
  publications,
  defaultPrivileges,
  grants,
  comments,
];
