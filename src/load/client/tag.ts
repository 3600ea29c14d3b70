// What a session has to know of a request beside its bytes, in one number: it is handed on with every
// request, and must cost nothing.

/** The answer has no body, as the request's method is HEAD. */
const HEAD = 1;
/** The answer is kept whole, for who wants to read it. */
const KEPT = 2;
const OPERATION = 2;

/** `operation`: its place among the operations of the run; 0 where there are none. */
export const tagOf = (operation: number, isHead: boolean): number =>
  (operation << OPERATION) | (isHead ? HEAD : 0);

export const withKept = (tag: number): number => tag | KEPT;
export const isHead = (tag: number): boolean => (tag & HEAD) !== 0;
export const isKept = (tag: number): boolean => (tag & KEPT) !== 0;
export const operationOf = (tag: number): number => tag >> OPERATION;
