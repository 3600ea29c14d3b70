import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import type { FrameworkName } from '../../../src/scaffold/index.ts';
import { exchange } from '../acceptance/exchange.ts';
import { projectFolder, startProject } from './projects.ts';
import { AUDIENCE, bearer, ENVIRONMENT, elliptic, ISSUER, sign } from './tokens.ts';

const signElliptic = (kid: string): Promise<string> =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject('eve')
    .setExpirationTime('5m')
    .sign(elliptic.privateKey);

/** An issuer that publishes one key. */
async function publishKeys(): Promise<{ readonly url: string; readonly asked: () => number; close(): void }> {
  const jwk = { ...(await exportJWK(elliptic.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  let asked = 0;
  const server = createServer((_request, answer) => {
    asked += 1;
    answer.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/keys`, asked: () => asked, close: () => server.close() };
}

/** An authority of our own with a certificate for the service and one for a client, and a client of nobody's. */
function makeCertificates(folder: string): (name: string) => string {
  mkdirSync(folder, { recursive: true });
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=authority',
    '-days',
    '2',
  );
  for (const name of ['localhost', 'robot']) {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      `${name}.pem`,
      '-days',
      '2',
    );
  }
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'stray.key',
    '-out',
    'stray.pem',
    '-subj',
    '/CN=robot',
    '-days',
    '2',
  );
  return (name) => join(folder, name);
}

interface ClientCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

function askOverTls(
  port: number,
  path: string,
  ca: Buffer,
  client: Partial<ClientCertificate>,
): Promise<{
  readonly status: number | undefined;
  readonly challenge: string | undefined;
  readonly body: unknown;
}> {
  return new Promise((resolve, reject) => {
    const options = { port, host: 'localhost', path, ca, agent: false, ...client };
    request(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () =>
        resolve({
          status: answer.statusCode,
          challenge: answer.headers['www-authenticate'],
          body: JSON.parse(text),
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** Keys that the issuer publishes, and certificates of clients. */
export function testIssuers(name: FrameworkName): void {
  test('keys are taken from where the issuer publishes them', async () => {
    const issuer = await publishKeys();
    const { JWT_PUBLIC_KEY: _, ...rest } = ENVIRONMENT;
    const environment = { ...rest, JWT_ALGORITHM: 'ES256', JWT_JWKS_URL: issuer.url };
    const service = await startProject(name, environment);
    const ask = async (token: string): Promise<readonly unknown[]> => {
      const { status, text } = await exchange(service.port, { path: '/oauth', headers: bearer(token) });
      const { error } = JSON.parse(text);
      return [status, error.details[0]?.message ?? error.code];
    };
    try {
      // It has no scope; the signature is what is asked for here.
      expect(await ask(await signElliptic('one'))).toEqual([403, 'Missing: vault.read']);
      expect(await ask(await signElliptic('unknown'))).toEqual([401, 'The token is not valid']);
      expect(await ask(await sign())).toEqual([401, 'The token is not valid']);
      for (let sent = 0; sent < 20; sent += 1) await ask(await signElliptic(`unknown-${sent}`));
      // Tokens of strangers do not make the service ask the issuer again and again.
      expect(issuer.asked()).toBe(1);
    } finally {
      issuer.close();
      await service.stop();
    }
  });

  test('while the issuer cannot be reached, nobody is let in, and it is said that it is not the token', async () => {
    const { JWT_PUBLIC_KEY: _, ...rest } = ENVIRONMENT;
    const environment = { ...rest, JWT_ALGORITHM: 'ES256', JWT_JWKS_URL: 'http://127.0.0.1:1/keys' };
    const service = await startProject(name, environment);
    const headers = bearer(await signElliptic('one'));
    const answer = await exchange(service.port, { path: '/oauth', headers });
    await service.stop();
    expect([answer.status, answer.headers['retry-after'], JSON.parse(answer.text).error.code]).toEqual([
      503,
      '5',
      'UNAVAILABLE',
    ]);
    expect(
      service.logged.find(({ requestId }) => requestId === answer.headers['x-request-id']),
    ).toBeDefined();
  });

  test('mutual TLS: a certificate of the authority lets in, another one and none do not', async () => {
    const file = makeCertificates(join(projectFolder(name), 'certificates'));
    const read = (path: string): Buffer => readFileSync(file(path));
    const service = await startProject(name, {
      ...ENVIRONMENT,
      TLS_CERT_FILE: file('localhost.pem'),
      TLS_KEY_FILE: file('localhost.key'),
      TLS_CLIENT_CA_FILE: file('ca.pem'),
    });
    const client = (owner: string): ClientCertificate => ({
      cert: read(`${owner}.pem`),
      key: read(`${owner}.key`),
    });
    const challenge = 'MutualTLS realm="Vault \\"main\\""';
    try {
      const ask = askOverTls.bind(undefined, service.port);
      const known = await ask('/mutual', read('ca.pem'), client('robot'));
      expect([known.status, known.body]).toEqual([200, { mutual: 'robot' }]);
      const stray = await ask('/mutual', read('ca.pem'), client('stray'));
      expect([stray.status, stray.challenge]).toEqual([401, challenge]);
      const none = await ask('/mutual', read('ca.pem'), {});
      expect([none.status, none.challenge]).toEqual([401, challenge]);
      const open = await ask('/open', read('ca.pem'), {});
      expect(open.status).toBe(200);
    } finally {
      await service.stop();
    }
  });
}
