import type { Catalog } from '../facts/catalog.ts';
import type { ConstraintFact } from '../facts/facts.ts';
import type { Fix, SchemaRule } from '../finding.ts';
import { foreignKeysOf } from './unindexed-foreign-key.ts';

/** A foreign key that does not say what happens when what it refers to is deleted. */
export const noDeleteAction: SchemaRule = {
  code: 'no-delete-action',
  severity: 'info',
  title: 'A foreign key leaves ON DELETE undecided',
  why: 'The default refuses the delete, as RESTRICT does, but does not tell a reader whether anybody decided so.',
  find: (catalog) =>
    foreignKeysOf(catalog)
      // One that is deferrable needs NO ACTION: RESTRICT cannot wait.
      .filter(({ onDelete, isDeferrable }) => onDelete === 'a' && !isDeferrable)
      .map((key) => {
        const table = catalog.table(key.table)?.sql ?? '';
        return {
          object: { kind: 'constraint', name: `${catalog.quote(key.name)} on ${table}` },
          message: `${table} (${catalog.names(key.table, key.keys)}) does not say what happens when its ${catalog.table(key.refTable)?.sql} is deleted`,
          fix: restrict(catalog, key),
        };
      }),
};

function restrict(catalog: Catalog, key: ConstraintFact): Fix {
  const table = catalog.table(key.table);
  const name = catalog.quote(key.name);
  const definition = `${key.definition.replace(/ NOT VALID$/, '')} ON DELETE RESTRICT`;
  const locks = `ACCESS EXCLUSIVE on ${table?.sql}`;
  const change = `ALTER TABLE ${table?.sql} DROP CONSTRAINT ${name}, ADD CONSTRAINT ${name} ${definition}`;
  const caution = 'RESTRICT is what happens today; write CASCADE or SET NULL where that is meant.';
  // Keys of partitioned tables cannot be NOT VALID before PostgreSQL 18.
  if (table?.kind === 'p') return { steps: [{ sql: change, locks }], transactional: true, caution };
  const validate = `ALTER TABLE ${table?.sql} VALIDATE CONSTRAINT ${name}`;
  return {
    steps: [
      { sql: `${change} NOT VALID`, locks },
      { sql: validate, locks: `SHARE UPDATE EXCLUSIVE on ${table?.sql}` },
    ],
    transactional: true,
    caution: `${caution} Commit between the two statements.`,
  };
}
