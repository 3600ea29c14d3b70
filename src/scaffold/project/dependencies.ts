import { sortByText } from '../../core/order.ts';
import type { ProjectPlan } from './plan.ts';

/** The newest versions that run on Node 20.19; a test holds them against those that we test with. */
export const VERSIONS: Readonly<Record<string, string>> = {
  '@fastify/cors': '11.4.3',
  '@fastify/helmet': '13.2.0',
  '@fastify/rate-limit': '11.2.0',
  '@koa/cors': '5.0.0',
  '@koa/router': '15.7.0',
  // The newest that the newest SDK takes beside it.
  '@opentelemetry/api': '1.9.1',
  '@types/cors': '2.8.19',
  '@types/express': '5.0.6',
  '@types/koa': '3.0.3',
  '@types/koa__cors': '5.0.1',
  '@types/node': '20.19.43',
  '@types/pg': '8.23.1',
  cors: '2.8.6',
  express: '5.3.0',
  'express-rate-limit': '8.7.4',
  fastify: '5.12.8',
  helmet: '8.3.0',
  ioredis: '6.0.0',
  jose: '6.2.17',
  koa: '3.3.0',
  'koa-helmet': '9.0.0',
  kysely: '0.28.18',
  pg: '8.23.1',
  pino: '10.4.0',
  'pino-http': '11.0.0',
  'rate-limit-redis': '6.0.1',
  'rate-limiter-flexible': '11.4.0',
  re2js: '2.10.0',
  typescript: '7.0.2',
  vitest: '4.1.12',
  zod: '4.6.7',
};

/** What every service runs on. */
const SHARED = ['@opentelemetry/api', 'ioredis', 'pino', 'zod'];

const OF_FRAMEWORK: Readonly<
  Record<string, { readonly run: readonly string[]; readonly check: readonly string[] }>
> = {
  express: {
    run: ['cors', 'express', 'express-rate-limit', 'helmet', 'pino-http', 'rate-limit-redis'],
    check: ['@types/cors', '@types/express'],
  },
  fastify: { run: ['@fastify/cors', '@fastify/helmet', '@fastify/rate-limit', 'fastify'], check: [] },
  koa: {
    run: ['@koa/cors', '@koa/router', 'helmet', 'koa', 'koa-helmet', 'pino-http', 'rate-limiter-flexible'],
    check: ['@types/koa', '@types/koa__cors'],
  },
};

/** The packages that a project runs on, and those that it is checked with, each with its version. */
export function dependenciesOf({ framework, schemes, usesLinear, servesDatabase }: ProjectPlan): {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
} {
  const { run = [], check = [] } = OF_FRAMEWORK[framework] ?? {};
  const tokens = schemes.some(({ scheme }) => scheme.kind === 'bearer') ? ['jose'] : [];
  const patterns = usesLinear ? ['re2js'] : [];
  const data = servesDatabase ? ['kysely', 'pg'] : [];
  const types = servesDatabase ? ['@types/pg'] : [];
  return {
    dependencies: versionsOf([...SHARED, ...run, ...tokens, ...patterns, ...data]),
    devDependencies: versionsOf(['@types/node', 'typescript', 'vitest', ...check, ...types]),
  };
}

const versionsOf = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(sortByText(names, (name) => name).map((name) => [name, VERSIONS[name] ?? '']));
