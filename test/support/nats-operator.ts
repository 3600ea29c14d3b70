// A NATS server that asks for .creds files: an operator, an account and a user, each with a key of its own.
import { createAccount, createOperator, createUser, type KeyPair } from '@nats-io/nkeys';

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as NATS has them (ADR-14): a JWT signed by `issuer`. */
function signed(issuer: KeyPair, subject: KeyPair, kind: string, name: string): string {
  const head = base64url({ typ: 'JWT', alg: 'ed25519-nkey' });
  const claims = base64url({
    jti: name,
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    name,
    sub: subject.getPublicKey(),
    nats: { type: kind, version: 2, ...LIMITS[kind] },
  });
  const content = `${head}.${claims}`;
  return `${content}.${Buffer.from(issuer.sign(Buffer.from(content))).toString('base64url')}`;
}

const UNLIMITED = { subs: -1, data: -1, payload: -1 };
const LIMITS: Readonly<Record<string, object>> = {
  operator: {},
  account: { limits: { ...UNLIMITED, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 } },
  user: { ...UNLIMITED, pub: {}, sub: {} },
};

/** The settings of such a server, and the content of a .creds file that it lets in. */
export function makeOperator(): { readonly settings: string; readonly creds: string } {
  const [operator, account, user] = [createOperator(), createAccount(), createUser()];
  const settings = [
    `operator: ${signed(operator, operator, 'operator', 'op')}`,
    'resolver: MEMORY',
    `resolver_preload: { ${account.getPublicKey()}: ${signed(operator, account, 'account', 'acc')} }`,
  ].join('\n');
  const part = (name: string, dashes: string, content: string): string =>
    `-----BEGIN ${name}-----\n${content}\n${dashes}END ${name}${dashes}\n`;
  const seed = Buffer.from(user.getSeed()).toString();
  const creds =
    part('NATS USER JWT', '------', signed(account, user, 'user', 'user')) +
    part('USER NKEY SEED', '------', seed);
  return { settings, creds };
}
