import type { ArrowFunctionExpression, Class, Function as FunctionNode, TSType } from 'oxc-parser';
import type { Module } from './project.ts';
import type { Scope } from './scope.ts';
import type { Origin } from './source-file.ts';

/**
 * What an expression stands for, as far as it can be told without running anything. Names are followed through
 * variables, calls and files, so that a reader of schemas sees `z.object({...})` wherever it was written: what
 * comes from a package stays a term (`external`, `member`, `call`) to be read by who knows the package.
 */
export type Value =
  | ConstantValue
  | PatternValue
  | ListValue
  | ObjectValue
  | FunctionValue
  | ClassValue
  | ModuleValue
  | ExternalValue
  | MemberValue
  | CallValue
  | InputValue
  | ChoiceValue
  | HostValue
  | UnknownValue;

export type Constant = string | number | boolean | bigint | null | undefined;

export interface ConstantValue {
  readonly kind: 'constant';
  readonly value: Constant;
}

/** A regular expression. */
export interface PatternValue {
  readonly kind: 'pattern';
  readonly source: string;
  readonly flags: string;
}

/** An array; `open` when it has items besides that are not known. */
export interface ListValue {
  readonly kind: 'list';
  readonly items: Value[];
  open: boolean;
}

/** An object; `open` when it has properties besides that are not known. */
export interface ObjectValue {
  readonly kind: 'object';
  readonly properties: Map<string, Value>;
  open: boolean;
  /** Parts of the request whose members it has besides: `{ ...req.body }`. */
  readonly spread?: readonly InputValue[];
  /** What it is an instance of. */
  readonly class?: ClassValue;
  readonly origin?: Origin;
}

/** A function of the sources, with the scope that it closes over. */
export interface FunctionValue {
  readonly kind: 'function';
  readonly node: FunctionNode | ArrowFunctionExpression;
  readonly scope: Scope;
  readonly origin: Origin;
  /** What `this` is, for methods and bound functions. */
  readonly self?: Value;
  /** Arguments that `bind` put in front. */
  readonly bound?: readonly Value[];
  /** Whether it is a getter, which is called where it is read. */
  readonly getter?: true;
  /** Properties set on it. */
  readonly properties: Map<string, Value>;
}

export interface ClassValue {
  readonly kind: 'class';
  readonly node: Class;
  readonly scope: Scope;
  readonly origin: Origin;
  readonly parent?: Value;
  readonly statics: Map<string, Value>;
}

/** A file of the folder, with what it exports. */
export interface ModuleValue {
  readonly kind: 'module';
  readonly module: Module;
}

/** Something of a package or of the platform (package `''`): `import { z } from 'zod'` is `zod` with path `['z']`. */
export interface ExternalValue {
  readonly kind: 'external';
  readonly package: string;
  readonly path: readonly string[];
}

/** A property of something that a call gave: `z.string().min` */
export interface MemberValue {
  readonly kind: 'member';
  readonly of: Value;
  readonly name: string;
}

/** A call, or `new`, of what is not in the sources. */
export interface CallValue {
  readonly kind: 'call';
  readonly callee: Value;
  readonly args: readonly Value[];
  readonly construct: boolean;
  readonly origin: Origin;
}

export type InputPart = 'body' | 'query' | 'path' | 'headers' | 'cookies' | 'request';

/** A part of the request that a handler answers: `req.body.name` is `body` with path `['name']`. */
export interface InputValue {
  readonly kind: 'input';
  readonly part: InputPart;
  readonly path: readonly string[];
  readonly host: Host;
}

/** One of several, where the sources decide only when they run. */
export interface ChoiceValue {
  readonly kind: 'choice';
  readonly options: readonly Value[];
}

/** Something whose members we act ourselves: an application, a router, a request, an answer. */
export interface HostValue {
  readonly kind: 'host';
  readonly host: Host;
}

/** One of the ways of a condition that only the run decides. */
export interface Branch {
  /** One for each time that the condition was met. */
  readonly condition: object;
  readonly way: number;
}

export interface CallSite {
  readonly origin: Origin;
  readonly scope: Scope;
  readonly construct: boolean;
  /** The branches around it that only the run decides on, while routers are made. */
  readonly branches?: readonly Branch[];
  /** Whether a member is read to be called. */
  readonly called?: boolean;
  /** What a call says of types: `app.get<Params>(...)`. */
  readonly types?: readonly TSType[];
}

export interface Host {
  /** Of what kind it is, such as `express.router`. */
  readonly name: string;
  member?(name: string, site: CallSite): Value | undefined;
  call?(args: readonly Value[], site: CallSite): Value;
  assign?(name: string, value: Value, site: CallSite): void;
}

/** Nothing is known but, perhaps, the type that the source gives it. */
export interface UnknownValue {
  readonly kind: 'unknown';
  readonly type?: TypeReference;
}

/** A type as it is written, and where its names are looked up. */
export interface TypeReference {
  readonly node: TSType;
  readonly scope: Scope;
}

export const UNKNOWN: UnknownValue = { kind: 'unknown' };

export const constant = (value: Constant): ConstantValue => ({ kind: 'constant', value });

export const UNDEFINED = constant(undefined);

export const external = (name: string, ...path: readonly string[]): ExternalValue => ({
  kind: 'external',
  package: name,
  path,
});

/** A function that we act ourselves. */
export const native = (name: string, call: (args: readonly Value[], site: CallSite) => Value): HostValue => ({
  kind: 'host',
  host: { name, call },
});

/** The last name of what is called: `validate` of `schema.validate`; the empty text where it has none. */
export function nameOfCallee({ callee }: Pick<CallValue, 'callee'>): string {
  if (callee.kind === 'member') return callee.name;
  return callee.kind === 'external' ? (callee.path.at(-1) ?? '') : '';
}

/** What a constant string is; undefined for everything else. */
export const textOf = (value: Value | undefined): string | undefined =>
  value?.kind === 'constant' && typeof value.value === 'string' ? value.value : undefined;

/** One value of several; the same value twice is one. */
export function choice(options: readonly Value[]): Value {
  const flat = options.flatMap((option) => (option.kind === 'choice' ? option.options : [option]));
  const different = flat.filter((option, at) => flat.findIndex((other) => isSame(option, other)) === at);
  const [only] = different;
  if (only !== undefined && different.length === 1) return only;
  return different.length > MAX_OPTIONS || different.length === 0
    ? UNKNOWN
    : { kind: 'choice', options: different };
}

const MAX_OPTIONS = 16;

const isSame = (left: Value, right: Value): boolean =>
  left === right ||
  (left.kind === 'constant' && right.kind === 'constant' && Object.is(left.value, right.value)) ||
  (left.kind === 'external' && right.kind === 'external' && nameOfExternal(left) === nameOfExternal(right)) ||
  (left.kind === 'unknown' && right.kind === 'unknown' && left.type === right.type);

const nameOfExternal = ({ package: from, path }: ExternalValue): string => [from, ...path].join(' ');

/** The options of a choice, or the value itself. */
export const optionsOf = (value: Value): readonly Value[] =>
  value.kind === 'choice' ? value.options : [value];

/** What stands for a member whose name only the run tells. */
export const ANY_MEMBER = '*';
