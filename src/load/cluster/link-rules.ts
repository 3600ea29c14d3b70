// What holds for both ends of a link.
import { UserError } from '../../core/errors.ts';
import { allowsOnlyLoopback, LOOPBACK } from './allow.ts';
import { identifies, type Link, type LinkOptions, parseServers } from './link.ts';
import { MOST_MESSAGE_BYTES } from './protocol.ts';

/** How many bytes of a parcel fit one message: base64 takes a third more, and the rest of the message its place. */
export const partBytesOf = ({ maxBytes }: Link): number =>
  Math.floor((Math.min(maxBytes, MOST_MESSAGE_BYTES) - 8 * 1024) * 0.7);

/** Rejects when the link is gone for good. Errors: LOAD034. */
export async function linkLost(link: Link): Promise<never> {
  const why = await link.lost;
  throw new UserError('LOAD034', `the connection to the NATS server ${link.server} is lost: ${why}`, {
    help: 'What was measured until then is lost; start the server and run again.',
  });
}

/** Whether all NATS servers are this machine. */
export const isLoopback = ({ url }: LinkOptions): boolean =>
  parseServers(url).every((server) =>
    LOOPBACK({ host: server.url.hostname.replace(/^\[(.*)\]$/, '$1'), port: 0 }),
  );

/**
 * A worker takes no orders from just anybody: at a server of another machine, or for targets elsewhere, it wants a
 * cluster key, or a server that asks who speaks. What listens on this machine alone is as much in need of that as any.
 * Errors: LOAD005.
 */
export function refuseOpenDoor(options: {
  readonly link: LinkOptions;
  readonly clusterKey?: string | undefined;
  readonly allow: readonly string[];
}): void {
  const { allow, clusterKey, link } = options;
  if (clusterKey === '')
    throw usage('the cluster key is empty', 'Give the same one to all, such as 32 random characters.');
  const isHere = allowsOnlyLoopback(allow) && isLoopback(link);
  if (isHere || clusterKey !== undefined || identifies(link)) return;
  throw usage(
    'a worker needs to know who commands it, when the NATS server or what it may load is another machine',
    'Give --cluster-key to all, or credentials for the NATS server.',
  );
}

const usage = (message: string, help: string): UserError =>
  new UserError('LOAD005', message, { kind: 'usage', help });
