import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { systemErrorCode, UserError } from '../core/errors.ts';
import { compareText, sortByText } from '../core/order.ts';
import type { Profile } from './profile.ts';

/** Two folders above both src/decide and dist/decide. */
const SHIPPED_PROFILES = new URL('../../profiles/', import.meta.url);

/** Where a profile came from, for --list-profiles. */
export interface LoadedProfile {
  readonly profile: Profile;
  /** The file it was read from; absent for a profile of this package. */
  readonly file?: string;
}

export interface LoadedProfiles {
  readonly profiles: readonly LoadedProfile[];
  /** Files that were left out, and why. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ProfileSources {
  /** Its `*.json` files are profiles; need not exist. */
  readonly folder: string;
  /** Profiles that were asked for by name; each must be good. */
  readonly files: readonly string[];
}

/**
 * The profiles of this package, overridden by name by those of the folder, overridden by the files
 * that were named. A bad file in the folder is reported and left out; a bad file that was named is an
 * error: DEC004 when it cannot be read, DEC005 when it does not keep to the schema.
 */
export async function loadProfiles({ folder, files }: ProfileSources): Promise<LoadedProfiles> {
  const byName = new Map<string, LoadedProfile>();
  for (const profile of shippedProfiles()) byName.set(profile.profile_name, { profile });
  const found = await readFolder(folder);
  for (const loaded of found.profiles) byName.set(loaded.profile.profile_name, loaded);
  for (const file of files) {
    const read = await readProfile(file);
    if ('problems' in read) throw namedProfileError(file, read.problems);
    byName.set(read.profile.profile_name, read);
  }
  return {
    profiles: sortByText(byName.values(), ({ profile }) => profile.profile_name),
    diagnostics: found.diagnostics,
  };
}

/**
 * Not validated: a test holds each of them to the schema. Read synchronously: one decision has to start
 * quickly, and four small files take 0.2 ms this way against 2 ms through the thread pool.
 */
function shippedProfiles(): Profile[] {
  const names = readdirSync(SHIPPED_PROFILES).filter((name) => name.endsWith('.json'));
  return names.map((name): Profile => JSON.parse(readFileSync(new URL(name, SHIPPED_PROFILES), 'utf8')));
}

async function readFolder(folder: string): Promise<LoadedProfiles> {
  const profiles: LoadedProfile[] = [];
  const diagnostics: Diagnostic[] = [];
  const takenBy = new Map<string, string>();
  for (const file of jsonFiles(folder)) {
    const read = await readProfile(file);
    if ('problems' in read) {
      diagnostics.push(...read.problems);
      continue;
    }
    const name = read.profile.profile_name;
    const first = takenBy.get(name);
    if (first === undefined) {
      takenBy.set(name, file);
      profiles.push(read);
    } else diagnostics.push(sameName(name, first, file));
  }
  return { profiles, diagnostics };
}

function jsonFiles(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    return names.sort(compareText).map((name) => join(folder, name));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
}

type ReadProfile = LoadedProfile | { readonly problems: readonly Diagnostic[] };

async function readProfile(file: string): Promise<ReadProfile> {
  const { checkProfile } = await import('./check-profile.ts');
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const problems = await checkProfile(value, file);
    // It keeps to the schema, of which the type is the other half.
    return problems.length > 0 ? { problems } : { profile: value as Profile, file };
  } catch (error) {
    if (!(error instanceof SyntaxError) && systemErrorCode(error) === undefined) throw error;
    return { problems: [unreadable(file, error)] };
  }
}

function unreadable(file: string, error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'DEC004',
    severity: 'error',
    message: `${basename(file)} cannot be read: ${reason}`,
    location: { file },
    help: 'Check the path and the syntax.',
  };
}

function sameName(name: string, first: string, second: string): Diagnostic {
  return {
    code: 'DEC006',
    severity: 'error',
    message: `${basename(first)} and ${basename(second)} both define the profile ${name}`,
    location: { file: second, pointer: '/profile_name' },
    help: `Rename one of them; ${basename(first)} is used.`,
  };
}

function namedProfileError(file: string, problems: readonly Diagnostic[]): UserError {
  const [first] = problems;
  return new UserError(first?.code ?? 'DEC005', `the profile ${basename(file)} cannot be used`, {
    kind: 'usage',
    help: 'senior-backend decide --list-profiles shows the profiles that can.',
    diagnostics: problems,
  });
}
