import { open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemErrorCode, UserError } from '../../core/errors.ts';
import { readGivenFacts } from '../read-facts.ts';
import { QUESTIONS } from './questions.ts';
import type { GivenAnswer, Session } from './session.ts';

/** A session and the text it was read from: what is saved must still be what was read. */
export interface OpenSession {
  readonly file: string;
  readonly session: Session;
  /** Absent when the file did not exist. */
  readonly text: string | undefined;
}

/** `backend-grill-2026-11-21.json` in the folder, of the day in UTC. */
export function defaultSessionFile(folder: string, now: number): string {
  return join(folder, `backend-grill-${new Date(now).toISOString().slice(0, 10)}.json`);
}

/** The first name that is free: the file itself, or with -2, -3 ... behind its stem. */
export async function freeSessionFile(file: string): Promise<string> {
  const taken = new Set(await readdir(dirname(file)).catch(() => []));
  const stem = basename(file, '.json');
  let name = `${stem}.json`;
  for (let suffix = 2; taken.has(name); suffix += 1) name = `${stem}-${suffix}.json`;
  return join(dirname(file), name);
}

/** Reads a session; undefined when there is no such file. Error GRL002 when it is not one of ours. */
export async function readSession(file: string): Promise<OpenSession | undefined> {
  const text = await readIfPresent(file);
  if (text === undefined) return undefined;
  const session = parseSession(text);
  if (session !== undefined) return { file, session, text };
  throw new UserError('GRL002', `${file} is not a file that grill wrote`, {
    kind: 'usage',
    help: 'Name another file with --file; this one is left as it is.',
  });
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw fileError(file, error);
  }
}

function fileError(file: string, error: unknown): unknown {
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  return new UserError('GRL002', `${file} cannot be used: the system answered ${code}`, {
    kind: 'usage',
    help: 'Name another file with --file.',
    cause: error,
  });
}

function parseSession(text: string): Session | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isSession(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Checked field by field, since a person may have edited the file: every fact must still be possible. */
function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false;
  const { version, kind, started, answers } = value as Partial<Session>;
  if (version !== 1 || kind !== 'backend-grill' || typeof started !== 'string') return false;
  return Array.isArray(answers) && answers.every(isAnswer);
}

function isAnswer(value: unknown): value is GivenAnswer {
  if (typeof value !== 'object' || value === null) return false;
  const { question, said, facts, answered } = value as Partial<GivenAnswer>;
  const asked = QUESTIONS.find(({ number }) => number === question);
  if (asked === undefined || typeof said !== 'string' || typeof answered !== 'string') return false;
  if (typeof facts !== 'object' || facts === null) return false;
  const allowed: readonly string[] = Object.values(asked.keys);
  return (
    Object.keys(facts).every((fact) => allowed.includes(fact)) &&
    readGivenFacts(facts).diagnostics.length === 0
  );
}

/**
 * Writes the session beside its place and moves it in, under a lock, and only when the file is still
 * what was read. Error GRL003 when another session wrote in between; nothing is written then.
 */
export async function saveSession(opened: OpenSession, session: Session): Promise<OpenSession> {
  const { file } = opened;
  const text = `${JSON.stringify(session, null, 2)}\n`;
  const lock = `${file}.lock`;
  await takeLock(lock, file);
  try {
    if ((await readIfPresent(file)) !== opened.text) throw changedMeanwhile(file);
    await writeFile(`${file}.part`, text);
    await rename(`${file}.part`, file);
    return { file, session, text };
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string, file: string): Promise<void> {
  try {
    await (await open(lock, 'wx')).close();
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw fileError(file, error);
    throw new UserError('GRL003', `another session is writing ${file}`, {
      kind: 'refused',
      help: `Try again; when no other session runs, remove ${lock}.`,
    });
  }
}

function changedMeanwhile(file: string): UserError {
  return new UserError('GRL003', `another session changed ${file}`, {
    kind: 'refused',
    help: 'Read the next question again with grill --next and answer that one.',
  });
}
