// The connection to a NATS server. Its client is loaded when there is one to connect to, and only then.
import { isIP } from 'node:net';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import { UserError } from '../../core/errors.ts';

/** Where a NATS server is, and who we are to it. */
export interface LinkOptions {
  /** `nats://` or `tls://`, several with commas; user and password, or a token, may stand in it. */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** The content of a .creds file. */
  readonly creds?: string;
  /** The seed of an NKey. */
  readonly nkey?: string;
  /** PEM: the authorities to trust, the client's own certificate and its key. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** What the rest knows of the connection. */
export interface Link {
  /** Host and port, without what is secret in the URL. */
  readonly server: string;
  /** The most bytes that one message may have. */
  readonly maxBytes: number;
  /** Sends, unless the connection is down: whatever matters is said again. */
  publish(subject: string, data: Uint8Array): void;
  /** Calls `take` for every message; hands back what ends that. */
  subscribe(subject: string, take: (subject: string, data: Uint8Array) => void): () => void;
  /** Settles when the connection is gone for good, with why. */
  readonly lost: Promise<string>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT = 5000;
const FEWEST_BYTES = 16 * 1024;

/** Connects; `tell` is told when the connection goes and comes, and what the server refuses. Errors: LOAD030, LOAD005; neither holds a password. */
export async function openLink(
  options: LinkOptions,
  name: string,
  tell: (line: string) => void,
): Promise<Link> {
  const servers = parseServers(options.url);
  const shown = servers.map(({ host }) => host).join(', ');
  let connection: NatsConnection;
  try {
    const settings = await connectionOptions(options, servers, name);
    const { connect } = await import('@nats-io/transport-node');
    connection = await connect(settings);
  } catch (error) {
    throw unreachable(shown, reasonOf(error));
  }
  const maxBytes = connection.info?.max_payload ?? 0;
  if (maxBytes < FEWEST_BYTES) {
    await connection.close();
    throw unreachable(shown, `it takes messages of ${maxBytes} bytes at most, we need ${FEWEST_BYTES}`);
  }
  return linkOf(connection, shown, maxBytes, onceEach(tell));
}

function linkOf(
  connection: NatsConnection,
  server: string,
  maxBytes: number,
  tell: (line: string) => void,
): Link {
  let up = true;
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') up = false;
      if (status.type === 'reconnect') up = true;
      if (status.type === 'disconnect' || status.type === 'reconnect')
        tell(`${status.type}ed: the NATS server ${server}`);
      if (status.type === 'error') tell(`the NATS server refuses: ${reasonOf(status.error)}`);
    }
  })();
  return {
    server,
    maxBytes,
    publish: (subject, data) => {
      if (up && !connection.isClosed()) connection.publish(subject, data);
    },
    subscribe: (subject, take) => {
      const subscription = connection.subscribe(subject, {
        callback: (error, message) => {
          if (error === null) take(message.subject, message.data);
        },
      });
      return () => {
        if (!connection.isClosed()) subscription.unsubscribe();
      };
    },
    lost: connection.closed().then((error) => (error ? reasonOf(error) : 'it was closed')),
    close: async () => {
      if (!connection.isClosed() && up) await Promise.race([connection.flush().catch(() => {}), pause(500)]);
      await connection.close();
    },
  };
}

/** What is said again right after itself is not said. */
function onceEach(tell: (line: string) => void): (line: string) => void {
  let last = '';
  return (line) => {
    if (line !== last) tell(line);
    last = line;
  };
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

interface ServerAddress {
  readonly url: URL;
  /** Host and port. */
  readonly host: string;
}

/** The servers of a URL. Errors: LOAD005, without the URL: a password may stand in it. */
export function parseServers(text: string): ServerAddress[] {
  return text.split(',').map((part) => {
    const trimmed = part.trim();
    // What has no scheme of its own is another host of the first.
    const whole = /^[a-z]+:\/\//i.test(trimmed) ? trimmed : `nats://${trimmed}`;
    const url = URL.canParse(whole) ? new URL(whole) : undefined;
    if (url === undefined || !/^(nats|tls):$/.test(url.protocol) || url.hostname === '') {
      throw new UserError('LOAD005', '--cluster is not the URL of a NATS server', {
        kind: 'usage',
        help: 'Give it as nats://HOST:PORT, or tls://HOST:PORT; several with commas.',
      });
    }
    return { url, host: `${url.hostname}:${url.port === '' ? '4222' : url.port}` };
  });
}

async function connectionOptions(
  options: LinkOptions,
  servers: readonly ServerAddress[],
  name: string,
): Promise<NodeConnectionOptions> {
  const { ca, certificate, key } = options;
  const wantsTls =
    servers.some(({ url }) => url.protocol === 'tls:') || ca !== undefined || certificate !== undefined;
  return {
    servers: servers.map(({ host }) => host),
    name,
    ...(await identity(options, servers)),
    ...(wantsTls
      ? {
          tls: {
            ...addressOf(servers),
            ...(ca === undefined ? {} : { ca }),
            ...(certificate === undefined ? {} : { cert: certificate }),
            ...(key === undefined ? {} : { key }),
          },
        }
      : {}),
    timeout: CONNECT_TIMEOUT,
    // A server may come back within the patience of a run: ask often.
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    reconnectJitter: 50,
    reconnectJitterTLS: 50,
    pingInterval: 2000,
    maxPingOut: 3,
    // Only the hosts that were named: what a server announces may be anybody's.
    ignoreClusterUpdates: true,
  };
}

/**
 * A certificate is for a name, which the client says itself, or for an address, which it does not say to TLS: without
 * this, the certificate of an address would be held against localhost.
 */
function addressOf(servers: readonly ServerAddress[]): { readonly host?: string } {
  const [only, ...more] = servers;
  if (only === undefined || more.length > 0) return {};
  const host = only.url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? {} : { host };
}

/** What was given apart goes before what stands in the URL. */
async function identity(
  { user, password, token, creds, nkey }: LinkOptions,
  servers: readonly ServerAddress[],
): Promise<NodeConnectionOptions> {
  const { credsAuthenticator, nkeyAuthenticator } = await import('@nats-io/transport-node');
  if (creds !== undefined) return { authenticator: credsAuthenticator(Buffer.from(creds)) };
  if (nkey !== undefined) return { authenticator: nkeyAuthenticator(Buffer.from(nkey.trim())) };
  if (token !== undefined) return { token };
  const url = servers.find((server) => server.url.username !== '')?.url;
  if (user === undefined && url !== undefined && url.password === '')
    return { token: decodeURIComponent(url.username) };
  const name = user ?? (url === undefined ? undefined : decodeURIComponent(url.username));
  if (name === undefined) return {};
  return { user: name, pass: password ?? decodeURIComponent(url?.password ?? '') };
}

/** Whether anything says to the server who we are. */
export const identifies = (options: LinkOptions): boolean =>
  [options.user, options.token, options.creds, options.nkey, options.certificate].some(
    (value) => value !== undefined,
  ) || parseServers(options.url).some(({ url }) => url.username !== '');

function unreachable(server: string, why: string): UserError {
  return new UserError('LOAD030', `the NATS server ${server} cannot be used: ${why}`, {
    help: 'Check the URL, the credentials and, with TLS, --nats-ca.',
  });
}

/** Why, in the words of the system, the client or TLS; none of them repeat a credential. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it did not answer';
  const { cause } = error;
  const message = error.message === '' ? error.name : error.message;
  const inner = cause instanceof Error && cause.message !== error.message ? ` (${cause.message})` : '';
  return `${message}${inner}`.slice(0, 300);
}
