import type { Scope } from '../scope.ts';
import { type Constant, choice, constant, UNKNOWN, type Value } from '../value.ts';
import { STRING } from './evaluate.ts';
import { isPlatformInstance } from './platform-errors.ts';

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
  if (operator === '+')
    return joined([left, right], ([first = UNKNOWN, second = UNKNOWN]) => add(first, second, scope));
  if (operator === 'instanceof') return isInstance(left, right);
  if (operator === 'in') return isIn(left, right);
  const fold = Object.hasOwn(FOLDS, operator) ? FOLDS[operator] : undefined;
  if (fold === undefined || left.kind !== 'constant' || right.kind !== 'constant') return UNKNOWN;
  const folded = fold(left.value, right.value);
  return folded === undefined ? UNKNOWN : constant(folded);
}

/** Puts together what may be one of several: each with each, as long as they are few. */
export function joined(parts: readonly Value[], join: (parts: readonly Value[]) => Value): Value {
  const options = parts.map((part) => (part.kind === 'choice' ? part.options : [part]));
  const count = options.reduce((product, { length }) => product * length, 1);
  if (count === 1 || count > MAX_JOINED) return join(parts);
  const ways = options.reduce<readonly (readonly Value[])[]>(
    (before, next) => before.flatMap((way) => next.map((option) => [...way, option])),
    [[]],
  );
  return choice(ways.map(join));
}

const MAX_JOINED = 12;

function add(left: Value, right: Value, scope: Scope): Value {
  const isText = [left, right].some((side) => side.kind === 'constant' && typeof side.value === 'string');
  if (left.kind !== 'constant' || right.kind !== 'constant') {
    return isText ? { kind: 'unknown', type: STRING(scope) } : UNKNOWN;
  }
  if (isNumbers(left.value, right.value)) return constant(Number(left.value) + Number(right.value));
  const text = `${String(left.value)}${String(right.value)}`;
  return isText && text.length <= 100_000 ? constant(text) : UNKNOWN;
}

/** `'name' in object`, where all of the object is known. */
function isIn(name: Value, object: Value): Value {
  if (object.kind !== 'object' || name.kind !== 'constant') return UNKNOWN;
  if (object.properties.has(String(name.value))) return constant(true);
  return object.open || object.class !== undefined ? UNKNOWN : constant(false);
}

/** Known for instances of the sources' own classes. */
function isInstance(left: Value, right: Value): Value {
  const isPlatform = isPlatformInstance(left, right);
  if (isPlatform !== undefined) return constant(isPlatform);
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

/** What `typeof` gives; undefined when that depends. */
function typeNameOf(value: Value): string | undefined {
  if (value.kind === 'choice') {
    const [first, ...others] = value.options.map(typeNameOf);
    return others.every((other) => other === first) ? first : undefined;
  }
  if (value.kind === 'constant') return value.value === null ? 'object' : typeof value.value;
  if (value.kind === 'function' || value.kind === 'class') return 'function';
  return value.kind === 'object' || value.kind === 'list' || value.kind === 'pattern' ? 'object' : undefined;
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
  if (operator === 'typeof') {
    const name = typeNameOf(value);
    return name === undefined ? { kind: 'unknown', type: STRING(scope) } : constant(name);
  }
  return (Object.hasOwn(UNARY, operator) ? UNARY[operator]?.(value) : undefined) ?? UNKNOWN;
}
