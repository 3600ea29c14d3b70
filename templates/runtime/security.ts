// Whom a request is from: its credentials are verified and held to what the operation requires. No framework in here.
import { ApiError, type ErrorDetail } from '../errors.js';
import type { Options, RawRequest } from './contract.js';
import { type Credential, MALFORMED, readCredential, type Scheme } from './credentials.js';
import { reportError } from './failure.js';

/** Whom a credential stands for. */
export interface Identity {
  readonly subject: string;
  /** What the credential allows: the scopes or roles that the contract speaks of. */
  readonly scopes?: readonly string[];
}

/**
 * Decides whom a credential stands for. Undefined refuses it; so does a thrown InvalidCredential, which
 * also tells the client why. Anything else that is thrown is a fault of ours: the request is refused with 500.
 */
export type Verifier<Proof extends Credential, Who extends Identity = Identity> = (
  credential: Proof,
  request: RawRequest,
) => Who | undefined | Promise<Who | undefined>;

/** A credential that is refused for a reason that its owner may know. */
export class InvalidCredential extends Error {
  override readonly name = 'InvalidCredential';
}

/** Stands for a verifier until there is one, and refuses every request. */
export const noVerifier = (): undefined => undefined;

/** Verifiers by the name of their scheme. */
export type VerifierTable = Readonly<Record<string, Verifier<never>>>;

/** Schemes that must all be satisfied, with the scopes that their identities must have. */
export type Requirement = Readonly<Record<string, readonly string[]>>;

/** What an operation requires of a request. */
export interface SecurityContract {
  /** What the credentials are for: the title of the contract. */
  readonly realm: string;
  readonly schemes: Readonly<Record<string, Scheme>>;
  /** One of these must be met; the empty one always is. */
  readonly anyOf: readonly Requirement[];
}

/** Identities by the name of the scheme that says so. */
export type Identities = Readonly<Record<string, Identity>>;

/** What became of a scheme in a request. */
type Outcome =
  | { readonly is: 'known'; readonly identity: Identity }
  | { readonly is: 'absent' }
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'failed'; readonly error: unknown };

/** What one scheme of a requirement lacks. */
interface Lack {
  readonly name: string;
  readonly scheme: Scheme;
  readonly scopes: readonly string[];
  readonly outcome: Outcome;
}

/**
 * The identities of the first requirement that the request meets; one that anybody meets is asked last.
 * Errors: 401 when none is met, 403 when only scopes are missing; what a verifier threw.
 */
export async function authorize(
  contract: SecurityContract,
  raw: RawRequest,
  requestId: string,
  options: Options,
): Promise<Identities> {
  const outcomes = new Map<string, Promise<Outcome>>();
  const outcomeOf = (name: string): Promise<Outcome> => {
    const known = outcomes.get(name) ?? verify(contract, name, raw, requestId, options);
    outcomes.set(name, known);
    return known;
  };
  const refusals: Lack[][] = [];
  for (const requirement of byStrictness(contract.anyOf)) {
    const identities: Record<string, Identity> = {};
    const lacks: Lack[] = [];
    for (const [name, scopes] of Object.entries(requirement)) {
      const outcome = await outcomeOf(name);
      if (outcome.is === 'known') Object.defineProperty(identities, name, own(outcome.identity));
      if (!isMet(outcome, scopes)) lacks.push({ name, scheme: schemeOf(contract, name), scopes, outcome });
    }
    if (lacks.length === 0) return identities;
    refusals.push(lacks);
  }
  throw refusal(contract.realm, refusals);
}

/** A scheme may have the name of something that every object inherits. */
const own = (value: Identity): PropertyDescriptor => ({ value, enumerable: true });

const byStrictness = (anyOf: readonly Requirement[]): readonly Requirement[] =>
  anyOf.length < 2 ? anyOf : [...anyOf].sort((left, right) => Number(isOpen(left)) - Number(isOpen(right)));

const isOpen = (requirement: Requirement): boolean => Object.keys(requirement).length === 0;

const isMet = (outcome: Outcome, scopes: readonly string[]): boolean =>
  outcome.is === 'known' && scopes.every((scope) => outcome.identity.scopes?.includes(scope) ?? false);

const UNKNOWN: Scheme = { kind: 'unknown' };

const schemeOf = ({ schemes }: SecurityContract, name: string): Scheme =>
  Object.hasOwn(schemes, name) ? (schemes[name] ?? UNKNOWN) : UNKNOWN;

async function verify(
  contract: SecurityContract,
  name: string,
  raw: RawRequest,
  requestId: string,
  options: Options,
): Promise<Outcome> {
  const { verifiers = {} } = options;
  const scheme = schemeOf(contract, name);
  const verifier = Object.hasOwn(verifiers, name) ? verifiers[name] : undefined;
  const isVerified = scheme.kind !== 'unknown' && verifier !== undefined && verifier !== noVerifier;
  if (!isVerified) reportOnce(name, requestId, options);
  try {
    const credential = readCredential(scheme, raw);
    if (credential === undefined) return { is: 'absent' };
    if (credential === MALFORMED) return { is: 'refused', why: 'The credential is malformed' };
    if (!isVerified) return { is: 'refused', why: REFUSED };
    const identity = await verifier(credential as never, raw);
    return identity === undefined ? { is: 'refused', why: REFUSED } : { is: 'known', identity };
  } catch (error) {
    return error instanceof InvalidCredential
      ? { is: 'refused', why: error.message }
      : { is: 'failed', error };
  }
}

const REFUSED = 'The credential is not valid';

/** The schemes of which an application was told that nothing verifies them. */
const reported = new WeakMap<Options, Set<string>>();

function reportOnce(name: string, requestId: string, options: Options): void {
  const known = reported.get(options) ?? new Set();
  reported.set(options, known);
  if (known.has(name)) return;
  known.add(name);
  const message = `no verifier for the security scheme ${JSON.stringify(name)}: what requires it is refused`;
  reportError(new Error(message), requestId, options);
}

/** What to answer when no requirement was met: the one that lacks nothing but scopes is nearest. */
function refusal(realm: string, refusals: readonly (readonly Lack[])[]): unknown {
  const all = refusals.flat();
  for (const { outcome } of all) if (outcome.is === 'failed') return outcome.error;
  const near = refusals.filter((lacks) => lacks.every(({ outcome }) => outcome.is === 'known')).flat();
  if (near.length > 0) {
    const details = near.flatMap(({ scopes, outcome }) => missingScopes(scopes, outcome));
    const headers = { 'www-authenticate': challenges(realm, near) };
    return new ApiError(403, 'FORBIDDEN', 'The credentials do not allow this', { details, headers });
  }
  const lacking = all.filter(({ outcome }) => outcome.is !== 'known');
  const isRefused = lacking.some(({ outcome }) => outcome.is === 'refused');
  const message = isRefused ? 'The credentials are not valid' : 'Credentials are required';
  const details = unique(lacking.map(detailOf), ({ field, message: text }) => `${field} ${text}`);
  const headers = { 'www-authenticate': challenges(realm, lacking) };
  return new ApiError(401, 'UNAUTHORIZED', message, { details, headers });
}

const missingScopes = (scopes: readonly string[], outcome: Outcome): ErrorDetail[] =>
  scopes
    .filter((scope) => !isMet(outcome, [scope]))
    .map((scope) => ({ field: 'scope', message: `Missing: ${scope}` }));

const detailOf = ({ scheme, outcome }: Lack): ErrorDetail => ({
  field: fieldOf(scheme),
  message: outcome.is === 'refused' ? outcome.why : 'Required',
});

/** Where a client puts the credential. */
function fieldOf(scheme: Scheme): string {
  if (scheme.kind === 'apiKey') return scheme.name;
  return scheme.kind === 'mutualTLS' ? 'client certificate' : 'Authorization';
}

/** The WWW-Authenticate header: one challenge for each scheme (RFC 9110, section 11.6.1). */
const challenges = (realm: string, lacks: readonly Lack[]): string =>
  unique(
    lacks.map((lack) => challenge(realm, lack)),
    (text) => text,
  ).join(', ');

/** For bearer tokens with what RFC 6750, section 3 has; a request without a token is told of no error. */
function challenge(realm: string, { scheme, scopes, outcome }: Lack): string {
  const parts = [`realm=${quoted(realm)}`];
  if (scheme.kind === 'apiKey') parts.push(`in="${scheme.in}"`, `name=${quoted(scheme.name)}`);
  if (scheme.kind === 'basic') parts.push('charset="UTF-8"');
  if (scheme.kind === 'bearer') {
    if (outcome.is === 'refused')
      parts.push('error="invalid_token"', `error_description=${quoted(outcome.why)}`);
    if (outcome.is === 'known') parts.push('error="insufficient_scope"');
    if (scopes.length > 0) parts.push(`scope=${quoted(scopes.join(' '))}`);
  }
  return `${CHALLENGE[scheme.kind] ?? pascal(scheme)} ${parts.join(', ')}`;
}

/** The names under which schemes challenge; those of keys and certificates are not registered with IANA. */
const CHALLENGE: Readonly<Partial<Record<Scheme['kind'], string>>> = {
  bearer: 'Bearer',
  basic: 'Basic',
  apiKey: 'ApiKey',
  mutualTLS: 'MutualTLS',
  unknown: 'Unavailable',
};

const pascal = (scheme: Scheme): string =>
  scheme.kind === 'http' ? (scheme.scheme[0] ?? '').toUpperCase() + scheme.scheme.slice(1) : scheme.kind;

/** A quoted string of a header: RFC 9110, section 5.6.4. */
const quoted = (text: string): string =>
  `"${text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, '\\$&')}"`;

const unique = <T>(list: readonly T[], keyOf: (item: T) => string): T[] => [
  ...new Map(list.map((item) => [keyOf(item), item])).values(),
];
