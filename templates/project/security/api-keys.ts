// API keys. The environment holds their hashes only: who reads it cannot use them.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKeyCredential } from '../../runtime/credentials.js';
import type { Identity, Verifier } from '../../runtime/security.js';
import { setting } from '../environment.js';

/** A client with the SHA-256 of its key. */
export interface KeyHolder extends Identity {
  readonly hash: Buffer;
}

const FORMAT =
  'a list of name:hash or name:hash:scope+scope, separated by commas, where hash is the SHA-256 of a key in 64 hexadecimal digits';

/** The clients of one security scheme: `worker:9f86d0...:jobs.read+jobs.write,partner:5d4140...`. */
export const apiKeys = setting(FORMAT, (text): readonly KeyHolder[] | undefined => {
  const holders = text.split(',').map((entry) => readHolder(entry.trim()));
  const known = holders.filter((holder) => holder !== undefined);
  return known.length === holders.length ? known : undefined;
});

function readHolder(entry: string): KeyHolder | undefined {
  const [, subject = '', hash = '', scopes = ''] = /^([^:\s]+):([0-9a-f]{64})(?::(\S+))?$/i.exec(entry) ?? [];
  if (subject === '') return undefined;
  return { subject, hash: Buffer.from(hash, 'hex'), scopes: scopes === '' ? [] : scopes.split('+') };
}

const digest = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Compares with every key, in a time that tells nothing of how near a key was or whose it is. */
export function apiKeyVerifier(holders: readonly KeyHolder[]): Verifier<ApiKeyCredential> {
  return ({ key }) => {
    const given = digest(key);
    let found: KeyHolder | undefined;
    for (const holder of holders) if (timingSafeEqual(holder.hash, given)) found = holder;
    return found && { subject: found.subject, scopes: found.scopes ?? [] };
  };
}
