import type { Catalog } from '../facts/catalog.ts';
import { fixWith, type SchemaRule } from '../finding.ts';

/**
 * Whether the text of a function or a default names something: PostgreSQL records neither what a body names nor
 * what a text says that is only turned into a name when it runs, as in nextval('numbers'::text).
 */
function isNamed({ facts }: Catalog, name: string): boolean {
  const word = new RegExp(`(?<![\\w$])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$])`, 'i');
  return (
    facts.routines.some(({ source }) => word.test(source)) ||
    facts.columns.some((column) => column.default !== null && word.test(column.default))
  );
}

/** An enum that no column, function or domain is of. */
export const unusedEnum: SchemaRule = {
  code: 'unused-enum',
  severity: 'info',
  title: 'An enum that nothing uses',
  why: 'It suggests a state that nothing has.',
  find: (catalog) =>
    catalog.facts.enums
      .filter(({ isUsed, name }) => !isUsed && !isNamed(catalog, name))
      .map(({ sql }) => ({
        object: { kind: 'type', name: sql },
        message: `nothing is of the type ${sql}`,
        fix: fixWith(`DROP TYPE ${sql}`, undefined, 'Applications may still cast to it.'),
      })),
};

/** A sequence that no default takes values from. */
export const unusedSequence: SchemaRule = {
  code: 'unused-sequence',
  severity: 'info',
  title: 'A sequence that nothing in the database uses',
  why: 'Its value means nothing any more, or an application counts with it unseen.',
  find: (catalog) =>
    catalog.facts.sequences
      .filter(({ ownership, users, otherUsers, name }) => {
        return ownership !== 'i' && users.length === 0 && otherUsers === 0 && !isNamed(catalog, name);
      })
      .map(({ sql, last }) => ({
        object: { kind: 'sequence', name: sql },
        message: `no default takes values from ${sql}`,
        ...(last === null ? {} : { evidence: { 'last value': last } }),
        fix: fixWith(
          `DROP SEQUENCE ${sql}`,
          undefined,
          'Its position is lost; make sure that no application calls nextval on it.',
        ),
      })),
};
