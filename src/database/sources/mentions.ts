import type { Statement } from './statements.ts';

/** What statements name that has to be known before they run. */
export interface Mentions {
  /** Roles that are granted to, own something or are otherwise named. */
  readonly roles: ReadonlySet<string>;
  /** Roles that the statements create themselves. */
  readonly createdRoles: ReadonlySet<string>;
  readonly extensions: ReadonlySet<string>;
  /** Whether something asks for CONCURRENTLY, which PostgreSQL refuses inside a transaction. */
  readonly concurrent: boolean;
}

/** Reads the names out of the parse trees: roles, extensions, and whether a transaction is possible. */
export function mentionsOf(statements: readonly Statement[]): Mentions {
  const roles = new Set<string>();
  const createdRoles = new Set<string>();
  const extensions = new Set<string>();
  let concurrent = false;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isRecord(value)) {
      if (typeof value['rolename'] === 'string') roles.add(value['rolename']);
      if (value['concurrent'] === true) concurrent = true;
      Object.values(value).forEach(visit);
    }
  };
  for (const { node, tree, text } of statements) {
    if (NAMELESS.has(node)) continue;
    visit(tree);
    if (!isRecord(tree)) continue;
    if (node === 'CreateExtensionStmt') extensions.add(String(tree['extname']));
    if (node === 'DoStmt') for (const name of extensionsInside(text)) extensions.add(name);
    if (node === 'CreateRoleStmt') createdRoles.add(String(tree['role']));
  }
  return { roles, createdRoles, extensions, concurrent };
}

/** A DO block may create extensions; naming one too many only loads a module that is not used. */
function extensionsInside(text: string): string[] {
  const found = text.matchAll(/create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)/gi);
  return [...found].map(([, name = '']) => name);
}

/** Statements that can be large and never name a role. */
const NAMELESS: ReadonlySet<string> = new Set(['InsertStmt', 'SelectStmt', 'ViewStmt', 'CreateTableAsStmt']);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
