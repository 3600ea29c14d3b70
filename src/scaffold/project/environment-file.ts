import type { ProjectPlan } from './plan.ts';

/** A variable with its example, and whether the service starts without it. */
interface Variable {
  readonly name: string;
  readonly about: string;
  readonly example: string;
  readonly isRequired: boolean;
}

const optional = (name: string, example: string, about: string): Variable => ({
  name,
  about,
  example,
  isRequired: false,
});
const required = (name: string, example: string, about: string): Variable => ({
  name,
  about,
  example,
  isRequired: true,
});

/** Every variable that a project reads, in the order of its README. */
export function variablesOf({ schemes, servesDatabase }: ProjectPlan): readonly Variable[] {
  const kinds = new Set(schemes.map(({ scheme }) => scheme.kind));
  return [
    ...SERVICE,
    ...(servesDatabase ? DATABASE : []),
    ...(kinds.has('bearer') ? TOKENS : []),
    ...schemes.flatMap(({ name, scheme, variable }) =>
      variable === undefined ? [] : [scheme.kind === 'apiKey' ? keys(variable, name) : users(variable, name)],
    ),
    ...(kinds.has('mutualTLS') ? TLS : []),
  ];
}

const SERVICE: readonly Variable[] = [
  optional('HOST', '0.0.0.0', 'Where to listen.'),
  optional('PORT', '3000', 'The port to listen on.'),
  optional('LOG_LEVEL', 'info', 'fatal, error, warn, info, debug, trace or silent.'),
  optional('CORS_ORIGINS', '', 'Origins whose pages may call from a browser, with commas; none unless set.'),
  optional('BODY_LIMIT_BYTES', '1048576', 'The largest body of a request.'),
  optional('RATE_LIMIT_MAX', '100', 'Requests of one client in a window; see src/limits.ts for operations.'),
  optional('RATE_LIMIT_WINDOW_SECONDS', '900', 'The window.'),
  optional('REDIS_URL', '', 'The Redis in which processes count together; each for itself unless set.'),
  optional('TRUST_PROXY_HOPS', '0', 'Proxies in front that may say whom a request is from.'),
  optional('SHUTDOWN_DELAY_SECONDS', '5', 'How long to serve on after SIGTERM, while readiness fails.'),
  optional('SHUTDOWN_TIMEOUT_SECONDS', '30', 'How long open requests may take after that.'),
];

const DATABASE: readonly Variable[] = [
  required('DATABASE_URL', 'postgres://postgres@localhost:5432/postgres', 'The PostgreSQL with the tables.'),
];

const TOKENS: readonly Variable[] = [
  required('JWT_ISSUER', 'https://issuer.example/', 'The "iss" of tokens.'),
  required('JWT_AUDIENCE', 'https://service.example/', 'The "aud" of tokens.'),
  optional('JWT_ALGORITHM', 'RS256', 'RS256 or ES256: the one algorithm that is accepted.'),
  required(
    'JWT_JWKS_URL',
    'https://issuer.example/.well-known/jwks.json',
    'Where the issuer publishes its keys; or JWT_PUBLIC_KEY, one key in PEM.',
  ),
];

const TLS: readonly Variable[] = [
  optional('TLS_CERT_FILE', '', 'The certificate of the service; with it, the service speaks TLS.'),
  optional('TLS_KEY_FILE', '', 'Its private key.'),
  optional('TLS_CLIENT_CA_FILE', '', 'The authority that signs certificates of clients.'),
];

/** Examples that no key and no password fits. */
const keys = (variable: string, scheme: string): Variable =>
  required(
    variable,
    `nobody:${'0'.repeat(64)}`,
    `Clients of ${plain(scheme)}: npm run credential -- key NAME.`,
  );
const users = (variable: string, scheme: string): Variable =>
  required(
    variable,
    `nobody:${'0'.repeat(32)}:${'0'.repeat(64)}`,
    `Users of ${plain(scheme)}: npm run credential -- password NAME.`,
  );

const plain = (name: string): string => name.replaceAll(/[^\w .-]/g, ' ').slice(0, 60);

/** .env.example: what must be set is set to something that lets nobody in. */
export const environmentFile = (plan: ProjectPlan): string =>
  variablesOf(plan)
    .map(
      ({ name, about, example, isRequired }) => `# ${about}\n${isRequired ? '' : '# '}${name}=${example}\n`,
    )
    .join('\n');
