import type { Facts } from './facts.ts';
import { RESTRICTED_TIERS } from './vocabulary.ts';

/** Something to build in from the first day, because a stated fact asks for it. */
export interface Measure {
  readonly id: string;
  readonly do: string;
  /** The figures that asked for it. */
  readonly because: string;
  readonly source: string;
}

interface MeasureRule {
  readonly id: string;
  readonly do: string;
  readonly source: string;
  /** The figures, or undefined when the rule does not apply. */
  readonly because: (facts: Facts) => string | undefined;
}

const KLEPPMANN = 'Kleppmann, Designing Data-Intensive Applications, 2017, chapters 5 and 6';
const RECOVERY = 'AWS, Disaster Recovery of Workloads on AWS';

/** Writes per second at the peak: one request in `ratio + 1` is a write. */
export const writesPerSecond = ({ qps_p99, read_write_ratio }: Facts): number =>
  qps_p99 / (read_write_ratio + 1);

const when = (applies: boolean, because: string): string | undefined => (applies ? because : undefined);
const rounded = (value: number): string => `${Math.round(value)}`;

/**
 * What the load, the recovery targets and the data ask for. The two figures of the load rules are one
 * point each that the sources agree on: 100 reads a write is served by replicas, and 5000 requests a
 * second at 1 read a write (2500 writes a second) outgrows one unpartitioned table.
 */
const MEASURE_RULES: readonly MeasureRule[] = [
  {
    id: 'read-replicas',
    do: 'Serve reads from PostgreSQL read replicas; read your own writes from the primary',
    source: KLEPPMANN,
    because: (facts) =>
      when(
        facts.read_write_ratio >= 100 && facts.qps_p99 >= 1,
        `${facts.read_write_ratio} reads per write at ${facts.qps_p99} QPS: ${rounded(facts.qps_p99 - writesPerSecond(facts))} reads a second`,
      ),
  },
  {
    id: 'measured-cache',
    do: 'Measure what replicas leave over, then cache it with a stated lifetime',
    source: KLEPPMANN,
    because: ({ qps_p99, read_write_ratio }) =>
      when(
        read_write_ratio >= 100 && qps_p99 >= 1000,
        `${read_write_ratio} reads per write and 1000 QPS or more (${qps_p99})`,
      ),
  },
  {
    id: 'partition-from-day-one',
    do: 'Partition the tables that take the writes, by tenant or by time, from the first migration',
    source: KLEPPMANN,
    because: (facts) =>
      when(
        writesPerSecond(facts) >= 2500,
        `${facts.qps_p99} QPS / (${facts.read_write_ratio} + 1) = ${rounded(writesPerSecond(facts))} writes a second, 2500 or more`,
      ),
  },
  {
    id: 'synchronous-replica',
    do: 'Commit to a synchronous replica in another zone',
    source: RECOVERY,
    because: ({ rpo_minutes }) => when(rpo_minutes === 0, 'an RPO of 0 minutes loses no committed write'),
  },
  {
    id: 'continuous-archiving',
    do: 'Archive the write-ahead log continuously and rehearse point-in-time recovery',
    source: 'PostgreSQL documentation, Continuous Archiving and Point-in-Time Recovery',
    because: ({ rpo_minutes }) =>
      when(
        rpo_minutes !== undefined && rpo_minutes < 1440,
        `an RPO of ${rpo_minutes} minutes is less than the day between two nightly backups`,
      ),
  },
  {
    id: 'hot-standby',
    do: 'Keep a hot standby with automatic failover, and fail over on purpose every quarter',
    source: RECOVERY,
    because: ({ rto_minutes }) =>
      when(
        rto_minutes !== undefined && rto_minutes <= 30,
        `an RTO of ${rto_minutes} minutes leaves no time for a restore`,
      ),
  },
  {
    id: 'multi-zone',
    do: 'Run in at least two zones with a staffed on-call rota',
    source: 'Beyer and others, The Site Reliability Workbook, 2018, chapters 2 and 8',
    because: ({ slo_uptime }) =>
      when(
        slo_uptime !== undefined && slo_uptime >= 0.999,
        `${slo_uptime} leaves ${rounded((1 - (slo_uptime ?? 0)) * 43_200)} minutes a month`,
      ),
  },
  {
    id: 'durable-queue',
    do: 'Put mail, webhooks and other slow work on a durable queue in PostgreSQL',
    source: 'PostgreSQL documentation, SELECT ... FOR UPDATE SKIP LOCKED',
    because: ({ sync_default }) => when(sync_default === 'queue', 'work is queued by default'),
  },
  {
    id: 'outbox',
    do: 'Publish events through an outbox table, written in the transaction of the change',
    source: 'Helland, Life beyond Distributed Transactions, CIDR 2007',
    because: ({ sync_default }) => when(sync_default === 'event-driven', 'events are the default'),
  },
  {
    id: 'row-level-security',
    do: 'Put tenant_id on every table and enforce it with row-level security',
    source: 'AWS, SaaS Tenant Isolation Strategies',
    because: ({ tenancy }) => when(tenancy === 'shared-multi-tenant', 'tenants share the tables'),
  },
  {
    id: 'personal-data',
    do: 'Encrypt at rest, log each access to personal data, and build erasure and export in',
    source: 'GDPR articles 5, 17, 20, 25 and 32',
    because: ({ data_sensitivity }) =>
      when(['pii', 'pii-only'].includes(data_sensitivity), `the highest tier is ${data_sensitivity}`),
  },
  {
    id: 'scope-reduction',
    do: 'Keep regulated data with a provider that is certified for it, and sign agreements with everyone who touches it',
    source: '45 CFR 164.504(e) (HIPAA); PCI DSS 4.0, requirement 12.8',
    because: ({ data_sensitivity }) =>
      when(RESTRICTED_TIERS.includes(data_sensitivity), `the highest tier is ${data_sensitivity}`),
  },
];

/** The measures that these facts ask for. */
export function measuresFor(facts: Facts): Measure[] {
  return MEASURE_RULES.flatMap(({ id, do: what, source, because }) => {
    const figures = because(facts);
    return figures === undefined ? [] : [{ id, do: what, because: figures, source }];
  });
}
