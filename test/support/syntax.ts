import ts from 'typescript-5.9';

/** What a text from a document may become: one literal, one property name, or nothing at all. */
const LEAVES: Readonly<Partial<Record<ts.SyntaxKind, string>>> = {
  [ts.SyntaxKind.StringLiteral]: 'text',
  [ts.SyntaxKind.RegularExpressionLiteral]: 'pattern',
};

/** The shape of a program without what stands in its literals and comments; equal texts for equal trees. */
export function skeleton(text: string): string {
  return parse(text).statements.map(outline).join('\n');
}

/** Every string literal, pattern source and property name of a program, as it is when the program runs. */
export function literalsOf(text: string): Set<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node)) found.add(node.text);
    if (ts.isRegularExpressionLiteral(node)) found.add(node.text.slice(1, node.text.lastIndexOf('/')));
    if (ts.isIdentifier(node) && isName(node)) found.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(parse(text));
  return found;
}

/** What the parser finds; the compiler keeps it on the file, and does not say so in its types. */
interface Parsed extends ts.SourceFile {
  readonly parseDiagnostics: readonly ts.Diagnostic[];
}

/** Errors: why the text is no program. */
function parse(text: string): ts.SourceFile {
  const file = ts.createSourceFile('generated.ts', text, ts.ScriptTarget.ES2023, true) as Parsed;
  const [first] = file.parseDiagnostics;
  if (first !== undefined) throw new Error(ts.flattenDiagnosticMessageText(first.messageText, '\n'));
  return file;
}

function outline(node: ts.Node): string {
  const leaf = LEAVES[node.kind] ?? (isConstructedPattern(node) ? 'pattern' : undefined);
  if (isName(node)) return 'name';
  if (leaf !== undefined) return leaf;
  if (ts.isIdentifier(node)) return node.text;
  const parts: string[] = [];
  ts.forEachChild(node, (part) => void parts.push(outline(part)));
  return `${ts.SyntaxKind[node.kind]}(${parts.join(' ')})`;
}

/** A property name, however it is written: bare, quoted, or computed from a literal. */
function isName(node: ts.Node): boolean {
  const { parent } = node;
  const named = ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent);
  if (!named || parent.name !== node) return false;
  return !ts.isComputedPropertyName(node) || ts.isStringLiteral(node.expression);
}

/** `new RegExp('...', 'u')` is how a pattern is written that is no literal. */
const isConstructedPattern = (node: ts.Node): boolean =>
  ts.isNewExpression(node) &&
  node.expression.getText() === 'RegExp' &&
  (node.arguments ?? []).every(ts.isStringLiteral);
