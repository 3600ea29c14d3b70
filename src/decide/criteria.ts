import type { Facts } from './facts.ts';
import type { Profile } from './profile.ts';

/** A figure to verify, and whose it is: the service's own target, or what the profile promises. */
export interface Target {
  readonly value: number;
  readonly from: 'stated' | 'profile';
}

/** What has to be measured before anyone calls the service good. */
export interface SuccessCriteria {
  readonly p50_ms: Target;
  readonly p95_ms: Target;
  readonly p99_ms: Target;
  readonly uptime: Target;
  readonly rpo_minutes: Target;
  readonly rto_minutes: Target;
  readonly test_coverage_min: number;
  readonly scan_severity_max: 'low' | 'medium';
  readonly throughput_rps_min: number | null;
  readonly error_budget_owner: string | null;
}

/** A stated target always stands, be it stricter or looser than the profile's. */
const target = (stated: number | undefined, promised: number): Target =>
  stated === undefined ? { value: promised, from: 'profile' } : { value: stated, from: 'stated' };

/** A percentile that was not stated is never above the next one that was. */
const atMost = (promised: number, ceiling: Target): Target =>
  promised > ceiling.value ? ceiling : { value: promised, from: 'profile' };

/** The figures that make the recommendation verifiable. */
export function criteriaFor(facts: Facts, { success_thresholds: promised }: Profile): SuccessCriteria {
  const p99 = target(facts.slo_latency_p99_ms, promised.p99_ms);
  const p50 =
    facts.slo_latency_p50_ms === undefined
      ? atMost(promised.p50_ms, p99)
      : target(facts.slo_latency_p50_ms, promised.p50_ms);
  const p95 = atMost(promised.p95_ms, p99);
  return {
    p50_ms: p50,
    p95_ms: p95.value < p50.value ? p50 : p95,
    // A stated p50 above the profile's p99 drags it along: percentiles never cross.
    p99_ms: p99.value < p50.value ? p50 : p99,
    uptime: target(facts.slo_uptime, promised.uptime),
    rpo_minutes: target(facts.rpo_minutes, promised.rpo_minutes_max),
    rto_minutes: target(facts.rto_minutes, promised.rto_minutes_max),
    test_coverage_min: promised.test_coverage_min,
    scan_severity_max: promised.scan_severity_max,
    throughput_rps_min: promised.throughput_rps_min ?? null,
    error_budget_owner: facts.error_budget_owner ?? null,
  };
}
