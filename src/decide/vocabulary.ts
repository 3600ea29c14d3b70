/** The closed lists of the domain, in the order in which messages show them. */
export const TENANCIES = ['single-tenant', 'shared-multi-tenant', 'isolated-multi-tenant'] as const;
export const DATA_TIERS = ['public', 'internal', 'pii-only', 'pii', 'phi', 'pci', 'regulated'] as const;
export const PATTERNS = [
  'monolith',
  'modular-monolith',
  'domain-bounded-services',
  'microservices',
  'serverless',
] as const;
export const LANGUAGES = ['typescript', 'python', 'go', 'rust', 'java', 'kotlin', 'dotnet'] as const;
export const SYNC_DEFAULTS = ['sync', 'queue', 'event-driven'] as const;

export type Tenancy = (typeof TENANCIES)[number];
export type DataTier = (typeof DATA_TIERS)[number];
export type Pattern = (typeof PATTERNS)[number];
export type Language = (typeof LANGUAGES)[number];
export type SyncDefault = (typeof SYNC_DEFAULTS)[number];

/** How much harm a leak does; tiers of one rank ask for the same care. */
export const TIER_RANK: Readonly<Record<DataTier, number>> = {
  public: 0,
  internal: 1,
  'pii-only': 2,
  pii: 2,
  phi: 3,
  pci: 3,
  regulated: 4,
};

/** Tiers that a law or a card scheme audits: they need a named owner before any design. */
export const RESTRICTED_TIERS: readonly DataTier[] = ['phi', 'pci', 'regulated'];

/**
 * Which patterns of a profile serve the pattern that was asked for. A modular monolith is a monolith
 * with inner walls, so it serves both; nothing else stands in for anything else.
 */
export const SERVES: Readonly<Record<Pattern, readonly Pattern[]>> = {
  monolith: ['monolith', 'modular-monolith'],
  'modular-monolith': ['modular-monolith'],
  'domain-bounded-services': ['domain-bounded-services'],
  microservices: ['microservices'],
  serverless: ['serverless'],
};
