import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { AGENTS } from '../../src/skill/agents.ts';
import { readText } from '../support/repository.ts';
import { runLine } from '../support/run-line.ts';
import { schemaValidator } from '../support/schema.ts';
import { type Scratch, scratch, treeOf } from '../support/scratch.ts';
import { REFERENCE } from './reference-directories.ts';

const SKILL_MD = readText('skills/senior-backend/SKILL.md');
const SEVEN = [
  '.claude',
  '.cursor',
  '.codex',
  '.gemini',
  '.codeium/windsurf',
  '.config/opencode',
  '.copilot',
];
const validate = schemaValidator('skill', ['decide']);

let place: Scratch;
afterEach(() => place.remove());

const skill = (...argv: string[]) =>
  runLine(['skill', ...argv], { cwd: place.project, env: { HOME: place.home } });

async function json(...argv: string[]) {
  const { exit, stdout } = await skill(...argv, '--json');
  const document = JSON.parse(stdout);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return { exit, document };
}

const inProject = (path: string): string => join(place.project, path);
const canonical = (): string => inProject('.agents/skills/senior-backend/SKILL.md');

describe.each(AGENTS.map((agent) => [agent.name, agent] as const))('%s', (name, agent) => {
  const reference = REFERENCE[name] ?? expect.fail(`no reference for ${name}`);

  test.each(reference.detected)(
    'is found by %s and installed to its folder of the project',
    async (folder) => {
      place = scratch([folder]);
      const before = [treeOf(place.home), treeOf(place.project)];
      const { exit, document } = await json('install');
      expect(exit).toBe(0);
      expect(document.agents).toContain(name);
      const file = inProject(`${reference.project}/senior-backend/SKILL.md`);
      expect(readFileSync(file, 'utf8')).toBe(SKILL_MD);
      for (const { source, project } of agent.extras) {
        expect(readFileSync(inProject(project), 'utf8')).toBe(readText(`skills/senior-backend/${source}`));
      }
      expect((await json('check')).exit).toBe(0);
      expect((await json('remove')).exit).toBe(0);
      expect([treeOf(place.home), treeOf(place.project)]).toEqual(before);
    },
  );

  test('and to its folder at home with --global, without a trace in the project', async () => {
    place = scratch(reference.detected.slice(0, 1));
    const before = [treeOf(place.home), treeOf(place.project)];
    expect((await json('install', '--global', '--agent', name)).exit).toBe(0);
    const file = join(place.home, reference.global, 'senior-backend/SKILL.md');
    expect(readFileSync(file, 'utf8')).toBe(SKILL_MD);
    for (const { global } of agent.extras) {
      if (global === undefined) continue;
      const [base, path] = global;
      const folder = { home: '', config: '.config', claude: '.claude' }[String(base)] ?? expect.fail(base);
      expect(existsSync(join(place.home, folder, path))).toBe(true);
    }
    expect(treeOf(place.project)).toEqual({});
    expect((await json('remove', '--global')).exit).toBe(0);
    expect([treeOf(place.home), treeOf(place.project)]).toEqual(before);
  });
});

describe('detection', () => {
  test('with no agent it says so, names the flag, and writes nothing', async () => {
    place = scratch();
    const { exit, stdout, stderr } = await skill('install');
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toMatch(/SKL001.*\n.*--agent/);
    expect([treeOf(place.home), treeOf(place.project)]).toEqual([{}, {}]);
  });

  test('an agent nobody knows is an error that lists those we know', async () => {
    place = scratch();
    const { exit, stderr } = await skill('install', '--agent', '../../etc');
    expect(exit).toBe(2);
    expect(stderr).toContain('claude-code');
    expect(treeOf(place.project)).toEqual({});
  });

  test('variables move the folders of Claude Code, Codex and the configuration', async () => {
    place = scratch(['elsewhere/claude', 'elsewhere/codex', 'elsewhere/config/goose']);
    const env = {
      HOME: place.home,
      CLAUDE_CONFIG_DIR: join(place.home, 'elsewhere/claude'),
      CODEX_HOME: join(place.home, 'elsewhere/codex'),
      XDG_CONFIG_HOME: join(place.home, 'elsewhere/config'),
    };
    const { stdout } = await runLine(['skill', 'install', '--global', '--json'], { cwd: place.project, env });
    expect(JSON.parse(stdout).agents).toEqual(['claude-code', 'codex', 'goose']);
    expect(existsSync(join(place.home, 'elsewhere/claude/skills/senior-backend/SKILL.md'))).toBe(true);
    expect(existsSync(join(place.home, 'elsewhere/config/goose/skills/senior-backend/SKILL.md'))).toBe(true);
  });

  test('OpenClaw under its older names is installed to where it is', async () => {
    place = scratch(['.clawdbot']);
    await skill('install', '--global');
    expect(existsSync(join(place.home, '.clawdbot/skills/senior-backend/SKILL.md'))).toBe(true);
    mkdirSync(join(place.home, '.openclaw'));
    expect((await skill('remove', '--global')).exit).toBe(0);
    expect(treeOf(place.home)).toEqual({ '.clawdbot': '/', '.openclaw': '/' });
  });

  test('Continue is found by its folder in the project, too', async () => {
    place = scratch();
    mkdirSync(inProject('.continue'));
    expect((await json('install')).document.agents).toEqual(['continue']);
  });

  test('without a home it asks for one', async () => {
    place = scratch();
    const { exit, stderr } = await runLine(['skill', 'install'], { cwd: place.project, env: {} });
    expect(exit).toBe(2);
    expect(stderr).toContain('SKL007');
  });

  test('list shows which agents are here and which have the skill', async () => {
    place = scratch(['.claude', '.cursor']);
    await skill('install', '--agent', 'claude-code');
    const { document } = await json('list');
    const of = (name: string) => document.agents.find((agent: { name: string }) => agent.name === name);
    expect(of('claude-code')).toMatchObject({ detected: true, installed: true });
    expect(of('cursor')).toMatchObject({ detected: true, installed: false });
    expect(of('goose')).toMatchObject({ detected: false, installed: false });
    expect((await skill('list', '--global')).stdout).toContain('Claude Code');
  });
});

describe('seven agents', () => {
  test('one real copy and links; a second run changes nothing', async () => {
    place = scratch(SEVEN);
    const first = await json('install');
    expect(first.document.agents.length).toBe(7);
    expect(lstatSync(inProject('.claude/skills/senior-backend')).isSymbolicLink()).toBe(true);
    expect(lstatSync(inProject('.windsurf/skills/senior-backend')).isSymbolicLink()).toBe(true);
    const tree = treeOf(place.project);
    const second = await json('install');
    expect(second.document.changes).toEqual([]);
    expect(treeOf(place.project)).toEqual(tree);
  });

  test('--dry-run shows the same changes and writes nothing', async () => {
    place = scratch(SEVEN);
    const planned = await json('install', '--dry-run');
    expect(treeOf(place.project)).toEqual({});
    const done = await json('install');
    expect(planned.document.changes).toEqual(done.document.changes);
    const removal = await json('remove', '--dry-run');
    expect(removal.document.changes.length).toBe(done.document.changes.length);
    expect((await json('check')).exit).toBe(0);
  });

  test('--copy makes copies, and a later run without it links again', async () => {
    place = scratch(SEVEN);
    await skill('install', '--copy');
    expect(Object.values(treeOf(place.project)).filter((text) => text.startsWith('->'))).toEqual([]);
    expect(readFileSync(inProject('.windsurf/skills/senior-backend/SKILL.md'), 'utf8')).toBe(SKILL_MD);
    expect((await json('check')).exit).toBe(0);
    expect((await json('install')).exit).toBe(0);
    expect(lstatSync(inProject('.windsurf/skills/senior-backend')).isSymbolicLink()).toBe(true);
    expect((await json('install', '--copy')).exit).toBe(0);
    expect(lstatSync(inProject('.windsurf/skills/senior-backend')).isDirectory()).toBe(true);
    expect((await json('remove')).exit).toBe(0);
    expect(treeOf(place.project)).toEqual({});
  });

  test('naming one more agent keeps the others', async () => {
    place = scratch();
    await skill('install', '--agent', 'claude-code');
    const { document } = await json('install', '--agent', 'roo');
    expect(document.agents).toEqual(['claude-code', 'roo']);
    expect(existsSync(inProject('.claude/skills/senior-backend/SKILL.md'))).toBe(true);
  });
});

describe('what was edited', () => {
  test('is a conflict that is shown, and is overwritten only with --force', async () => {
    place = scratch(['.claude']);
    await skill('install');
    appendFileSync(canonical(), 'my own rule\n');
    const { exit, stderr } = await skill('install');
    expect(exit).toBe(3);
    expect(stderr).toContain(canonical());
    expect(readFileSync(canonical(), 'utf8')).toContain('my own rule');
    const check = await json('check');
    expect(check).toMatchObject({
      exit: 3,
      document: { status: 'drifted', changes: [{ action: 'conflict' }] },
    });
    expect((await skill('remove')).exit).toBe(3);
    expect(existsSync(canonical())).toBe(true);
    expect((await skill('install', '--force')).exit).toBe(0);
    expect(readFileSync(canonical(), 'utf8')).toBe(SKILL_MD);
  });

  test('a file of the user in the way of a link stays, and nothing else is written', async () => {
    place = scratch(['.claude']);
    mkdirSync(inProject('.claude/commands'), { recursive: true });
    writeFileSync(inProject('.claude/commands/backend-review.md'), 'mine');
    const before = treeOf(place.project);
    expect((await skill('install')).exit).toBe(3);
    expect(treeOf(place.project)).toEqual(before);
  });

  test('a folder of the user with the name of the skill stays', async () => {
    place = scratch(['.claude']);
    mkdirSync(inProject('.claude/skills/senior-backend'), { recursive: true });
    writeFileSync(inProject('.claude/skills/senior-backend/notes.md'), 'mine');
    expect((await skill('install')).exit).toBe(3);
    expect(readFileSync(inProject('.claude/skills/senior-backend/notes.md'), 'utf8')).toBe('mine');
  });

  test('files of the user beside ours survive the removal', async () => {
    place = scratch(['.claude']);
    await skill('install');
    writeFileSync(inProject('.claude/commands/mine.md'), 'mine');
    writeFileSync(inProject('.agents/skills/senior-backend/notes.md'), 'mine');
    expect((await skill('remove')).exit).toBe(0);
    const left = Object.entries(treeOf(place.project)).filter(([, text]) => text !== '/');
    expect(left).toEqual([
      ['.agents/skills/senior-backend/notes.md', 'mine'],
      ['.claude/commands/mine.md', 'mine'],
    ]);
  });

  test('what is gone or points elsewhere is drift, and install mends what is gone', async () => {
    place = scratch(['.claude']);
    await skill('install');
    rmSync(inProject('.claude/agents/backend-engineer.md'));
    expect(await json('check')).toMatchObject({
      exit: 3,
      document: { changes: [{ action: 'missing', kind: 'link' }] },
    });
    expect((await skill('install')).exit).toBe(0);
    rmSync(inProject('.claude/skills/senior-backend'));
    symlinkSync('/tmp', inProject('.claude/skills/senior-backend'));
    expect((await json('check')).exit).toBe(3);
    expect((await skill('install')).exit).toBe(3);
  });

  test.each(['.claude/skills/senior-backend', '.claude/agents/backend-engineer.md'])(
    'a link at %s that the user turned elsewhere is a conflict for copies, too',
    async (path) => {
      place = scratch(['.claude']);
      await skill('install');
      const elsewhere = inProject('elsewhere');
      mkdirSync(elsewhere);
      rmSync(inProject(path));
      symlinkSync(elsewhere, inProject(path));
      expect((await skill('install', '--copy')).exit).toBe(3);
      expect((await skill('install', '--copy', '--force')).exit).toBe(0);
      expect(lstatSync(inProject(path)).isSymbolicLink()).toBe(false);
      expect(treeOf(elsewhere)).toEqual({});
    },
  );

  test('a skill that this package ships anew is drift, and an update', async () => {
    place = scratch(['.claude']);
    await skill('install');
    // As an older version would have left it: other text, and its hash in the manifest.
    writeFileSync(canonical(), 'old');
    const manifest = readFileSync(inProject('.agents/senior-backend.json'), 'utf8');
    const old = 'cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4';
    writeFileSync(
      inProject('.agents/senior-backend.json'),
      manifest.replace(/("\.agents\/skills\/senior-backend\/SKILL\.md": \{\s*"sha256": ")\w+/, `$1${old}`),
    );
    expect(await json('check')).toMatchObject({ exit: 3, document: { changes: [{ action: 'update' }] } });
    expect(await json('install')).toMatchObject({ exit: 0, document: { changes: [{ action: 'update' }] } });
    expect(readFileSync(canonical(), 'utf8')).toBe(SKILL_MD);
  });

  test('without an installation check exits 3 and remove has nothing to do', async () => {
    place = scratch(['.claude']);
    expect(await json('check')).toMatchObject({ exit: 3, document: { status: 'absent' } });
    expect(await json('remove')).toMatchObject({ exit: 0, document: { status: 'absent' } });
  });
});

describe('ways out of the folder', () => {
  test('a link in the project that leads out is refused', async () => {
    place = scratch(['.claude', 'secrets']);
    symlinkSync(join(place.home, 'secrets'), inProject('.claude'));
    const { exit, stderr } = await skill('install');
    expect(exit).toBe(3);
    expect(stderr).toContain('SKL003');
    expect(treeOf(place.home)).toEqual({ '.claude': '/', secrets: '/' });
  });

  test('a manifest that came with a project whose folder leads out removes nothing there', async () => {
    place = scratch(['.claude']);
    await skill('install', '--global');
    await skill('install');
    rmSync(inProject('.claude'), { recursive: true });
    symlinkSync(join(place.home, '.claude'), inProject('.claude'));
    const before = treeOf(place.home);
    for (const command of [['remove', '--force'], ['install', '--force'], ['check']]) {
      expect((await skill(...command)).exit).toBe(3);
    }
    expect(treeOf(place.home)).toEqual(before);
  });

  test.each(['../outside.txt', '/etc/hostname', '.claude/settings.json', '.agents/skills/other/SKILL.md'])(
    'a manifest that names %s removes nothing',
    async (name) => {
      place = scratch(['.claude']);
      await skill('install');
      const outside = join(place.project, '../outside.txt');
      writeFileSync(outside, 'precious');
      const file = inProject('.agents/senior-backend.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(
        file,
        JSON.stringify({ ...manifest, entries: { ...manifest.entries, [name]: { sha256: 'x' } } }),
      );
      for (const command of ['remove', 'install', 'check']) {
        const { exit, stderr } = await skill(command, ...(command === 'check' ? [] : ['--force']));
        expect([exit, stderr.includes('SKL003')]).toEqual([3, true]);
      }
      expect(readFileSync(outside, 'utf8')).toBe('precious');
    },
  );

  test('a manifest of another shape is said to be one, and left', async () => {
    place = scratch(['.claude']);
    mkdirSync(inProject('.agents'));
    for (const text of ['{', '{}', '{"version":1,"skill":"other"}']) {
      writeFileSync(inProject('.agents/senior-backend.json'), text);
      const { exit, stderr } = await skill('install');
      expect([exit, stderr.includes('SKL005')]).toEqual([1, true]);
    }
  });

  test("a home whose agents' folders are one folder through the user's own links gets one copy", async () => {
    place = scratch(['.claude', '.agents/skills']);
    symlinkSync('../.agents/skills', join(place.home, '.claude/skills'));
    expect((await skill('install', '--global')).exit).toBe(0);
    expect(lstatSync(join(place.home, '.claude/skills/senior-backend')).isDirectory()).toBe(true);
    expect(readFileSync(join(place.home, '.claude/skills/senior-backend/SKILL.md'), 'utf8')).toBe(SKILL_MD);
    expect((await json('install', '--global')).document.changes).toEqual([]);
    expect((await json('remove', '--global')).exit).toBe(0);
    expect(treeOf(place.home)).toEqual({
      '.agents': '/',
      '.agents/skills': '/',
      '.claude': '/',
      '.claude/skills': '-> ../.agents/skills',
    });
  });

  test('a folder that cannot be written is an error that names it', async () => {
    place = scratch(['.claude']);
    writeFileSync(inProject('.claude'), 'a file where a folder should be');
    const { exit, stderr } = await skill('install');
    expect(exit).toBe(1);
    expect(stderr).toContain('SKL006');
  });
});
