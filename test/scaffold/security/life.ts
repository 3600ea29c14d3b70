import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FrameworkName } from '../../../src/scaffold/index.ts';
import { exchange } from '../acceptance/exchange.ts';
import { failToStart, type Service, startProject } from './projects.ts';
import { ENVIRONMENT } from './tokens.ts';

/** What became of a request: `answered`, `refused` when nobody listened, or what went wrong. */
type Fate = string;

/** Asks for the slow operation on a kept connection. */
function ask(port: number, agent: Agent): Promise<{ readonly fate: Fate; readonly closes: boolean }> {
  return new Promise((resolve) => {
    const sent = request({ port, host: '127.0.0.1', path: '/slow', agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => {
        const isWhole = answer.statusCode === 200 && text === '{"done":true}';
        resolve({
          fate: isWhole ? 'answered' : `${answer.statusCode} ${text}`,
          closes: answer.headers.connection === 'close',
        });
      });
      answer.on('error', (error) => resolve({ fate: error.message, closes: true }));
    });
    sent.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ fate: error.code === 'ECONNREFUSED' ? 'refused' : `${error.code}`, closes: true }),
    );
    sent.end();
  });
}

/** Clients that ask one request after another until they are refused. */
async function keepAsking(port: number, clients: number): Promise<Map<Fate, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const fates = new Map<Fate, number>();
  const client = async (): Promise<void> => {
    for (let fate: Fate = 'answered'; fate === 'answered'; ) {
      ({ fate } = await ask(port, agent));
      fates.set(fate, (fates.get(fate) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return fates;
}

/** What readiness says, until it says that the service drains. */
async function readUntilDraining(port: number): Promise<readonly (readonly [number, unknown])[]> {
  const said: (readonly [number, unknown])[] = [];
  while (said.at(-1)?.[0] !== 503) {
    const { status, text } = await exchange(port, { path: '/readyz' });
    said.push([status, JSON.parse(text)]);
  }
  return said;
}

const stoppedEntry = ({ logged }: Service): Record<string, unknown> | undefined =>
  logged.find(({ msg }) => msg === 'stopped');

/** How every framework's service begins and ends. */
export function testLife(name: FrameworkName): void {
  test('SIGTERM under load loses no request that was taken', async () => {
    const service = await startProject(name, { ...ENVIRONMENT, SHUTDOWN_DELAY_SECONDS: '3' });
    const load = keepAsking(service.port, 40);
    await sleep(500);
    const ended = service.stop();
    const readiness = await readUntilDraining(service.port);
    const alive = await exchange(service.port, { path: '/healthz' });
    const agent = new Agent({ keepAlive: true });
    const late = await ask(service.port, agent);
    agent.destroy();
    const fates = await load;
    expect(await ended).toBe(0);
    // Readiness fails first, while requests are still answered and connections kept.
    expect(readiness.at(-1)).toEqual([503, { status: 'draining' }]);
    expect([alive.status, late]).toEqual([200, { fate: 'answered', closes: false }]);
    expect([...fates.keys()].sort()).toEqual(['answered', 'refused']);
    expect(fates.get('refused')).toBe(40);
    const { accepted, answered } = stoppedEntry(service) ?? {};
    // All that the service took, it answered; and each answer reached its client.
    expect(accepted).toBe(answered);
    expect(answered).toBe((fates.get('answered') ?? 0) + readiness.length + 2);
  });

  test('with no delay, requests that are being answered are answered before the end', async () => {
    const service = await startProject(name, ENVIRONMENT);
    const agent = new Agent({ keepAlive: true });
    const asked = Promise.all(Array.from({ length: 20 }, () => ask(service.port, agent)));
    await sleep(200);
    const code = await service.stop('SIGINT');
    const fates = await asked;
    agent.destroy();
    expect([code, fates]).toEqual([0, fates.map(() => ({ fate: 'answered', closes: true }))]);
  });

  test('a request that takes too long does not hold up the end for ever', async () => {
    const service = await startProject(name, { ...ENVIRONMENT, SHUTDOWN_TIMEOUT_SECONDS: '1' });
    const stuck = connect(service.port, '127.0.0.1');
    const closed = once(stuck.resume(), 'close');
    stuck.write('POST /open HTTP/1.1\r\nhost: vault\r\ncontent-length: 9\r\n\r\nnever');
    await sleep(100);
    expect(await service.stop()).toBe(0);
    await closed;
    expect(service.logged.map(({ msg }) => msg)).toContain(
      'requests took longer than SHUTDOWN_TIMEOUT_SECONDS: their connections are closed',
    );
  });

  test('what is missing or wrong in the environment is named, all of it at once', async () => {
    const { code, said } = await failToStart(name, {
      JWT_AUDIENCE: 'x',
      PORT: 'high',
      JWT_PUBLIC_KEY: 'secret text',
    });
    expect(code).toBe(1);
    expect(said).not.toContain('secret text');
    expect(said.trim().split('\n').sort()).toEqual([
      '  API_KEYS_COOKIE_KEY is missing: it must be a list of name:hash or name:hash:scope+scope, separated by commas, where hash is the SHA-256 of a key in 64 hexadecimal digits',
      '  API_KEYS_HEADER_KEY is missing: it must be a list of name:hash or name:hash:scope+scope, separated by commas, where hash is the SHA-256 of a key in 64 hexadecimal digits',
      '  API_KEYS_PROTO is missing: it must be a list of name:hash or name:hash:scope+scope, separated by commas, where hash is the SHA-256 of a key in 64 hexadecimal digits',
      '  API_KEYS_QUERY_KEY is missing: it must be a list of name:hash or name:hash:scope+scope, separated by commas, where hash is the SHA-256 of a key in 64 hexadecimal digits',
      '  BASIC_USERS_BASIC is missing: it must be a list of name:salt:hash or name:salt:hash:scope+scope, separated by commas, as npm run credential -- password NAME prints it',
      '  JWT_ISSUER is missing: it must be the issuer of tokens, exactly as in their "iss"',
      '  JWT_PUBLIC_KEY must be a public key in PEM, an RSA key of 2048 bits or more or a P-256 key',
      '  PORT must be a whole number from 0 to 65535',
      'The service cannot start: the environment is not complete:',
    ]);
  });
}
