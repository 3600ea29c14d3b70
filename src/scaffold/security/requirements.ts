import { objectKey, quoteString } from '../emit/quote.ts';
import type { Operation } from '../model/api.ts';
import { isOpen, type SecurityRequirement } from '../model/security.ts';

/** Whether an operation says anything of whom its requests are from. */
export const isSecured = ({ security }: Operation): boolean => security.length > 0;

/** What an operation requires, as the member `security` of its printed contract; nothing where it is open. */
export function printSecurity({ security }: Operation): string {
  if (security.length === 0) return '';
  const list = security.map(printRequirement).join(', ');
  return `  security: { realm, schemes, anyOf: [${list}] },\n`;
}

function printRequirement(requirement: SecurityRequirement): string {
  const entries = requirement.map(
    ({ scheme, scopes }) => `${objectKey(scheme)}: [${scopes.map(quoteString).join(', ')}]`,
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/**
 * The type of the identities that a handler is given: one alternative for each way in, which says of
 * every scheme that another way has that it is not there.
 */
export function printIdentity({ security }: Operation): string {
  const all = [...new Set(security.flat().map(({ scheme }) => scheme))].sort();
  const ways = security.map((requirement) => {
    const used = new Set(requirement.map(({ scheme }) => scheme));
    const without = all.filter((name) => !used.has(name));
    const names = isOpen(requirement) ? 'never' : unionOf([...used].sort());
    return without.length === 0 ? `By<${names}>` : `By<${names}, ${unionOf(without)}>`;
  });
  return [...new Set(ways)].join(' | ');
}

const unionOf = (names: readonly string[]): string => names.map(quoteString).join(' | ');
