import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DECIDE_FLAGS } from '../../src/cli/commands/decide/spec.ts';
import { FACT_NAMES, flagOf } from '../../src/decide/facts.ts';
import { readText } from '../support/repository.ts';
import { runLine } from '../support/run-line.ts';
import { schemaValidator } from '../support/schema.ts';

const EXAMPLE =
  'decide --team-size 8 --qps-p99 50 --read-write-ratio 20 --tenancy shared-multi-tenant --data-sensitivity pii --pattern modular-monolith --language-preference typescript'.split(
    ' ',
  );
const validate = schemaValidator('decide');

let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'decide-'));
});
afterAll(() => rm(cwd, { recursive: true }));

const run = (argv: readonly string[]) => runLine(argv, { cwd });

/** The `--json` document, held to its schema. */
async function json(argv: readonly string[]) {
  const { exit, stdout, stderr } = await run([...argv, '--json']);
  const document = JSON.parse(stdout);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return { exit, document, stderr };
}

describe('decide', () => {
  test('the sample and the same facts spelt out give node-express, alone at the top', async () => {
    const sample = await json(['decide', '--sample']);
    expect(sample.exit).toBe(0);
    expect(sample.document).toMatchObject({
      status: 'recommended',
      recommendation: { profile_name: 'node-express', score: 1, tied_with: [], runner_up: null },
    });
    const spelt = await json(EXAMPLE);
    expect(spelt.document.recommendation).toEqual(sample.document.recommendation);
  });

  test('every fact has a flag, and help shows the same choices', () => {
    const flags = Object.keys(DECIDE_FLAGS);
    expect(FACT_NAMES.map((fact) => flagOf(fact).slice(2)).filter((flag) => !flags.includes(flag))).toEqual(
      [],
    );
    const facts = JSON.parse(readText('schemas/decide.schema.json')).$defs.facts.properties;
    expect(Object.keys(facts).sort()).toEqual([...FACT_NAMES].sort());
    for (const fact of FACT_NAMES) {
      if (facts[fact].enum === undefined) continue;
      const flag = DECIDE_FLAGS[flagOf(fact).slice(2) as keyof typeof DECIDE_FLAGS];
      expect('value' in flag && flag.value.split('|')).toEqual(facts[fact].enum);
    }
  });

  test('missing and impossible inputs exit 2 and name the questions', async () => {
    const { exit, stdout, stderr } = await run(['decide', '--team-size', '0', '--qps-p99', 'NaN']);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain('--team-size cannot be "0"');
    expect(stderr).toContain('--read-write-ratio is missing');
    expect(stderr).toContain('Question 1 yields it');
    const failed = await json(['decide', '--sample', '--read-write-ratio', '-1']);
    expect(failed).toMatchObject({ exit: 2, document: { status: 'usage', error: { code: 'DEC002' } } });
  });

  test.each(['phi', 'pci', 'regulated'])(
    '%s with three people exits 3 and recommends nothing',
    async (tier) => {
      const argv = [...EXAMPLE, '--team-size', '3', '--data-sensitivity', tier, '--compliance-owner', 'Ada'];
      const { exit, document } = await json(argv);
      expect(exit).toBe(3);
      expect(document).toMatchObject({
        status: 'refused',
        recommendation: null,
        ranked_matches: [],
        kill_criteria_tripped: [{ id: 'restricted-data-below-4-people', question: 5 }],
      });
      const { stdout } = await run(argv);
      expect(stdout).toContain('lifted by  a team of 4 or more');
      expect(stdout).not.toMatch(/node-express|Best fit|Stack/);
    },
  );

  test('a language nobody speaks exits 3 with a statement that none fits', async () => {
    const { exit, document } = await json(['decide', '--sample', '--language-preference', 'dotnet']);
    expect({ exit, status: document.status }).toEqual({ exit: 3, status: 'no-fit' });
    expect(document.reason).toContain('no profile is written for dotnet');
  });

  test('--explain prints the arithmetic, to the sum', async () => {
    const { stdout } = await run([...EXAMPLE, '--explain']);
    expect(stdout).toContain('50 QPS / (20 + 1) = 2.381 writes a second');
    expect(stdout).toContain('8.5 / 8.5 = 1, floor 0.5: fits');
    expect(stdout).toContain('2.5 / 9.5 = 0.2632');
    expect(stdout).toContain('0 of 12 tripped');
  });

  test('Markdown has tables, the digest at most 200 words, and every form says that nothing is approved', async () => {
    const markdown = await run([...EXAMPLE, '--format', 'markdown']);
    expect(markdown.stdout).toContain('## Best fit: node-express');
    expect(markdown.stdout).toContain('| p99 | at most 600 ms |');
    const digest = await run([...EXAMPLE, '--digest']);
    expect(digest.stdout.split(/\s+/).length).toBeLessThanOrEqual(200);
    const text = await run(EXAMPLE);
    for (const { stdout } of [markdown, digest, text]) expect(stdout).toMatch(/approves nothing/i);
    const asJson = await run([...EXAMPLE, '--format', 'json']);
    expect(validate(JSON.parse(asJson.stdout))).toBe(true);
  });

  test('--list-profiles lists four', async () => {
    const { exit, document } = await json(['decide', '--list-profiles']);
    expect(exit).toBe(0);
    expect(document.profiles.map((profile: { profile_name: string }) => profile.profile_name)).toEqual([
      'django-monolith',
      'fastapi-python',
      'go-or-rust-microservice',
      'node-express',
    ]);
    expect((await run(['decide', '--list-profiles'])).stdout).toContain('go, rust');
  });

  test('--output writes the same bytes, and no file of yours is overwritten without --force', async () => {
    const argv = [...EXAMPLE, '--output', 'decision.txt'];
    expect((await run(argv)).exit).toBe(0);
    expect(await readFile(join(cwd, 'decision.txt'), 'utf8')).toBe((await run(EXAMPLE)).stdout);
    const again = await run(argv);
    expect(again.exit).toBe(3);
    expect(again.stderr).toContain('DEC007');
    expect((await run([...argv, '--force'])).exit).toBe(0);
  });
});

describe('profiles of your own', () => {
  const node = JSON.parse(readText('profiles/node-express.json'));

  test('./profiles joins in, and its bad file is told and stops nothing', async () => {
    const project = join(cwd, 'project');
    await mkdir(join(project, 'profiles'), { recursive: true });
    const ours = { ...node, profile_name: 'kotlin-house', stacks: { kotlin: { framework: ['Ktor'] } } };
    await writeFile(join(project, 'profiles/kotlin-house.json'), JSON.stringify(ours));
    await writeFile(join(project, 'profiles/broken.json'), JSON.stringify({ ...ours, constraints: {} }));
    const argv = [...EXAMPLE, '--language-preference', 'kotlin'];
    const { exit, stdout, stderr } = await runLine([...argv, '--json'], { cwd: project });
    const document = JSON.parse(stdout);
    expect(exit).toBe(0);
    expect(stderr).toBe('');
    expect(validate(document)).toBe(true);
    expect(document.recommendation.profile_name).toBe('kotlin-house');
    expect(document.diagnostics[0]).toMatchObject({ code: 'DEC005', location: { pointer: '/constraints' } });
    const text = await runLine(argv, { cwd: project });
    expect(text.stderr).toContain('broken.json #/constraints');
  });

  test('--profile overrides by name; a bad one exits 2 with a pointer', async () => {
    const good = join(cwd, 'good.json');
    await writeFile(good, JSON.stringify({ ...node, description: 'Our own.' }));
    const { document } = await json([...EXAMPLE, '--profile', 'good.json']);
    expect(document.recommendation.description).toBe('Our own.');
    await writeFile(join(cwd, 'bad.json'), JSON.stringify({ ...node, version: 'one' }));
    const bad = await run([...EXAMPLE, '--profile', 'bad.json']);
    expect(bad.exit).toBe(2);
    expect(bad.stderr).toContain('#/version');
  });
});

test('the shipped profiles keep to profile.schema.json', () => {
  const isProfile = schemaValidator('profile');
  for (const name of ['node-express', 'fastapi-python', 'django-monolith', 'go-or-rust-microservice']) {
    const profile = JSON.parse(readText(`profiles/${name}.json`));
    expect(isProfile(profile), JSON.stringify(isProfile.errors)).toBe(true);
    expect(profile.profile_name).toBe(name);
  }
});
