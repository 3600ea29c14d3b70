import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askAtTerminal } from '../../src/cli/commands/grill/terminal.ts';
import {
  newSession,
  readSession,
  saveSession,
  standingOf,
  withAnswer,
} from '../../src/decide/grill/index.ts';
import { runLine } from '../support/run-line.ts';
import { schemaValidator } from '../support/schema.ts';

const ANSWERS = [
  'ratio=20 qps=180',
  'shared',
  'sync',
  'pii',
  'team of 8, modular monolith, typescript, no platform team',
  'rpo=60 rto=240',
  'uptime=99.5% p99=600 owner="the payments team"',
];
const NOON = Date.UTC(2026, 0, 5, 12);
const FILE = 'backend-grill-2026-01-05.json';
const validate = schemaValidator('grill', ['decide']);
const isAnswers = schemaValidator('answers', ['decide']);

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'grill-'));
});
afterEach(() => rm(cwd, { recursive: true }));

const grill = (...argv: string[]) =>
  runLine(['grill', ...argv], { cwd, clock: { now: () => NOON, monotonic: () => 0 } });

async function json(...argv: string[]) {
  const { exit, stdout } = await grill(...argv, '--json');
  const document = JSON.parse(stdout);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  return { exit, document };
}

describe('turn by turn', () => {
  test('seven answers, one question a turn, then the decision and its digest', async () => {
    expect(await readdir(cwd)).toEqual([]);
    for (const [at, answer] of ANSWERS.entries()) {
      const { exit, document } = await json('--next');
      expect({ exit, number: document.question.number }).toEqual({ exit: 0, number: at + 1 });
      const answered = await json('--answer', answer);
      expect(answered).toMatchObject({
        exit: 0,
        document: { answered: ANSWERS.slice(0, at + 1).map((_, n) => n + 1) },
      });
    }
    const { document } = await json('--next');
    expect(document).toMatchObject({
      status: 'complete',
      question: null,
      decision: { status: 'recommended', recommendation: { profile_name: 'node-express' } },
    });
    const { exit, stdout } = await grill('--digest');
    expect(exit).toBe(0);
    expect(stdout.trim()).toBe(document.digest);
    expect(stdout.split(/\s+/).length).toBeLessThanOrEqual(200);
    const kept = JSON.parse(await readFile(join(cwd, FILE), 'utf8'));
    expect(isAnswers(kept), JSON.stringify(isAnswers.errors)).toBe(true);
    const decided = await runLine(['decide', '--answers', FILE, '--json'], { cwd });
    expect(JSON.parse(decided.stdout)).toMatchObject({ ...document.decision });
  });

  test('the text of a question has the recommended answer, its source and what stops', async () => {
    const { stdout } = await grill('--next');
    for (const part of ['Question 1 of 7', 'recommended  ratio=20 qps=180', 'stops at', 'Kleppmann']) {
      expect(stdout).toContain(part);
    }
  });

  test('an answer that says too little exits 2 and is not recorded', async () => {
    const { exit, stderr } = await grill('--answer', 'qps=200');
    expect(exit).toBe(2);
    expect(stderr).toContain('ratio (reads per write');
    expect(await readdir(cwd)).toEqual([]);
  });

  test('without a terminal, a decision or a question it says which flag to give', async () => {
    expect(await grill()).toMatchObject({ exit: 2, stderr: expect.stringContaining('grill --next') });
    expect(await grill('--digest')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('questions 1, 2, 3, 4, 5, 6, 7 are open'),
    });
    expect(await grill('--answer', 'x', '--question', '8')).toMatchObject({ exit: 2 });
    expect(await grill('--override', 'because')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('CLI002'),
    });
  });
});

describe('a tripped kill criterion', () => {
  test('stops with the next investigation, stays stopped, and goes on with a better answer', async () => {
    const stopped = await json('--answer', 'we will need to scale');
    expect(stopped).toMatchObject({
      exit: 3,
      document: {
        status: 'stopped',
        decision: null,
        question: { number: 1 },
        kill_criteria_tripped: [
          { id: 'load-unknown', next_investigation: expect.stringContaining('access logs') },
        ],
      },
    });
    expect((await json('--next')).exit).toBe(3);
    expect((await grill('--digest')).exit).toBe(3);
    const refused = await runLine(['decide', '--answers', FILE, '--json'], { cwd });
    expect(refused.exit).toBe(3);
    expect(JSON.parse(refused.stdout)).toMatchObject({ status: 'refused', recommendation: null });
    expect(await json('--answer', 'ratio=20 qps=180')).toMatchObject({
      exit: 0,
      document: { status: 'asking', question: { number: 2 } },
    });
  });

  test('an earlier answer is asked for again when a later one makes it impossible', async () => {
    for (const answer of ['ratio=20 qps=180', 'shared', 'event-driven', 'pii'])
      await grill('--answer', answer);
    const { exit, document } = await json('--answer', ANSWERS[4] ?? '');
    expect(exit).toBe(3);
    expect(document).toMatchObject({
      question: { number: 3 },
      kill_criteria_tripped: [{ id: 'event-driven-below-20-people' }],
    });
    expect(await json('--answer', 'sync')).toMatchObject({ exit: 0, document: { question: { number: 6 } } });
  });

  test('regulated data without an owner stops at question 4', async () => {
    for (const answer of ANSWERS.slice(0, 3)) await grill('--answer', answer);
    const { exit, document } = await json('--answer', 'tier=regulated owner=none encrypted=yes');
    expect({ exit, question: document.question.number }).toEqual({ exit: 3, question: 4 });
  });

  test('a decision that fits none after the seventh answer exits 3', async () => {
    for (const answer of ANSWERS) await grill('--answer', answer);
    const { exit, document } = await json(
      '--question',
      '5',
      '--answer',
      'pattern=modular-monolith team=8 language=java',
    );
    expect({ exit, status: document.decision.status }).toEqual({ exit: 3, status: 'no-fit' });
  });
});

describe('the file', () => {
  test('answers are added and never removed', async () => {
    await grill('--answer', 'ratio=20 qps=180');
    await grill('--answer', 'ratio=30 qps=180', '--question', '1');
    const { answers } = JSON.parse(await readFile(join(cwd, FILE), 'utf8'));
    expect(answers.map(({ said }: { said: string }) => said)).toEqual([
      'ratio=20 qps=180',
      'ratio=30 qps=180',
    ]);
  });

  test('another session has a file of its own', async () => {
    await grill('--answer', 'ratio=20 qps=180');
    const before = await readFile(join(cwd, FILE), 'utf8');
    await grill('--new', '--answer', 'ratio=1 qps=1');
    expect((await readdir(cwd)).sort()).toEqual(['backend-grill-2026-01-05-2.json', FILE].sort());
    expect(await readFile(join(cwd, FILE), 'utf8')).toBe(before);
  });

  test('a file that is not ours is left as it is', async () => {
    await writeFile(join(cwd, 'mine.json'), '{"kind":"diary"}');
    const { exit, stderr } = await grill('--file', 'mine.json', '--answer', 'ratio=1 qps=1');
    expect(exit).toBe(2);
    expect(stderr).toContain('GRL002');
    expect(await readFile(join(cwd, 'mine.json'), 'utf8')).toBe('{"kind":"diary"}');
  });

  test('an edited file with an impossible fact is not taken', async () => {
    await grill('--answer', 'ratio=20 qps=180');
    const text = await readFile(join(cwd, FILE), 'utf8');
    await writeFile(join(cwd, FILE), text.replace('"qps_p99": 180', '"qps_p99": -180'));
    expect(await grill('--next')).toMatchObject({ exit: 2, stderr: expect.stringContaining('GRL002') });
  });

  test('of two sessions that read the same file the second is told, and nothing of the first is lost', async () => {
    const file = join(cwd, 'shared.json');
    const mine = { file, session: newSession('now'), text: undefined };
    const first = standingOf(mine.session);
    if (first.status !== 'asking') throw new Error('a new session asks');
    const answered = withAnswer(mine.session, first.next, 'ratio=1 qps=1', 'now');
    await saveSession(mine, answered);
    const theirs = withAnswer(mine.session, first.next, 'ratio=2 qps=2', 'now');
    await expect(saveSession(mine, theirs)).rejects.toMatchObject({ code: 'GRL003', kind: 'refused' });
    expect((await readSession(file))?.session.answers).toEqual(answered.answers);
  });

  test('a hundred sessions that write at once leave one whole file', async () => {
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, at) => grill('--answer', `ratio=${at} qps=1`, '--question', '1')),
    );
    const session = (await readSession(join(cwd, FILE)))?.session;
    const wins = results.filter(({ exit }) => exit === 0).length;
    expect(session?.answers.length).toBe(wins);
    expect(results.filter(({ exit }) => exit !== 0).every(({ stderr }) => stderr.includes('GRL003'))).toBe(
      true,
    );
    expect((await readdir(cwd)).filter((name) => name !== FILE)).toEqual([]);
  });
});

describe('at a terminal', () => {
  /** Types each text when the prompt has been drawn, as a person would. */
  function typist(texts: readonly string[]) {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 200, rows: 50 });
    const left = [...texts];
    let seen = '';
    output.on('data', (chunk: Buffer) => {
      seen += chunk.toString('utf8');
      if (!seen.includes('Your answer') || left.length === 0) return;
      seen = '';
      const text = left.shift() ?? '';
      setTimeout(() => input.write(text), 5);
    });
    return { input, output };
  }
  const answer = async (current: Parameters<typeof saveSession>[0], said: string) => {
    const standing = standingOf(current.session);
    if (standing.status === 'complete') throw new Error('asked beyond the last question');
    return saveSession(current, withAnswer(current.session, standing.next, said, 'now'));
  };

  test('all seven questions are asked, a poor answer is asked for again, and each is in the file at once', async () => {
    const opened = { file: join(cwd, FILE), session: newSession('now'), text: undefined };
    const typed = ['qps=3\r', ...ANSWERS.map((text) => `${text}\r`)];
    const { session, interrupted } = await askAtTerminal(opened, { answer, ...typist(typed) });
    expect(interrupted).toBe(false);
    expect(standingOf(session.session).status).toBe('complete');
    expect((await readSession(opened.file))?.session).toEqual(session.session);
  });

  test('Ctrl-C keeps what was answered, and the next session goes on from there', async () => {
    const opened = { file: join(cwd, FILE), session: newSession('now'), text: undefined };
    const { interrupted } = await askAtTerminal(opened, {
      answer,
      ...typist(['ratio=20 qps=180\r', 'shared\r', '\u0003']),
    });
    expect(interrupted).toBe(true);
    expect(await json('--next')).toMatchObject({ document: { answered: [1, 2], question: { number: 3 } } });
  });

  test('a kill criterion ends the conversation', async () => {
    const opened = { file: join(cwd, FILE), session: newSession('now'), text: undefined };
    const { session } = await askAtTerminal(opened, { answer, ...typist(['it must scale\r']) });
    expect(standingOf(session.session).status).toBe('stopped');
  });
});
