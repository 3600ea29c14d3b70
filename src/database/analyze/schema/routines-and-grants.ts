import { fixWith, type SchemaRule } from '../finding.ts';

/** A function with its owner's rights that looks its names up where the caller says. */
export const definerSearchPath: SchemaRule = {
  code: 'definer-search-path',
  severity: 'warning',
  title: 'A SECURITY DEFINER function without a search_path of its own',
  why: 'Whoever calls it decides in which schema its names are found, and can have their own code run with the rights of its owner.',
  find: (catalog) =>
    catalog.facts.routines
      .filter(({ isDefiner, hasSearchPath }) => isDefiner && !hasSearchPath)
      .map((routine) => ({
        object: { kind: 'routine', name: routine.sql },
        message: `${routine.sql} runs with its owner's rights and the caller's search_path`,
        fix: fixWith(
          `ALTER ${routine.sql} SET search_path = ${catalog.quote(routine.schema)}, pg_temp`,
          undefined,
          'Add the other schemas that its body names without saying so.',
        ),
      })),
};

/** What everybody may do. */
export const publicGrant: SchemaRule = {
  code: 'public-grant',
  severity: 'warning',
  title: 'Something is granted to everybody',
  why: 'PUBLIC is every role there is and every one to come, also those made for one narrow purpose.',
  find: (catalog) =>
    catalog.facts.publicGrants.map(({ object, privileges }) => ({
      object: { kind: 'grant', name: object },
      message: `everybody has ${privileges.join(', ')} on ${object}`,
      fix: fixWith(
        `REVOKE ${privileges.join(', ')} ON ${object} FROM PUBLIC`,
        undefined,
        'Grant to the roles that need it first.',
      ),
    })),
};
