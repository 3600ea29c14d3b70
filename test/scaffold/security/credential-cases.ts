import { basic, bearer, endless, headerKey, sign, signedWithPublicKey, unsigned } from './tokens.ts';

/** A row of the table: a request with credentials, and the exact answer of every framework. */
export interface CredentialCase {
  readonly is: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly status: 200 | 401 | 403;
  /** Whom the handler was told the request is from. */
  readonly who?: Readonly<Record<string, string>>;
  /** The WWW-Authenticate header. */
  readonly challenge?: string;
  readonly message?: string;
  readonly details?: readonly (readonly [field: string, message: string])[];
}

const REALM = 'realm="Vault \\"main\\""';
const KEY_CHALLENGE = `ApiKey ${REALM}, in="header", name="X-API-Key"`;
const BASIC_CHALLENGE = `Basic ${REALM}, charset="UTF-8"`;

const REQUIRED = 'Credentials are required';
const INVALID = 'The credentials are not valid';
const FORBIDDEN = 'The credentials do not allow this';

const scopeOf = (scopes: readonly string[]): string =>
  scopes.length === 0 ? '' : `, scope="${scopes.join(' ')}"`;

const asked = (scopes: readonly string[] = []): string => `Bearer ${REALM}${scopeOf(scopes)}`;
const refused = (why: string, scopes: readonly string[] = []): string =>
  `Bearer ${REALM}, error="invalid_token", error_description="${why}"${scopeOf(scopes)}`;
const lacking = (scopes: readonly string[]): string =>
  `Bearer ${REALM}, error="insufficient_scope"${scopeOf(scopes)}`;

/** Tokens that nobody is let in by, with what their bearer is told. */
const BAD_TOKENS: readonly (readonly [is: string, token: string, why: string])[] = [
  ['expired', await sign({ expires: '-1m' }), 'The token is expired'],
  ['of another issuer', await sign({ issuer: 'https://evil.test/' }), 'The token is from another issuer'],
  [
    'for another audience',
    await sign({ audience: 'https://shop.test/' }),
    'The token is for another audience',
  ],
  ['not valid yet', await sign({ notBefore: '5m' }), 'The token is not valid yet'],
  ['about nobody', await sign({ subject: '' }), 'The token has no valid sub'],
  ['without an end', await endless(), 'The token has no valid exp'],
  ['with alg: none', unsigned(), 'The token is not valid'],
  ['signed by HS256 with the public key', signedWithPublicKey(), 'The token is not valid'],
  ['signed by another key', await sign({ by: 'another' }), 'The token is not valid'],
  ['that is no token', 'abc', 'The token is not valid'],
  ['cut in two', (await sign()).slice(0, 60), 'The token is not valid'],
  ['malformed', 'a token with blanks', 'The credential is malformed'],
  ['empty', '', 'The credential is malformed'],
];

/** The operations that take a bearer token, with the scheme and what the token must allow. */
const TOKEN_PATHS: readonly (readonly [path: string, scheme: string, scopes: readonly string[]])[] = [
  ['/scoped', 'bearer', ['vault.read', 'vault.write']],
  ['/oauth', 'oauth', ['vault.read']],
  ['/oidc', 'oidc', ['vault.read']],
];

const tokenCases = await Promise.all(
  TOKEN_PATHS.map(
    async ([path, scheme, scopes]): Promise<CredentialCase[]> => [
      { is: 'valid', path, headers: bearer(await sign()), status: 200, who: { [scheme]: 'alice' } },
      {
        is: 'missing',
        path,
        status: 401,
        challenge: asked(scopes),
        message: REQUIRED,
        details: [['Authorization', 'Required']],
      },
      ...BAD_TOKENS.map(
        ([is, token, why]): CredentialCase => ({
          is: `a token ${is}`,
          path,
          headers: bearer(token),
          status: 401,
          challenge: refused(why, scopes),
          message: INVALID,
          details: [['Authorization', why]],
        }),
      ),
      {
        is: 'a token of another scope',
        path,
        headers: bearer(await sign({ scope: 'vault.list' })),
        status: 403,
        challenge: lacking(scopes),
        message: FORBIDDEN,
        details: scopes.map((scope) => ['scope', `Missing: ${scope}`] as const),
      },
      {
        is: 'another scheme in the same header',
        path,
        headers: basic('anna', 'pass:word é'),
        status: 401,
        challenge: asked(scopes),
        message: REQUIRED,
        details: [['Authorization', 'Required']],
      },
    ],
  ),
);

const keyRequired = {
  status: 401,
  challenge: KEY_CHALLENGE,
  message: REQUIRED,
  details: [['X-API-Key', 'Required']],
} as const;
const keyRefused = {
  status: 401,
  challenge: KEY_CHALLENGE,
  message: INVALID,
  details: [['X-API-Key', 'The credential is not valid']],
} as const;
const basicRefused = (why: string): Omit<CredentialCase, 'is' | 'path'> => ({
  status: 401,
  challenge: BASIC_CHALLENGE,
  message: INVALID,
  details: [['Authorization', why]],
});
const NOT_VALID = 'The credential is not valid';
const MALFORMED = 'The credential is malformed';

/** Keys in all places. */
const KEY_CASES: readonly CredentialCase[] = [
  {
    is: 'a key in a header',
    path: '/key/header',
    headers: headerKey(),
    status: 200,
    who: { 'header-key': 'worker' },
  },
  {
    is: 'the second client of a list',
    path: '/key/header',
    headers: headerKey('other'),
    status: 200,
    who: { 'header-key': 'other' },
  },
  { is: 'no key in a header', path: '/key/header', ...keyRequired },
  { is: 'a wrong key in a header', path: '/key/header', headers: headerKey('header kez'), ...keyRefused },
  { is: 'a longer key in a header', path: '/key/header', headers: headerKey('header keyy'), ...keyRefused },
  {
    is: 'the key where another scheme has its own',
    path: '/key/header?api_key=header%20key',
    ...keyRequired,
  },
  {
    is: 'an empty key in a header',
    path: '/key/header',
    headers: headerKey(''),
    ...keyRefused,
    details: [['X-API-Key', MALFORMED]],
  },
  {
    is: 'a key in the query',
    path: '/key/query?api_key=query%2Bkey%2F%3D',
    status: 200,
    who: { 'query-key': 'worker' },
  },
  ...[
    ['no key in the query', '', REQUIRED, 'Required'],
    ['a wrong key in the query', '?api_key=x', INVALID, NOT_VALID],
    ['two keys in the query', '?api_key=query%2Bkey%2F%3D&api_key=x', INVALID, MALFORMED],
  ].map(
    ([is = '', search = '', message = '', why = '']): CredentialCase => ({
      is,
      path: `/key/query${search}`,
      status: 401,
      challenge: `ApiKey ${REALM}, in="query", name="api_key"`,
      message,
      details: [['api_key', why]],
    }),
  ),
  {
    is: 'a key in a cookie',
    path: '/key/cookie',
    headers: { cookie: 'a=b; vault_key=cookie+key' },
    status: 200,
    who: { 'cookie-key': 'worker' },
  },
  ...[
    ['no key in a cookie', 'a=b', REQUIRED, 'Required'],
    ['a wrong key in a cookie', 'vault_key=x', INVALID, NOT_VALID],
  ].map(
    ([is = '', cookie = '', message = '', why = '']): CredentialCase => ({
      is,
      path: '/key/cookie',
      headers: { cookie },
      status: 401,
      challenge: `ApiKey ${REALM}, in="cookie", name="vault_key"`,
      message,
      details: [['vault_key', why]],
    }),
  ),
];

const BASIC_CASES: readonly CredentialCase[] = [
  {
    is: 'a name and its password',
    path: '/basic',
    headers: basic('anna', 'pass:word é'),
    status: 200,
    who: { basic: 'anna' },
  },
  {
    is: 'the scheme in another case',
    path: '/basic',
    headers: {
      authorization: basic('anna', 'pass:word é')['authorization']?.replace('Basic', 'bASIC') ?? '',
    },
    status: 200,
    who: { basic: 'anna' },
  },
  {
    is: 'no password',
    path: '/basic',
    status: 401,
    challenge: BASIC_CHALLENGE,
    message: REQUIRED,
    details: [['Authorization', 'Required']],
  },
  { is: 'a wrong password', path: '/basic', headers: basic('anna', 'password'), ...basicRefused(NOT_VALID) },
  { is: 'an unknown name', path: '/basic', headers: basic('bob', 'pass:word é'), ...basicRefused(NOT_VALID) },
  {
    is: 'something that is not base64',
    path: '/basic',
    headers: { authorization: 'Basic @@@' },
    ...basicRefused(MALFORMED),
  },
  {
    is: 'no colon',
    path: '/basic',
    headers: { authorization: `Basic ${btoa('anna')}` },
    ...basicRefused(MALFORMED),
  },
];

const READ = ['vault.read'];

/** Where one operation has several requirements or schemes. */
const JOINED: readonly CredentialCase[] = [
  {
    is: 'and: both',
    path: '/and',
    headers: { ...bearer(await sign()), ...headerKey() },
    status: 200,
    who: { bearer: 'alice', 'header-key': 'worker' },
  },
  { is: 'and: the token alone', path: '/and', headers: bearer(await sign()), ...keyRequired },
  {
    is: 'and: the key alone',
    path: '/and',
    headers: headerKey(),
    status: 401,
    challenge: asked(READ),
    message: REQUIRED,
    details: [['Authorization', 'Required']],
  },
  {
    is: 'and: neither',
    path: '/and',
    status: 401,
    challenge: `${asked(READ)}, ${KEY_CHALLENGE}`,
    message: REQUIRED,
    details: [
      ['Authorization', 'Required'],
      ['X-API-Key', 'Required'],
    ],
  },
  {
    is: 'and: a wrong key beside the token',
    path: '/and',
    headers: { ...bearer(await sign()), ...headerKey('x') },
    ...keyRefused,
  },
  {
    is: 'and: the scope is missing',
    path: '/and',
    headers: { ...bearer(await sign({ scope: '' })), ...headerKey() },
    status: 403,
    challenge: lacking(READ),
    message: FORBIDDEN,
    details: [['scope', 'Missing: vault.read']],
  },
  {
    is: 'and: scope and key are missing',
    path: '/and',
    headers: bearer(await sign({ scope: '' })),
    ...keyRequired,
  },
  ...BAD_TOKENS.map(
    ([is, token, why]): CredentialCase => ({
      is: `and: a token ${is} beside the key`,
      path: '/and',
      headers: { ...bearer(token), ...headerKey() },
      status: 401,
      challenge: refused(why, READ),
      message: INVALID,
      details: [['Authorization', why]],
    }),
  ),

  { is: 'or: the token', path: '/or', headers: bearer(await sign()), status: 200, who: { bearer: 'alice' } },
  { is: 'or: the key', path: '/or', headers: headerKey(), status: 200, who: { 'header-key': 'worker' } },
  {
    is: 'or: both, of which the first counts',
    path: '/or',
    headers: { ...bearer(await sign()), ...headerKey() },
    status: 200,
    who: { bearer: 'alice' },
  },
  {
    is: 'or: neither',
    path: '/or',
    status: 401,
    challenge: `${asked(READ)}, ${KEY_CHALLENGE}`,
    message: REQUIRED,
    details: [
      ['Authorization', 'Required'],
      ['X-API-Key', 'Required'],
    ],
  },
  {
    is: 'or: a token without the scope',
    path: '/or',
    headers: bearer(await sign({ scope: 'x' })),
    status: 403,
    challenge: lacking(READ),
    message: FORBIDDEN,
    details: [['scope', 'Missing: vault.read']],
  },
  {
    is: 'or: a token without the scope, and the key',
    path: '/or',
    headers: { ...bearer(await sign({ scope: 'x' })), ...headerKey() },
    status: 200,
    who: { 'header-key': 'worker' },
  },
  ...BAD_TOKENS.flatMap(([is, token, why]): CredentialCase[] => [
    {
      is: `or: a token ${is}`,
      path: '/or',
      headers: bearer(token),
      status: 401,
      challenge: `${refused(why, READ)}, ${KEY_CHALLENGE}`,
      message: INVALID,
      details: [
        ['Authorization', why],
        ['X-API-Key', 'Required'],
      ],
    },
    {
      is: `or: a token ${is}, and the key`,
      path: '/or',
      headers: { ...bearer(token), ...headerKey() },
      status: 200,
      who: { 'header-key': 'worker' },
    },
  ]),

  {
    is: 'and-or: token and key',
    path: '/and-or',
    headers: { ...bearer(await sign({ scope: '' })), ...headerKey() },
    status: 200,
    who: { bearer: 'alice', 'header-key': 'worker' },
  },
  {
    is: 'and-or: the password',
    path: '/and-or',
    headers: basic('anna', 'pass:word é'),
    status: 200,
    who: { basic: 'anna' },
  },
  {
    is: 'and-or: password and key',
    path: '/and-or',
    headers: { ...basic('anna', 'pass:word é'), ...headerKey() },
    status: 200,
    who: { basic: 'anna' },
  },
  {
    is: 'and-or: the token alone',
    path: '/and-or',
    headers: bearer(await sign()),
    status: 401,
    challenge: `${KEY_CHALLENGE}, ${BASIC_CHALLENGE}`,
    message: REQUIRED,
    details: [
      ['X-API-Key', 'Required'],
      ['Authorization', 'Required'],
    ],
  },
  {
    is: 'and-or: the key alone',
    path: '/and-or',
    headers: headerKey(),
    status: 401,
    challenge: `${asked()}, ${BASIC_CHALLENGE}`,
    message: REQUIRED,
    details: [['Authorization', 'Required']],
  },
  {
    is: 'and-or: nothing',
    path: '/and-or',
    status: 401,
    challenge: `${asked()}, ${KEY_CHALLENGE}, ${BASIC_CHALLENGE}`,
    message: REQUIRED,
    details: [
      ['Authorization', 'Required'],
      ['X-API-Key', 'Required'],
    ],
  },

  {
    is: 'optional: the token',
    path: '/optional',
    headers: bearer(await sign()),
    status: 200,
    who: { bearer: 'alice' },
  },
  { is: 'optional: nothing', path: '/optional', status: 200, who: {} },
  ...BAD_TOKENS.map(
    ([is, token]): CredentialCase => ({
      is: `optional: a token ${is}, which stands for nobody`,
      path: '/optional',
      headers: bearer(token),
      status: 200,
      who: {},
    }),
  ),

  { is: 'an operation that takes back what all others require', path: '/open', status: 200, who: {} },
];

/** The document's requirement, where an operation has none of its own; it asks for no scope. */
const INHERITED: readonly CredentialCase[] = [
  {
    is: 'the requirement of the document: missing',
    path: '/inherited',
    status: 401,
    challenge: asked(),
    message: REQUIRED,
    details: [['Authorization', 'Required']],
  },
  ...BAD_TOKENS.map(
    ([is, token, why]): CredentialCase => ({
      is: `the requirement of the document: a token ${is}`,
      path: '/inherited',
      headers: bearer(token),
      status: 401,
      challenge: refused(why),
      message: INVALID,
      details: [['Authorization', why]],
    }),
  ),
  {
    is: 'the requirement of the document: any scope will do',
    path: '/inherited',
    headers: bearer(await sign({ scope: '' })),
    status: 200,
    who: { bearer: 'alice', expires: 'number', other: 'undefined' },
  },
];

const DIGEST = `Digest ${REALM}`;

/** A scheme under a name that every object inherits. */
const PROTO: readonly CredentialCase[] = [
  {
    is: 'a key of the scheme __proto__',
    path: '/proto',
    headers: { 'x-proto': 'proto' },
    status: 200,
    who: JSON.parse('{ "__proto__": "worker" }'),
  },
  {
    is: 'no key of the scheme __proto__',
    path: '/proto',
    status: 401,
    challenge: `ApiKey ${REALM}, in="header", name="X-Proto"`,
    message: REQUIRED,
    details: [['X-Proto', 'Required']],
  },
];

/** Schemes that nothing verifies. */
const CLOSED: readonly CredentialCase[] = [
  {
    is: 'a scheme without a verifier: no credential',
    path: '/digest',
    status: 401,
    challenge: DIGEST,
    message: REQUIRED,
    details: [['Authorization', 'Required']],
  },
  {
    is: 'a scheme without a verifier: a credential',
    path: '/digest',
    headers: { authorization: 'Digest username="anna"' },
    status: 401,
    challenge: DIGEST,
    message: INVALID,
    details: [['Authorization', NOT_VALID]],
  },
  {
    is: 'a scheme without a verifier, or a key: the key',
    path: '/digest-or-key',
    headers: headerKey(),
    status: 200,
    who: { 'header-key': 'worker' },
  },
  {
    is: 'a scheme without a verifier, or a key: a digest',
    path: '/digest-or-key',
    headers: { authorization: 'Digest username="anna"' },
    status: 401,
    challenge: `${DIGEST}, ${KEY_CHALLENGE}`,
    message: INVALID,
    details: [
      ['Authorization', NOT_VALID],
      ['X-API-Key', 'Required'],
    ],
  },
  {
    is: 'a scheme that is not declared',
    path: '/undeclared',
    headers: bearer(await sign()),
    status: 401,
    challenge: `Unavailable ${REALM}`,
    message: REQUIRED,
    details: [['Authorization', 'Required']],
  },
  {
    is: 'mutual TLS without TLS',
    path: '/mutual',
    status: 401,
    challenge: `MutualTLS ${REALM}`,
    message: REQUIRED,
    details: [['client certificate', 'Required']],
  },
];

export const CREDENTIAL_CASES: readonly CredentialCase[] = [
  ...tokenCases.flat(),
  ...INHERITED,
  ...KEY_CASES,
  ...BASIC_CASES,
  ...JOINED,
  ...PROTO,
  ...CLOSED,
];
