import type { Directive, Program, Statement } from 'oxc-parser';
import type { NodeOf } from '../nodes.ts';
import { Scope, settled } from '../scope.ts';
import { type Constant, choice, UNDEFINED, UNKNOWN, type Value } from '../value.ts';
import { assignTo } from './assign.ts';
import { bindPattern, typed } from './bind.ts';
import { evaluate } from './evaluate.ts';
import { hoist } from './hoist.ts';
import { isTrue } from './operators.ts';
import { setMembersOf } from './set-members.ts';

/** Whether what follows a statement is reached. */
export type Completion = 'normal' | 'abrupt';

type Followed = Directive | Statement | Program['body'][number];

type Executors = {
  readonly [Type in Followed['type']]?: (node: NodeOf<Followed, Type>, scope: Scope) => Completion;
};

export function execute(node: Followed, scope: Scope): Completion {
  const { interpreter } = scope.frame;
  if (!interpreter.step()) return 'normal';
  interpreter.nesting += 1;
  // The table has a function for exactly this type of node.
  const executor = EXECUTORS[node.type] as ((node: Followed, scope: Scope) => Completion) | undefined;
  const completion = executor?.(node, scope) ?? 'normal';
  interpreter.nesting -= 1;
  return completion;
}

/** Statements one after the other, up to one behind which nothing is reached. */
export function executeAll(body: readonly Followed[], scope: Scope): Completion {
  for (const statement of body) if (execute(statement, scope) === 'abrupt') return 'abrupt';
  return 'normal';
}

function block(body: readonly (Directive | Statement)[], scope: Scope): Completion {
  const inside = new Scope(scope.frame, scope);
  hoist(body, inside);
  return executeAll(body, inside);
}

/** Follows ways of which only one is gone, each from here; what is reached behind them is what any of them leaves. */
function ways(scope: Scope, options: readonly (() => Completion)[]): Completion {
  const { interpreter } = scope.frame;
  const { watcher } = interpreter;
  const before = watcher?.save();
  const after: unknown[] = [];
  for (const option of options) {
    watcher?.restore(before);
    if (interpreter.branched(option) === 'normal') after.push(watcher?.save());
  }
  if (after.length === 0) return 'abrupt';
  watcher?.join(after);
  return 'normal';
}

const nothing = (): Completion => 'normal';

const EXECUTORS: Executors = {
  ExpressionStatement: ({ expression }, scope) => {
    evaluate(expression, scope);
    return 'normal';
  },
  BlockStatement: ({ body }, scope) => block(body, scope),
  VariableDeclaration: ({ declarations }, scope) => {
    for (const { id, init } of declarations) declare(id, init, scope);
    return 'normal';
  },
  ClassDeclaration: ({ id }, scope) => {
    const binding = id === null ? undefined : scope.find(id.name);
    if (binding !== undefined) settled(binding);
    return 'normal';
  },
  ReturnStatement: ({ argument }, scope) => {
    const { frame } = scope;
    frame.returns.push(argument === null ? UNDEFINED : evaluate(argument, scope));
    const { watcher } = frame.interpreter;
    if (watcher !== undefined) frame.ends.push(watcher.save());
    return 'abrupt';
  },
  ThrowStatement: (node, scope) => {
    const value = evaluate(node.argument, scope);
    scope.frame.interpreter.watcher?.thrown(value, { file: scope.frame.file, node });
    return 'abrupt';
  },
  IfStatement: ({ test, consequent, alternate }, scope) => {
    const truth = isTrue(evaluate(test, scope));
    const otherwise = () => (alternate === null ? 'normal' : execute(alternate, scope));
    if (truth === true) return execute(consequent, scope);
    if (truth === false) return otherwise();
    return ways(scope, scope.frame.interpreter.alternatives([() => execute(consequent, scope), otherwise]));
  },
  TryStatement: ({ block: { body }, handler, finalizer }, scope) => {
    const { watcher } = scope.frame.interpreter;
    const thrown: Value[] = [];
    const tried = (): Completion => {
      if (watcher === undefined || handler === null) return block(body, scope);
      let completion: Completion = 'normal';
      thrown.push(
        ...watcher.tried(() => {
          completion = block(body, scope);
        }),
      );
      return completion;
    };
    const caught = (): Completion => {
      if (handler === null) return 'abrupt';
      const inside = new Scope(scope.frame, scope);
      // Whatever else it is, it is a value of its own, which things can be set on.
      const { interpreter } = scope.frame;
      const other = interpreter.madeHere<Value>({ kind: 'unknown' });
      const known = thrown.filter((value) => value.kind !== 'unknown' || setMembersOf(value).size > 0);
      if (handler.param !== null) bindPattern(handler.param, choice([...known, other]), inside);
      return block(handler.body.body, inside);
    };
    const completion = ways(scope, [tried, caught]);
    return finalizer !== null && block(finalizer.body, scope) === 'abrupt' ? 'abrupt' : completion;
  },
  SwitchStatement: ({ discriminant, cases }, scope) => {
    const given = evaluate(discriminant, scope);
    const known = given.kind === 'constant' ? chosen(given.value, cases, scope) : undefined;
    if (known !== undefined) return fallThrough(known, scope);
    const options = cases.map(({ consequent }) => () => {
      const completion = block(consequent, scope);
      return consequent.some(({ type }) => type === 'BreakStatement') ? 'normal' : completion;
    });
    return ways(scope, cases.some(({ test }) => test === null) ? options : [...options, nothing]);
  },
  ForOfStatement: ({ left, right, body }, scope) => {
    const list = evaluate(right, scope);
    const items = list.kind === 'list' && list.items.length <= MAX_ROUNDS ? list.items : [UNKNOWN];
    for (const item of items) loop(left, item, body, scope);
    return 'normal';
  },
  ForInStatement: ({ left, right, body }, scope) => {
    const object = evaluate(right, scope);
    const names =
      object.kind === 'object' && object.properties.size <= MAX_ROUNDS ? [...object.properties.keys()] : [];
    const items: Value[] = names.map((value) => ({ kind: 'constant', value }));
    for (const item of items.length === 0 ? [UNKNOWN] : items) loop(left, item, body, scope);
    return 'normal';
  },
  ForStatement: ({ init, body }, scope) => {
    const inside = new Scope(scope.frame, scope);
    // How often it goes round is not known: a counter has no value.
    if (init?.type === 'VariableDeclaration') {
      for (const { id, init: start } of init.declarations) {
        if (start !== null) evaluate(start, inside);
        bindPattern(id, UNKNOWN, inside);
      }
    }
    return ways(inside, [() => execute(body, inside), nothing]);
  },
  WhileStatement: ({ test, body }, scope) => {
    evaluate(test, scope);
    return ways(scope, [() => execute(body, scope), nothing]);
  },
  DoWhileStatement: ({ body }, scope) => execute(body, scope),
  LabeledStatement: ({ body }, scope) => execute(body, scope),
  ExportNamedDeclaration: ({ declaration }, scope) =>
    declaration === null ? 'normal' : execute(declaration, scope),
  // The value of the default export is worked out by who asks for it.
  ExportDefaultDeclaration: (_node, scope) => {
    const binding = scope.bindings.get(DEFAULT_EXPORT);
    if (binding !== undefined) settled(binding);
    return 'normal';
  },
  TSExportAssignment: ({ expression }, scope) => {
    const { project } = scope.frame.interpreter;
    project.assignExports(scope.frame.file, evaluate(expression, scope));
    return 'normal';
  },
};

type Case = Extract<Statement, { type: 'SwitchStatement' }>['cases'][number];

/** The cases from the one that a value leads to; undefined where a test cannot be told. */
function chosen(value: Constant, cases: readonly Case[], scope: Scope): readonly Case[] | undefined {
  const tests = cases.map(({ test }) => (test === null ? undefined : evaluate(test, scope)));
  if (tests.some((test) => test !== undefined && test.kind !== 'constant')) return undefined;
  const met = tests.findIndex((test) => test?.kind === 'constant' && test.value === value);
  const at = met === -1 ? tests.indexOf(undefined) : met;
  return at === -1 ? [] : cases.slice(at);
}

function fallThrough(cases: readonly Case[], scope: Scope): Completion {
  for (const { consequent } of cases) {
    if (block(consequent, scope) === 'abrupt') return 'abrupt';
    if (breaks(consequent)) return 'normal';
  }
  return 'normal';
}

const breaks = (body: readonly Statement[]): boolean =>
  body.some((one) => one.type === 'BreakStatement' || (one.type === 'BlockStatement' && breaks(one.body)));

/** More rounds of a loop than this register no routes. */
const MAX_ROUNDS = 500;

/** The binding of `export default`, under a name that no source can use. */
export const DEFAULT_EXPORT = '*default*';

function loop(
  left: Extract<Statement, { type: 'ForOfStatement' }>['left'],
  item: Value,
  body: Statement,
  scope: Scope,
): void {
  const inside = new Scope(scope.frame, scope);
  if (left.type === 'VariableDeclaration') {
    for (const { id } of left.declarations) bindPattern(id, item, inside);
  } else
    assignTo(left, item, inside, { origin: { file: scope.frame.file, node: left }, scope, construct: false });
  ways(inside, [() => execute(body, inside), nothing]);
}

type Declarator = Extract<Statement, { type: 'VariableDeclaration' }>['declarations'][number];

function declare(id: Declarator['id'], init: Declarator['init'], scope: Scope): void {
  const hoisted = id.type === 'Identifier' ? scope.bindings.get(id.name) : undefined;
  if (
    hoisted !== undefined &&
    (hoisted.pending !== undefined || (hoisted.value !== undefined && hoisted.value !== UNKNOWN))
  ) {
    // Worked out here unless another file asked for it before.
    const value = settled(hoisted);
    if (id.type === 'Identifier' && value !== undefined)
      typed(value, id.typeAnnotation?.typeAnnotation, scope);
    return;
  }
  if (init !== null) bindPattern(id, evaluate(init, scope), scope);
  else if (hoisted === undefined) bindPattern(id, UNDEFINED, scope);
}
