import { UserError } from '../core/errors.ts';

/** Where the requests go. A plain record, so that it crosses threads as it is. */
export interface Target {
  readonly url: string;
  readonly tls: boolean;
  /** Host name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** What the Host header says. */
  readonly authority: string;
  /** Path and query. */
  readonly path: string;
}

/** Takes a URL apart. A fragment is not sent; a user and password are refused, not dropped. Errors: LOAD001. */
export function parseTarget(text: string): Target {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UserError('LOAD001', `${JSON.stringify(text)} is not a URL with http or https`, {
      help: 'Give a whole URL such as http://localhost:3000/orders.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new UserError('LOAD001', 'the URL holds a user or a password', {
      help: "Give them as a header: --header 'Authorization: Basic ...'.",
    });
  }
  const tls = url.protocol === 'https:';
  return {
    url: url.href,
    tls,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
    authority: url.host,
    path: url.pathname + url.search,
  };
}
