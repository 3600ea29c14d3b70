import ts from 'typescript-5.9';

/** What a generated program is made of, with all that a document may decide left out. */
export interface Outline {
  /** Every statement of every file, literals and declared names masked, sorted: the order follows the names. */
  readonly statements: readonly string[];
  /** Names that the program exports, which come from the document. */
  readonly declared: ReadonlySet<string>;
  /** Every other name that it uses: those of the generator. */
  readonly vocabulary: ReadonlySet<string>;
  readonly modules: ReadonlySet<string>;
}

/** What the parser finds; the compiler keeps it on the file, and does not say so in its types. */
interface Parsed extends ts.SourceFile {
  readonly parseDiagnostics: readonly ts.Diagnostic[];
}

/** Errors: why a file is no program. */
export function outlineOf(files: ReadonlyMap<string, string>): Outline {
  const parsed = [...files].map(([path, text]) => parse(path, text));
  const declared = new Set(parsed.flatMap((file) => [...exportsOf(file), ...groupsOf(file)]));
  for (const word of ALWAYS) declared.delete(word);
  const vocabulary = new Set<string>();
  const modules = new Set<string>();
  const statements: string[] = [];
  for (const file of parsed) {
    const kind = file.fileName.replace(/^.*(?=\.(?:routes|handlers)\.ts$)/, '');
    refuseTwice(file);
    for (const statement of file.statements) {
      if (ts.isImportDeclaration(statement))
        modules.add((statement.moduleSpecifier as ts.StringLiteral).text);
      if (isLinearImport(statement)) continue;
      statements.push(`${kind} ${outline(statement, { declared, vocabulary })}`);
    }
  }
  return { statements: statements.sort(), declared, vocabulary, modules };
}

function parse(path: string, text: string): Parsed {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true) as Parsed;
  const [first] = file.parseDiagnostics;
  if (first === undefined) return file;
  throw new Error(`${path}: ${ts.flattenDiagnosticMessageText(first.messageText, '\n')}\n${text}`);
}

/** Errors: a name that is both imported and declared, which is no program either. */
function refuseTwice(file: ts.SourceFile): void {
  const imported = file.statements.flatMap((statement) => {
    const clause = ts.isImportDeclaration(statement) ? statement.importClause : undefined;
    const bindings = clause?.namedBindings;
    const named =
      bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements.map(({ name }) => name) : [];
    const space = bindings !== undefined && ts.isNamespaceImport(bindings) ? [bindings.name] : [];
    return [...named, ...space, ...(clause?.name === undefined ? [] : [clause.name])].map(({ text }) => text);
  });
  const values = exportsOf(file);
  const twice = values.find((name) => imported.includes(name));
  if (twice !== undefined) throw new Error(`${file.fileName} imports and declares ${twice}`);
}

function exportsOf(file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) =>
        ts.isIdentifier(name) ? name.text : '',
      );
    }
    const isNamed =
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isFunctionDeclaration(statement);
    return isNamed && statement.name !== undefined ? [statement.name.text] : [];
  });
}

/** What index.ts exports whatever the document. */
const ALWAYS = ['Handlers', 'allHandlers', 'createApp', 'createRouter', 'createPlugin'];

/** The members of `Handlers`, one for each tag. */
const groupsOf = (file: ts.SourceFile): string[] =>
  file.statements.flatMap((statement) =>
    file.fileName === 'index.ts' && ts.isInterfaceDeclaration(statement)
      ? statement.members.map(({ name }) => (name !== undefined && ts.isIdentifier(name) ? name.text : ''))
      : [],
  );

/** Patterns choose their engine: a module that is imported for one of them is a matter of the pattern. */
const isLinearImport = (statement: ts.Statement): boolean =>
  ts.isImportDeclaration(statement) &&
  (statement.moduleSpecifier as ts.StringLiteral).text === './runtime/linear.js';

interface Names {
  readonly declared: ReadonlySet<string>;
  readonly vocabulary: Set<string>;
}

function outline(node: ts.Node, names: Names): string {
  if (isName(node)) return 'name';
  if (ts.isStringLiteral(node)) return 'text';
  if (ts.isRegularExpressionLiteral(node) || isConstructedPattern(node)) return 'pattern';
  if (ts.isNumericLiteral(node)) return node.text;
  if (ts.isIdentifier(node)) {
    if (names.declared.has(node.text)) return 'declared';
    names.vocabulary.add(node.text);
    return node.text;
  }
  const parts: string[] = [];
  ts.forEachChild(node, (part) => void parts.push(outline(part, names)));
  // Names that are sorted stand in another order when they are others.
  if (ts.isNamedImports(node)) parts.sort();
  return `${ts.SyntaxKind[node.kind]}(${parts.join(' ')})`;
}

/** A member's name, however it is written: bare, quoted, or computed from a literal. */
function isName(node: ts.Node): boolean {
  const { parent } = node;
  const named =
    ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodDeclaration(parent);
  if (!named || parent.name !== node) return false;
  return !ts.isComputedPropertyName(node) || ts.isStringLiteral(node.expression);
}

/** `new RegExp('...', 'u')` and `linear('...', '...')` are how a pattern is written that is no literal. */
const isConstructedPattern = (node: ts.Node): boolean =>
  (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
  ['RegExp', 'linear'].includes(node.expression.getText()) &&
  (node.arguments ?? []).length > 0 &&
  (node.arguments ?? []).every(ts.isStringLiteral);
