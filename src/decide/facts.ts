import {
  DATA_TIERS,
  type DataTier,
  LANGUAGES,
  type Language,
  PATTERNS,
  type Pattern,
  SYNC_DEFAULTS,
  type SyncDefault,
  TENANCIES,
  type Tenancy,
} from './vocabulary.ts';

/**
 * What is known of a service. A fact's name is its flag's name with underscores, in the answers file
 * and in every document alike, so that nothing is ever translated.
 */
export interface Facts {
  readonly team_size: number;
  readonly qps_p99: number;
  readonly read_write_ratio: number;
  readonly tenancy: Tenancy;
  readonly data_sensitivity: DataTier;
  readonly pattern: Pattern;
  readonly language_preference?: Language;
  readonly platform_team: boolean;
  readonly needs_admin_panel: boolean;
  readonly sync_default?: SyncDefault;
  readonly rpo_minutes?: number;
  readonly rto_minutes?: number;
  readonly slo_uptime?: number;
  readonly slo_latency_p50_ms?: number;
  readonly slo_latency_p99_ms?: number;
  readonly error_budget_owner?: string;
  readonly compliance_owner?: string;
  readonly encryption_at_rest?: boolean;
  readonly enterprise_pricing?: boolean;
  readonly domain_owners?: boolean;
  readonly independent_deploys?: boolean;
}

export type FactName = keyof Facts;
export type PartialFacts = Partial<Facts>;
type FactValue = string | number | boolean;
export type QuestionNumber = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Reads a flag's text or a file's JSON value; undefined when it is not a possible value. */
type Reader = (raw: unknown) => FactValue | undefined;

interface FactField {
  readonly read: Reader;
  /** What a possible value is, for "Give ...". */
  readonly wanted: string;
  /** The forcing question that yields it. */
  readonly question: QuestionNumber;
  readonly required?: true;
  /** The value when nothing is said. */
  readonly absent?: FactValue;
}

const numeric = (raw: unknown): number => {
  if (typeof raw === 'number') return raw;
  return typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : Number.NaN;
};

const number =
  (possible: (value: number) => boolean): Reader =>
  (raw) => {
    const value = numeric(raw);
    return Number.isFinite(value) && possible(value) ? value : undefined;
  };

const choice =
  (choices: readonly string[]): Reader =>
  (raw) =>
    typeof raw === 'string' ? choices.find((entry) => entry === raw.toLowerCase()) : undefined;

/** 0.999, 99.9 and 99.9% are the same share of good requests. All of them good leaves no budget to spend. */
const uptime: Reader = (raw) => {
  const text = typeof raw === 'string' ? raw.trim() : raw;
  const isPercent = typeof text === 'string' && text.endsWith('%');
  const value = numeric(isPercent ? text.slice(0, -1) : text);
  // Divided by 100 in decimal, so that 99.9 is 0.999 to the last digit.
  const share = isPercent || value > 1 ? Number(`${value}e-2`) : value;
  return share >= 0.5 && share < 1 ? share : undefined;
};

const YES_OR_NO: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false };
const boolean: Reader = (raw) => YES_OR_NO[String(raw).toLowerCase()];
const name: Reader = (raw) => (typeof raw === 'string' && raw.trim() !== '' ? raw.trim() : undefined);

const oneOf = (choices: readonly string[]): Pick<FactField, 'read' | 'wanted'> => ({
  read: choice(choices),
  wanted: `one of ${choices.join(', ')}`,
});
const yesOrNo = { read: boolean, wanted: 'true or false' };
const minutes = { read: number((value) => value >= 0), wanted: 'minutes, 0 or more' };
const milliseconds = { read: number((value) => value > 0), wanted: 'milliseconds, more than 0' };
const owner = { read: name, wanted: 'the name of a person or a team' };

/** Every fact: how it is read, what is possible, and which question yields it. */
export const FACT_FIELDS: Readonly<Record<FactName, FactField>> = {
  team_size: {
    read: number((value) => Number.isInteger(value) && value >= 1),
    wanted: 'a whole number of people, 1 or more',
    question: 5,
    required: true,
  },
  qps_p99: {
    read: number((value) => value >= 0),
    wanted: 'requests per second at the busiest 1 %, 0 or more',
    question: 1,
    required: true,
  },
  read_write_ratio: {
    read: number((value) => value >= 0),
    wanted: 'reads per write, 0 or more',
    question: 1,
    required: true,
  },
  tenancy: { ...oneOf(TENANCIES), question: 2, required: true },
  data_sensitivity: { ...oneOf(DATA_TIERS), question: 4, required: true },
  pattern: { ...oneOf(PATTERNS), question: 5, required: true },
  language_preference: { ...oneOf(LANGUAGES), question: 5 },
  platform_team: { ...yesOrNo, question: 5, absent: false },
  needs_admin_panel: { ...yesOrNo, question: 5, absent: false },
  sync_default: { ...oneOf(SYNC_DEFAULTS), question: 3 },
  rpo_minutes: { ...minutes, question: 6 },
  rto_minutes: { ...minutes, question: 6 },
  slo_uptime: { read: uptime, wanted: 'a share such as 0.999 or 99.9%, below 100%', question: 7 },
  slo_latency_p50_ms: { ...milliseconds, question: 7 },
  slo_latency_p99_ms: { ...milliseconds, question: 7 },
  error_budget_owner: { ...owner, question: 7 },
  compliance_owner: { ...owner, question: 4 },
  encryption_at_rest: { ...yesOrNo, question: 4 },
  enterprise_pricing: { ...yesOrNo, question: 2 },
  domain_owners: { ...yesOrNo, question: 5 },
  independent_deploys: { ...yesOrNo, question: 5 },
};

/** All fact names, in the order of the table. */
export const FACT_NAMES = Object.keys(FACT_FIELDS) as readonly FactName[];

/** `team_size` to `--team-size`. */
export const flagOf = (fact: FactName): string => `--${fact.replaceAll('_', '-')}`;

/** Whether somebody is really named: `none` and its like are an answer, but not an owner. */
export function isNamed(owner: string | undefined): owner is string {
  return owner !== undefined && !/^(none|nobody|no one|n\/a|tbd|unknown|\?+)$/i.test(owner.trim());
}
