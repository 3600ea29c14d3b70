import type { Severity } from '../../core/diagnostic.ts';
import { LIVE_RULES } from './live-rules.ts';
import { SCHEMA_RULES } from './schema-rules.ts';

/** What is said of a finding wherever it is found. */
export interface RuleHead {
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  /** Whether it takes a running database or the statements it runs. */
  readonly live: boolean;
}

/** Every finding there is, in the order of the report. */
export const FINDINGS: readonly RuleHead[] = [
  ...SCHEMA_RULES.map((rule) => headOf(rule, false)),
  ...LIVE_RULES.map((rule) => headOf(rule, true)),
];

function headOf({ code, severity, title, why }: Omit<RuleHead, 'live'>, live: boolean): RuleHead {
  return { code, severity, title, why, live };
}
