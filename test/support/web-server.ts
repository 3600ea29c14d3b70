// One service over each protocol that a load speaks, so that a test can ask for the same of all of them.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, createSecureServer, type Http2ServerResponse } from 'node:http2';
import type { Server, Socket } from 'node:net';
import { listen } from './faulty-server.ts';
import { makeCertificate, type OwnCertificate } from './own-certificate.ts';

export type Protocol = 'HTTP/1.1' | 'HTTP/2' | 'HTTP/2 over TLS';

export const PROTOCOLS: readonly Protocol[] = ['HTTP/1.1', 'HTTP/2', 'HTTP/2 over TLS'];

/** A request that arrived whole. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** How it is answered, whatever the protocol. */
export interface Reply {
  setHeader(name: string, value: string | readonly string[]): unknown;
  writeHead(status: number, headers?: Readonly<Record<string, string>>): Reply;
  write(text: string): unknown;
  end(body?: string | Buffer): unknown;
  /** This connection takes no further request. */
  isLast(): void;
  /** The connection breaks. */
  breakOff(): void;
  /** The connection is reset, over HTTP/2 the stream. */
  reset(): void;
}

export interface WebServer {
  readonly url: string;
  readonly seen: Seen[];
  /** What a load has to be told to speak with it. */
  readonly options: { readonly http2?: true; readonly ca?: string };
  readonly connections: () => number;
  close(): void;
}

const INTERNAL_ERROR = 2;

let own: OwnCertificate | undefined;

/** Serves on a free port of the loopback address. */
export async function startWebServer(
  protocol: Protocol,
  answer: (request: Seen, reply: Reply) => void,
): Promise<WebServer> {
  const seen: Seen[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const server = serverFor(protocol, async (request, response) => {
    const { method = '', url = '', headers } = request;
    let body = '';
    for await (const chunk of request) body += String(chunk);
    seen.push({ method, url, headers, body });
    answer({ method, url, headers, body }, replyBy(response));
  });
  server.on('connection', (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  const port = await listen(server);
  const tls = protocol === 'HTTP/2 over TLS';
  return {
    url: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    seen,
    options: {
      ...(protocol === 'HTTP/1.1' ? {} : { http2: true }),
      ...(tls ? { ca: own?.certificate ?? '' } : {}),
    },
    connections: () => connections,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

function serverFor(protocol: Protocol, handler: Handler): Server {
  if (protocol === 'HTTP/1.1') return createServer(handler);
  // The compatibility API takes what that of HTTP/1.1 takes, as far as it is used here.
  const same = handler as unknown as (request: object, response: Http2ServerResponse) => void;
  own ??= makeCertificate('server');
  const server =
    protocol === 'HTTP/2'
      ? createHttp2Server(same)
      : createSecureServer({ key: own.key, cert: own.certificate }, same);
  server.on('sessionError', () => {});
  return server;
}

function replyBy(response: ServerResponse | Http2ServerResponse): Reply {
  const plain = response as ServerResponse;
  const session = 'stream' in response ? response.stream.session : undefined;
  const reply: Reply = {
    setHeader: (name, value) => plain.setHeader(name, value),
    writeHead: (status, headers) => {
      plain.writeHead(status, headers);
      return reply;
    },
    write: (text) => plain.write(text),
    end: (body) => plain.end(body),
    isLast: () => (session === undefined ? plain.setHeader('Connection', 'close') : session.close()),
    breakOff: () => (session === undefined ? plain.socket?.destroy() : session.destroy()),
    reset: () =>
      'stream' in response ? response.stream.close(INTERNAL_ERROR) : plain.socket?.resetAndDestroy(),
  };
  return reply;
}
