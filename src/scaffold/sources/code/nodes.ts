import type { ArrowFunctionExpression, Function as FunctionNode, ParamPattern } from 'oxc-parser';

/** The members of a union of nodes that may have a type; some nodes stand for several types. */
export type NodeOf<Union, Type> = Union extends { readonly type: infer Types }
  ? Type extends Types
    ? Union
    : never
  : never;

/** The parameters that arguments are given to: TypeScript's `this` says a type and takes no argument. */
export function formalParameters({
  params,
}: FunctionNode | ArrowFunctionExpression): readonly ParamPattern[] {
  const [first] = params;
  return first?.type === 'Identifier' && first.name === 'this' ? params.slice(1) : params;
}
