import { fixWith, type SchemaRule } from '../finding.ts';

/** A constraint that holds for new rows only. */
export const notValidConstraint: SchemaRule = {
  code: 'not-valid-constraint',
  severity: 'warning',
  title: 'A constraint was never validated',
  why: 'Rows from before it may break it, and the planner may not rely on it.',
  find: (catalog) =>
    catalog.facts.constraints
      .filter(({ isValid, isCopy, type }) => !isValid && !isCopy && (type === 'c' || type === 'f'))
      .map((constraint) => {
        const table = catalog.table(constraint.table)?.sql ?? '';
        return {
          object: { kind: 'constraint', name: `${catalog.quote(constraint.name)} on ${table}` },
          message: `${catalog.quote(constraint.name)} on ${table} is NOT VALID`,
          evidence: { constraint: constraint.definition },
          fix: fixWith(
            `ALTER TABLE ${table} VALIDATE CONSTRAINT ${catalog.quote(constraint.name)}`,
            `SHARE UPDATE EXCLUSIVE on ${table}`,
            'Fails when a row breaks it; such rows have to be mended first.',
          ),
        };
      }),
};
