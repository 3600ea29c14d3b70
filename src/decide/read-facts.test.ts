import { describe, expect, test } from 'vitest';
import { UserError } from '../core/errors.ts';
import { type RawFacts, readFacts } from './read-facts.ts';

const GOOD: RawFacts = {
  team_size: '8',
  qps_p99: '50',
  read_write_ratio: '20',
  tenancy: 'shared-multi-tenant',
  data_sensitivity: 'pii',
  pattern: 'modular-monolith',
};

function failure(raw: RawFacts): UserError {
  try {
    readFacts(raw);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('expected an error');
}

test('text and JSON values read alike, and what is not stated has its default', () => {
  const read = readFacts(GOOD);
  expect(read).toEqual({
    team_size: 8,
    qps_p99: 50,
    read_write_ratio: 20,
    tenancy: 'shared-multi-tenant',
    data_sensitivity: 'pii',
    pattern: 'modular-monolith',
    platform_team: false,
    needs_admin_panel: false,
  });
  expect(readFacts({ ...GOOD, team_size: 8, qps_p99: 50, read_write_ratio: 20 })).toEqual(read);
});

test('all missing inputs are named at once, each with its question', () => {
  const { kind, diagnostics } = failure({});
  expect(kind).toBe('usage');
  expect(
    diagnostics.map(({ code, message, help }) => [code, message, /Question (\d)/.exec(help ?? '')?.[1]]),
  ).toEqual([
    ['DEC001', '--team-size is missing', '5'],
    ['DEC001', '--qps-p99 is missing', '1'],
    ['DEC001', '--read-write-ratio is missing', '1'],
    ['DEC001', '--tenancy is missing', '2'],
    ['DEC001', '--data-sensitivity is missing', '4'],
    ['DEC001', '--pattern is missing', '5'],
  ]);
});

describe('what cannot be', () => {
  const cases: readonly (readonly [keyof RawFacts, unknown])[] = [
    ['team_size', '0'],
    ['team_size', '-3'],
    ['team_size', '2.5'],
    ['team_size', ''],
    ['qps_p99', 'NaN'],
    ['qps_p99', '-1'],
    ['qps_p99', '1e999'],
    ['read_write_ratio', '-0.1'],
    ['read_write_ratio', 'nan'],
    ['tenancy', 'shared'],
    ['data_sensitivity', 'PII '],
    ['platform_team', 'maybe'],
    ['slo_uptime', '100%'],
    ['slo_uptime', '1'],
    ['slo_uptime', '3'],
    ['slo_latency_p99_ms', '0'],
    ['rpo_minutes', '-5'],
    ['compliance_owner', ' '],
  ];
  test.each(cases)('%s of %j', (fact, value) => {
    const { kind, diagnostics } = failure({ ...GOOD, [fact]: value });
    expect(kind).toBe('usage');
    expect(diagnostics).toMatchObject([
      { code: 'DEC002', help: expect.stringMatching(/^Give .*\. Question \d yields it/) },
    ]);
  });

  test('a p99 below the p50', () => {
    const { diagnostics } = failure({ ...GOOD, slo_latency_p50_ms: '300', slo_latency_p99_ms: '200' });
    expect(diagnostics).toMatchObject([
      { code: 'DEC003', message: 'a p99 of 200 ms is below a p50 of 300 ms' },
    ]);
  });
});

test.each([
  ['99.9', 0.999],
  ['99.9%', 0.999],
  ['0.999', 0.999],
  [99.95, 0.9995],
])('an uptime of %j is %d', (given, share) => {
  expect(readFacts({ ...GOOD, slo_uptime: given }).slo_uptime).toBe(share);
});
