import type { CallExpression, Expression } from 'oxc-parser';
import type { HttpMethod } from '../../../model/api.ts';
import type { Origin, SourceFile } from '../source-file.ts';
import { type DocComment, docBefore } from './comments.ts';
import { type AnyNode, importsOf, nodesWithin } from './nodes.ts';
import { type PathSyntax, partsOf, type RoutePart } from './templates.ts';

/** An operation where a router serves it. */
export interface ServedOperation {
  /** The name of its contract in validators.ts. */
  readonly id: string;
  readonly method: HttpMethod;
  readonly parts: readonly RoutePart[];
  readonly tag: string;
  readonly comment: DocComment | undefined;
  readonly origin: Origin;
}

const METHODS: ReadonlySet<string> = new Set<HttpMethod>([
  'get',
  'head',
  'post',
  'put',
  'patch',
  'delete',
  'options',
  'trace',
  'query',
]);

/** Whether a file serves operations of validators.ts. */
export const servesContracts = ({ program }: SourceFile): boolean => contractName(program) !== undefined;

/** The name by which a file knows validators.ts. */
function contractName(program: SourceFile['program']): string | undefined {
  for (const [local, [module, name]] of importsOf(program))
    if (name === '*' && /(?:^|\/)validators\.[jt]s$/.test(module)) return local;
  return undefined;
}

/** Every operation that the routers of a file serve, in their order. */
export function servedOperations(file: SourceFile): ServedOperation[] {
  const { program } = file;
  const contract = contractName(program);
  if (contract === undefined) return [];
  const modules = [...importsOf(program).values()].map(([module]) => module);
  const syntax: PathSyntax = modules.includes('fastify') ? 'find-my-way' : 'path-to-regexp';
  const { tag, comments } = handlersOf(file);
  const found: ServedOperation[] = [];
  for (const node of nodesWithin(program)) {
    if (node.type !== 'CallExpression') continue;
    const route = routeOf(node as CallExpression, syntax);
    if (route === undefined) continue;
    for (const id of contractsIn(node as CallExpression, contract)) {
      found.push({ ...route, id, tag, comment: comments.get(id), origin: { file, node } });
    }
  }
  return found;
}

/** `router.get('/pets/:petId', ...)`, and what newer methods are written with. */
function routeOf(
  { callee, arguments: args }: CallExpression,
  syntax: PathSyntax,
): Pick<ServedOperation, 'method' | 'parts'> | undefined {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined;
  const [path, second] = args;
  const method = methodOf(callee.property.name, second);
  if (path?.type !== 'Literal' || method === undefined) return undefined;
  if ('regex' in path) return { method, parts: partsOf(path.regex.pattern, 'pattern') };
  return typeof path.value === 'string' ? { method, parts: partsOf(path.value, syntax) } : undefined;
}

/** Express serves new methods by `all` with a guard, @koa/router by `register` with a list. */
function methodOf(
  name: string,
  second: CallExpression['arguments'][number] | undefined,
): HttpMethod | undefined {
  const listed =
    name === 'all' && second?.type === 'CallExpression'
      ? second.arguments[0]
      : name === 'register' && second?.type === 'ArrayExpression'
        ? second.elements[0]
        : undefined;
  const written = listed?.type === 'Literal' && typeof listed.value === 'string' ? listed.value : name;
  const method = written.toLowerCase();
  return METHODS.has(method) ? (method as HttpMethod) : undefined;
}

/** The contracts that a route names, in order: `operation(contract.getPet, ...)`. */
function contractsIn(call: CallExpression, contract: string): string[] {
  const ids: string[] = [];
  const isMember = (node: AnyNode): node is AnyNode & { object: Expression; property: { name?: string } } =>
    node.type === 'MemberExpression';
  for (const argument of call.arguments) {
    // What a handler does has its own members of the same names.
    for (const node of nodesWithin(argument, ({ type }) => type !== 'ArrowFunctionExpression')) {
      if (!isMember(node) || node.object.type !== 'Identifier' || node.object.name !== contract) continue;
      if (node.property.name !== undefined) ids.push(node.property.name);
    }
  }
  return ids;
}

/** What the interface of the handlers says: the tag, and of each operation its comment. */
function handlersOf(file: SourceFile): {
  readonly tag: string;
  readonly comments: ReadonlyMap<string, DocComment>;
} {
  const comments = new Map<string, DocComment>();
  let tag = (file.path.split(/[\\/]/).at(-1) ?? '').replace(/\.routes\.[jt]s$|\.[jt]s$/, '');
  for (const statement of file.program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : undefined;
    if (declared?.type !== 'TSInterfaceDeclaration' || !declared.id.name.endsWith('Handlers')) continue;
    tag = taggedBy(docBefore(file, statement.start)?.text) ?? tag;
    for (const member of declared.body.body) {
      if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier') continue;
      const comment = docBefore(file, member.start);
      if (comment !== undefined) comments.set(member.key.name, comment);
    }
  }
  return { tag, comments };
}

/** The tag as the contract writes it, which a file name cannot hold. */
function taggedBy(text: string | undefined): string | undefined {
  const written = /tagged (".*") do\.$/.exec(text ?? '')?.[1];
  if (written === undefined) return undefined;
  try {
    const tag: unknown = JSON.parse(written);
    return typeof tag === 'string' ? tag : undefined;
  } catch {
    return undefined;
  }
}
