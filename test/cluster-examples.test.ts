// The files in examples/cluster: what they call exists, with these flags and these variables.
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { FlagTable } from '../src/cli/command.ts';
import { findCommand, parseLine } from '../src/cli/parse.ts';
import { PROGRAM } from '../src/cli/program.ts';
import { readText } from './support/repository.ts';

const { version } = JSON.parse(readText('package.json'));
const PACKAGE = `senior-backend@${version}`;

/** A line of the program as a container runs it. */
interface Call {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const VARIABLES: Readonly<Record<string, string>> = {
  NATS_PASSWORD: 'password',
  CLUSTER_KEY: 'key',
  TARGET: 'shop.test',
};

/** As Compose fills in `${NAME:?}`: an unknown name is an error. */
const filled = (text: string): string =>
  text.replaceAll(/\$\{(\w+):\?\}/g, (_, name: string) => {
    expect(Object.keys(VARIABLES)).toContain(name);
    return VARIABLES[name] ?? '';
  });

function composeCalls(): Call[] {
  const { services } = parse(filled(readText('examples/cluster/compose.yaml')), { merge: true });
  return Object.values<Record<string, unknown>>(services).flatMap(({ entrypoint, command, environment }) => {
    const words = [entrypoint ?? [], command ?? []].flat() as string[];
    return words[0] === 'npx' ? [{ words, env: environment as Call['env'] }] : [];
  });
}

interface Container {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
}

const manifests = parseAllDocuments(readText('examples/cluster/kubernetes.yaml')).map((document) => {
  expect(document.errors).toEqual([]);
  return document.toJS();
});

function kubernetesCalls(): Call[] {
  const containers: Container[] = manifests.flatMap(({ spec }) => spec.template?.spec.containers ?? []);
  return containers
    .filter(({ command }) => command?.[0] === 'npx')
    .map(({ command = [], args = [], env = [] }) => ({
      words: [...command, ...args],
      env: Object.fromEntries(env.map(({ name, value }) => [name, value ?? 'from the secret'])),
    }));
}

const calls = [...composeCalls(), ...kubernetesCalls()];

describe('the examples of many machines', () => {
  test('lead and work with flags and variables that the program has', () => {
    const parsed = calls.map(({ words, env }) => {
      expect(words.slice(0, 3)).toEqual(['npx', '--yes', PACKAGE]);
      const { command, rest } = findCommand(PROGRAM, words.slice(3));
      const flags: FlagTable = command.flags;
      const known = Object.values(flags).flatMap((flag) => ('env' in flag ? [flag.env] : []));
      expect(known).toEqual(expect.arrayContaining(Object.keys(env).filter((name) => name !== 'NATS_URL')));
      return { path: command.path.join(' '), ...parseLine(command, rest, env) };
    });
    expect(parsed.map(({ path }) => path)).toEqual(['load worker', 'load', 'load worker', 'load']);
    for (const { path, flags } of parsed) {
      expect(flags).toMatchObject({ cluster: 'nats://nats:4222', 'nats-user': 'load' });
      expect([flags['nats-password'], flags['cluster-key']].every((value) => value !== undefined)).toBe(true);
      if (path === 'load worker') expect(flags['allow']).toHaveLength(1);
      else expect(flags['workers']).toBe(4);
    }
  });

  test('the workers are a Job that ends with its run', () => {
    const jobs = manifests.filter(({ kind }) => kind === 'Job');
    expect(manifests.map(({ kind }) => kind)).toEqual(['Deployment', 'Service', 'Job', 'Job']);
    expect(jobs[0]).toMatchObject({
      apiVersion: 'batch/v1',
      metadata: { name: 'load-workers' },
      spec: { parallelism: 4, completions: 4, template: { spec: { restartPolicy: 'OnFailure' } } },
    });
    expect(jobs[0].spec.template.spec.containers[0].args).toContain('--once');
    for (const { spec, metadata } of manifests.filter(({ kind }) => kind === 'Deployment')) {
      expect([spec.selector.matchLabels, metadata.name]).toEqual([spec.template.metadata.labels, 'nats']);
    }
  });

  test('no secret stands in them', () => {
    const texts = ['compose', 'kubernetes'].map((name) => readText(`examples/cluster/${name}.yaml`));
    for (const text of texts)
      expect(text).not.toMatch(
        /(password|key|--pass)"?[:,] *"?(?!\$|\{|nats-password|cluster-key|valueFrom)[\w-]+/i,
      );
  });
});
