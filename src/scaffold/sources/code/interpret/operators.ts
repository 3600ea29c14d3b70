import type { Scope } from '../scope.ts';
import { type Constant, constant, UNKNOWN, type Value } from '../value.ts';
import { STRING } from './evaluate.ts';

/** Whether a value counts as true; undefined when that depends. */
export function isTrue(value: Value): boolean | undefined {
  if (value.kind === 'constant') return Boolean(value.value);
  if (value.kind === 'choice') {
    const [first, ...others] = value.options.map(isTrue);
    return others.every((other) => other === first) ? first : undefined;
  }
  return ALWAYS_TRUE.has(value.kind) ? true : undefined;
}

const ALWAYS_TRUE: ReadonlySet<Value['kind']> = new Set([
  'pattern',
  'list',
  'object',
  'function',
  'class',
  'module',
  'host',
]);

type Fold = (left: Constant, right: Constant) => Constant;

const isNumbers = (left: Constant, right: Constant): boolean =>
  typeof left === 'number' && typeof right === 'number';

const arithmetic =
  (fold: (left: number, right: number) => Constant): Fold =>
  (left, right) =>
    isNumbers(left, right) ? fold(Number(left), Number(right)) : undefined;

const FOLDS: Readonly<Record<string, Fold>> = {
  '-': arithmetic((left, right) => left - right),
  '*': arithmetic((left, right) => left * right),
  '/': arithmetic((left, right) => left / right),
  '%': arithmetic((left, right) => left % right),
  '**': arithmetic((left, right) => left ** right),
  '<': arithmetic((left, right) => left < right),
  '>': arithmetic((left, right) => left > right),
  '<=': arithmetic((left, right) => left <= right),
  '>=': arithmetic((left, right) => left >= right),
  '===': (left, right) => left === right,
  '!==': (left, right) => left !== right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

export function binary(operator: string, left: Value, right: Value, scope: Scope): Value {
  if (operator === '+') return add(left, right, scope);
  if (operator === 'instanceof') return isInstance(left, right);
  const fold = Object.hasOwn(FOLDS, operator) ? FOLDS[operator] : undefined;
  if (fold === undefined || left.kind !== 'constant' || right.kind !== 'constant') return UNKNOWN;
  const folded = fold(left.value, right.value);
  return folded === undefined ? UNKNOWN : constant(folded);
}

function add(left: Value, right: Value, scope: Scope): Value {
  const isText = [left, right].some((side) => side.kind === 'constant' && typeof side.value === 'string');
  if (left.kind !== 'constant' || right.kind !== 'constant') {
    return isText ? { kind: 'unknown', type: STRING(scope) } : UNKNOWN;
  }
  if (isNumbers(left.value, right.value)) return constant(Number(left.value) + Number(right.value));
  const text = `${String(left.value)}${String(right.value)}`;
  return isText && text.length <= 100_000 ? constant(text) : UNKNOWN;
}

/** Known for instances of the sources' own classes. */
function isInstance(left: Value, right: Value): Value {
  if (left.kind !== 'object' || left.class === undefined) return UNKNOWN;
  let at: Value | undefined = left.class;
  for (let depth = 0; at?.kind === 'class' && depth < 50; depth += 1) {
    if (right.kind === 'class' && right.node === at.node) return constant(true);
    at = at.parent;
  }
  if (at === undefined || right.kind === 'class') return constant(false);
  const isSame =
    at.kind === 'external' &&
    right.kind === 'external' &&
    [at.package, ...at.path].join() === [right.package, ...right.path].join();
  return constant(isSame);
}

const UNARY: Readonly<Record<string, (value: Value) => Value>> = {
  '!': (value) => {
    const truth = isTrue(value);
    return truth === undefined ? UNKNOWN : constant(!truth);
  },
  '-': (value) =>
    value.kind === 'constant' && typeof value.value === 'number' ? constant(-value.value) : UNKNOWN,
  '+': (value) =>
    value.kind === 'constant' && typeof value.value !== 'bigint' ? constant(Number(value.value)) : UNKNOWN,
  void: () => constant(undefined),
};

export function unary(operator: string, value: Value, scope: Scope): Value {
  if (operator === 'typeof') return { kind: 'unknown', type: STRING(scope) };
  return (Object.hasOwn(UNARY, operator) ? UNARY[operator]?.(value) : undefined) ?? UNKNOWN;
}
