// What holds for both ends of a link.
import { UserError } from '../../core/errors.ts';
import { allowsOnlyLoopback } from './allow.ts';
import { identifies, type Link, type LinkOptions } from './link.ts';
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

/** A worker that may load other machines takes no orders from just anybody. Errors: LOAD005. */
export function refuseOpenDoor(options: {
  readonly link: LinkOptions;
  readonly clusterKey?: string | undefined;
  readonly allow: readonly string[];
}): void {
  const { allow, clusterKey, link } = options;
  if (clusterKey === '')
    throw usage('the cluster key is empty', 'Give the same one to all, such as 32 random characters.');
  if (allowsOnlyLoopback(allow) || clusterKey !== undefined || identifies(link)) return;
  throw usage(
    'a worker that may load other machines needs to know who commands it',
    'Give --cluster-key to all, or credentials for the NATS server.',
  );
}

const usage = (message: string, help: string): UserError =>
  new UserError('LOAD005', message, { kind: 'usage', help });
