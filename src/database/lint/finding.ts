import type { Destination } from '../destination.ts';
import type { Hazard } from '../hazards.ts';
import type { Fact, FactDelta } from './facts.ts';

/** A hazard of one statement and what it is about. */
export interface Finding {
  readonly hazard: Hazard;
  /** What it is about, as messages call it: `public.users.email`. */
  readonly about: string;
  /** The tables whose size decides how bad it is. */
  readonly tables: readonly string[];
  /** The safe way of this very finding, where it is not that of the hazard. */
  readonly safeWay?: string;
  /** Counts the rows that would make the statement fail. */
  readonly preflight?: string;
  /** It is none when the file makes the same again: a view that is dropped to be created anew. */
  readonly unlessMade?: Fact;
  /** It is none when something to read from has this name at the end of the file: a view of a renamed table. */
  readonly unlessNamed?: string;
}

/** What a rule is given: what changed, and what there was before the file. */
export interface DeltaContext {
  readonly delta: FactDelta;
  /** Whether something was there before the first statement of the file. */
  readonly isOld: (fact: Fact) => boolean;
  /** Whether a table of this name, as the catalog prints it, was there before the file. */
  readonly isOldTable: (name: string | null) => boolean;
  /** The table that a statement means, if it was there before the file; the schema is empty when none is said. */
  readonly oldTable: (schema: string, name: string) => string | undefined;
  /** What is known of the server that the file is for. */
  readonly destination: Destination;
  /** The facts before the statement. */
  readonly before: ReadonlyMap<string, Fact>;
  /** The expression that the statement computes new values with, where it is more than a cast. */
  readonly computes: boolean;
  /** Columns, without quotes, whose new type is computed AT TIME ZONE of a name. */
  readonly zoned: ReadonlySet<string>;
  /** Whether the statement detaches a partition, which gets its bound as a check that holds already. */
  readonly detaches: boolean;
  /** Whether the statement says USING: an explicit cast cuts where an assignment refuses. */
  readonly explicit: boolean;
}

export const textIn = ({ is }: Fact, name: string): string => {
  const value = is[name];
  return typeof value === 'string' ? value : '';
};

export const listIn = ({ is }: Fact, name: string): readonly string[] => {
  const value = is[name];
  return Array.isArray(value) ? value.map(String) : [];
};

/** Whether two constraints hold the same rows to the same, whatever they are called; operators of an exclusion are not known. */
export function isSameRule(left: Fact, right: Fact): boolean {
  const rule = ({ of, is: { index: _index, ...is } }: Fact): string => JSON.stringify([of, is]);
  return left.kind === 'constraint' && left.is['type'] !== 'x' && rule(left) === rule(right);
}

/** `public.users.email` for a column, `public.users` for a table. */
export const fullName = ({ name, of }: Fact): string => (of === null ? name : `${of}.${name}`);
