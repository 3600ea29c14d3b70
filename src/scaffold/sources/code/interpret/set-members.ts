import type { Value } from '../value.ts';

/** What the sources set on values that are none of theirs: `error.status = 404` on what a package or a failure gave. */
const SET = new WeakMap<Value, Map<string, Value>>();

const NONE: ReadonlyMap<string, Value> = new Map();

/** The members that were set on a value that stays a term, or of which nothing is known. */
export const setMembersOf = (value: Value): ReadonlyMap<string, Value> => SET.get(value) ?? NONE;

export function keepSetMember(value: Value, name: string, member: Value): void {
  const members = SET.get(value) ?? new Map<string, Value>();
  SET.set(value, members.set(name, member));
}

/** Gives a value that stands for another the members that were set on that one. */
export function withSetMembersOf<T extends Value>(from: Value, value: T): T {
  const members = SET.get(from);
  if (members !== undefined) SET.set(value, members);
  return value;
}
