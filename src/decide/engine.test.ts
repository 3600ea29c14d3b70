import { describe, expect, test } from 'vitest';
import { type Decision, decide, type Recommendation } from './engine.ts';
import type { Facts, PartialFacts } from './facts.ts';
import { loadProfiles } from './load-profiles.ts';

const { profiles: loaded } = await loadProfiles({ folder: 'no such folder', files: [] });
const PROFILES = loaded.map(({ profile }) => profile);

/** The documented example. */
const EXAMPLE: Facts = {
  team_size: 8,
  qps_p99: 50,
  read_write_ratio: 20,
  tenancy: 'shared-multi-tenant',
  data_sensitivity: 'pii',
  pattern: 'modular-monolith',
  language_preference: 'typescript',
  platform_team: false,
  needs_admin_panel: false,
};

/** A service that the go-or-rust profile is made for. */
const EXTRACTED: Facts = {
  ...EXAMPLE,
  team_size: 40,
  qps_p99: 2000,
  pattern: 'domain-bounded-services',
  language_preference: 'rust',
  platform_team: true,
};

function withoutLanguage({ language_preference: _language, ...facts }: Facts): Facts {
  return facts;
}

function recommended(decision: Decision): Recommendation {
  if (decision.status !== 'recommended') throw new Error(`expected a recommendation, got ${decision.status}`);
  return decision.recommendation;
}

const bestName = (facts: Facts): string => recommended(decide(facts, PROFILES)).best.profile.profile_name;
const killIds = (facts: Facts): string[] => {
  const decision = decide(facts, PROFILES);
  return decision.status === 'refused' ? decision.kills.map(({ id }) => id) : [];
};

describe('the best profile', () => {
  test('the documented example gives node-express, alone at the top', () => {
    const { best, tied, runnerUp } = recommended(decide(EXAMPLE, PROFILES));
    expect(best).toMatchObject({ profile: { profile_name: 'node-express' }, score: 1, weightMet: 8.5 });
    expect({ tied, runnerUp }).toEqual({ tied: [], runnerUp: undefined });
  });

  const cases: readonly (readonly [string, PartialFacts, string])[] = [
    ['a Python team without an admin panel', { language_preference: 'python' }, 'fastapi-python'],
    [
      'a Python team with one: the tie goes to the profile that meets more',
      { language_preference: 'python', needs_admin_panel: true },
      'django-monolith',
    ],
    [
      'a TypeScript team with an admin panel stays with TypeScript',
      { needs_admin_panel: true },
      'node-express',
    ],
    ['a TypeScript team of 18 stays with TypeScript', { team_size: 18 }, 'node-express'],
    ['a plain monolith is served by a modular one', { pattern: 'monolith' }, 'node-express'],
  ];
  test.each(cases)('%s', (_name, changes, expected) => {
    expect(bestName({ ...EXAMPLE, ...changes })).toBe(expected);
  });

  test('a Rust team is given the Rust stack and not the Go one', () => {
    const { best, stacks } = recommended(decide(EXTRACTED, PROFILES));
    expect(best.profile.profile_name).toBe('go-or-rust-microservice');
    expect(Object.keys(stacks)).toEqual(['rust']);
  });

  test('a tie without a stated language is said, and broken by the stated rule', () => {
    const { best, tied, runnerUp } = recommended(decide(withoutLanguage(EXAMPLE), PROFILES));
    expect(best.profile.profile_name).toBe('fastapi-python');
    expect(tied.map(({ profile }) => profile.profile_name)).toEqual(['node-express']);
    expect(runnerUp?.profile.profile_name).toBe('node-express');
  });

  test('a runner-up further than 15 % behind is not one', () => {
    const { runnerUp } = recommended(
      decide({ ...EXAMPLE, language_preference: 'python', team_size: 1 }, PROFILES),
    );
    expect(runnerUp).toBeUndefined();
  });
});

describe('what changes the outcome', () => {
  const measures = (changes: PartialFacts): string[] =>
    recommended(decide({ ...EXAMPLE, ...changes }, PROFILES)).measures.map(({ id }) => id);

  test('100 reads a write below 1000 QPS ask for replicas and for no cache', () => {
    expect(measures({ read_write_ratio: 100 })).toContain('read-replicas');
    expect(measures({ read_write_ratio: 100 })).not.toContain('measured-cache');
    expect(measures({ read_write_ratio: 99 })).not.toContain('read-replicas');
  });

  test('1 read a write at 5000 QPS asks for partitions from the first day, 3 reads do not', () => {
    expect(measures({ read_write_ratio: 1, qps_p99: 5000 })).toContain('partition-from-day-one');
    expect(measures({ read_write_ratio: 3, qps_p99: 5000 })).not.toContain('partition-from-day-one');
  });

  test('recovery targets ask for archiving and a standby', () => {
    expect(measures({ rpo_minutes: 0, rto_minutes: 15 })).toEqual(
      expect.arrayContaining(['synchronous-replica', 'continuous-archiving', 'hot-standby']),
    );
    expect(measures({ rpo_minutes: 1440, rto_minutes: 1440 })).not.toContain('continuous-archiving');
  });

  test('a profile whose floor cannot meet the stated targets is violated, and the stated targets stand', () => {
    const stated = { slo_uptime: 0.999, slo_latency_p99_ms: 50, rpo_minutes: 5, rto_minutes: 240 };
    const { best, criteria } = recommended(decide({ ...EXAMPLE, ...stated }, PROFILES));
    const violated = best.judgements.filter(({ met }) => !met).map(({ constraint }) => constraint);
    expect(violated).toEqual(['slo_uptime', 'slo_latency_p99_ms', 'rpo_minutes']);
    expect(criteria).toMatchObject({
      p50_ms: { value: 50 },
      p95_ms: { value: 50 },
      p99_ms: { value: 50, from: 'stated' },
      uptime: { value: 0.999, from: 'stated' },
      rpo_minutes: { value: 5, from: 'stated' },
    });
  });

  test('an SLO decides between profiles of one language', () => {
    const python: Facts = { ...EXAMPLE, language_preference: 'python', needs_admin_panel: true };
    expect(bestName(python)).toBe('django-monolith');
    expect(bestName({ ...python, slo_uptime: 0.995, slo_latency_p99_ms: 500 })).toBe('fastapi-python');
  });

  test('the people who were named are among the approvers', () => {
    const { approvers } = recommended(
      decide({ ...EXAMPLE, compliance_owner: 'Ada', error_budget_owner: 'payments' }, PROFILES),
    );
    expect(approvers).toMatchObject({ data_handling: ['Ada'], service_level_change: ['payments'] });
  });
});

describe('refusals', () => {
  const micro: PartialFacts = { pattern: 'microservices', team_size: 40, platform_team: true };
  const phi: PartialFacts = { data_sensitivity: 'phi', compliance_owner: 'Ada' };
  const cases: readonly (readonly [string, PartialFacts])[] = [
    ['microservices-below-30-people', { ...micro, team_size: 29 }],
    ['microservices-without-platform-team', { ...micro, platform_team: false }],
    ['microservices-without-domain-owners', { ...micro, domain_owners: false }],
    ['microservices-without-independent-deploys', { ...micro, independent_deploys: false }],
    ['restricted-data-below-4-people', { ...phi, team_size: 3 }],
    ['restricted-data-below-4-people', { ...phi, data_sensitivity: 'pci', team_size: 3 }],
    ['restricted-data-below-4-people', { ...phi, data_sensitivity: 'regulated', team_size: 3 }],
    ['restricted-data-without-owner', { data_sensitivity: 'phi' }],
    ['restricted-data-without-owner', { data_sensitivity: 'pci', compliance_owner: 'none' }],
    ['restricted-data-without-owner', { data_sensitivity: 'regulated', compliance_owner: 'TBD' }],
    ['restricted-data-unencrypted', { ...phi, encryption_at_rest: false }],
    ['modular-monolith-above-5000-qps', { qps_p99: 5001 }],
    ['idle-service-above-5-people', { qps_p99: 0.9 }],
    ['event-driven-below-20-people', { sync_default: 'event-driven', team_size: 19 }],
    ['single-tenant-without-enterprise-pricing', { tenancy: 'single-tenant', enterprise_pricing: false }],
    ['slo-without-consumer', { error_budget_owner: 'nobody' }],
  ];
  test.each(cases)('%s refuses', (id, changes) => {
    expect(killIds({ ...EXAMPLE, ...changes })).toEqual([id]);
  });

  const spared: readonly (readonly [string, PartialFacts])[] = [
    ['5000 QPS on a modular monolith', { qps_p99: 5000 }],
    ['events with a team of 20', { sync_default: 'event-driven', team_size: 20 }],
    ['regulated data with an owner and a team of 4', { ...phi, data_sensitivity: 'regulated', team_size: 4 }],
    ['an idle service with 5 people', { qps_p99: 0, team_size: 5 }],
    ['microservices with 30 people and a platform team', { ...micro, team_size: 30 }],
  ];
  test.each(spared)('%s is not refused', (_name, changes) => {
    expect(killIds({ ...EXAMPLE, ...changes })).toEqual([]);
  });

  test('a language that no profile speaks fits none, and says which are spoken', () => {
    const decision = decide({ ...EXAMPLE, language_preference: 'java' }, PROFILES);
    expect(decision).toMatchObject({
      status: 'no-fit',
      reason: 'no profile is written for java; there are profiles for go, python, rust, typescript',
    });
  });

  test('a language whose profile violates more than it meets fits none', () => {
    const decision = decide({ ...EXAMPLE, language_preference: 'go' }, PROFILES);
    expect(decision).toMatchObject({ status: 'no-fit', reason: expect.stringContaining('2.5 of 9.5') });
  });

  test('without profiles there is no recommendation', () => {
    expect(decide(EXAMPLE, [])).toMatchObject({ status: 'no-fit', reason: 'there are no profiles' });
  });
});
