import type { Catalog } from '../facts/catalog.ts';
import type { TableFact } from '../facts/facts.ts';
import { fixWith, type SchemaRule } from '../finding.ts';

const guarded = (catalog: Catalog): TableFact[] =>
  catalog.facts.tables.filter(({ kind, isPartition }) => ['r', 'p'].includes(kind) && !isPartition);

const policiesOf = (catalog: Catalog, { oid }: TableFact): number =>
  catalog.facts.policies.filter(({ table }) => table === oid).length;

const enable = ({ sql }: TableFact): string => `ALTER TABLE ${sql} ENABLE ROW LEVEL SECURITY`;

/** Policies that nothing switches on. */
export const policyWithoutRowSecurity: SchemaRule = {
  code: 'policy-without-row-security',
  severity: 'error',
  title: 'A table has policies, but row-level security is off',
  why: 'The policies do nothing: whoever may read the table reads all of it.',
  find: (catalog) =>
    guarded(catalog)
      .filter((table) => !table.rowSecurity && policiesOf(catalog, table) > 0)
      .map((table) => ({
        object: { kind: 'table', name: table.sql },
        message: `${table.sql} has policies, but row-level security is off`,
        evidence: { policies: policiesOf(catalog, table) },
        fix: fixWith(
          enable(table),
          `ACCESS EXCLUSIVE on ${table.sql}`,
          'Roles but the owner then see what the policies allow.',
        ),
      })),
};

/** The table that was forgotten when its neighbours were guarded. */
export const rowSecurityOff: SchemaRule = {
  code: 'row-security-off',
  severity: 'warning',
  title: 'A table without row-level security in a schema that uses it',
  why: 'Where access is decided by rows, a table without it is open to everybody who may select from it.',
  find: (catalog) => {
    const using = new Set(
      catalog.facts.tables.filter(({ rowSecurity }) => rowSecurity).map(({ schema }) => schema),
    );
    return guarded(catalog)
      .filter((table) => !table.rowSecurity && using.has(table.schema) && policiesOf(catalog, table) === 0)
      .map((table) => ({
        object: { kind: 'table', name: table.sql },
        message: `${table.sql} has no row-level security, other tables of its schema have`,
        fix: fixWith(
          enable(table),
          `ACCESS EXCLUSIVE on ${table.sql}`,
          'Without a policy nobody but the owner sees a row afterwards: write the policies first.',
        ),
      }));
  },
};

/** Guarded, and open to nobody. */
export const rowSecurityWithoutPolicy: SchemaRule = {
  code: 'row-security-without-policy',
  severity: 'info',
  title: 'Row-level security without a policy',
  why: 'Nobody but the owner sees a row. If that is meant, a policy that says so tells the next reader.',
  find: (catalog) =>
    guarded(catalog)
      .filter((table) => table.rowSecurity && policiesOf(catalog, table) === 0)
      .map((table) => ({
        object: { kind: 'table', name: table.sql },
        message: `${table.sql} has row-level security and no policy`,
        fix: fixWith(
          `CREATE POLICY nobody ON ${table.sql} USING (false)`,
          `ACCESS EXCLUSIVE on ${table.sql}`,
          'States what holds already; write the policy that is meant instead if it is another.',
        ),
      })),
};
