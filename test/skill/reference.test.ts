import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AGENTS } from '../../src/skill/agents.ts';
import { ROOT, readText } from '../support/repository.ts';
import { runLine } from '../support/run-line.ts';
import { type Scratch, scratch } from '../support/scratch.ts';
import { REFERENCE, REFERENCE_VERSION } from './reference-directories.ts';

const SKILL_MD = readText('skills/senior-backend/SKILL.md');
const NAMES = AGENTS.map(({ name }) => name);

/** The programs `node` of version 24 and `skills`, as npm installs them; undefined where npm cannot be reached. */
function referenceProgram(): { node: string; skills: string } | undefined {
  const packages = ['-p', 'node@24', '-p', `skills@${REFERENCE_VERSION}`];
  const { status, stdout } = spawnSync(
    'npx',
    ['-y', ...packages, '--', 'sh', '-c', 'command -v node; command -v skills'],
    {
      encoding: 'utf8',
      timeout: 60_000,
    },
  );
  const [node, skills] = (stdout ?? '').trim().split('\n');
  return status === 0 && node !== undefined && skills !== undefined ? { node, skills } : undefined;
}

const program = referenceProgram();

test('the agents are those of the reference table, and others of the shared folder are not missed', () => {
  expect([...NAMES].sort()).toEqual(Object.keys(REFERENCE).sort());
});

describe.skipIf(program === undefined)(`compared live with skills ${REFERENCE_VERSION} on Node 24`, () => {
  let theirs: Scratch;
  let ours: Scratch;
  beforeAll(() => {
    theirs = scratch(['.openclaw']);
    ours = scratch(['.openclaw']);
  });
  afterAll(() => {
    theirs.remove();
    ours.remove();
  });

  const installTheirs = (flags: readonly string[]): void => {
    if (program === undefined) return;
    const source = join(ROOT, 'skills/senior-backend');
    const argv = [program.skills, 'add', source, ...flags, '-a', ...NAMES, '-y'];
    const { status, stdout } = spawnSync(program.node, argv, {
      cwd: theirs.project,
      encoding: 'utf8',
      env: {
        PATH: [dirname(program.node), process.env['PATH']].join(delimiter),
        HOME: theirs.home,
        DISABLE_TELEMETRY: '1',
      },
    });
    expect(status, stdout).toBe(0);
  };

  const installOurs = async (flags: readonly string[]): Promise<void> => {
    const agents = NAMES.flatMap((name) => ['--agent', name]);
    const { exit, stderr } = await runLine(['skill', 'install', ...flags, ...agents], {
      cwd: ours.project,
      env: { HOME: ours.home },
    });
    expect(exit, stderr).toBe(0);
  };

  const isFound = (root: string, folder: string): boolean => {
    const file = join(root, folder, 'senior-backend/SKILL.md');
    return existsSync(file) && readFileSync(file, 'utf8') === SKILL_MD;
  };

  test('in a project: what it installs and what we install is found at the same place', async () => {
    installTheirs([]);
    await installOurs([]);
    for (const [agent, { project }] of Object.entries(REFERENCE)) {
      expect([agent, isFound(theirs.project, project)]).toEqual([agent, true]);
      expect([agent, isFound(ours.project, project)]).toEqual([agent, true]);
    }
  });

  test('at home: every place of theirs is one of ours', async () => {
    installTheirs(['-g']);
    await installOurs(['--global']);
    for (const [agent, { project, global }] of Object.entries(REFERENCE)) {
      // It counts on agents of the shared folder to read ~/.agents/skills, and links the others.
      const place = project === '.agents/skills' ? '.agents/skills' : global;
      expect([agent, isFound(theirs.home, place)]).toEqual([agent, true]);
      expect([agent, isFound(ours.home, place)]).toEqual([agent, true]);
      expect([agent, isFound(ours.home, global)]).toEqual([agent, true]);
    }
  });
});

test.runIf(program === undefined)(
  'skipped: npm cannot be reached, so only the recorded directories were compared',
  () => {
    expect(program).toBeUndefined();
  },
);
