import type { SchemaRule } from './finding.ts';
import { circularForeignKeys } from './schema/circular-foreign-keys.ts';
import {
  charType,
  floatMoney,
  integerKey,
  jsonType,
  moneyType,
  timestampWithoutZone,
  varcharLimit,
} from './schema/column-types.ts';
import { duplicateIndex } from './schema/duplicate-index.ts';
import { foreignKeyType } from './schema/foreign-key-type.ts';
import { invalidIndex } from './schema/invalid-index.ts';
import { quotedName, reservedName } from './schema/names.ts';
import { noDeleteAction } from './schema/no-delete-action.ts';
import { noPrimaryKey } from './schema/no-primary-key.ts';
import { notValidConstraint } from './schema/not-valid-constraint.ts';
import { nullableUnique } from './schema/nullable-unique.ts';
import { overlappingIndex } from './schema/overlapping-index.ts';
import { partitionGap } from './schema/partition-gap.ts';
import { policyPerRowCall } from './schema/policy-per-row-call.ts';
import { redundantIndex } from './schema/redundant-index.ts';
import { definerSearchPath, publicGrant } from './schema/routines-and-grants.ts';
import { policyWithoutRowSecurity, rowSecurityOff, rowSecurityWithoutPolicy } from './schema/row-security.ts';
import { unindexedSearch, wholeValueIndex } from './schema/search-indexes.ts';
import { serialColumn } from './schema/serial-column.ts';
import { unindexedForeignKey } from './schema/unindexed-foreign-key.ts';
import { unloggedTable } from './schema/unlogged-table.ts';
import { unusedEnum, unusedSequence } from './schema/unused-objects.ts';

/** What the catalog alone can show. A new finding is one file in `schema/` and one line here. */
export const SCHEMA_RULES: readonly SchemaRule[] = [
  noPrimaryKey,
  unindexedForeignKey,
  duplicateIndex,
  redundantIndex,
  overlappingIndex,
  invalidIndex,
  notValidConstraint,
  nullableUnique,
  foreignKeyType,
  circularForeignKeys,
  noDeleteAction,
  integerKey,
  floatMoney,
  moneyType,
  timestampWithoutZone,
  charType,
  varcharLimit,
  jsonType,
  serialColumn,
  policyWithoutRowSecurity,
  rowSecurityOff,
  rowSecurityWithoutPolicy,
  policyPerRowCall,
  definerSearchPath,
  publicGrant,
  unindexedSearch,
  wholeValueIndex,
  partitionGap,
  unloggedTable,
  unusedEnum,
  unusedSequence,
  quotedName,
  reservedName,
];
