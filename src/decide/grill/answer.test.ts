import { describe, expect, test } from 'vitest';
import type { PartialFacts } from '../facts.ts';
import { trippedKills } from '../kills.ts';
import { hearAnswer } from './answer.ts';
import { QUESTIONS, type Question, recommendedAnswer } from './questions.ts';

const questionNumber = (number: number): Question =>
  QUESTIONS[number - 1] ?? expect.fail(`there is no question ${number}`);

const hear = (number: 1 | 2 | 3 | 4 | 5 | 6 | 7, said: string): PartialFacts =>
  hearAnswer(questionNumber(number), said, {}).facts;

describe('an answer in plain words, as pairs or as JSON', () => {
  const cases: readonly (readonly [1 | 2 | 3 | 4 | 5 | 6 | 7, string, PartialFacts])[] = [
    [1, 'ratio=20 qps=200', { read_write_ratio: 20, qps_p99: 200 }],
    [1, 'about 20:1, say 200 QPS', { read_write_ratio: 20, qps_p99: 200 }],
    [1, '{"read_write_ratio": 0.5, "qps_p99": 3}', { read_write_ratio: 0.5, qps_p99: 3 }],
    [1, '--read-write-ratio=20, --qps-p99=200', { read_write_ratio: 20, qps_p99: 200 }],
    [2, 'shared, with row-level security', { tenancy: 'shared-multi-tenant' }],
    [2, 'isolated', { tenancy: 'isolated-multi-tenant' }],
    [2, 'single tenant, no enterprise pricing', { tenancy: 'single-tenant', enterprise_pricing: false }],
    [2, 'single tenant with enterprise pricing', { tenancy: 'single-tenant', enterprise_pricing: true }],
    [3, 'synchronous; mail goes to a queue', { sync_default: 'sync' }],
    [3, 'async queue', { sync_default: 'queue' }],
    [3, 'event-driven', { sync_default: 'event-driven' }],
    [4, 'pii', { data_sensitivity: 'pii' }],
    [4, 'pii-only', { data_sensitivity: 'pii-only' }],
    [
      4,
      'PHI, owner: Ada Lovelace, encrypted at rest',
      { data_sensitivity: 'phi', compliance_owner: 'Ada Lovelace', encryption_at_rest: true },
    ],
    [
      4,
      'tier=pci owner="Ada Lovelace" encrypted=no',
      { data_sensitivity: 'pci', compliance_owner: 'Ada Lovelace', encryption_at_rest: false },
    ],
    [5, 'team of 8, modular monolith', { team_size: 8, pattern: 'modular-monolith' }],
    [
      5,
      '40 engineers, microservices, a platform team, domain_owners=yes independent_deploys=no',
      {
        team_size: 40,
        pattern: 'microservices',
        platform_team: true,
        domain_owners: true,
        independent_deploys: false,
      },
    ],
    [6, '5/30', { rpo_minutes: 5, rto_minutes: 30 }],
    [6, 'RPO 5 minutes and RTO 30', { rpo_minutes: 5, rto_minutes: 30 }],
    [
      7,
      '99.9 % under 500 ms, owner: payments',
      { slo_uptime: 0.999, slo_latency_p99_ms: 500, error_budget_owner: 'payments' },
    ],
  ];
  test.each(cases)('question %i hears %j', (number, said, facts) => {
    expect(hear(number, said)).toEqual(facts);
  });
});

describe('what does not answer the question', () => {
  const cases: readonly (readonly [1 | 2 | 3 | 4 | 5 | 6 | 7, string, string])[] = [
    [1, 'qps=200', 'does not say ratio'],
    [1, 'ratio=-1 qps=200', '--read-write-ratio cannot be "-1"'],
    [1, '', 'does not say ratio'],
    [2, 'it depends', 'does not say tenancy'],
    [2, 'single tenant', 'does not say enterprise_pricing'],
    [4, 'phi', 'does not say owner'],
    [5, 'microservices, team of 40', 'does not say platform'],
    [5, 'team of 0, modular monolith', '--team-size cannot be "0"'],
    [6, 'rpo=5', 'does not say rto'],
    [7, '99.9%', 'does not say p99'],
    [7, 'uptime=99.9% p99=100 p50=200 owner=us', 'a p99 of 100 ms is below a p50 of 200 ms'],
  ];
  test.each(cases)('question %i refuses %j', (number, said, why) => {
    expect(() => hear(number, said)).toThrow(why);
  });

  test('where a number is the point, an answer without one is heard as such', () => {
    expect(hearAnswer(questionNumber(1), 'we will need to scale', {}).isVague).toBe(true);
    expect(hearAnswer(questionNumber(7), 'high availability', {}).isVague).toBe(true);
  });
});

describe('the recommended answers', () => {
  const contexts: readonly PartialFacts[] = [
    {},
    { data_sensitivity: 'phi', compliance_owner: 'Ada' },
    { tenancy: 'single-tenant', enterprise_pricing: true },
    { qps_p99: 0.5 },
    { qps_p99: 9000 },
    { sync_default: 'event-driven' },
  ];
  test.each(QUESTIONS)('question $number: each can be given as it is and trips nothing', (question) => {
    for (const known of contexts) {
      const { answer } = recommendedAnswer(question, known);
      const { facts } = hearAnswer(question, answer, known);
      expect(trippedKills({ ...known, ...facts }), answer).toEqual([]);
    }
    expect(question.advice.at(-1)?.when).toBeUndefined();
  });
});
