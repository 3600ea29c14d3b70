import { isNamed, type PartialFacts, type QuestionNumber } from './facts.ts';
import { RESTRICTED_TIERS } from './vocabulary.ts';

/** A reason to recommend nothing. It can be lifted by a better answer, never by a flag. */
export interface KillCriterion {
  readonly id: string;
  readonly criterion: string;
  readonly why: string;
  /** What would have to become true. */
  readonly lifted_by: string;
  /** Where to look next. */
  readonly next_investigation: string;
  /** The question whose answer has to change. */
  readonly question: QuestionNumber;
  readonly source: string;
}

interface KillRule extends KillCriterion {
  /** True only when what is known trips it: an unknown fact trips nothing. */
  readonly trips: (facts: PartialFacts) => boolean;
}

const below = (value: number | undefined, limit: number): boolean => value !== undefined && value < limit;
const above = (value: number | undefined, limit: number): boolean => value !== undefined && value > limit;

const isRestricted = ({ data_sensitivity }: PartialFacts): boolean =>
  data_sensitivity !== undefined && RESTRICTED_TIERS.includes(data_sensitivity);

const NEWMAN = "Newman, Building Microservices, 2nd edition, O'Reilly 2021, chapter 3";
const TOPOLOGIES = 'Skelton and Pais, Team Topologies, IT Revolution 2019';
const TENANCY = 'AWS, SaaS Tenant Isolation Strategies';
const REGULATIONS = '45 CFR 164 (HIPAA); PCI DSS 4.0; GDPR articles 25 and 32';
const KLEPPMANN = "Kleppmann, Designing Data-Intensive Applications, O'Reilly 2017, chapter 1";

/** Every kill criterion that facts can trip, in the order in which they are reported. */
export const KILL_RULES: readonly KillRule[] = [
  {
    id: 'microservices-below-30-people',
    criterion: 'microservices with a team below 30',
    why: 'A small team pays for the network, the deploys and the tracing of every service, and has no second team to make independent.',
    lifted_by: 'a team of 30 or more, or --pattern modular-monolith',
    next_investigation: 'Draw the modules of a modular monolith, with the data each one owns.',
    question: 5,
    source: NEWMAN,
    trips: ({ pattern, team_size }) => pattern === 'microservices' && below(team_size, 30),
  },
  {
    id: 'microservices-without-platform-team',
    criterion: 'microservices without a platform team',
    why: 'Somebody has to own deploys, tracing and service-to-service security for all services; without a team for it every team does it badly.',
    lifted_by: 'a platform team (--platform-team true), or --pattern modular-monolith',
    next_investigation:
      'Name who would run deploys, tracing and certificates for every service, and from when.',
    question: 5,
    source: TOPOLOGIES,
    trips: ({ pattern, platform_team }) => pattern === 'microservices' && platform_team !== true,
  },
  {
    id: 'microservices-without-domain-owners',
    criterion: 'microservices without a named owner for each domain',
    why: 'A boundary that nobody owns moves with every feature, and the services end up deployed together.',
    lifted_by: 'a named owner for each domain (--domain-owners true), or --pattern modular-monolith',
    next_investigation: 'List the domains and write one name behind each.',
    question: 5,
    source: "Evans, Domain-Driven Design, Addison-Wesley 2003; Newman, Building Microservices, O'Reilly 2021",
    trips: ({ pattern, domain_owners }) => pattern === 'microservices' && domain_owners === false,
  },
  {
    id: 'microservices-without-independent-deploys',
    criterion: 'microservices that are deployed together',
    why: 'Services that go out together are one monolith with a network inside.',
    lifted_by:
      'a deploy cadence of its own for each service (--independent-deploys true), or --pattern modular-monolith',
    next_investigation: 'Count the releases of the last quarter in which one domain went out alone.',
    question: 5,
    source: 'Fowler, MonolithFirst, 2015',
    trips: ({ pattern, independent_deploys }) => pattern === 'microservices' && independent_deploys === false,
  },
  {
    id: 'restricted-data-below-4-people',
    criterion: 'PHI, PCI or otherwise regulated data with a team below 4',
    why: 'Two people for each change, an on-call rota and an access review cannot be staffed with fewer than four.',
    lifted_by: 'a team of 4 or more, or a provider that keeps the data out of your scope',
    next_investigation:
      'Find out whether a provider can hold the regulated data, so that your own tier falls to pii or below.',
    question: 5,
    source: REGULATIONS,
    trips: (facts) => isRestricted(facts) && below(facts.team_size, 4),
  },
  {
    id: 'restricted-data-without-owner',
    criterion: 'PHI, PCI or otherwise regulated data without a named compliance owner',
    why: 'The law asks for a person who answers for it; a design that nobody answers for cannot be approved.',
    lifted_by: '--compliance-owner with the name of a person',
    next_investigation:
      'Bring the data inventory to whoever answers for compliance and get a name in writing.',
    question: 4,
    source: REGULATIONS,
    trips: (facts) => isRestricted(facts) && !isNamed(facts.compliance_owner),
  },
  {
    id: 'restricted-data-unencrypted',
    criterion: 'PHI, PCI or otherwise regulated data without a plan for encryption at rest',
    why: 'A lost disk or backup is then a notifiable breach.',
    lifted_by: 'a plan for encryption at rest (--encryption-at-rest true)',
    next_investigation:
      'Write down which keys encrypt the database, its backups and its logs, and who holds them.',
    question: 4,
    source: REGULATIONS,
    trips: (facts) => isRestricted(facts) && facts.encryption_at_rest === false,
  },
  {
    id: 'modular-monolith-above-5000-qps',
    criterion: 'a modular monolith above 5000 QPS',
    why: 'One database behind one deployable is past the point where a hot module can be scaled apart from the rest.',
    lifted_by: 'a measured p99 of at most 5000 QPS, or --pattern domain-bounded-services',
    next_investigation: 'Measure which module makes the load and whether it can be taken out along its data.',
    question: 5,
    source: KLEPPMANN,
    trips: ({ pattern, qps_p99 }) => pattern === 'modular-monolith' && above(qps_p99, 5000),
  },
  {
    id: 'idle-service-above-5-people',
    criterion: 'less than 1 QPS with a team above 5',
    why: 'The load needs no backend of its own: the open question is what the people are for.',
    lifted_by: 'a p99 of 1 QPS or more that evidence supports, or a team of 5 or fewer',
    next_investigation: 'Find out who will call this service in a year, how often, and how you know.',
    question: 1,
    source: KLEPPMANN,
    trips: ({ qps_p99, team_size }) => below(qps_p99, 1) && above(team_size, 5),
  },
  {
    id: 'event-driven-below-20-people',
    criterion: 'event-driven by default with a team below 20',
    why: 'Events pay off between teams; within one team they hide the order of things and cost a trace for every question.',
    lifted_by: 'a team of 20 or more with a second team that owns a second context, or --sync-default sync',
    next_investigation:
      'Name the second team and the context it owns; until then keep one queue for mail and webhooks.',
    question: 3,
    source:
      'Fowler, What do you mean by "Event-Driven"?, 2017; Helland, Life beyond Distributed Transactions, 2007',
    trips: ({ sync_default, team_size }) => sync_default === 'event-driven' && below(team_size, 20),
  },
  {
    id: 'single-tenant-without-enterprise-pricing',
    criterion: 'a deployment for each tenant without enterprise pricing',
    why: 'Each tenant then costs a deployment, a backup and an upgrade, which about 100,000 US dollars a year and tenant pay for and less does not.',
    lifted_by: 'enterprise pricing (--enterprise-pricing true), or --tenancy shared-multi-tenant',
    next_investigation: 'Ask sales what one tenant pays in a year.',
    question: 2,
    source: TENANCY,
    trips: ({ tenancy, enterprise_pricing }) => tenancy === 'single-tenant' && enterprise_pricing === false,
  },
  {
    id: 'slo-without-consumer',
    criterion: 'an SLO whose error budget nobody consumes',
    why: 'A target that stops no feature work when it is missed is a wish.',
    lifted_by: '--error-budget-owner with the name of a team',
    next_investigation:
      'Find the team that will stop feature work when less than a quarter of the budget is left.',
    question: 7,
    source: 'Beyer and others, The Site Reliability Workbook, 2018, chapters 2 to 4',
    trips: ({ error_budget_owner }) => error_budget_owner !== undefined && !isNamed(error_budget_owner),
  },
];

/** The kill criteria that these facts trip. */
export function trippedKills(facts: PartialFacts): KillCriterion[] {
  return KILL_RULES.filter(({ trips }) => trips(facts)).map(withoutPredicate);
}

function withoutPredicate({ trips: _trips, ...criterion }: KillRule): KillCriterion {
  return criterion;
}
