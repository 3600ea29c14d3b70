import type { Facts } from './facts.ts';
import type { Profile } from './profile.ts';
import { SERVES, TIER_RANK } from './vocabulary.ts';

/** One comparison of what a service asks with what a profile offers. */
export interface Judgement {
  readonly constraint: string;
  readonly met: boolean;
  readonly weight: number;
  readonly asked: string;
  readonly offers: string;
  readonly source: string;
}

/** What a rule found; undefined when the profile or the facts say nothing about it, which is then not scored. */
type Finding = Pick<Judgement, 'met' | 'asked' | 'offers'> | undefined;

interface ConstraintRule {
  readonly constraint: string;
  /** How much it counts. The first eight weights are those of the tool that came before; docs/decide.md. */
  readonly weight: number;
  readonly source: string;
  readonly judge: (facts: Facts, profile: Profile) => Finding;
}

const TOPOLOGIES = 'Skelton and Pais, Team Topologies, 2019';
const SLO = 'Beyer and others, The Site Reliability Workbook, 2018, chapter 2';
const RECOVERY = 'AWS, Disaster Recovery of Workloads on AWS';

const percent = (share: number): string => `${Number((share * 100).toFixed(4))} %`;

/** A rule for a ceiling that a profile promises: it is violated when the service needs better. */
function promise(
  asked: number | undefined,
  promised: number,
  unit: (value: number) => string,
  isBetter: (promised: number, asked: number) => boolean,
): Finding {
  if (asked === undefined) return undefined;
  return { met: isBetter(promised, asked), asked: unit(asked), offers: unit(promised) };
}

const atMost = (promised: number, asked: number): boolean => promised <= asked;
const atLeast = (promised: number, asked: number): boolean => promised >= asked;
const inMinutes = (value: number): string => `${value} min`;
const inMilliseconds = (value: number): string => `${value} ms`;

/**
 * Every constraint that is scored.
 * @public docs/decide.md is held to it.
 */
export const CONSTRAINT_RULES: readonly ConstraintRule[] = [
  {
    constraint: 'team_size_min',
    weight: 2,
    source: TOPOLOGIES,
    judge: ({ team_size }, { constraints: { team_size_min } }) => ({
      met: team_size >= team_size_min,
      asked: `${team_size}`,
      offers: `${team_size_min} or more`,
    }),
  },
  {
    constraint: 'team_size_max',
    weight: 2,
    source: TOPOLOGIES,
    judge: ({ team_size }, { constraints: { team_size_max } }) =>
      team_size_max === undefined
        ? undefined
        : { met: team_size <= team_size_max, asked: `${team_size}`, offers: `${team_size_max} or fewer` },
  },
  {
    constraint: 'tenancy',
    weight: 1.5,
    source: 'AWS, SaaS Tenant Isolation Strategies',
    judge: ({ tenancy }, { constraints }) => ({
      met: constraints.tenancy.includes(tenancy),
      asked: tenancy,
      offers: constraints.tenancy.join(' or '),
    }),
  },
  {
    constraint: 'data_sensitivity_tier_max',
    weight: 1,
    source: 'GDPR articles 5, 25 and 32; 45 CFR 164; PCI DSS 4.0',
    judge: ({ data_sensitivity }, { constraints: { data_sensitivity_tier_max: highest } }) => ({
      met: TIER_RANK[data_sensitivity] <= TIER_RANK[highest],
      asked: data_sensitivity,
      offers: `up to ${highest}`,
    }),
  },
  {
    constraint: 'pattern',
    weight: 2,
    source: 'Fowler, MonolithFirst, 2015',
    judge: ({ pattern }, { constraints }) => ({
      met: SERVES[pattern].some((serving) => constraints.pattern.includes(serving)),
      asked: pattern,
      offers: constraints.pattern.join(' or '),
    }),
  },
  {
    constraint: 'qps_p99_min',
    weight: 1.5,
    source: 'Kleppmann, Designing Data-Intensive Applications, 2017, chapter 1',
    judge: ({ qps_p99 }, { constraints: { qps_p99_min } }) =>
      qps_p99_min === undefined
        ? undefined
        : { met: qps_p99 >= qps_p99_min, asked: `${qps_p99} QPS`, offers: `${qps_p99_min} QPS or more` },
  },
  {
    constraint: 'platform_team_exists',
    weight: 1.5,
    source: TOPOLOGIES,
    judge: ({ platform_team }, { constraints: { platform_team_exists: wanted } }) =>
      wanted === undefined
        ? undefined
        : { met: platform_team === wanted, asked: `${platform_team}`, offers: `${wanted}` },
  },
  {
    constraint: 'admin_panel_needed',
    weight: 1,
    source: 'Django documentation, The Django admin site',
    judge: ({ needs_admin_panel }, { constraints: { admin_panel_needed: wanted } }) =>
      wanted === undefined
        ? undefined
        : { met: needs_admin_panel === wanted, asked: `${needs_admin_panel}`, offers: `${wanted}` },
  },
  {
    constraint: 'slo_uptime',
    weight: 1.5,
    source: SLO,
    judge: ({ slo_uptime }, { success_thresholds: { uptime } }) =>
      promise(slo_uptime, uptime, percent, atLeast),
  },
  {
    constraint: 'slo_latency_p50_ms',
    weight: 0.5,
    source: SLO,
    judge: ({ slo_latency_p50_ms }, { success_thresholds: { p50_ms } }) =>
      promise(slo_latency_p50_ms, p50_ms, inMilliseconds, atMost),
  },
  {
    constraint: 'slo_latency_p99_ms',
    weight: 1,
    source: SLO,
    judge: ({ slo_latency_p99_ms }, { success_thresholds: { p99_ms } }) =>
      promise(slo_latency_p99_ms, p99_ms, inMilliseconds, atMost),
  },
  {
    constraint: 'rpo_minutes',
    weight: 1,
    source: RECOVERY,
    judge: ({ rpo_minutes }, { success_thresholds: { rpo_minutes_max } }) =>
      promise(rpo_minutes, rpo_minutes_max, inMinutes, atMost),
  },
  {
    constraint: 'rto_minutes',
    weight: 1,
    source: RECOVERY,
    judge: ({ rto_minutes }, { success_thresholds: { rto_minutes_max } }) =>
      promise(rto_minutes, rto_minutes_max, inMinutes, atMost),
  },
];

/** All constraints that the profile and the facts both speak of, in the order of the table. */
export function judgeProfile(facts: Facts, profile: Profile): Judgement[] {
  const judgements: Judgement[] = [];
  for (const { constraint, weight, source, judge } of CONSTRAINT_RULES) {
    const finding = judge(facts, profile);
    if (finding !== undefined) judgements.push({ constraint, weight, source, ...finding });
  }
  return judgements;
}
