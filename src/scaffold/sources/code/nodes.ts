/** The members of a union of nodes that may have a type; some nodes stand for several types. */
export type NodeOf<Union, Type> = Union extends { readonly type: infer Types }
  ? Type extends Types
    ? Union
    : never
  : never;
