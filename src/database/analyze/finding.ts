import type { Severity } from '../../core/diagnostic.ts';
import type { Catalog } from './facts/catalog.ts';
import type { Retyped } from './mend/retype.ts';

/** What a finding is about, by the name that people know it under: `public.orders.user_id`. */
export interface FindingObject {
  readonly kind:
    | 'table'
    | 'column'
    | 'index'
    | 'constraint'
    | 'sequence'
    | 'type'
    | 'policy'
    | 'routine'
    | 'grant'
    | 'statement'
    | 'session'
    | 'slot'
    | 'setting'
    | 'database';
  readonly name: string;
}

/** One statement of a mend and the strongest lock it takes on a table that is there already. */
export interface FixStep {
  readonly sql: string;
  /** `SHARE UPDATE EXCLUSIVE on public.orders`; undefined when it locks no table. */
  readonly locks?: string;
}

/** The exact statements that mend a finding. */
export interface Fix {
  readonly steps: readonly FixStep[];
  /** Whether they can be one transaction; CONCURRENTLY cannot. */
  readonly transactional: boolean;
  /** What to know before running it, one sentence. */
  readonly caution?: string;
  /** Columns whose type cannot be changed in place because views or policies name them. */
  readonly views?: readonly Retyped[];
}

/** One thing that is wrong, with the figures that show it. */
export interface Finding {
  /** The rule's stable name: docs/analyze.md lists them. */
  readonly code: string;
  readonly severity: Severity;
  readonly object: FindingObject;
  readonly message: string;
  /** Figures, in the order in which they are shown. */
  readonly evidence: Readonly<Record<string, string | number>>;
  readonly fix: Fix;
}

/** What a rule's search hands back; the rule adds its code and, unless it is said here, its severity. */
export interface Found {
  readonly severity?: Severity;
  readonly object: FindingObject;
  readonly message: string;
  readonly evidence?: Readonly<Record<string, string | number>>;
  readonly fix: Fix;
}

interface RuleHead {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  /** Why it matters, one or two sentences. */
  readonly why: string;
}

/** A finding that the catalog alone shows. Pure: it asks nothing of the database. */
export interface SchemaRule extends RuleHead {
  readonly find: (catalog: Catalog) => readonly Found[];
}

/** One transaction-safe statement as a mend. */
export function fixWith(sql: string, locks?: string, caution?: string): Fix {
  return {
    steps: [locks === undefined ? { sql } : { sql, locks }],
    transactional: !/\bCONCURRENTLY\b/.test(sql),
    ...(caution === undefined ? {} : { caution }),
  };
}
