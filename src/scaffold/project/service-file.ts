import { Imports } from '../emit/imports.ts';
import { quoteString } from '../emit/quote.ts';
import type { ProjectPlan } from './plan.ts';

/** src/main.ts. */
export const MAIN = `import { startService } from './service.js';
import { runProcess } from './start.js';

await runProcess(startService);
`;

/** What a framework's app.ts is given to serve the contract. */
const SERVES: Readonly<Record<string, { readonly create: string; readonly takesPaths: boolean }>> = {
  express: { create: 'createRouter', takesPaths: false },
  fastify: { create: 'createPlugin', takesPaths: true },
  koa: { create: 'createRouter', takesPaths: true },
};

/** src/service.ts: puts the service together. */
export function printService({ framework, schemes, health, servesDatabase }: ProjectPlan): string {
  const imports = new Imports();
  const { create = '', takesPaths = false } = SERVES[framework] ?? {};
  for (const name of ['allHandlers', create, ...(takesPaths ? ['paths'] : [])])
    imports.value(name, './api/index.js');
  imports.value('createListener', './app.js');
  imports.value('readConfig', './config.js');
  for (const name of ['Lifecycle', 'run']) imports.value(name, './lifecycle.js');
  imports.type('Running', './lifecycle.js');
  imports.value('limits', './limits.js');
  for (const name of ['createLogger', 'secretsOf']) imports.value(name, './logger.js');
  for (const name of ['connectRedis', 'releaseRedis']) imports.value(name, './redis.js');
  const isSecured = schemes.length > 0;
  if (isSecured) {
    imports.value('schemes', './api/security.js');
    imports.value('createVerifiers', './api/verifiers.js');
  }
  const data = servesDatabase ? printDatabase(imports) : NO_DATABASE;
  const hasTls = schemes.some(({ scheme }) => scheme.kind === 'mutualTLS');
  const tls = hasTls ? `${imports.value('tlsOptions', './security/certificates.js')}(config)` : 'undefined';
  return `// Puts the service together from its configuration.
${imports.print()}

/** Where load balancers ask. */
export const health = { live: ${quoteString(health.live)}, ready: ${quoteString(health.ready)} };

/** Starts the service. Errors: EnvironmentError; what the port or Redis failed with. */
export async function startService(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Running> {
  const config = readConfig(environment);
  const logger = createLogger(config.LOG_LEVEL, secretsOf(${isSecured ? 'schemes' : '{}'}));
  const redis = await connectRedis(config.REDIS_URL, logger);
${data.open}  const parts = {
    config,
    logger,
    lifecycle,
    redis,
    limits,
    health,
    verifiers: ${isSecured ? 'createVerifiers(config)' : '{}'},
${takesPaths ? '    paths,\n' : ''}    ${create}: (options: Parameters<typeof ${create}>[1]) => ${create}(allHandlers, options),
  };
  const listener = await createListener(parts, ${tls});
  return run({ listener, lifecycle, config, logger, ${data.release} });
}
`;
}

/** What the service cannot do without besides Redis: how it is opened and let go of. */
interface Needs {
  readonly open: string;
  readonly release: string;
}

const NO_DATABASE: Needs = {
  open: `  // What the service cannot do without, such as a database, belongs in here as well.
  const lifecycle = new Lifecycle(redis === undefined ? {} : { redis: () => redis.ping() });
`,
  release: 'release: () => releaseRedis(redis)',
};

function printDatabase(imports: Imports): Needs {
  for (const name of ['openServer', 'useDatabase']) imports.value(name, './api/data/database.js');
  const sql = imports.value('sql', 'kysely');
  return {
    open: `  const database = openServer(config.DATABASE_URL);
  useDatabase(database);
  const lifecycle = new Lifecycle({
    database: () => ${sql}\`select 1\`.execute(database),
    ...(redis === undefined ? {} : { redis: () => redis.ping() }),
  });
  const release = async (): Promise<void> => {
    await releaseRedis(redis);
    await database.destroy();
  };
`,
    release: 'release',
  };
}

/** src/limits.ts: where operations are given rate limits of their own. */
export function printLimits({ operations }: ProjectPlan): string {
  const [first] = operations;
  const example = first === undefined ? '' : `  // ${first.id}: { max: 10, windowSeconds: 60 },\n`;
  return `// Rate limits of single operations. All others share RATE_LIMIT_MAX and RATE_LIMIT_WINDOW_SECONDS.
import type { Handlers } from './api/index.js';
import type { Limit } from './protection.js';

/** The operations of the contract. */
type OperationId = { [Tag in keyof Handlers]: keyof Handlers[Tag] }[keyof Handlers];

export const limits: { readonly [Id in OperationId]?: Limit } = {
${example}};
`;
}
