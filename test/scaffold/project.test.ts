import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FRAMEWORKS, type FrameworkName } from '../../src/scaffold/index.ts';
import { ROOT } from '../support/repository.ts';
import { exchange, type Received } from './acceptance/exchange.ts';
import { CREDENTIAL_CASES, type CredentialCase } from './security/credential-cases.ts';
import { WRONG } from './security/environment-cases.ts';
import { testHardening } from './security/hardening.ts';
import { testIssuers } from './security/issuers.ts';
import { testLife } from './security/life.ts';
import { testLimits } from './security/limits.ts';
import { buildProject, projectFolder, type Service, startProject } from './security/projects.ts';
import { ENVIRONMENT } from './security/tokens.ts';

const NAMES = Object.keys(FRAMEWORKS) as FrameworkName[];

const services = new Map<FrameworkName, Service>();

beforeAll(async () => {
  for (const name of NAMES) {
    await buildProject(name);
    services.set(name, await startProject(name, ENVIRONMENT));
  }
});

afterAll(() => Promise.all([...services.values()].map((service) => service.stop())));

const serviceOf = (name: FrameworkName): Service => {
  const service = services.get(name);
  if (service === undefined) throw new Error(`${name} did not start`);
  return service;
};

/** Everything that a row states of an answer, so that one comparison shows all that is wrong. */
const shown = ({ status, headers, text }: Received): object => ({
  status,
  challenge: headers['www-authenticate'],
  type: headers['content-type'],
  body: JSON.parse(text),
});

function wanted(
  { status, who, challenge, message, details = [] }: CredentialCase,
  requestId: unknown,
): object {
  const type = 'application/json; charset=utf-8';
  if (status === 200) return { status, challenge: undefined, type, body: who };
  const code = status === 401 ? 'UNAUTHORIZED' : 'FORBIDDEN';
  const list = details.map(([field, text]) => ({ field, message: text }));
  return { status, challenge, type, body: { error: { code, message, details: list }, meta: { requestId } } };
}

describe.each(NAMES)('%s: who is let in', (name) => {
  test.each(CREDENTIAL_CASES.map((row) => [row.path, row.is, row] as const))(
    '%s: %s',
    async (_path, _is, row) => {
      const received = await exchange(serviceOf(name).port, row);
      expect(shown(received)).toEqual(wanted(row, received.headers['x-request-id']));
    },
  );

  test('schemes that nothing verifies are reported once each', async () => {
    const reports = (): string[] =>
      serviceOf(name)
        .logged.flatMap(({ err }) => (err as Error | undefined)?.message ?? [])
        .filter((text) => text.includes('no verifier'))
        .sort();
    const wantedReports = ['digest', 'nowhere'].map(
      (scheme) => `no verifier for the security scheme "${scheme}": what requires it is refused`,
    );
    // The log of another process comes when it comes.
    await expect.poll(reports, { timeout: 10_000 }).toEqual(wantedReports);
  });
});

describe.each(NAMES)('%s: keys and certificates of others', (name) => testIssuers(name));

describe.each(NAMES)('%s: limits', (name) => testLimits(name));

describe.each(NAMES)('%s: hardening', (name) => testHardening(name, () => serviceOf(name)));

describe.each(NAMES)('%s: from start to end', (name) => testLife(name));

describe.each(NAMES)('%s: the project', (name) => {
  test.each(WRONG)('does not start with %s=%s', async (variable, value, said) => {
    const { readConfig } = await import(pathToFileURL(join(projectFolder(name), 'dist/config.js')).href);
    expect(() => readConfig({ ...ENVIRONMENT, [variable]: value })).toThrow(said);
  });

  test('is checked by its own type check and its own tests', async () => {
    const run = promisify(execFile);
    const cwd = projectFolder(name);
    await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')], { cwd });
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const { stdout } = await run(process.execPath, [vitest, 'run', '--root', '.', '--reporter=json'], {
      cwd,
    });
    const { success, numPassedTests } = JSON.parse(stdout.slice(stdout.indexOf('{')));
    expect([success, numPassedTests]).toEqual([true, 13]);
  });
});
