// Names and passwords of HTTP Basic. The environment holds slow, salted hashes only.
import { scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { BasicCredential } from '../../runtime/credentials.js';
import type { Identity, Verifier } from '../../runtime/security.js';
import { setting } from '../environment.js';

export interface User extends Identity {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const FORMAT =
  'a list of name:salt:hash or name:salt:hash:scope+scope, separated by commas, as npm run credential -- password NAME prints it';

/** The users of one security scheme. */
export const users = setting(FORMAT, (text): readonly User[] | undefined => {
  const read = text.split(',').map((entry) => readUser(entry.trim()));
  const known = read.filter((user) => user !== undefined);
  return known.length === read.length ? known : undefined;
});

function readUser(entry: string): User | undefined {
  const pattern = /^([^:\s]+):([0-9a-f]{32}):([0-9a-f]{64})(?::(\S+))?$/i;
  const [, subject = '', salt = '', hash = '', scopes = ''] = pattern.exec(entry) ?? [];
  if (subject === '') return undefined;
  const [saltBytes, hashBytes] = [Buffer.from(salt, 'hex'), Buffer.from(hash, 'hex')];
  return { subject, salt: saltBytes, hash: hashBytes, scopes: scopes === '' ? [] : scopes.split('+') };
}

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>;

/** Whoever is not among the users takes as long as who is. */
const NOBODY: User = { subject: '', salt: Buffer.alloc(16), hash: Buffer.alloc(32) };

export function passwordVerifier(known: readonly User[]): Verifier<BasicCredential> {
  return async ({ username, password }) => {
    const user = known.find(({ subject }) => subject === username);
    const { salt, hash } = user ?? NOBODY;
    const isRight = timingSafeEqual(await derive(password, salt, hash.length), hash);
    return isRight && user !== undefined ? { subject: user.subject, scopes: user.scopes ?? [] } : undefined;
  };
}
