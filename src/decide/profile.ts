import type { DataTier, Language, Pattern, Tenancy } from './vocabulary.ts';

/** A way to build a backend, as schemas/profile.schema.json describes it: keys are those of the JSON file. */
export interface Profile {
  readonly profile_name: string;
  readonly version: string;
  readonly description: string;
  readonly constraints: ProfileConstraints;
  /** What to build with, by language; the first option of each part is the first choice. */
  readonly stacks: Readonly<Partial<Record<Language, Stack>>>;
  readonly anti_recommendations: readonly AntiRecommendation[];
  readonly success_thresholds: SuccessThresholds;
  /** Gate to the roles that must all say yes. */
  readonly named_approver_chain: Readonly<Record<string, readonly string[]>>;
  readonly canon_references: readonly string[];
}

/** What the profile asks of a service; a key that is absent asks nothing and is not scored. */
interface ProfileConstraints {
  readonly team_size_min: number;
  readonly team_size_max?: number;
  readonly tenancy: readonly Tenancy[];
  readonly data_sensitivity_tier_max: DataTier;
  readonly pattern: readonly Pattern[];
  readonly qps_p99_min?: number;
  readonly platform_team_exists?: boolean;
  readonly admin_panel_needed?: boolean;
}

export type Stack = Readonly<Record<string, readonly string[]>>;

interface AntiRecommendation {
  readonly avoid: string;
  readonly severity: 'kill' | 'warn';
  readonly because: string;
}

/** What the profile promises; a service that needs more than this is told so. */
interface SuccessThresholds {
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly p99_ms: number;
  readonly uptime: number;
  readonly rpo_minutes_max: number;
  readonly rto_minutes_max: number;
  readonly test_coverage_min: number;
  readonly scan_severity_max: 'low' | 'medium';
  readonly throughput_rps_min?: number;
}

/** The languages of a profile are those it has a stack for. */
export const languagesOf = ({ stacks }: Profile): readonly Language[] => Object.keys(stacks) as Language[];
