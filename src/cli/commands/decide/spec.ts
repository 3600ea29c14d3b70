import { defineCommand, type FlagTable } from '../../command.ts';

const LOAD = 'What it carries';
const SHAPE = 'Who builds it';
const DATA = 'What it holds';
const TARGETS = 'What it promises';

/**
 * The facts are taken as text, and read by the capability: it says of each what is possible and which
 * question yields it, which the parser could not.
 */
export const DECIDE_FLAGS = {
  'team-size': { type: 'text', value: 'PEOPLE', group: SHAPE, description: 'People who build and run it' },
  'qps-p99': {
    type: 'text',
    value: 'N',
    group: LOAD,
    description: 'Requests per second at the busiest 1 %, in a year',
  },
  'read-write-ratio': { type: 'text', value: 'N', group: LOAD, description: 'Reads for each write' },
  tenancy: {
    type: 'text',
    value: 'single-tenant|shared-multi-tenant|isolated-multi-tenant',
    group: DATA,
    description: 'How customers are kept apart',
  },
  'data-sensitivity': {
    type: 'text',
    value: 'public|internal|pii-only|pii|phi|pci|regulated',
    group: DATA,
    description: 'The highest tier of data it will hold',
  },
  pattern: {
    type: 'text',
    value: 'monolith|modular-monolith|domain-bounded-services|microservices|serverless',
    group: SHAPE,
    description: 'The shape of the code',
  },
  'language-preference': {
    type: 'text',
    value: 'typescript|python|go|rust|java|kotlin|dotnet',
    group: SHAPE,
    description: 'Only profiles of this language are recommended',
  },
  'platform-team': {
    type: 'text',
    value: 'true|false',
    group: SHAPE,
    description: 'There is a platform team (false when not given)',
  },
  'needs-admin-panel': {
    type: 'text',
    value: 'true|false',
    group: SHAPE,
    description: 'People in the back office work on the data (false when not given)',
  },
  'sync-default': {
    type: 'text',
    value: 'sync|queue|event-driven',
    group: LOAD,
    description: 'What a caller gets by default',
  },
  'domain-owners': {
    type: 'text',
    value: 'true|false',
    group: SHAPE,
    description: 'Each domain has a named owner',
  },
  'independent-deploys': {
    type: 'text',
    value: 'true|false',
    group: SHAPE,
    description: 'Each service is deployed on its own',
  },
  'compliance-owner': {
    type: 'text',
    value: 'NAME',
    group: DATA,
    description: 'Who answers for regulated data',
  },
  'encryption-at-rest': {
    type: 'text',
    value: 'true|false',
    group: DATA,
    description: 'There is a plan for encryption at rest',
  },
  'enterprise-pricing': {
    type: 'text',
    value: 'true|false',
    group: DATA,
    description: 'Each tenant pays for a deployment of its own',
  },
  'rpo-minutes': {
    type: 'text',
    value: 'MIN',
    group: TARGETS,
    description: 'Minutes of data that may be lost',
  },
  'rto-minutes': { type: 'text', value: 'MIN', group: TARGETS, description: 'Minutes it may be down' },
  'slo-uptime': {
    type: 'text',
    value: 'SHARE',
    group: TARGETS,
    description: 'Share of good requests: 0.999 or 99.9%',
  },
  'slo-latency-p50-ms': {
    type: 'text',
    value: 'MS',
    group: TARGETS,
    description: 'Half are faster than this',
  },
  'slo-latency-p99-ms': {
    type: 'text',
    value: 'MS',
    group: TARGETS,
    description: '99 of 100 are faster than this',
  },
  'error-budget-owner': {
    type: 'text',
    value: 'NAME',
    group: TARGETS,
    description: 'The team that stops feature work when the budget is spent',
  },
  answers: {
    type: 'text',
    value: 'FILE',
    description: 'Facts from the file that grill wrote; flags override it',
  },
  sample: { type: 'switch', description: 'Decide on the documented example; flags override it' },
  profile: { type: 'list', value: 'FILE', description: 'A profile of your own; may be given again' },
  'list-profiles': { type: 'switch', description: 'List the profiles and decide nothing' },
  explain: { type: 'switch', description: 'Print the arithmetic behind the answer' },
  digest: { type: 'switch', description: 'Print the answer in at most 200 words' },
  format: {
    type: 'choice',
    choices: ['text', 'markdown', 'json'],
    default: 'text',
    description: 'How the answer is written',
  },
  output: { type: 'text', short: 'o', value: 'FILE', description: 'Write the answer to this file' },
  force: { type: 'switch', description: 'Overwrite the file of --output' },
} as const satisfies FlagTable;

export const decide = defineCommand({
  path: ['decide'],
  summary: 'Recommend a backend from stated facts, or refuse and say why',
  about:
    'The same facts always give the same answer. A missing or impossible fact exits 2 and names the question that yields it; a tripped kill criterion, or no profile that fits, exits 3 and recommends nothing.',
  positionals: [],
  flags: DECIDE_FLAGS,
  examples: [
    {
      line: 'senior-backend decide --sample --json',
      what: 'The documented example, as one JSON document',
    },
    {
      line: 'senior-backend decide --sample --pattern microservices',
      what: 'A refusal, and what would lift it',
    },
    {
      line: 'senior-backend decide --answers backend-grill-2026-01-05.json --explain',
      what: 'The facts that grill collected, with the arithmetic',
    },
    { line: 'senior-backend decide --list-profiles', what: 'What can be recommended' },
  ],
  load: () => import('./run.ts'),
});
