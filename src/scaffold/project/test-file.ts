import { quoteString, typeKey } from '../emit/quote.ts';
import type { Operation } from '../model/api.ts';
import { isOpen } from '../model/security.ts';
import { variablesOf } from './environment-file.ts';
import type { PlannedScheme, ProjectPlan } from './plan.ts';

/** An operation that can be asked with one credential, for the test of credentials. */
interface Sample {
  readonly operation: Operation;
  readonly planned: PlannedScheme;
  readonly scopes: readonly string[];
}

/** The first operation that one credential opens, of a kind that a test can make. */
function sampleOf({ operations, schemes }: ProjectPlan): Sample | undefined {
  for (const operation of operations) {
    const [first, ...others] = operation.security;
    const [use, ...more] = first ?? [];
    if (use === undefined || more.length > 0 || others.some(isOpen) || operation.method === 'trace') continue;
    if (!use.scopes.every((scope) => PLAIN_SCOPE.test(scope))) continue;
    const planned = schemes.find(({ name }) => name === use.scheme);
    const { name = '' } = planned?.scheme.kind === 'apiKey' ? planned.scheme : {};
    // A lone surrogate can be no part of a URL.
    if (/\p{Cs}/u.test(operation.path + name)) continue;
    if (planned !== undefined && CREDENTIALS[planned.scheme.kind] !== undefined)
      return { operation, planned, scopes: use.scopes };
  }
  return undefined;
}

/** What can stand in the list of scopes of a variable. */
const PLAIN_SCOPE = /^[\w.:/-]+$/;

/** The part of a request that carries a credential: expressions of its query and its headers. */
interface Carrier {
  readonly query?: string;
  readonly headers?: string;
}

const CREDENTIALS: Readonly<Record<string, ((sample: Sample) => Carrier) | undefined>> = {
  bearer: ({ scopes }) => ({
    headers: `{ authorization: \`Bearer \${await token(${quoteString(scopes.join(' '))})}\` }`,
  }),
  apiKey: ({ planned: { scheme } }) => {
    if (scheme.kind !== 'apiKey') return {};
    if (scheme.in === 'query')
      return { query: `${quoteString(`?${encodeURIComponent(scheme.name)}=`)} + KEY` };
    const [name, value] =
      scheme.in === 'cookie' ? ['cookie', `${quoteString(`${scheme.name}=`)} + KEY`] : [scheme.name, 'KEY'];
    return { headers: `{ ${typeKey(name)}: ${value} }` };
  },
  basic: () => ({
    headers: `{ authorization: \`Basic \${Buffer.from(\`tester:\${KEY}\`).toString('base64')}\` }`,
  }),
};

const samplePath = (path: string): string =>
  encodeURI(path.replace(/[#?].*$/, '').replaceAll(/\{[^{}]+\}/g, '1'));

/** What makes tokens, where the contract wants some. */
const TOKENS = `const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const token = (scope: string): Promise<string> =>
  new SignJWT({ scope })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer('https://issuer.example/')
    .setAudience('https://service.example/')
    .setSubject('tester')
    .setExpirationTime('5m')
    .sign(privateKey);

`;

/** The service starts without its database, and is not ready then. */
const DATABASE = `// A database for tests, where there is one.
const database = env['DATABASE_URL'];

`;

/** What the test's environment says, where it is not the example's. */
function printEnvironment({ schemes, servesDatabase }: ProjectPlan, scopes: readonly string[]): string {
  const own = schemes.flatMap(({ scheme, variable }) => {
    if (variable === undefined) return [];
    const suffix = scopes.length === 0 ? '' : `:${scopes.join('+')}`;
    return scheme.kind === 'apiKey'
      ? [`  ${variable}: \`tester:\${createHash('sha256').update(KEY).digest('hex')}${suffix}\`,\n`]
      : [
          `  ${variable}: \`tester:\${SALT}:\${scryptSync(KEY, Buffer.from(SALT, 'hex'), 32).toString('hex')}${suffix}\`,\n`,
        ];
  });
  const tokens = schemes.some(({ scheme }) => scheme.kind === 'bearer')
    ? `  JWT_ISSUER: 'https://issuer.example/',
  JWT_AUDIENCE: 'https://service.example/',
  JWT_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),\n`
    : '';
  const data = servesDatabase ? `  DATABASE_URL: database ?? 'postgres://127.0.0.1:1/none',\n` : '';
  return `${servesDatabase ? DATABASE : ''}const environment = {
  HOST: '127.0.0.1',
  PORT: '0',
  LOG_LEVEL: 'silent',
  SHUTDOWN_DELAY_SECONDS: '0',
${data}${tokens}${own.join('')}};\n`;
}

/** test/service.test.ts: the service as a whole, over its own port. */
export function printServiceTest(plan: ProjectPlan): string {
  const kinds = new Set(plan.schemes.map(({ scheme }) => scheme.kind));
  const sample = sampleOf(plan);
  const hasKeys = kinds.has('apiKey') || kinds.has('basic');
  const crypto = [
    ...(kinds.has('apiKey') ? ['createHash'] : []),
    ...(kinds.has('bearer') ? ['generateKeyPairSync'] : []),
    ...(kinds.has('basic') ? ['scryptSync'] : []),
  ];
  const scopes = sample === undefined ? [] : sample.scopes;
  const required = variablesOf(plan).filter(({ isRequired, name }) => isRequired && name !== 'JWT_JWKS_URL');
  return `${crypto.length === 0 ? '' : `import { ${crypto.join(', ')} } from 'node:crypto';\n`}${
    kinds.has('bearer') ? "import { SignJWT } from 'jose';\n" : ''
  }${plan.servesDatabase ? "import { env } from 'node:process';\n" : ''}import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EnvironmentError } from '../src/environment.js';
import type { Running } from '../src/lifecycle.js';
import { health, startService } from '../src/service.js';

${hasKeys ? `const KEY = 'a-key-that-only-this-test-has';\n` : ''}${
  kinds.has('basic') ? `const SALT = '00112233445566778899aabbccddeeff';\n` : ''
}${hasKeys ? '\n' : ''}${kinds.has('bearer') ? TOKENS : ''}${printEnvironment(plan, scopes)}
let service: Running;
beforeAll(async () => {
  service = await startService(environment);
});
afterAll(() => service.stop());

const ask = (path: string, request: RequestInit = {}): Promise<Response> =>
  fetch(\`http://127.0.0.1:\${service.port}\${path}\`, request);

describe('the service', () => {
  test('is alive and ready', async () => {
    const answers = await Promise.all([ask(health.live), ask(health.ready)]);
    expect(answers.map(({ status }) => status)).toEqual([200, ${
      plan.servesDatabase ? 'database === undefined ? 503 : 200' : '200'
    }]);
  });

  test('answers an unknown path in the error envelope, with security headers and a rate limit', async () => {
    const answer = await ask('/there/is/no/such/path');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('NOT_FOUND');
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(Number(answer.headers.get('ratelimit-limit'))).toBeGreaterThan(0);
  });

  test('names every setting that is wrong', async () => {
    const wrong = startService({ ...environment, PORT: 'high', LOG_LEVEL: 'loud' });
    await expect(wrong).rejects.toThrow(EnvironmentError);
    await expect(wrong).rejects.toThrow('LOG_LEVEL must be one of');
    await expect(wrong).rejects.toThrow('PORT must be a whole number');
  });
${required.length === 0 ? '' : printMissing(required.map(({ name }) => name))}${sample === undefined ? '' : printCredentials(sample)}
  test('stops when it is asked to, and takes no more requests', async () => {
    const other = await startService(environment);
    await other.stop();
    await expect(fetch(\`http://127.0.0.1:\${other.port}\${health.live}\`)).rejects.toThrow();
  });
});
`;
}

const printMissing = (names: readonly string[]): string => `
  test.each([${names.map(quoteString).join(', ')}])('does not start without %s', async (name) => {
    await expect(startService({ ...environment, [name]: '' })).rejects.toThrow(\`\${name} is missing\`);
  });
`;

function printCredentials(sample: Sample): string {
  const { operation, planned } = sample;
  const path = quoteString(samplePath(operation.path));
  const method = quoteString(operation.method.toUpperCase());
  const request = CREDENTIALS[planned.scheme.kind]?.(sample) ?? {};
  return `
  test(${quoteString(`${operation.id} refuses who it does not know`)}, async () => {
    const answer = await ask(${path}, { method: ${method} });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('realm=');
  });

  test(${quoteString(`${operation.id} lets in who it knows`)}, async () => {
    const answer = await ask(${request.query === undefined ? path : `${path} + ${request.query}`}, {
      method: ${method},${request.headers === undefined ? '' : `\n      headers: ${request.headers},`}
    });
    expect([401, 403]).not.toContain(answer.status);
  });
`;
}
