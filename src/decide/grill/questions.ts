import type { FactName, PartialFacts, QuestionNumber } from '../facts.ts';
import type { KillCriterion } from '../kills.ts';
import { RESTRICTED_TIERS } from '../vocabulary.ts';

/** A way to hear a fact in what was said, beside `key=value`: the first group of the pattern, or `value`. */
interface Spoken {
  readonly fact: FactName;
  readonly pattern: RegExp;
  readonly value?: string;
}

interface Advice {
  readonly when?: (facts: PartialFacts) => boolean;
  /** An answer as it may be given to --answer. */
  readonly answer: string;
  readonly because: string;
}

/** One of the seven questions. */
export interface Question {
  readonly number: QuestionNumber;
  readonly asks: string;
  /** Why the answer decides something. */
  readonly why: string;
  /** Short names of the facts, as an answer writes them: `qps=200`. */
  readonly keys: Readonly<Record<string, FactName>>;
  readonly needs: readonly FactName[];
  /** Further facts that the answer needs because of what it says. */
  readonly alsoNeeds?: (facts: PartialFacts) => readonly FactName[];
  readonly spoken: readonly Spoken[];
  /** The first that applies to what is known so far is recommended. */
  readonly advice: readonly Advice[];
  readonly killed_by: string;
  readonly source: string;
  /** What an answer without any figure trips, where a figure is the point. */
  readonly vague?: KillCriterion;
}

const isRestricted = ({ data_sensitivity: tier }: PartialFacts): boolean =>
  tier !== undefined && RESTRICTED_TIERS.includes(tier);
const isBusy = ({ qps_p99 }: PartialFacts): boolean => (qps_p99 ?? 0) >= 1000;

const LOAD: Question = {
  number: 1,
  asks: 'How many reads for each write, and how many requests a second at the busiest 1 % in a year?',
  why: 'The ratio decides replicas and partitions, the rate decides almost everything else.',
  keys: { ratio: 'read_write_ratio', qps: 'qps_p99' },
  needs: ['read_write_ratio', 'qps_p99'],
  spoken: [
    { fact: 'read_write_ratio', pattern: /(-?\d+(?:\.\d+)?)\s*:\s*1\b/ },
    {
      fact: 'qps_p99',
      pattern: /(-?\d+(?:\.\d+)?)\s*(?:qps|rps|req(?:uests)?(?:\/s| a second| per second))/i,
    },
  ],
  advice: [
    {
      answer: 'ratio=20 qps=180',
      because:
        "multiply what you measured: 30 requests a second today x 3 growth x 2 from average to peak = 180, and count both kinds in last month's log",
    },
  ],
  killed_by: '"we will need to scale" without a number',
  source:
    "Kleppmann, Designing Data-Intensive Applications, O'Reilly 2017, chapters 1 and 5; Helland, Life beyond Distributed Transactions, 2007; Vogels, Eventually Consistent, 2008",
  vague: {
    id: 'load-unknown',
    criterion: 'a load without a number',
    why: 'Without a rate every design is a guess, and the guess is always too big.',
    lifted_by: 'a ratio and a rate, each with where it comes from',
    next_investigation:
      'Count reads and writes in a week of access logs, or run the nearest existing system and measure it.',
    question: 1,
    source: "Kleppmann, Designing Data-Intensive Applications, O'Reilly 2017, chapter 1",
  },
};

const TENANCY: Question = {
  number: 2,
  asks: 'Do customers share one deployment and its tables, share it with data kept apart, or get one each?',
  why: 'Changing it later costs three to nine months.',
  keys: { tenancy: 'tenancy', enterprise_pricing: 'enterprise_pricing' },
  needs: ['tenancy'],
  alsoNeeds: ({ tenancy }) => (tenancy === 'single-tenant' ? ['enterprise_pricing'] : []),
  spoken: [
    { fact: 'enterprise_pricing', pattern: /\b(?:no|without) enterprise pricing/i, value: 'false' },
    { fact: 'enterprise_pricing', pattern: /\benterprise pricing/i, value: 'true' },
    { fact: 'tenancy', pattern: /\bisolated/i, value: 'isolated-multi-tenant' },
    { fact: 'tenancy', pattern: /\bshared/i, value: 'shared-multi-tenant' },
    { fact: 'tenancy', pattern: /\bsingle/i, value: 'single-tenant' },
  ],
  advice: [
    {
      when: isRestricted,
      answer: 'tenancy=isolated-multi-tenant',
      because: 'regulated data of one customer must not be one missing WHERE clause away from another',
    },
    {
      answer: 'tenancy=shared-multi-tenant',
      because: 'consumers share; business customers share too, behind row-level security',
    },
  ],
  killed_by:
    'one deployment for each customer without enterprise pricing (about 100,000 US dollars a year each)',
  source: 'AWS, SaaS Tenant Isolation Strategies; PostgreSQL documentation, Row Security Policies',
};

const SYNC: Question = {
  number: 3,
  asks: 'Does a caller wait for the answer, is work queued, or do events drive it? Which is the default?',
  why: 'The default decides what a failure looks like and who can debug it.',
  keys: { default: 'sync_default' },
  needs: ['sync_default'],
  spoken: [
    { fact: 'sync_default', pattern: /\bevent/i, value: 'event-driven' },
    { fact: 'sync_default', pattern: /\bsync(?:hronous)?\b/i, value: 'sync' },
    { fact: 'sync_default', pattern: /\b(?:queue[ds]?|async(?:hronous)?)\b/i, value: 'queue' },
  ],
  advice: [
    {
      answer: 'default=sync',
      because:
        'a customer is waiting; mail and webhooks go to a queue in PostgreSQL as the exception, events wait for a second team with a second context',
    },
  ],
  killed_by: 'event-driven by default with a team below 20',
  source:
    'Fowler, What do you mean by "Event-Driven"?, 2017; Helland, Life beyond Distributed Transactions, 2007; Ruecker, Practical Process Automation, 2021; Reinertsen, The Principles of Product Development Flow, 2009',
};

const DATA: Question = {
  number: 4,
  asks: 'What is the most sensitive data that the service will ever hold, and who answers for it?',
  why: 'One column of the highest tier puts the whole service in that tier.',
  keys: { tier: 'data_sensitivity', owner: 'compliance_owner', encrypted: 'encryption_at_rest' },
  needs: ['data_sensitivity'],
  alsoNeeds: (facts) => (isRestricted(facts) ? ['compliance_owner', 'encryption_at_rest'] : []),
  spoken: [
    { fact: 'data_sensitivity', pattern: /\b(public|internal|pii-only|pii|phi|pci|regulated)\b/i },
    { fact: 'compliance_owner', pattern: /\bowner(?:\s+is)?[\s:]+([^,;=]+)/i },
    { fact: 'encryption_at_rest', pattern: /\b(?:not|un|no)\W?encrypt/i, value: 'false' },
    { fact: 'encryption_at_rest', pattern: /\bencrypt/i, value: 'true' },
  ],
  advice: [
    {
      when: ({ tenancy }) => tenancy === 'single-tenant',
      answer: 'tier=pii owner="the data protection officer" encrypted=yes',
      because: 'a customer who pays for a deployment asks for the owner in the first review',
    },
    {
      answer: 'tier=pii',
      because:
        'an e-mail address is personal data: GDPR or CCPA, encryption at rest and an access log; keep health data and card numbers with a certified provider, and the tier stays here',
    },
  ],
  killed_by: 'PHI, PCI or regulated data without a named compliance owner or without encryption at rest',
  source:
    '45 CFR 164 (HIPAA); PCI DSS 4.0; GDPR articles 5, 25 and 32; NIST SP 800-53 revision 5; CISA, Secure by Design',
};

const SHAPE: Question = {
  number: 5,
  asks: 'Which shape does the code get, and which team carries it? Say the people, the pattern, and whether a platform team exists.',
  why: 'A shape that its team cannot carry is rewritten within two years.',
  keys: {
    team: 'team_size',
    pattern: 'pattern',
    platform: 'platform_team',
    language: 'language_preference',
    admin: 'needs_admin_panel',
    domain_owners: 'domain_owners',
    independent_deploys: 'independent_deploys',
  },
  needs: ['team_size', 'pattern'],
  alsoNeeds: ({ pattern }) =>
    pattern === 'microservices' ? ['platform_team', 'domain_owners', 'independent_deploys'] : [],
  spoken: [
    { fact: 'team_size', pattern: /\bteam of (-?\d+)|(-?\d+) (?:people|engineers|developers)/i },
    { fact: 'pattern', pattern: /\bmicro-?services?\b/i, value: 'microservices' },
    { fact: 'pattern', pattern: /\b(?:modular)[ -]monolith\b/i, value: 'modular-monolith' },
    { fact: 'pattern', pattern: /\b(?:domain-)?bounded\b/i, value: 'domain-bounded-services' },
    { fact: 'pattern', pattern: /\bserverless\b/i, value: 'serverless' },
    { fact: 'pattern', pattern: /\bmonolith\b/i, value: 'monolith' },
    { fact: 'language_preference', pattern: /\b(typescript|python|go|rust|java|kotlin|dotnet)\b/i },
    { fact: 'platform_team', pattern: /\b(?:no|without a) platform team/i, value: 'false' },
    { fact: 'platform_team', pattern: /\bplatform team/i, value: 'true' },
    { fact: 'needs_admin_panel', pattern: /\b(?:no|without an) admin/i, value: 'false' },
    { fact: 'needs_admin_panel', pattern: /\badmin/i, value: 'true' },
  ],
  advice: [
    {
      when: ({ qps_p99 }) => (qps_p99 ?? 0) > 5000,
      answer: 'pattern=domain-bounded-services team=12 platform=no language=typescript',
      because: 'above 5000 QPS the hottest module has to scale apart from the rest',
    },
    {
      when: ({ qps_p99 }) => qps_p99 !== undefined && qps_p99 < 1,
      answer: 'pattern=modular-monolith team=5 platform=no language=typescript',
      because: 'below 1 QPS more than five people have nothing to carry',
    },
    {
      when: ({ sync_default }) => sync_default === 'event-driven',
      answer: 'pattern=modular-monolith team=20 platform=no language=typescript',
      because: 'events as the default need at least 20 people; below that go back to question 3',
    },
    {
      answer: 'pattern=modular-monolith team=8 platform=no language=typescript',
      because: 'below 30 people a modular monolith; write your own number and language',
    },
  ],
  killed_by:
    'microservices for any other reason than 30 or more people with named domain owners, deploys of their own and a platform team',
  source:
    "Newman, Building Microservices, 2nd edition, O'Reilly 2021, chapter 3; Fowler, MonolithFirst, 2015; Skelton and Pais, Team Topologies, 2019; Evans, Domain-Driven Design, 2003",
};

const RECOVERY: Question = {
  number: 6,
  asks: 'How many minutes of data may be lost (RPO), and how many minutes may it be down (RTO)?',
  why: 'The two numbers buy the backups, the standby and the drills; without them nobody pays for any.',
  keys: { rpo: 'rpo_minutes', rto: 'rto_minutes' },
  needs: ['rpo_minutes', 'rto_minutes'],
  spoken: [
    { fact: 'rpo_minutes', pattern: /\brpo\D{0,9}(-?\d+(?:\.\d+)?)/i },
    { fact: 'rto_minutes', pattern: /\brto\D{0,9}(-?\d+(?:\.\d+)?)/i },
    { fact: 'rpo_minutes', pattern: /^\D*(-?\d+)\D*\/\D*-?\d+/ },
    { fact: 'rto_minutes', pattern: /^\D*-?\d+\D*\/\D*(-?\d+)/ },
  ],
  advice: [
    {
      when: (facts) => isRestricted(facts) || isBusy(facts),
      answer: 'rpo=5 rto=30',
      because: 'five minutes of archived log and a standby that takes over; analytics may wait a day',
    },
    {
      answer: 'rpo=60 rto=240',
      because: 'what a managed PostgreSQL with point-in-time recovery gives without a standby',
    },
  ],
  killed_by: 'a production database for customers without either number',
  source: 'Beyer and others, The Site Reliability Workbook, 2018, chapters 7 and 8; ISO 22301',
  vague: {
    id: 'recovery-undefined',
    criterion: 'a production database without an RPO and an RTO',
    why: 'A backup that was never restored to a deadline is a hope.',
    lifted_by: 'two numbers in minutes, in writing',
    next_investigation: 'Write the restore runbook and run it once with a stopwatch before launch.',
    question: 6,
    source: 'ISO 22301; AWS, Disaster Recovery of Workloads on AWS',
  },
};

const SERVICE_LEVEL: Question = {
  number: 7,
  asks: 'What share of requests has to be good, how fast, and which team stops feature work when it is not?',
  why: 'A target without a consumer changes nothing on the day it is missed.',
  keys: {
    uptime: 'slo_uptime',
    p50: 'slo_latency_p50_ms',
    p99: 'slo_latency_p99_ms',
    owner: 'error_budget_owner',
  },
  needs: ['slo_uptime', 'slo_latency_p99_ms', 'error_budget_owner'],
  spoken: [
    { fact: 'slo_uptime', pattern: /(\d+(?:\.\d+)?\s*%)/ },
    { fact: 'slo_latency_p99_ms', pattern: /(-?\d+(?:\.\d+)?)\s*ms\b/i },
    { fact: 'error_budget_owner', pattern: /\b(?:owner|owned by|consumer)(?:\s+is)?[\s:]+([^,;=]+)/i },
  ],
  advice: [
    {
      when: (facts) => isRestricted(facts) || isBusy(facts),
      answer: 'uptime=99.9% p99=500 owner="the product team"',
      because: 'three nines over 30 days, and features stop when less than a quarter of the budget is left',
    },
    {
      answer: 'uptime=99.5% p99=600 owner="the product team"',
      because: 'three and a half hours a month, which one team with daytime on-call can keep',
    },
  ],
  killed_by: '"high availability" without a number and a consumer',
  source:
    'Beyer and others, The Site Reliability Workbook, 2018, chapters 2 to 4; Beyer and others, Site Reliability Engineering, 2016',
  vague: {
    id: 'slo-undefined',
    criterion: '"high availability" without a number',
    why: 'Every outage is then either no problem or a scandal, and no design can be checked against it.',
    lifted_by: 'a share of good requests, a latency and a team that consumes the error budget',
    next_investigation:
      'Take a month of access logs, compute the share of good requests, and offer one level below it.',
    question: 7,
    source: 'Beyer and others, The Site Reliability Workbook, 2018, chapter 2',
  },
};

/** The seven questions, in the order in which they are asked. */
export const QUESTIONS: readonly Question[] = [LOAD, TENANCY, SYNC, DATA, SHAPE, RECOVERY, SERVICE_LEVEL];

/** What to answer, as far as can be said from what is known. */
export function recommendedAnswer(question: Question, facts: PartialFacts): Advice {
  const advice = question.advice.find(({ when }) => when === undefined || when(facts));
  // The last advice of every question has no condition; a test holds the table to it.
  return advice ?? { answer: '', because: '' };
}
