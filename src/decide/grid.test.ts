import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readText } from '../../test/support/repository.ts';
import { countWords, DIGEST_WORDS, digestOf } from './digest.ts';
import { decide, FIT_FLOOR, type Recommendation } from './engine.ts';
import type { Facts } from './facts.ts';
import { trippedKills } from './kills.ts';
import { loadProfiles } from './load-profiles.ts';
import { languagesOf } from './profile.ts';
import { DATA_TIERS, LANGUAGES, PATTERNS, SYNC_DEFAULTS, TENANCIES } from './vocabulary.ts';

const { profiles: loaded } = await loadProfiles({ folder: 'no such folder', files: [] });
const PROFILES = loaded.map(({ profile }) => profile);
const REVERSED = PROFILES.toReversed();

/** At each edge of every rule, on both sides. */
const TEAMS = [1, 3, 4, 8, 15, 16, 20, 21, 25, 29, 30, 40];
const RATES = [1, 50, 999, 1000, 5001];
const BOOLEANS = [true, false];

function* grid(): Generator<Facts> {
  for (const team_size of TEAMS)
    for (const qps_p99 of RATES)
      for (const tenancy of TENANCIES)
        for (const data_sensitivity of DATA_TIERS)
          for (const pattern of PATTERNS)
            for (const language_preference of LANGUAGES)
              for (const platform_team of BOOLEANS)
                for (const needs_admin_panel of BOOLEANS)
                  yield {
                    team_size,
                    qps_p99,
                    read_write_ratio: 20,
                    tenancy,
                    data_sensitivity,
                    pattern,
                    language_preference,
                    platform_team,
                    needs_admin_panel,
                    compliance_owner: 'Ada',
                  };
}

/** A recommendation without targets, anti-patterns or approvers is not one. */
function isComplete({ criteria, approvers, best, stacks }: Recommendation): boolean {
  const { p50_ms, p95_ms, p99_ms, uptime, rpo_minutes, rto_minutes } = criteria;
  const targets = [p50_ms, p95_ms, p99_ms, uptime, rpo_minutes, rto_minutes];
  return (
    targets.every(({ value }) => Number.isFinite(value)) &&
    Object.values(approvers).every((roles) => roles.length > 0) &&
    Object.keys(approvers).length >= 3 &&
    best.judgements.length > 0 &&
    best.profile.anti_recommendations.length > 0 &&
    Object.keys(stacks).length > 0
  );
}

/** What must hold of every decision; the names of what does not. */
function broken(facts: Facts): string[] {
  const decision = decide(facts, PROFILES);
  const reversed = decide(facts, REVERSED);
  const kills = trippedKills(facts);
  const best = decision.status === 'recommended' ? decision.recommendation.best : undefined;
  const reversedBest = reversed.status === 'recommended' ? reversed.recommendation.best : undefined;
  const language = facts.language_preference;
  const laws: readonly (readonly [string, boolean])[] = [
    ['refused exactly under a kill criterion', (decision.status === 'refused') === kills.length > 0],
    [
      'the order of profiles is irrelevant',
      decision.status === reversed.status && best?.profile === reversedBest?.profile,
    ],
    [
      'of the stated language',
      best === undefined || language === undefined || languagesOf(best.profile).includes(language),
    ],
    ['complete', decision.status !== 'recommended' || isComplete(decision.recommendation)],
    ['fits', best === undefined || best.score >= FIT_FLOOR],
    ['digest of at most 200 words', countWords(digestOf(decision)) <= DIGEST_WORDS],
    ['a reason when none fits', decision.status !== 'no-fit' || decision.reason !== ''],
  ];
  return laws.filter(([, holds]) => !holds).map(([law]) => `${law}: ${JSON.stringify(facts)}`);
}

describe('every decision', () => {
  test('the whole grid of 176,400 combinations keeps every law, in seconds', () => {
    const started = performance.now();
    const statuses = { recommended: 0, refused: 0, 'no-fit': 0 };
    let combinations = 0;
    const violations: string[] = [];
    for (const facts of grid()) {
      combinations += 1;
      statuses[decide(facts, PROFILES).status] += 1;
      const found = broken(facts);
      if (found.length > 0 && violations.length < 5) violations.push(...found);
    }
    expect(violations).toEqual([]);
    expect(combinations).toBe(176_400);
    const quoted = Object.values(statuses).map((count) => count.toLocaleString('en-US'));
    for (const count of quoted) expect(readText('docs/decide.md')).toContain(count);
    expect(statuses).toMatchInlineSnapshot(`
      {
        "no-fit": 89696,
        "recommended": 37732,
        "refused": 48972,
      }
    `);
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  const facts = fc.record(
    {
      team_size: fc.integer({ min: 1, max: 500 }),
      qps_p99: fc.double({ min: 0, max: 1e6, noNaN: true }),
      read_write_ratio: fc.double({ min: 0, max: 1e4, noNaN: true }),
      tenancy: fc.constantFrom(...TENANCIES),
      data_sensitivity: fc.constantFrom(...DATA_TIERS),
      pattern: fc.constantFrom(...PATTERNS),
      language_preference: fc.constantFrom(...LANGUAGES),
      platform_team: fc.boolean(),
      needs_admin_panel: fc.boolean(),
      sync_default: fc.constantFrom(...SYNC_DEFAULTS),
      rpo_minutes: fc.double({ min: 0, max: 1e5, noNaN: true }),
      rto_minutes: fc.double({ min: 0, max: 1e5, noNaN: true }),
      slo_uptime: fc.double({ min: 0.5, max: 0.9999999, noNaN: true }),
      slo_latency_p50_ms: fc.double({ min: 1, max: 1000, noNaN: true }),
      slo_latency_p99_ms: fc.double({ min: 1000, max: 1e5, noNaN: true }),
      error_budget_owner: fc.lorem({ maxCount: 80 }),
      compliance_owner: fc.lorem({ maxCount: 80 }),
    },
    {
      requiredKeys: [
        'team_size',
        'qps_p99',
        'read_write_ratio',
        'tenancy',
        'data_sensitivity',
        'pattern',
        'platform_team',
        'needs_admin_panel',
      ],
    },
  );

  test('facts that no grid has, with owners of eighty words, keep the same laws', () => {
    fc.assert(
      fc.property(facts, (some) => {
        expect(broken(some)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  test('percentile targets never cross', () => {
    fc.assert(
      fc.property(facts, (some) => {
        const decision = decide(some, PROFILES);
        if (decision.status !== 'recommended') return;
        const { p50_ms, p95_ms, p99_ms } = decision.recommendation.criteria;
        expect(p50_ms.value).toBeLessThanOrEqual(p95_ms.value);
        expect(p95_ms.value).toBeLessThanOrEqual(p99_ms.value);
      }),
      { numRuns: 2000 },
    );
  });
});
